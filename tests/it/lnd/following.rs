//! Following an LND.

use reqwest::Method;

use super::world::Lnd;
use crate::contract::World;

#[tokio::test]
async fn a_payment_is_told_by_the_stream() {
    let lnd = Lnd::start().await;
    let server = lnd.server(&[]).await;
    server
        .json_until("/readyz", |answer| answer["status"] == "ready")
        .await;
    for _ in 0..3 {
        let invoice = server.create("10", "a coffee").await;
        let label = invoice["label"].as_str().expect("a label");
        let path = format!("/check_invoice/{label}/events");
        let stream = server.request(Method::GET, &path).send().await;
        let stream = stream.expect("an answer");
        lnd.pay(invoice["bolt11"].as_str().expect("a text"), None)
            .await;
        let told = stream.text().await.expect("it ends with the payment");
        assert!(told.contains("invoice.paid"), "{told}");
    }
}
