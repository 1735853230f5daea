//! Payments are told to the connections that see them.

use nostr::event::Kind;
use serde_json::json;

use crate::{client::until, relay::TestRelay, world::World};

#[tokio::test]
async fn a_payment_is_told_to_who_sees_it() {
    let relay = TestRelay::open().await;
    let (world, [one, two, all]) = World::of_three(&[&relay]);
    let (mut one, mut two) = (one.at(&relay.url()).await, two.at(&relay.url()).await);
    let mut all = all.at(&relay.url()).await;
    let ones = one.result("make_invoice", json!({ "amount": 1000 })).await;
    let twos = two.result("make_invoice", json!({ "amount": 2000 })).await;
    world.shop.pay(ones["payment_hash"].as_str().unwrap());
    world.shop.pay(twos["payment_hash"].as_str().unwrap());
    let told = one.told().await;
    assert_eq!(told["notification_type"], "payment_received");
    let told = &told["notification"];
    assert_eq!(
        (&told["payment_hash"], &told["state"], &told["amount"]),
        (&ones["payment_hash"], &json!("settled"), &json!(1000))
    );
    // The first that it is told of is its own.
    let told = two.told().await;
    assert_eq!(told["notification"]["payment_hash"], twos["payment_hash"]);
    let mut both = [all.told().await, all.told().await]
        .map(|told| told["notification"]["payment_hash"].clone());
    both.sort_by_key(ToString::to_string);
    assert_eq!(
        both,
        [ones["payment_hash"].clone(), twos["payment_hash"].clone()]
    );
}

/// Apps that have not changed to NIP-44 look at a kind of their own.
#[tokio::test]
async fn older_apps_are_told_too() {
    let relay = TestRelay::open().await;
    let (world, app) = World::started(&[&relay]);
    let mut client = app.at(&relay.url()).await;
    let made = client.result("make_invoice", json!({ "amount": 1 })).await;
    world.shop.pay(made["payment_hash"].as_str().unwrap());
    let event = client.next(Kind::WalletConnectNotification).await;
    assert!(event.content.contains("?iv="), "NIP-04");
    let told = app.read(&event);
    assert_eq!(told["notification"]["payment_hash"], made["payment_hash"]);
}

/// And what was told before is not told again.
#[tokio::test]
async fn what_was_paid_while_the_service_was_away_is_told() {
    let relay = TestRelay::open().await;
    let (mut world, app) = World::started(&[&relay]);
    let mut client = app.at(&relay.url()).await;
    let mut make = async |amount| {
        let made = client
            .result("make_invoice", json!({ "amount": amount }))
            .await;
        made["payment_hash"].as_str().unwrap().to_owned()
    };
    let (before, meanwhile) = (make(1).await, make(2).await);
    world.shop.pay(&before);
    assert_eq!(client.told().await["notification"]["payment_hash"], before);
    let cursor = world.state().join("events.cursor");
    until(|| std::fs::read_to_string(&cursor).is_ok_and(|text| text == "1\n")).await;
    world.stop().await;
    world.shop.pay(&meanwhile);
    world.start("");
    let told = client.told().await;
    assert_eq!(told["notification"]["payment_hash"], meanwhile);
}
