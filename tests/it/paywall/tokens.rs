//! What is offered, and what was paid for.

use std::sync::Arc;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use facture_domain::Bolt11;
use reqwest::StatusCode;
use serde_json::{Value, json};

use super::{Answer, Site};
use crate::contract::World;

#[tokio::test]
async fn a_visitor_is_offered_what_both_schemes_need() {
    let site = Site::open(&[]).await;
    let offer = site.offer("resource=article").await;
    assert_eq!(offer.page.header("cache-control"), "no-store");
    assert_eq!(
        offer.page.header("content-type"),
        "application/problem+json"
    );
    assert_eq!(offer.problem(), "payment-required");
    let bolt11 = offer.bolt11();
    let decoded = Bolt11::decode(&bolt11).unwrap();
    // As Aperture's clients read it.
    let l402 = offer.challenge("L402").unwrap();
    let token = offer.parameter("L402", "token");
    let begins = format!("macaroon=\"{token}\", invoice=\"{bolt11}\"");
    assert!(l402.starts_with(&begins), "{l402}");
    assert_eq!(
        super::parameters(&offer),
        json!({
            "amount": "5", "currency": "sat", "description": "An article", "externalId": "article",
            "methodDetails": {
                "invoice": bolt11, "network": "regtest", "paymentHash": decoded.payment_hash.to_string(),
            },
        })
    );
    let archive = site.offer("resource=archive").await;
    assert_eq!(archive.challenge("Payment"), None);
    // It fits into the buffers that proxies have for headers.
    let bytes: usize = offer.page.headers.values().map(|value| value.len()).sum();
    assert!(bytes < 3000, "{bytes}");
}

#[tokio::test]
async fn a_token_lets_in_again_and_again_without_the_node() {
    let site = Site::open(&[]).await;
    let offer = site.offer("resource=article").await;
    let unpaid = offer.l402(&"00".repeat(32));
    let refused = site.check("resource=article", Some(&unpaid)).await;
    assert_eq!(refused.status, StatusCode::PAYMENT_REQUIRED);
    assert_eq!(refused.problem(), "invalid-preimage");
    let preimage = site.pay(&offer).await;
    let paid = offer.l402(&preimage);
    let made = site.sandbox.invoices().await;
    site.sandbox.node.stop().await;
    for scheme in [paid.clone(), paid.replacen("L402", "LSAT", 1)] {
        let let_in = site.check("resource=article", Some(&scheme)).await;
        assert_eq!(let_in.status, StatusCode::OK, "{}", let_in.body);
        assert_eq!(let_in.page.header("cache-control"), "no-store");
    }
    assert_eq!(site.sandbox.invoices().await, made);
    // Who has not paid is told that it does not work at the moment.
    let away = site.check("resource=article", None).await;
    assert_eq!(away.status, StatusCode::SERVICE_UNAVAILABLE);
}

#[tokio::test]
async fn the_sale_is_an_invoice_like_others() {
    let site = Site::open(&[]).await;
    let offer = site.offer("resource=article").await;
    let url = offer.body["status_url"].as_str().unwrap();
    let path = url.strip_prefix(&site.server.origin).unwrap().to_owned();
    site.pay(&offer).await;
    let (status, sale) = site.server.json(&path).await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(sale["status"], "paid");
    assert_eq!(sale["description"], "An article");
    assert_eq!(sale["amount_msat"], 5000);
    assert_eq!(
        sale.get("preimage"),
        None,
        "what is sold is given to nobody"
    );
}

#[tokio::test]
async fn a_payment_lets_in_once_however_many_come() {
    let site = Arc::new(Site::open(&[]).await);
    let offer = site.offer("resource=article").await;
    let preimage = site.pay(&offer).await;
    let paid = offer.payment(&preimage);
    let many = (0..12).map(|_| {
        let (site, paid) = (Arc::clone(&site), paid.clone());
        tokio::spawn(async move { site.check("resource=article", Some(&paid)).await })
    });
    let many: Vec<_> = many.collect();
    let mut let_in = Vec::<Answer>::new();
    for answer in many {
        let answer = answer.await.unwrap();
        match answer.status {
            StatusCode::OK => let_in.push(answer),
            _ => {
                assert_eq!(answer.status, StatusCode::PAYMENT_REQUIRED);
                assert_eq!(answer.problem(), "unknown-challenge");
                // With something new to pay.
                assert_ne!(answer.bolt11(), offer.bolt11());
            }
        }
    }
    assert_eq!(let_in.len(), 1);
    let receipt = let_in[0].page.header("payment-receipt");
    let receipt: Value = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(receipt).unwrap()).unwrap();
    let hash = Bolt11::decode(&offer.bolt11()).unwrap().payment_hash;
    assert_eq!(receipt["reference"], hash.to_string());
    assert_eq!(receipt["challengeId"], offer.parameter("Payment", "id"));
    assert_eq!(receipt["status"], "success");
}

#[tokio::test]
async fn what_is_over_lets_nobody_in() {
    let site = Site::open(&[("INVOICE__EXPIRY_SECONDS", "1")]).await;
    let offer = site.offer("resource=article").await;
    let preimage = site.pay(&offer).await;
    let paid = offer.payment(&preimage);
    let over = async {
        let mut tick = tokio::time::interval(std::time::Duration::from_millis(50));
        loop {
            tick.tick().await;
            let expires: jiff::Timestamp = offer.parameter("Payment", "expires").parse().unwrap();
            if jiff::Timestamp::now() >= expires {
                return site.check("resource=article", Some(&paid)).await;
            }
        }
    };
    let late = tokio::time::timeout(std::time::Duration::from_secs(20), over).await;
    let late = late.expect("it ends in time");
    assert_eq!(late.status, StatusCode::PAYMENT_REQUIRED);
    assert_eq!(late.problem(), "expired-invoice");
    // The token of the same invoice is good for a day.
    let token = site
        .check("resource=article", Some(&offer.l402(&preimage)))
        .await;
    assert_eq!(token.status, StatusCode::OK);
}
