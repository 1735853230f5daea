//! One slow receiver is nobody else's trouble.

use std::{collections::HashSet, net::SocketAddr, time::Duration};

use super::{
    Shop,
    receiver::{Receiver, Reply},
};

#[tokio::test]
async fn a_receiver_that_hangs_delays_nobody_else() {
    // It hangs for longer than the test waits.
    let shop = Shop::open_with(&[
        ("WEBHOOKS__ALLOW_PRIVATE", "true"),
        ("WEBHOOKS__DEADLINE_SECONDS", "60"),
    ])
    .await;
    let (slow, quick) = (Receiver::start().await, Receiver::start().await);
    slow.answer((0..1000).map(|_| Reply::Hang));
    shop.endpoint(&slow.url("/")).await;
    shop.endpoint(&quick.url("/")).await;
    for count in 1..=12 {
        shop.sell().await;
        quick.wait_for(count).await;
    }
    assert_eq!(slow.wait_for(4).await.len(), 4, "no more at once");
    shop.server
        .stop()
        .await
        .expect("it does not wait for the slow one");
}

#[tokio::test]
async fn a_crowd_of_receivers_that_hang_delays_neither_the_shops_own_nor_those_that_are_known() {
    // They hang for longer than the test waits.
    let shop = Shop::open_with(&[
        ("WEBHOOKS__ALLOW_PRIVATE", "true"),
        ("WEBHOOKS__DEADLINE_SECONDS", "60"),
    ])
    .await;
    let slow = Receiver::start_at(SocketAddr::from(([0, 0, 0, 0], 0))).await;
    slow.answer((0..10_000).map(|_| Reply::Hang));
    let (own, known) = (Receiver::start().await, Receiver::start().await);
    shop.endpoint(&own.url("/")).await;
    // It has taken what it was sent before.
    let first = shop.server.create("5", "coffee").await;
    let hook = super::hook(&known.url("/"));
    shop.webhooks
        .add(&shop.label(&first), &hook)
        .await
        .expect("added");
    known.wait_for(1).await;

    // Each host is another receiver: with a place for every attempt that there may be, several times over.
    let port = slow.address.port();
    for invoice in 0..20 {
        let crowd = shop.server.create("5", "coffee").await;
        let label = shop.label(&crowd);
        for host in 1..=20 {
            let url = format!("http://127.0.{invoice}.{host}:{port}/");
            let hook = super::hook(&url);
            shop.webhooks.add(&label, &hook).await.expect("added");
        }
    }
    slow.wait_for(16).await;
    for count in 1..=3 {
        let sold = shop.server.create("5", "coffee").await;
        shop.webhooks
            .add(&shop.label(&sold), &hook)
            .await
            .expect("added");
        shop.pay(&sold);
        own.wait_for(count).await;
        // That it was made, and that it was paid.
        known.wait_for(1 + 2 * count).await;
    }
    assert_eq!(slow.received().len(), 16, "no more at once");
    shop.server
        .stop()
        .await
        .expect("it does not wait for the slow ones");
}

#[tokio::test]
async fn receivers_that_failed_share_few_places_and_take_turns() {
    let shop = Shop::open_with(&[
        ("WEBHOOKS__ALLOW_PRIVATE", "true"),
        ("WEBHOOKS__DEADLINE_SECONDS", "60"),
    ])
    .await;
    let slow = Receiver::start_at(SocketAddr::from(([0, 0, 0, 0], 0))).await;
    slow.answer((0..40).map(|_| Reply::Status(500)));
    let port = slow.address.port();
    let mut labels = Vec::new();
    for invoice in 0..2 {
        let label = shop.label(&shop.server.create("5", "coffee").await);
        for host in 1..=20 {
            let hook = super::hook(&format!("http://127.0.{invoice}.{host}:{port}/"));
            shop.webhooks.add(&label, &hook).await.expect("added");
        }
        labels.push(label);
    }
    // All of them failed once: they come again later, and hang then.
    slow.wait_for(40).await;
    for label in &labels {
        for endpoint in shop.webhooks.list_of(label).await.expect("a list") {
            shop.delivery(&endpoint.id, |delivery| delivery.attempts == 1)
                .await;
        }
    }
    slow.answer((0..10_000).map(|_| Reply::Hang));
    shop.clock.advance(Duration::from_secs(60 * 60));
    slow.wait_for(40 + 16).await;
    // Who is new there has places of its own.
    let new = Receiver::start().await;
    let label = shop.label(&shop.server.create("5", "coffee").await);
    let hook = super::hook(&new.url("/"));
    shop.webhooks.add(&label, &hook).await.expect("added");
    new.wait_for(1).await;
    let received = slow.received();
    assert_eq!(received.len(), 40 + 16, "no more at once");
    let hosts: HashSet<_> = received[40..]
        .iter()
        .map(|one| one.header("host").to_owned())
        .collect();
    assert_eq!(hosts.len(), 16, "each has one place");
}
