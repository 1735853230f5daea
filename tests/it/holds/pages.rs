//! What the buyer sees of a hold invoice.

use reqwest::{Method, StatusCode, header};
use serde_json::Value;

use super::shop;
use crate::api::Shop;

fn page(invoice: &Value) -> String {
    format!("/check_invoice/{}", invoice["label"].as_str().unwrap())
}

#[tokio::test]
async fn the_buyer_sees_that_it_is_authorised_then_paid() {
    let shop = shop(&[]).await;
    let invoice = shop.hold().await;
    assert_eq!(
        shop.server
            .open(&page(&invoice))
            .await
            .texts(".unpaid")
            .len(),
        1
    );
    // The sandbox's wallet.
    let pay = format!("/sandbox/{}/pay", invoice["label"].as_str().unwrap());
    let paid = shop.server.request(Method::POST, &pay).send().await;
    assert_eq!(paid.unwrap().status(), StatusCode::SEE_OTHER);
    shop.until(&invoice, "accepted").await;
    let authorised = shop.server.open(&page(&invoice)).await;
    assert_eq!(authorised.text_of("h1"), "Authorised");
    assert_eq!(authorised.text_of(".amount"), "2,500 sat");
    assert!(authorised.text_of("title").starts_with("Authorised"));
    for absent in [".qr", "progress", "#bolt11", "[data-seconds]", "form.pay"] {
        assert_eq!(authorised.texts(absent), [""; 0], "{absent}");
    }
    // It goes on by itself, and without a script in a frame that loads again.
    assert_eq!(
        authorised.attribute(".accepted", "data-events").unwrap(),
        format!("{}/events", page(&invoice))
    );
    let frame = shop
        .server
        .open(&format!("{}/status", page(&invoice)))
        .await;
    assert!(frame.text.contains("Authorised"));
    assert_eq!(frame.header("refresh"), "60");
    let qr = shop
        .server
        .open(&format!("{}/qr.svg", page(&invoice)))
        .await;
    assert_eq!(qr.status, StatusCode::GONE);

    shop.settle(&invoice).await;
    let paid = shop.server.open(&page(&invoice)).await;
    assert_eq!(paid.text_of("h1"), "Paid");
}

#[tokio::test]
async fn nothing_was_charged_when_it_was_cancelled() {
    let shop = shop(&[]).await;
    let held = shop.held().await;
    shop.cancel(&held).await;
    let cancelled = shop.server.open(&page(&held)).await;
    assert_eq!(cancelled.text_of("h1"), "Cancelled");
    assert!(cancelled.text.contains("Nothing was charged."));
}

#[tokio::test]
async fn the_page_says_so_in_every_language() {
    let shop = shop(&[]).await;
    let held = shop.held().await;
    for (language, title) in [
        ("en", "Authorised"),
        ("de", "Autorisiert"),
        ("fr", "Paiement autorisé"),
        ("es", "Pago autorizado"),
        ("pt-BR", "Pagamento autorizado"),
        ("pt-PT", "Pagamento autorizado"),
        ("ja", "承認済み"),
        ("zh-Hans", "已授权"),
        ("zh-Hant", "已授權"),
        ("ar", "تم التفويض"),
    ] {
        let path = format!("{}?lang={language}", page(&held));
        assert_eq!(shop.server.open(&path).await.text_of("h1"), title);
    }
}

/// The stream tells of the payment that is held and goes on until it is decided.
#[tokio::test]
async fn the_stream_goes_on_while_it_is_held() {
    let shop = shop(&[]).await;
    let invoice = shop.hold().await;
    let events = format!("{}/events", page(&invoice));
    let stream = async {
        let request = shop.server.request(Method::GET, &events);
        let request = request.header(header::ACCEPT, "text/event-stream");
        request.send().await.unwrap().text().await.unwrap()
    };
    let (told, ()) = tokio::join!(stream, async {
        shop.authorise(&invoice);
        shop.until(&invoice, "accepted").await;
        shop.settle(&invoice).await;
    });
    let kinds: Vec<_> = told
        .lines()
        .filter_map(|line| line.strip_prefix("event: "))
        .filter(|kind| *kind != "heartbeat")
        .collect();
    assert_eq!(
        kinds,
        ["invoice.created", "invoice.accepted", "invoice.paid"]
    );
}

impl Shop {
    /// Waits for an event of this type.
    pub(super) async fn until_event(&self, invoice: &Value, kind: &str) {
        let waiting = async {
            let mut tick = tokio::time::interval(std::time::Duration::from_millis(20));
            loop {
                tick.tick().await;
                if self.events(invoice).await.iter().any(|told| told == kind) {
                    return;
                }
            }
        };
        let told = tokio::time::timeout(crate::harness::TIMEOUT, waiting).await;
        told.unwrap_or_else(|_| panic!("{kind} is not told in time"));
    }
}
