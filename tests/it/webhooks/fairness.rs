//! One slow receiver is nobody else's trouble.

use super::{
    Shop,
    receiver::{Receiver, Reply},
};

#[tokio::test]
async fn a_receiver_that_hangs_delays_nobody_else() {
    // It hangs for longer than the test's patience.
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
