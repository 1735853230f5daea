//! Payments: what `pay` and `xpay` answered in the recordings, and the rules of acceptance.

use std::time::Duration;

use facture_sandbox::PayError;
use serde_json::{Value, json};

use super::compare::Bindings;
use super::fixtures::{exchanges, named};
use super::support::Bench;

/// Makes the recorded call, with an invoice of the sandbox in place of the recorded one.
async fn replay(bench: &Bench, name: &str, bolt11: &str) -> Result<(), String> {
    let exchange = named("pay", name);
    let mut request: Value = serde_json::from_str(&exchange.request_raw.unwrap()).unwrap();
    for param in ["bolt11", "invstring"] {
        if let Some(invoice) = request["params"].get_mut(param)
            && !bolt11.is_empty()
        {
            *invoice = json!(bolt11);
        }
    }
    let mut raw = bench.connect().await;
    raw.send(request.to_string()).await;
    Bindings::default().compare(&exchange.response_raw.unwrap(), &raw.answer().await)
}

/// An invoice with exactly these parameters.
async fn make(bench: &Bench, params: Value) -> String {
    let answer = bench.call("invoice", params).await;
    answer["result"]["bolt11"]
        .as_str()
        .unwrap_or_else(|| panic!("{answer}"))
        .to_owned()
}

#[tokio::test]
async fn pay_and_xpay_are_answered_as_recorded() {
    // Compared by parts: by an invoice of another node below, and by the seconds here.
    let mut replayed = [
        "pay no route (payee without channels)",
        "xpay no route (payee without channels)",
    ]
    .map(str::to_owned)
    .to_vec();
    for command in ["pay", "xpay"] {
        let name = |rest: &str| format!("{command} {rest}");
        let bench = Bench::start().await;
        let ok = bench.invoice("ok", 5000).await;
        let own = bench.invoice("own", 1000).await;
        let fixed = bench.invoice("fixed", 1000).await;
        let any = bench.invoice("any", "any").await;
        let deleted = bench.invoice("deleted", 1000).await;
        bench.call("delinvoice", json!(["deleted", "unpaid"])).await;
        let expired = make(
            &bench,
            json!({"amount_msat": 5000, "label": "x", "description": "too late", "expiry": 1}),
        )
        .await;
        let ago = if command == "pay" { 2 } else { 1 };
        bench.node.advance(Duration::from_secs(1 + ago));
        for (rest, bolt11) in [
            ("ok", ok.as_str()),
            ("already paid", &ok),
            ("garbage", ""),
            ("any-amount invoice without an amount", &any),
            ("amount given for a fixed-amount invoice", &fixed),
            ("an invoice the payee has deleted", &deleted),
            ("own invoice (l1 pays itself)", &own),
            ("missing param", ""),
        ] {
            let result = replay(&bench, &name(rest), bolt11).await;
            assert_eq!(result, Ok(()), "{command} {rest}");
            replayed.push(name(rest));
        }
        // The second may have passed meanwhile.
        let late = bench.call(command, json!([expired])).await;
        assert_eq!(late["error"]["code"], 207, "{late}");
        let message = late["error"]["message"].as_str().unwrap();
        assert!(
            message.starts_with("Invoice expired ") && message.ends_with(" seconds ago"),
            "{message}"
        );
        replayed.push(name("expired invoice"));
    }
    let bench = Bench::start().await;
    assert_eq!(
        replay(&bench, "xpay of a mainnet invoice", "").await,
        Ok(())
    );
    replayed.push("xpay of a mainnet invoice".to_owned());
    let hashed =
        json!({"amount_msat": 5000, "label": "h", "description": "hashed", "deschashonly": true});
    let hashed = make(&bench, hashed).await;
    assert_eq!(
        replay(&bench, "xpay a deschashonly invoice", &hashed).await,
        Ok(())
    );
    replayed.push("xpay a deschashonly invoice".to_owned());
    let mut recorded: Vec<String> = exchanges(&["pay"])
        .into_iter()
        .map(|exchange| exchange.name)
        .collect();
    replayed.sort();
    recorded.sort();
    assert_eq!(replayed, recorded);
}

#[tokio::test]
async fn an_invoice_of_another_node_has_no_route() {
    let (bench, other) = (Bench::start().await, Bench::start().await);
    let bolt11 = other.invoice("x", 1000).await;
    let answer = bench.call("xpay", json!([bolt11])).await;
    assert_eq!(answer["error"]["code"], 205);
    assert_eq!(
        answer["error"]["message"],
        format!("Failed: Unknown destination node {}", other.node.id())
    );
}

#[tokio::test]
async fn the_exact_amount_up_to_twice_the_amount_is_taken() {
    let bench = Bench::start().await;
    for (label, amount, sent, taken) in [
        ("less", 1000, 999, false),
        ("exact", 1000, 1000, true),
        ("more", 1000, 1500, true),
        ("twice", 1000, 2000, true),
        ("too much", 1000, 2001, false),
    ] {
        let bolt11 = bench.invoice(label, amount).await;
        let paid = bench.node.pay(&bolt11, Some(sent));
        assert_eq!(paid.is_ok(), taken, "{label}: {paid:?}");
        if !taken {
            assert_eq!(paid.unwrap_err(), PayError::Refused);
        }
        let listed = bench.call("listinvoices", json!({"label": label})).await;
        let invoice = &listed["result"]["invoices"][0];
        assert_eq!(invoice["amount_msat"], amount);
        if taken {
            assert_eq!(invoice["amount_received_msat"], sent);
        } else {
            assert_eq!(invoice["status"], "unpaid");
        }
    }
}

#[tokio::test]
async fn a_payment_buys_the_preimage_once() {
    let bench = Bench::start().await;
    let bolt11 = bench.invoice("x", "any").await;
    assert_eq!(bench.node.pay(&bolt11, None), Err(PayError::AmountRequired));
    let payment = bench.node.pay(&bolt11, Some(7)).unwrap();
    assert_eq!(
        (
            payment.label.as_str(),
            payment.amount_msat,
            payment.pay_index
        ),
        ("x", 7, 1)
    );
    let preimage =
        <[u8; 32] as bitcoin::hex::FromHex>::from_hex(&payment.payment_preimage).unwrap();
    let hash = <bitcoin::hashes::sha256::Hash as bitcoin::hashes::Hash>::hash(&preimage);
    assert_eq!(hash.to_string(), payment.payment_hash);
    assert_eq!(bench.node.pay(&bolt11, Some(7)), Err(PayError::AlreadyPaid));
    assert_eq!(PayError::AlreadyPaid.code(), 219);
}

#[tokio::test]
async fn an_expired_invoice_cannot_be_paid() {
    let bench = Bench::start().await;
    let bolt11 = bench.invoice("x", 1000).await;
    bench.node.advance(Duration::from_secs(604_800 + 5));
    assert!(matches!(
        bench.node.pay(&bolt11, None),
        Err(PayError::Expired(5..=20))
    ));
    let listed = bench.call("listinvoices", json!({"label": "x"})).await;
    assert_eq!(listed["result"]["invoices"][0]["status"], "expired");
    assert_eq!(listed["result"]["invoices"][0]["updated_index"], 1);
}
