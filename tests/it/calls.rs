//! What lightningd is asked for beside invoices' making and reading: prices, capacity, cancelling, who it is.

use std::time::Duration;

use facture_domain::StatusName;
use facture_domain::{
    Amount, Description, Expiry, Identity, InvoiceRef, Label, LabelPrefix, Msat, NewInvoice, Order,
    Price,
};
use facture_node::{
    CreatedInvoice, CurrencyError, DeleteOutcome,
    cln::{Client, Options, Transport},
};
use facture_sandbox::{CallFault, Calls, CapacityWarning};

use crate::world::Sandbox;

fn client(sandbox: &Sandbox) -> Client {
    Client::new(Options {
        transport: Transport::Socket(sandbox.node.rpc_file().to_owned()),
        deadline: Duration::from_secs(10),
        connections: 1,
        queue: 10,
        node: None,
    })
}

fn label() -> Label {
    LabelPrefix::default().random_label()
}

async fn made(client: &Client) -> CreatedInvoice {
    let new = NewInvoice {
        amount: Amount::Exact(Msat::from_sat(1).expect("one")),
        description: Description::parse("coffee").expect("a description"),
        expiry: Expiry::from_seconds(60).expect("a minute"),
        order: Order::default(),
        lnurl_metadata: None,
        webhooks: Vec::new(),
        hold: None,
    };
    client
        .invoice(&Identity::Label(label()), &new)
        .await
        .expect("made")
}

async fn price(client: &Client, amount: &str, currency: &str) -> Result<u64, CurrencyError> {
    let price = Price::parse(amount, currency).expect("a price");
    client.currencyconvert(&price).await.map(Msat::msat)
}

#[tokio::test]
async fn prices_are_exact_and_rounded_up() {
    let sandbox = Sandbox::start().await;
    let client = client(&sandbox);
    // A bitcoin is 95,100 USD and 88,050.25 EUR.
    for (amount, currency, msat) in [
        ("1", "USD", 1_051_525),
        ("1.5", "USD", 1_577_288),
        ("1.50", "usd", 1_577_288),
        ("95100", "USD", 100_000_000_000),
        ("0.0951", "USD", 100_000),
        ("0.09510001", "USD", 100_001),
        ("0.000000951", "USD", 1),
        ("0.000000952", "USD", 2),
        ("1e-16", "USD", 1),
        ("2000000", "USD", 2_103_049_421_662),
        ("88050.25", "EUR", 100_000_000_000),
    ] {
        let found = price(&client, amount, currency).await;
        assert_eq!(found.expect("a price"), msat, "{amount} {currency}");
    }
    let sent = sandbox.node.calls("currencyconvert");
    assert_eq!(
        price(&client, "0.5", "BTC").await.expect("fixed"),
        50_000_000_000
    );
    assert_eq!(sandbox.node.calls("currencyconvert"), sent, "no call");
}

#[tokio::test]
async fn a_price_that_cannot_be_told_says_why() {
    let sandbox = Sandbox::start().await;
    let client = client(&sandbox);
    let unknown = price(&client, "1", "XYZ").await;
    assert!(
        matches!(&unknown, Err(CurrencyError::NoRate(currency)) if currency == "XYZ"),
        "{unknown:?}"
    );
    for (amount, currency) in [
        ("9007199254740992", "USD"),
        ("3000000000000", "USD"),
        ("21000001", "BTC"),
    ] {
        let high = price(&client, amount, currency).await;
        assert!(
            matches!(high, Err(CurrencyError::TooHigh)),
            "{amount}: {high:?}"
        );
    }
    let broken = CallFault::Fail {
        code: -32700,
        message: "thread panicked".to_owned(),
    };
    sandbox
        .node
        .faults()
        .once(Calls::of("currencyconvert"), broken);
    let trouble = price(&client, "1", "USD").await;
    assert!(
        matches!(trouble, Err(CurrencyError::Failed(_))),
        "{trouble:?}"
    );

    sandbox.node.faults().lack(Calls::of("currencyconvert"));
    let absent = price(&client, "1", "USD").await;
    assert!(matches!(absent, Err(CurrencyError::NoRates)), "{absent:?}");

    sandbox.node.stop().await;
    let away = price(&client, "1", "USD").await;
    assert!(matches!(away, Err(CurrencyError::Node(_))), "{away:?}");
}

#[tokio::test]
async fn an_unpaid_invoice_is_cancelled_or_paid_never_both() {
    let sandbox = Sandbox::start().await;
    let client = client(&sandbox);
    let invoice = made(&client).await.invoice;
    let bolt11 = invoice.bolt11().expect("a BOLT 11 string");
    let label = InvoiceRef::from(&invoice);
    let deleted = client.delete(&label, StatusName::Unpaid).await;
    assert_eq!(deleted.expect("an answer"), DeleteOutcome::Deleted);
    sandbox
        .node
        .pay(bolt11.as_str(), None)
        .expect_err("it is gone");
    let deleted = client.delete(&label, StatusName::Unpaid).await;
    assert_eq!(deleted.expect("an answer"), DeleteOutcome::NotFound);

    let invoice = made(&client).await.invoice;
    let bolt11 = invoice.bolt11().expect("a BOLT 11 string");
    let label = InvoiceRef::from(&invoice);
    sandbox.node.pay(bolt11.as_str(), None).expect("paid");
    let deleted = client.delete(&label, StatusName::Unpaid).await;
    assert_eq!(
        deleted.expect("an answer"),
        DeleteOutcome::WrongStatus(StatusName::Paid)
    );
    let deleted = client.delete(&label, StatusName::Paid).await;
    assert_eq!(deleted.expect("an answer"), DeleteOutcome::Deleted);

    let label = InvoiceRef::from(&made(&client).await.invoice);
    let deleted = client.delete(&label, StatusName::Expired).await;
    assert_eq!(
        deleted.expect("an answer"),
        DeleteOutcome::WrongStatus(StatusName::Unpaid)
    );
    sandbox.node.advance(Duration::from_secs(61));
    let deleted = client.delete(&label, StatusName::Unpaid).await;
    assert_eq!(
        deleted.expect("an answer"),
        DeleteOutcome::WrongStatus(StatusName::Expired)
    );
    assert_eq!(sandbox.node.invoice_count(), 1);
}

#[tokio::test]
async fn the_node_says_who_it_is_and_what_it_can_receive() {
    let sandbox = Sandbox::start().await;
    let client = client(&sandbox);
    let info = client.getinfo().await.expect("an answer");
    assert_eq!(info.alias, "sandbox");
    assert_eq!(
        (info.version.as_str(), info.block_height),
        ("v26.06.6", 118)
    );

    sandbox.node.set_receivable_msat(123_456);
    let receivable = client.receivable().await.expect("an answer");
    assert_eq!(receivable.map(Msat::msat), Some(123_456));
    sandbox.node.faults().lack(Calls::of("listpeerchannels"));
    assert_eq!(client.receivable().await.expect("an answer"), None);
}

#[tokio::test]
async fn what_the_node_warns_of_comes_with_the_invoice() {
    let sandbox = Sandbox::start().await;
    let client = client(&sandbox);
    assert!(made(&client).await.warnings.is_empty());
    sandbox.node.set_warning(Some(CapacityWarning::DeadEnds));
    let warnings = made(&client).await.warnings;
    let codes: Vec<_> = warnings
        .iter()
        .map(|warning| warning.code.as_str())
        .collect();
    assert_eq!(codes, ["warning_deadends"]);
    assert!(
        warnings[0].message.starts_with("Insufficient"),
        "{warnings:?}"
    );
}
