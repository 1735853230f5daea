//! What lightningd is asked for beside invoices' making and reading: prices, capacity, cancelling, who it is.

use std::time::Duration;

use facture_domain::StatusName;
use facture_domain::{
    Amount, Currency, Description, Expiry, Identity, InvoiceRef, Label, LabelPrefix, Msat,
    NewInvoice, Order,
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

async fn rates(client: &Client, currency: &str) -> Result<Vec<String>, CurrencyError> {
    let currency = Currency::parse(currency).expect("a currency");
    let rates = client.currency_rates(currency).await?;
    Ok(rates
        .into_iter()
        .map(|rate| format!("{} {}", rate.source, rate.price))
        .collect())
}

#[tokio::test]
async fn each_source_of_the_node_says_what_a_bitcoin_costs() {
    let sandbox = Sandbox::start().await;
    let client = client(&sandbox);
    let euro = rates(&client, "eur").await.expect("rates");
    assert_eq!(euro, ["loca 88000", "locb 88100.5"]);
    let none = rates(&client, "KWD").await;
    assert!(matches!(none, Err(CurrencyError::Outage(_))), "{none:?}");
}

#[tokio::test]
async fn rates_that_cannot_be_told_say_why() {
    let sandbox = Sandbox::start().await;
    let client = client(&sandbox);
    let broken = CallFault::Fail {
        code: -32700,
        message: "thread panicked".to_owned(),
    };
    sandbox
        .node
        .faults()
        .once(Calls::of("listcurrencyrates"), broken);
    let trouble = rates(&client, "USD").await;
    assert!(
        matches!(trouble, Err(CurrencyError::Failed(_))),
        "{trouble:?}"
    );

    sandbox.node.faults().lack(Calls::of("listcurrencyrates"));
    let absent = rates(&client, "USD").await;
    assert!(matches!(absent, Err(CurrencyError::NoRates)), "{absent:?}");

    sandbox.node.stop().await;
    let away = rates(&client, "USD").await;
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
