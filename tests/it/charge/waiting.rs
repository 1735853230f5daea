//! Long polls: 200 or 204 when it is paid, 402 when the time is over, 410 when it cannot be paid any more.

use reqwest::{Method, StatusCode};
use serde_json::json;

use super::{Shop, path, read};
use crate::harness::Page;

#[tokio::test]
async fn a_payment_ends_the_wait() {
    let shop = Shop::open().await;
    let made = shop.create(&json!({"msatoshi": 1000})).await;
    let id = made["id"].as_str().unwrap();
    let shop_waits = shop.call(Method::GET, &path(&made, "/wait?timeout=100"));
    let buyer_waits = shop
        .server
        .request(Method::GET, &format!("/checkout/{id}/wait"));
    let waiting = tokio::spawn(async move { tokio::join!(shop_waits.send(), buyer_waits.send()) });
    // Not before both wait, or they would find it paid.
    let path = format!("/check_invoice/{id}");
    shop.server
        .json_until(&path, |_| shop.sandbox.node.calls("wait") > 1)
        .await;
    shop.pay(&made);
    let (shop_heard, buyer_heard) = waiting.await.unwrap();
    let heard = Page::read(shop_heard).await;
    assert_eq!(heard.status, StatusCode::OK);
    assert_eq!(read(&heard)["status"], "paid");
    let buyer_heard = Page::read(buyer_heard).await;
    assert_eq!(
        (buyer_heard.status, buyer_heard.text.as_str()),
        (StatusCode::NO_CONTENT, "")
    );

    // At once, if it is already.
    assert_eq!(
        read(&shop.get(&super::path(&made, "/wait")).await)["status"],
        "paid"
    );
}

#[tokio::test]
async fn the_time_is_over_before() {
    let shop = Shop::open().await;
    let made = shop.create(&json!({"msatoshi": 1000})).await;
    for timeout in ["0.05", "-1"] {
        let over = shop
            .get(&path(&made, &format!("/wait?timeout={timeout}")))
            .await;
        assert_eq!(
            (over.status, over.text.as_str()),
            (StatusCode::PAYMENT_REQUIRED, "Payment Required")
        );
    }
    // Its own end comes before the time that is asked for.
    let short = shop.create(&json!({"msatoshi": 1000, "expiry": 1})).await;
    let gone = shop.get(&path(&short, "/wait?timeout=100")).await;
    assert_eq!(
        (gone.status, gone.text.as_str()),
        (StatusCode::GONE, "Gone")
    );

    let made = shop.create(&json!({"msatoshi": 1000, "expiry": 600})).await;
    shop.expire(&made).await;
    assert_eq!(
        shop.get(&path(&made, "/wait")).await.status,
        StatusCode::GONE
    );
    let id = made["id"].as_str().unwrap();
    assert_eq!(
        shop.get(&format!("/checkout/{id}/wait")).await.status,
        StatusCode::GONE
    );
    let unknown = shop.get("/checkout/x23456789012345678901/wait").await;
    assert_eq!(unknown.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn stopping_ends_all_waits() {
    let shop = Shop::open().await;
    let made = shop.create(&json!({"msatoshi": 1000})).await;
    let request = shop
        .call(Method::GET, &path(&made, "/wait"))
        .build()
        .unwrap();
    let waiting = tokio::spawn(reqwest::Client::new().execute(request));
    let ready = format!("/check_invoice/{}", made["id"].as_str().unwrap());
    shop.server
        .json_until(&ready, |_| shop.sandbox.node.calls("wait") > 1)
        .await;
    shop.server.stop().await.unwrap();
    if let Ok(answer) = waiting.await.unwrap() {
        assert_eq!(answer.status(), StatusCode::PAYMENT_REQUIRED);
    }
}
