//! Addresses that only this machine or network can reach.

use facture_domain::hook::{Failure, Outcome};

use super::{Shop, receiver::Receiver};

#[tokio::test]
async fn private_addresses_are_refused_however_they_are_written() {
    let shop = Shop::open_with(&[]).await;
    let receiver = Receiver::start().await;
    let port = receiver.address.port();
    for host in [
        "127.0.0.1",
        "localhost",
        "LOCALHOST",
        "127.1",
        "0x7f000001",
        "2130706433",
        "017700000001",
        "0",
        "[::1]",
        "[::ffff:127.0.0.1]",
        "[::ffff:7f00:1]",
        "[::127.0.0.1]",
        "10.0.0.1",
        "169.254.169.254",
        "127.0.0.1.",
        "127.0.0.1%2e",
        "0x7f.1",
        "0177.0.0.1",
        "①②⑦.⓪.⓪.①",
        "ｌｏｃａｌｈｏｓｔ",
        "[::ffff:a9fe:a9fe]",
        "[64:ff9b::7f00:1]",
        "[2002:7f00:1::]",
        "[fd00:ec2::254]",
    ] {
        let endpoint = shop.endpoint(&format!("http://{host}:{port}/")).await;
        shop.webhooks.test(&endpoint).await.expect("queued");
        let (_, attempts) = shop
            .delivery(&endpoint, |delivery| delivery.attempts == 1)
            .await;
        assert_eq!(
            attempts[0].outcome,
            Outcome::Failed(Failure::PrivateAddress),
            "{host}"
        );
        shop.webhooks.delete(&endpoint).await.expect("deleted");
    }
    assert!(receiver.received().is_empty());
}
