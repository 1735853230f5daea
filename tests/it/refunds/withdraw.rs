//! LNURL-withdraw (LUD-03) as wallets speak it.

use std::time::Duration;

use facture_domain::payment_string::{LnurlKind, PaymentString, Way};
use futures_util::future::join_all;
use lightning_invoice::Currency;
use serde_json::{Value, json};

use super::{secret, theirs};
use crate::payouts::{Merchant, Theirs};

/// What the wallet reads first.
async fn read(merchant: &Merchant, voucher: &Value) -> Value {
    merchant
        .wallet(&format!("/lnurl/withdraw/{}", secret(voucher)))
        .await
}

#[tokio::test]
async fn a_voucher_is_read_claimed_and_paid() {
    let merchant = Merchant::open().await;
    let body = json!({ "amount_msat": 21_000, "reason": "Welcome", "max_fee_msat": 77 });
    let voucher = merchant.voucher("1", &body).await;
    // The link is what wallets read.
    let read_link = PaymentString::parse(voucher["lnurl"].as_str().unwrap()).unwrap();
    let Way::Lnurl(link) = read_link.way else {
        panic!("{read_link:?}");
    };
    assert_eq!(
        (link.kind, link.url.as_str()),
        (LnurlKind::Unknown, voucher["url"].as_str().unwrap())
    );
    let k1 = secret(&voucher);
    let callback = format!("{}/lnurl/withdraw/callback", merchant.server.origin);
    for _ in 0..2 {
        // Reading makes nothing.
        assert_eq!(
            read(&merchant, &voucher).await,
            json!({
                "tag": "withdrawRequest", "callback": callback, "k1": k1, "defaultDescription": "Welcome",
                "minWithdrawable": 21_000, "maxWithdrawable": 21_000,
            })
        );
    }
    assert_eq!(
        merchant.get(&merchant.order, "/api/v1/payouts").await.1["payouts"],
        json!([])
    );
    let (invoice, preimage) = theirs(21_000);
    assert_eq!(
        merchant.claim(&voucher, &invoice).await,
        json!({ "status": "OK" })
    );
    let claimed = merchant.read_voucher(&voucher).await;
    assert_eq!(claimed["state"], "claimed");
    let (_, payout) = merchant
        .get(
            &merchant.order,
            &format!("/api/v1/payouts/{}", claimed["payout"].as_str().unwrap()),
        )
        .await;
    assert_eq!(
        [
            &payout["state"],
            &payout["destination"],
            &payout["amount_msat"],
            &payout["max_fee_msat"],
            &payout["reason"]
        ],
        [
            &json!("ordered"),
            &json!(invoice),
            &json!(21_000),
            &json!(77),
            &json!("Welcome")
        ]
    );
    merchant
        .is_paid(payout["id"].as_str().unwrap(), preimage, 21_000)
        .await;
    assert_eq!(merchant.read_voucher(&voucher).await["state"], "paid");
    let late = read(&merchant, &voucher).await;
    assert_eq!(
        late,
        json!({ "status": "ERROR", "reason": "This voucher has already been paid." })
    );
    // The wallet that missed the answer is told the same as before; nobody else is.
    assert_eq!(merchant.claim(&voucher, &invoice).await["status"], "OK");
    assert_eq!(
        merchant.claim(&voucher, &theirs(21_000).0).await["status"],
        "ERROR"
    );
}

#[tokio::test]
async fn of_many_claims_at_the_same_time_one_is_the_first() {
    let merchant = Merchant::open().await;
    let voucher = merchant
        .voucher("1", &json!({ "amount_msat": 21_000 }))
        .await;
    let invoices: Vec<_> = (0..16).map(|_| theirs(21_000).0).collect();
    let claims = join_all(
        invoices
            .iter()
            .map(|invoice| merchant.claim(&voucher, invoice)),
    )
    .await;
    let taken = claims
        .iter()
        .filter(|claim| claim["status"] == "OK")
        .count();
    assert_eq!(taken, 1, "{claims:?}");
    let (_, payouts) = merchant.get(&merchant.order, "/api/v1/payouts").await;
    assert_eq!(payouts["payouts"].as_array().unwrap().len(), 1);
    // The same invoice as often as the wallet likes is one claim.
    let voucher = merchant
        .voucher("2", &json!({ "amount_msat": 21_000 }))
        .await;
    let (invoice, _) = theirs(21_000);
    let claims = join_all((0..16).map(|_| merchant.claim(&voucher, &invoice))).await;
    assert!(
        claims.iter().all(|claim| claim["status"] == "OK"),
        "{claims:?}"
    );
    let (_, payouts) = merchant.get(&merchant.order, "/api/v1/payouts").await;
    assert_eq!(payouts["payouts"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn one_invoice_does_not_claim_two_vouchers() {
    let merchant = Merchant::open().await;
    let body = json!({ "amount_msat": 21_000, "count": 2 });
    let (_, issued) = merchant.issue("1", &body).await;
    let (invoice, _) = theirs(21_000);
    assert_eq!(
        merchant.claim(&issued["vouchers"][0], &invoice).await["status"],
        "OK"
    );
    let second = merchant.claim(&issued["vouchers"][1], &invoice).await;
    assert_eq!(
        second["reason"],
        "This invoice is already being paid. Make a new one."
    );
    assert_eq!(
        merchant.read_voucher(&issued["vouchers"][1]).await["state"],
        "open"
    );
}

#[tokio::test]
async fn a_voucher_whose_payment_failed_can_be_claimed_again_and_stays_reserved() {
    let merchant = Merchant::open().await;
    let sale = merchant.sale(21_000).await;
    let body = json!({ "amount_msat": 21_000, "invoice": sale["label"] });
    let voucher = merchant.voucher("1", &body).await;
    assert_eq!(
        read(&merchant, &voucher).await["defaultDescription"],
        "Refund"
    );
    assert_eq!(merchant.refunds(&sale).await, (0, 21_000, 0));
    let (first, _) = theirs(21_000);
    merchant.claim(&voucher, &first).await;
    assert_eq!(merchant.refunds(&sale).await, (0, 21_000, 0));
    let payout = merchant.read_voucher(&voucher).await["payout"].clone();
    merchant.fails(payout.as_str().unwrap()).await;
    // Nothing was paid. The buyer can scan it again, so nobody else gets the money meanwhile.
    assert_eq!(merchant.read_voucher(&voucher).await["state"], "open");
    assert_eq!(merchant.refunds(&sale).await, (0, 21_000, 0));
    let (second, preimage) = theirs(21_000);
    assert_eq!(merchant.claim(&voucher, &second).await["status"], "OK");
    assert_eq!(merchant.refunds(&sale).await, (0, 21_000, 0));
    let again = merchant.read_voucher(&voucher).await["payout"].clone();
    assert_ne!(again, payout);
    merchant
        .is_paid(again.as_str().unwrap(), preimage, 21_000)
        .await;
    assert_eq!(merchant.refunds(&sale).await, (21_000, 0, 0));
    assert_eq!(merchant.read_sale(&sale).await["refunded_msat"], 21_000);
}

#[tokio::test]
async fn a_claim_with_anything_but_the_right_invoice_is_refused_in_words() {
    let merchant = Merchant::open().await;
    let voucher = merchant
        .voucher("1", &json!({ "amount_msat": 21_000 }))
        .await;
    let own = merchant.unpaid_sale(21_000).await;
    let other = |theirs: Theirs| theirs.bolt11();
    let any = other(Theirs {
        amount_msat: None,
        ..Theirs::default()
    });
    let mainnet = other(Theirs {
        network: Currency::Bitcoin,
        ..Theirs::default()
    });
    let expired = other(Theirs {
        age: Duration::from_secs(7200),
        ..Theirs::default()
    });
    let (right, _) = theirs(21_000);
    let (less, more) = (theirs(20_999).0, theirs(21_001).0);
    let twice = format!("{right}&pr={less}");
    let both = format!("{right},{less}");
    for (invoice, reason) in [
        (less.as_str(), "exactly 21000 millisatoshis"),
        (&more, "exactly 21000 millisatoshis"),
        (&any, "exactly 21000 millisatoshis"),
        (&mainnet, "on the network regtest"),
        (&expired, "has expired"),
        (own["bolt11"].as_str().unwrap(), "cannot pay itself"),
        ("", "pr is missing"),
        (&twice, "pr was sent twice"),
        (&both, "must be a BOLT 11 invoice"),
        ("hello", "must be a BOLT 11 invoice"),
        ("me@wallet.example", "must be a BOLT 11 invoice"),
        (crate::decode::OFFER, "must be a BOLT 11 invoice"),
        ("lnurlp://service.example/x", "must be a BOLT 11 invoice"),
        ("%00%ff", "must be a BOLT 11 invoice"),
    ] {
        let answer = merchant.claim(&voucher, invoice).await;
        assert_eq!(answer["status"], "ERROR", "{invoice}: {answer}");
        let words = answer["reason"].as_str().unwrap();
        assert!(words.contains(reason), "{invoice}: {words}");
    }
    for path in [
        "/lnurl/withdraw/0123456789abcdef0123456789abcdef".to_owned(),
        "/lnurl/withdraw/x".to_owned(),
        format!("/lnurl/withdraw/{}", voucher["id"].as_str().unwrap()),
        format!("/lnurl/withdraw/callback?k1=x&pr={right}"),
        format!("/lnurl/withdraw/callback?pr={right}"),
        "/lnurl/withdraw/callback".to_owned(),
        format!(
            "/lnurl/withdraw/callback?k1={0}&k1={0}&pr={right}",
            secret(&voucher)
        ),
    ] {
        let answer = merchant.wallet(&path).await;
        assert_eq!(answer["status"], "ERROR", "{path}: {answer}");
    }
    assert_eq!(merchant.read_voucher(&voucher).await["state"], "open");
    assert_eq!(
        merchant.get(&merchant.order, "/api/v1/payouts").await.1["payouts"],
        json!([])
    );
    assert_eq!(
        merchant.claim(&voucher, &right.to_uppercase()).await["status"],
        "OK"
    );
}

#[tokio::test]
async fn a_voucher_that_is_over_is_not_paid() {
    let merchant = Merchant::open().await;
    let voucher = merchant
        .voucher("1", &json!({ "amount_msat": 21_000, "expires_in": 1 }))
        .await;
    let over = async {
        while read(&merchant, &voucher).await["status"] != "ERROR" {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(crate::harness::TIMEOUT, over)
        .await
        .unwrap();
    let answer = merchant.claim(&voucher, &theirs(21_000).0).await;
    assert_eq!(answer["reason"], "This voucher has expired.");
    assert_eq!(merchant.read_voucher(&voucher).await["state"], "expired");
}
