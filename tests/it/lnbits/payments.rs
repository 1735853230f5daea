//! Creating, looking up, listing.

use std::time::Duration;

use facture_domain::Bolt11;
use jiff::Timestamp;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::{PAYMENTS, Till, path};
use crate::harness::json as read;

#[tokio::test]
async fn a_till_makes_an_invoice_and_asks_until_it_is_paid() {
    let till = Till::open().await;
    let made = till
        .create(&json!({
            "out": false, "amount": 21, "unit": "sat", "memo": "Tea", "expiry": 600,
            "extra": {"table": 7}, "internal": false, "unknown": [1],
        }))
        .await;
    assert_eq!((&made["amount"], &made["fee"]), (&json!(21_000), &json!(0)));
    assert_eq!(
        (&made["status"], &made["pending"], &made["memo"]),
        (&json!("pending"), &json!(true), &json!("Tea"))
    );
    assert_eq!(made["checking_id"], made["payment_hash"]);
    assert_eq!(made["payment_request"], made["bolt11"]);
    assert_eq!(
        (&made["extra"], &made["preimage"]),
        (&json!({"table": 7}), &json!(null))
    );
    let decoded = Bolt11::decode(made["bolt11"].as_str().unwrap()).unwrap();
    assert_eq!(made["payment_hash"], decoded.payment_hash.to_string());

    let (status, unpaid) = till.get(&path(&made)).await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(
        unpaid,
        json!({"paid": false, "status": "pending", "preimage": null, "details": made})
    );
    till.pay(&made);
    let (_, paid) = till.get(&path(&made)).await;
    assert_eq!(
        (&paid["paid"], &paid["status"]),
        (&json!(true), &json!("success"))
    );
    assert_eq!(paid["details"]["pending"], false);
    assert!(!paid.to_string().contains("\"preimage\":\""), "{paid}");
}

#[tokio::test]
async fn without_a_key_only_whether_it_is_paid_can_be_asked() {
    let till = Till::open().await;
    let made = till.create(&json!({"amount": 5, "memo": "secret"})).await;
    assert_eq!(
        till.server.json(&path(&made)).await,
        (StatusCode::OK, json!({"paid": false}))
    );
    till.pay(&made);
    assert_eq!(
        till.server.json(&path(&made)).await,
        (StatusCode::OK, json!({"paid": true}))
    );
    // Of other ways to ask for an invoice, nothing.
    let other = till.server.create("5", "by the form").await;
    let hash = other["payment_hash"].as_str().expect("a hash");
    let (status, none) = till.server.json(&format!("{PAYMENTS}/{hash}")).await;
    assert_eq!(
        (status, none),
        (
            StatusCode::NOT_FOUND,
            json!({"detail": "Payment does not exist."})
        )
    );
}

#[tokio::test]
async fn a_key_sees_the_payments_of_its_shop() {
    let till = Till::open().await;
    let cafe = till.issue("lnbits", Some("cafe")).await;
    let mut made = Vec::new();
    for sat in 1..=3 {
        made.push(till.create(&json!({"amount": sat})).await);
    }
    let (_, listed) = till.get(PAYMENTS).await;
    let amounts = listed.as_array().expect("a list").iter();
    let amounts: Vec<_> = amounts.map(|payment| payment["amount"].clone()).collect();
    assert_eq!(amounts, [3000, 2000, 1000]);
    let (_, some) = till
        .get(&format!("{PAYMENTS}?limit=1&offset=1&sortby=time"))
        .await;
    assert_eq!(some, json!([made[1]]));

    let get = async |path: &str| {
        let request = till.server.request(Method::GET, path);
        read(request.header("X-Api-Key", &cafe).send().await).await
    };
    assert_eq!(get(PAYMENTS).await, (StatusCode::OK, json!([])));
    assert_eq!(get(&path(&made[0])).await.0, StatusCode::NOT_FOUND);
    // The same by the parameter.
    let path = format!("/api/v1/wallet?api-key={cafe}");
    assert_eq!(
        till.server.json(&path).await,
        (StatusCode::OK, json!({"name": "cafe", "balance": 0}))
    );
    let (_, own) = till.get("/api/v1/wallet").await;
    assert_eq!(own, json!({"name": "default", "balance": 0}));
}

#[tokio::test]
async fn a_price_in_another_currency_holds_for_a_quarter_of_an_hour() {
    let till = Till::open().await;
    let made = till
        .create(&json!({"amount": 1.10, "unit": "eur", "memo": "Tea"}))
        .await;
    assert!(
        made["amount"].as_u64().is_some_and(|msat| msat > 0),
        "{made}"
    );
    let lasts = |made: &Value| {
        let time = |name: &str| -> Timestamp { made[name].as_str().unwrap().parse().unwrap() };
        time("expiry").duration_since(time("time")).as_secs()
    };
    assert_eq!(lasts(&made), 15 * 60);
    let exact = till
        .create(&json!({"amount": "0.00012345", "unit": "BTC"}))
        .await;
    assert_eq!(exact["amount"], 12_345_000);
    // That is no price in another currency: it lasts as long as one in satoshis.
    let usual = till.create(&json!({"amount": 21})).await;
    assert_eq!(lasts(&exact), lasts(&usual));
}

#[tokio::test]
async fn the_metadata_of_an_lnurl_is_hashed() {
    let till = Till::open().await;
    let metadata = r#"[["text/plain","Tea"]]"#;
    let hash = Sha256::digest(metadata.as_bytes());
    let body = json!({"amount": 5, "unhashed_description": hex(metadata.as_bytes()), "description_hash": hex(&hash)});
    let made = till.create(&body).await;
    assert_eq!(made["memo"], "Tea");
    let decoded = Bolt11::decode(made["bolt11"].as_str().unwrap()).unwrap();
    assert_eq!(decoded.description_hash.unwrap()[..], hash[..]);
}

#[tokio::test]
async fn an_expired_payment_has_failed() {
    let till = Till::open().await;
    let made = till.create(&json!({"amount": 5, "expiry": 60})).await;
    till.sandbox.node.advance(Duration::from_secs(61));
    let failed = async {
        loop {
            let (_, found) = till.get(&path(&made)).await;
            if found["status"] == "failed" {
                return found;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    let found = tokio::time::timeout(crate::harness::TIMEOUT, failed).await;
    assert_eq!(found.expect("in time")["paid"], false);
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
