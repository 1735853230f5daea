//! Relays and servers that are away, tear connections or say rubbish.

use serde_json::json;

use crate::{relay::TestRelay, world::World};

#[tokio::test]
async fn a_relay_that_is_away_is_tried_again() {
    let mut relay = TestRelay::open().await;
    relay.close().await;
    let (world, app) = World::started(&[&relay]);
    relay.reopen().await;
    let mut client = app.at(&relay.url()).await;
    client.result("get_info", json!({})).await;
    // Torn, with everything that was asked for on it.
    relay.close().await;
    relay.reopen().await;
    let mut client = app.at(&relay.url()).await;
    let made = client.result("make_invoice", json!({ "amount": 5 })).await;
    relay.close().await;
    world.shop.pay(made["payment_hash"].as_str().unwrap());
    relay.reopen().await;
    // What happened meanwhile is told as soon as it is back.
    let mut client = app.at(&relay.url()).await;
    let told = client.told().await;
    assert_eq!(told["notification"]["payment_hash"], made["payment_hash"]);
}

#[tokio::test]
async fn one_relay_of_two_is_enough() {
    let (mut one, two) = (TestRelay::open().await, TestRelay::open().await);
    let (world, app) = World::started(&[&one, &two]);
    let mut client = app.at(&two.url()).await;
    one.close().await;
    let made = client.result("make_invoice", json!({ "amount": 5 })).await;
    world.shop.pay(made["payment_hash"].as_str().unwrap());
    let told = client.told().await;
    assert_eq!(told["notification"]["payment_hash"], made["payment_hash"]);
}

#[tokio::test]
async fn rubbish_is_passed_over() {
    let relay = TestRelay::open().await;
    let (world, app) = World::started(&[&relay]);
    let mut client = app.at(&relay.url()).await;
    for rubbish in [
        "",
        "rubbish",
        "[]",
        "{}",
        "[\"EVENT\"]",
        "[\"EVENT\",\"nwc\",{}]",
        "[\"EVENT\",\"nwc\",{\"id\":\"00\"}]",
        "[\"OK\",\"00\",true,\"\"]",
        "[\"OK\",1,2,3]",
        "[\"NOTICE\",\"\\u0000\"]",
        "[\"COUNT\",\"nwc\",{\"count\":-1}]",
        "[\"AUTH\",5]",
        "[\"NEG-ERR\",\"x\",\"y\"]",
        &format!("[{}", "[".repeat(10_000)),
        &"x".repeat(100_000),
    ] {
        relay.say(rubbish);
    }
    client.result("make_invoice", json!({ "amount": 5 })).await;
    // This one ends the connection, which is opened again.
    relay.say(&"x".repeat(300_000));
    relay.say("[\"CLOSED\",\"nwc\",\"error: shutting down idle subscription\"]");
    let mut client = app.at(&relay.url()).await;
    client.result("make_invoice", json!({ "amount": 5 })).await;
    assert_eq!(world.shop.count(), 2);
}

#[tokio::test]
async fn a_server_that_is_away_is_waited_for_and_then_said() {
    let relay = TestRelay::open().await;
    let (mut world, app) = World::started(&[&relay]);
    let mut client = app.at(&relay.url()).await;
    world.shop.close();
    let request = app.request("make_invoice", &json!({ "amount": 5 }));
    client.send(&request).await;
    world.shop.reopen();
    let made = client.answer(request.id).await;
    assert_eq!(made["result"]["amount"], 5, "{made}");
    world.shop.close();
    let code = client.error("make_invoice", json!({ "amount": 5 })).await;
    assert_eq!(code, "INTERNAL");
    world.shop.reopen();
    // Events go on from where they were.
    let hash = made["result"]["payment_hash"].as_str().unwrap();
    world.shop.pay(hash);
    assert_eq!(client.told().await["notification"]["payment_hash"], hash);
}

/// What may have been paid since is not said to be unpaid.
#[tokio::test]
async fn a_node_that_is_away_makes_no_invoice_unpaid() {
    let relay = TestRelay::open().await;
    let (world, app) = World::started(&[&relay]);
    let mut client = app.at(&relay.url()).await;
    let made = client.result("make_invoice", json!({ "amount": 5 })).await;
    let by_hash = json!({ "payment_hash": made["payment_hash"] });
    world.shop.set_stale(true);
    let unpaid = json!({ "unpaid": true });
    assert_eq!(
        client.error("lookup_invoice", by_hash.clone()).await,
        "INTERNAL"
    );
    assert_eq!(client.error("list_transactions", unpaid).await, "INTERNAL");
    world.shop.pay(made["payment_hash"].as_str().unwrap());
    let paid = client.result("lookup_invoice", by_hash).await;
    assert_eq!(paid["state"], "settled");
}
