//! Which requests are carried out, once each, and what is answered.

use facture_nwc::{Directory, NwcError, Reach, Service};
use nostr::{
    event::{EventBuilder, FinalizeEvent, Kind, Tag},
    key::Keys,
    nips::nip04,
};
use serde_json::{Value, json};
use tokio::time::timeout;

use crate::{
    client::{Client, TIMEOUT, seconds_from_now},
    relay::{Door, TestRelay},
    world::World,
};

#[tokio::test]
async fn an_app_makes_an_invoice_looks_it_up_and_lists_it() {
    let relay = TestRelay::open().await;
    let (world, app) = World::started(&[&relay]);
    let mut client = app.at(&relay.url()).await;
    let info = client.result("get_info", json!({})).await;
    assert_eq!(
        info,
        json!({ "alias": "shop", "pubkey": "02".repeat(33), "network": "mainnet", "block_height": 5,
            "methods": ["make_invoice", "lookup_invoice", "list_transactions", "get_info"],
            "notifications": ["payment_received"] })
    );
    let params =
        json!({ "amount": 5000, "description": "Tea", "expiry": 60, "metadata": { "table": 7 } });
    let made = client.result("make_invoice", params).await;
    assert_eq!(
        (&made["state"], &made["amount"], &made["metadata"]),
        (&json!("pending"), &json!(5000), &json!({ "table": 7 }))
    );
    let by_hash = json!({ "payment_hash": made["payment_hash"] });
    assert_eq!(client.result("lookup_invoice", by_hash.clone()).await, made);
    world.shop.pay(made["payment_hash"].as_str().unwrap());
    let paid = client.result("lookup_invoice", by_hash).await;
    assert_eq!(paid["state"], "settled");
    let any = client.result("make_invoice", json!({ "amount": 0 })).await;
    assert_eq!(any["amount"], 0);
    let listed = async |client: &mut Client, params: Value| {
        let list = client.result("list_transactions", params).await;
        let list = list["transactions"].as_array().unwrap().clone();
        list.iter()
            .map(|one| one["payment_hash"].clone())
            .collect::<Vec<_>>()
    };
    let (made, any) = (made["payment_hash"].clone(), any["payment_hash"].clone());
    assert_eq!(
        listed(&mut client, json!({})).await,
        std::slice::from_ref(&made)
    );
    let all = json!({ "unpaid": true, "type": "incoming" });
    assert_eq!(listed(&mut client, all).await, [any.clone(), made.clone()]);
    let second = json!({ "unpaid": true, "offset": 1, "limit": 1, "from": 0, "until": u64::MAX });
    assert_eq!(listed(&mut client, second).await, [made]);
    let outgoing = json!({ "unpaid": true, "type": "outgoing" });
    assert!(listed(&mut client, outgoing).await.is_empty());
    let before = json!({ "unpaid": true, "until": 5 });
    assert!(listed(&mut client, before).await.is_empty());
}

#[tokio::test]
async fn what_spends_is_restricted_and_what_is_wrong_is_said() {
    let relay = TestRelay::open().await;
    let (world, app) = World::started(&[&relay]);
    let mut client = app.at(&relay.url()).await;
    for method in [
        "pay_invoice",
        "multi_pay_invoice",
        "pay_keysend",
        "multi_pay_keysend",
        "get_balance",
    ] {
        let params = json!({ "invoice": "lnbcrt1", "amount": 1 });
        assert_eq!(client.error(method, params).await, "RESTRICTED", "{method}");
    }
    for method in ["settle_hold_invoice", "sign_message", "rob"] {
        assert_eq!(client.error(method, json!({})).await, "NOT_IMPLEMENTED");
    }
    for (method, params, code) in [
        ("make_invoice", json!({ "amount": -1 }), "OTHER"),
        ("make_invoice", json!({}), "OTHER"),
        (
            "make_invoice",
            json!({ "amount": 5, "description": "a\nb" }),
            "OTHER",
        ),
        (
            "make_invoice",
            json!({ "amount": 5, "description_hash": "00" }),
            "OTHER",
        ),
        ("lookup_invoice", json!({}), "OTHER"),
        (
            "lookup_invoice",
            json!({ "payment_hash": "x&limit=9" }),
            "OTHER",
        ),
        ("lookup_invoice", json!({ "invoice": "lnbc1" }), "OTHER"),
        (
            "lookup_invoice",
            json!({ "payment_hash": "ff".repeat(32) }),
            "NOT_FOUND",
        ),
    ] {
        assert_eq!(
            client.error(method, params.clone()).await,
            code,
            "{method} {params}"
        );
    }
    assert_eq!(world.shop.count(), 0);
}

/// Two relays have it, and one has it again after a new start.
#[tokio::test]
async fn a_request_that_comes_again_is_answered_once_and_makes_one_invoice() {
    let (one, two) = (TestRelay::open().await, TestRelay::open().await);
    let (mut world, app) = World::started(&[&one, &two]);
    let mut at_one = app.at(&one.url()).await;
    let mut at_two = app.at(&two.url()).await;
    let request = app.request("make_invoice", &json!({ "amount": 5000 }));
    at_one.send(&request).await;
    at_two.send(&request).await;
    let answer = at_one.answer(request.id).await;
    // Both relays have the answer.
    assert_eq!(at_two.answer(request.id).await, answer);
    for _ in 0..3 {
        one.publish(&request);
    }
    // The next answers are those of the next requests.
    at_one.result("get_info", json!({})).await;
    world.stop().await;
    world.start("");
    let mut at_one = app.at(&one.url()).await;
    one.publish(&request);
    two.publish(&request);
    at_one.result("get_info", json!({})).await;
    at_one.result("get_info", json!({})).await;
    assert_eq!(world.shop.count(), 1);
}

#[tokio::test]
async fn what_is_not_an_apps_request_of_now_is_ignored() {
    let relay = TestRelay::open().await;
    let (world, app) = World::started(&[&relay]);
    let mut client = app.at(&relay.url()).await;
    let make = || app.builder("make_invoice", &json!({ "amount": 5000 }));
    let signed_at = |seconds| app.signed(make().custom_created_at(seconds_from_now(seconds)));
    let expired = Tag::expiration(seconds_from_now(-1));
    let mut forged = app.signed(make());
    forged.sig = app.request("get_info", &json!({})).sig;
    let mut changed = app.signed(make());
    changed.content = app.request("make_invoice", &json!({ "amount": 1 })).content;
    let stranger = make().finalize(&Keys::generate()).unwrap();
    let other_service = EventBuilder::new(Kind::WalletConnectRequest, make().content)
        .tag(Tag::public_key(Keys::generate().public_key()));
    let rubbish = app
        .encrypted("rubbish".to_owned())
        .tag(Tag::custom("encryption", ["nip44_v2"]));
    let long = app.encrypted("x".repeat(65 * 1024));
    for event in [
        signed_at(-400),
        signed_at(400),
        app.signed(make().tag(expired)),
        forged,
        changed,
        stranger,
        app.signed(other_service),
        app.signed(rubbish),
        app.signed(long),
    ] {
        // As a relay may do that checks nothing and heeds no filter.
        relay.say(&json!(["EVENT", "nwc", event]).to_string());
    }
    client.result("get_info", json!({})).await;
    assert_eq!(world.shop.count(), 0);
    let in_time = app.signed(make().tag(Tag::expiration(seconds_from_now(60))));
    client.send(&in_time).await;
    assert_eq!(client.answer(in_time.id).await["error"], Value::Null);
    assert_eq!(world.shop.count(), 1);
}

#[tokio::test]
async fn older_apps_are_answered_by_nip04_and_unknown_encryption_is_said() {
    let relay = TestRelay::open().await;
    let (_world, app) = World::started(&[&relay]);
    let mut client = app.at(&relay.url()).await;
    let text = json!({ "method": "get_info" }).to_string();
    let content = nip04::encrypt(app.keys.secret_key(), &app.uri.public_key, text).unwrap();
    let request = app.signed(app.encrypted(content));
    client.send(&request).await;
    let event = client.next(Kind::WalletConnectResponse).await;
    assert!(event.content.contains("?iv="), "NIP-04");
    assert_eq!(app.read(&event)["result"]["alias"], "shop");
    let unknown = app.encrypted("x".to_owned());
    let unknown = app.signed(unknown.tag(Tag::custom("encryption", ["nip99"])));
    client.send(&unknown).await;
    let answer = client.answer(unknown.id).await;
    assert_eq!(answer["error"]["code"], "UNSUPPORTED_ENCRYPTION");
}

#[tokio::test]
async fn a_connection_sees_what_it_made_unless_it_sees_all() {
    let relay = TestRelay::open().await;
    let (world, [one, two, all]) = World::of_three(&[&relay]);
    let mut one = one.at(&relay.url()).await;
    let made = one.result("make_invoice", json!({ "amount": 1000 })).await;
    let shops = world.shop.make("Of the shop");
    let hash = |invoice: &Value| json!({ "payment_hash": invoice["payment_hash"] });
    let mut two = two.at(&relay.url()).await;
    for invoice in [&made, &shops] {
        assert_eq!(
            two.error("lookup_invoice", hash(invoice)).await,
            "NOT_FOUND"
        );
    }
    let unpaid = json!({ "unpaid": true });
    let list = two.result("list_transactions", unpaid.clone()).await;
    assert_eq!(list, json!({ "transactions": [] }));
    assert_eq!(one.error("lookup_invoice", hash(&shops)).await, "NOT_FOUND");
    let mut all = all.at(&relay.url()).await;
    let found = all.result("lookup_invoice", hash(&shops)).await;
    assert_eq!(found["description"], "Of the shop");
    let list = all.result("list_transactions", unpaid).await;
    assert_eq!(list["transactions"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn too_many_requests_of_one_connection_do_not_concern_another() {
    let relay = TestRelay::open().await;
    let mut world = World::new(&[&relay]);
    let [busy, other] = ["busy", "other"].map(|name| world.connect(name, Reach::Own));
    world.start("requests_per_minute = 2");
    let mut busy = busy.at(&relay.url()).await;
    for _ in 0..2 {
        busy.result("make_invoice", json!({ "amount": 1 })).await;
    }
    let code = busy.error("make_invoice", json!({ "amount": 1 })).await;
    assert_eq!((code.as_str(), world.shop.count()), ("RATE_LIMITED", 2));
    let mut other = other.at(&relay.url()).await;
    other.result("make_invoice", json!({ "amount": 1 })).await;
}

#[tokio::test]
async fn a_new_connection_is_served_and_a_revoked_one_is_not() {
    let relay = TestRelay::open().await;
    let (world, app) = World::started(&[&relay]);
    let mut client = app.at(&relay.url()).await;
    client.result("get_info", json!({})).await;
    let later = world.connect("later", Reach::Own);
    let mut later = later.at(&relay.url()).await;
    world
        .connections()
        .revoke(&"till-2".parse().unwrap())
        .unwrap();
    let request = app.request("make_invoice", &json!({ "amount": 5 }));
    client.send(&request).await;
    relay.publish(&request);
    later.result("get_info", json!({})).await;
    assert_eq!(world.shop.count(), 0);
}

#[tokio::test]
async fn a_relay_that_wants_to_know_who_asks_is_told() {
    let relay = TestRelay::with(Door::Authenticated).await;
    let open = TestRelay::open().await;
    let mut world = World::new(&[&relay, &open]);
    let app = world.connect("till-2", Reach::Own);
    let listening = relay.published(Kind::WalletConnectInfo);
    world.start("");
    timeout(TIMEOUT, listening).await.expect("it is let in");
    let mut client = app.at(&open.url()).await;
    let request = app.request("make_invoice", &json!({ "amount": 5 }));
    let seen = relay.published(Kind::WalletConnectResponse);
    relay.publish(&request);
    let answer = client.answer(request.id).await;
    assert_eq!(answer["error"], Value::Null);
    let seen = timeout(TIMEOUT, seen).await.expect("it has the answer");
    assert_eq!(seen.tags.event_ids().next(), Some(request.id));
}

#[tokio::test]
async fn one_service_at_a_time() {
    let relay = TestRelay::open().await;
    let (mut world, _) = World::started(&[&relay]);
    let second = Service::open(world.config(""));
    assert!(matches!(second, Err(NwcError::InUse(_))));
    world.stop().await;
    assert!(Service::open(world.config("")).is_ok());
    assert_eq!(
        Directory::open(&world.state())
            .unwrap()
            .list()
            .unwrap()
            .len(),
        1
    );
}
