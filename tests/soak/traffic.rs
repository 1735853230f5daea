//! Visitors, buyers and shops: each does one thing after another, whatever the weather. What an answer must not say
//! is wrong; that there is none, or a 503, is only counted.

use std::{sync::Arc, time::Duration};

use futures_util::{
    future::join_all,
    stream::{self, StreamExt},
};
use rand::{RngExt, SeedableRng, rngs::StdRng, seq::IndexedRandom};
use reqwest::{Method, header};
use serde_json::{Value, json};
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;

use crate::shop::Shop;

/// facture keeps 4,096 invoices, and fewer answers and QR codes.
const MORE_THAN_KEPT: usize = 5000;
const AT_ONCE: usize = 8;

/// One of those who come, until the end.
pub(crate) async fn visit(shop: Arc<Shop>, seed: u64, end: CancellationToken) {
    let mut rng = StdRng::seed_from_u64(seed);
    let mut orders = Vec::new();
    while !end.is_cancelled() {
        match rng.random_range(0..100) {
            0..14 => drop(form(&shop, &mut rng).await),
            14..34 => order(&shop, &mut rng, &mut orders).await,
            34..58 => look(&shop, &mut rng).await,
            58..64 => stream(&shop, &mut rng).await,
            64..69 => poll(&shop, &mut rng).await,
            69..73 => list(&shop).await,
            73..77 => cancel(&shop, &mut rng).await,
            _ => pay(&shop, &mut rng).await,
        }
        sleep(Duration::from_millis(rng.random_range(0..150))).await;
    }
}

/// Makes more invoices, and looks at them, than facture keeps anything about in memory: from then on it needs no more for
/// that.
pub(crate) async fn fill(shop: &Shop, rng: &mut StdRng) {
    let visits = (0..MORE_THAN_KEPT).map(|_| rng.random());
    let visits = stream::iter(visits.collect::<Vec<u64>>());
    visits
        .for_each_concurrent(AT_ONCE, async |seed| {
            let rng = &mut StdRng::seed_from_u64(seed);
            if let Some(label) = form(shop, rng).await {
                page(shop, &label).await;
                read(shop, &label).await;
            }
        })
        .await;
}

/// A browser sends the form, and some press the button twice. The invoice, if there was an answer.
async fn form(shop: &Shop, rng: &mut StdRng) -> Option<String> {
    let once = format!("{:032x}", rng.random::<u128>());
    let fields = [("amount", "5"), ("description", &once), ("once", &once)];
    let clicks = if rng.random_ratio(1, 3) { 2 } else { 1 };
    let made = join_all((0..clicks).map(|_| async {
        let request = shop.request(Method::POST, "/create_invoice");
        let request = request.header(header::ACCEPT, "text/html").form(&fields);
        let answer = shop.ask("form", request, &[303]).await?;
        let (_, label) = answer.location.rsplit_once('/').expect("a path");
        shop.seen().show(&once, label, None);
        Some(label.to_owned())
    }));
    made.await.into_iter().flatten().next()
}

/// A program's request, which it may send again.
struct Order {
    body: Value,
    key: Option<String>,
}

/// A shop orders, with a key or without, at once, twice, or again some day.
async fn order(shop: &Shop, rng: &mut StdRng, orders: &mut Vec<Order>) {
    let order = match orders.choose(rng) {
        Some(_) if rng.random_ratio(1, 6) => orders.swap_remove(rng.random_range(0..orders.len())),
        _ => new_order(shop, rng),
    };
    let name = order.body["description"].as_str().expect("text");
    let clicks = match order.key {
        Some(_) => rng.random_range(1..3),
        None => 1,
    };
    join_all((0..clicks).map(|_| async {
        let mut request = shop
            .call(Method::POST, "/api/v1/invoices")
            .json(&order.body);
        if let Some(key) = &order.key {
            request = request.header("idempotency-key", key);
        }
        if let Some(answer) = shop.ask("order", request, &[201]).await {
            let invoice = answer.json();
            let label = invoice["label"].as_str().expect("a label").to_owned();
            let mut seen = shop.seen();
            seen.show(name, &label, Some(invoice));
            if order.body["webhook"].is_string() {
                seen.hooked.insert(label);
            }
        }
    }))
    .await;
    if order.key.is_some() {
        orders.push(order);
    }
}

fn new_order(shop: &Shop, rng: &mut StdRng) -> Order {
    let name = format!("{:032x}", rng.random::<u128>());
    let mut body = json!({ "amount_msat": rng.random_range(1000..90_000), "description": name, "order_id": "soak" });
    if rng.random_ratio(1, 3) {
        body["expiry"] = rng.random_range(1..10).into();
    }
    if rng.random_ratio(1, 5) {
        body["webhook"] = shop.receiver.url("/own").into();
    }
    Order {
        body,
        key: rng.random_ratio(2, 3).then_some(name),
    }
}

fn any_label(shop: &Shop, rng: &mut StdRng) -> Option<String> {
    let seen = shop.seen();
    // Mostly the newest.
    let newest = seen.labels.len().saturating_sub(200);
    let from = if rng.random_ratio(1, 4) { 0 } else { newest };
    seen.labels.get(from..)?.choose(rng).cloned()
}

/// Somebody looks at an invoice that was shown: as JSON, or in a browser.
async fn look(shop: &Shop, rng: &mut StdRng) {
    let Some(label) = any_label(shop, rng) else {
        return;
    };
    if rng.random_ratio(1, 2) {
        read(shop, &label).await;
        return;
    }
    page(shop, &label).await;
}

async fn page(shop: &Shop, label: &str) {
    let request = shop.request(Method::GET, &format!("/check_invoice/{label}"));
    let request = request.header(header::ACCEPT, "text/html");
    shop.ask("page", request, &[200]).await;
}

/// What it says must be true: who paid before sees it paid, or since when that is not known.
async fn read(shop: &Shop, label: &str) -> Option<Value> {
    let paid = shop.seen().paid.contains(label);
    let request = shop.request(Method::GET, &format!("/check_invoice/{label}"));
    let request = request.header(header::ACCEPT, "application/json");
    let invoice = shop.ask("status", request, &[200]).await?.json();
    if paid && invoice["status"] != "paid" && invoice["stale_since"].is_null() {
        shop.tally
            .wrong(format!("paid before it was read: {invoice}"));
    }
    shop.seen().shown.insert(label.to_owned(), invoice.clone());
    Some(invoice)
}

/// A buyer's page follows an invoice for some seconds.
async fn stream(shop: &Shop, rng: &mut StdRng) {
    let Some(label) = any_label(shop, rng) else {
        return;
    };
    let request = shop
        .request(Method::GET, &format!("/check_invoice/{label}/events"))
        .timeout(Duration::from_secs(30));
    let timeout = Duration::from_millis(rng.random_range(500..4000));
    let response = match request.send().await {
        Ok(response) => response,
        Err(_) => return shop.tally.count("stream", "broken off"),
    };
    let status = response.status().as_u16();
    shop.tally.count("stream", status.to_string());
    if status != 200 {
        if ![204, 503].contains(&status) {
            shop.tally.wrong(format!("stream: {status}"));
        }
        return;
    }
    let events = crate::events::read(response, timeout).await;
    let kinds: Vec<_> = events.iter().map(|event| event.kind.as_str()).collect();
    let legal = matches!(
        kinds[..],
        [] | ["invoice.created"]
            | [
                "invoice.created",
                "invoice.paid" | "invoice.expired" | "invoice.cancelled"
            ]
    );
    let rising = events.is_sorted_by(|one, next| one.sequence < next.sequence);
    if !legal || !rising || events.iter().any(|event| event.label != label) {
        shop.tally.wrong(format!("stream of {label}: {events:?}"));
    }
}

async fn poll(shop: &Shop, rng: &mut StdRng) {
    if let Some(label) = any_label(shop, rng) {
        let path = format!("/check_invoice/{label}/wait?timeout=2");
        shop.ask("long poll", shop.request(Method::GET, &path), &[200, 204])
            .await;
    }
}

async fn list(shop: &Shop) {
    let path = "/api/v1/invoices?order_id=soak&limit=50";
    shop.ask("list", shop.call(Method::GET, path), &[200]).await;
}

async fn cancel(shop: &Shop, rng: &mut StdRng) {
    let label = shop.seen().open.choose(rng).cloned();
    if let Some(label) = label {
        let path = format!("/api/v1/invoices/{label}/cancel");
        shop.ask("cancel", shop.call(Method::POST, &path), &[200, 409])
            .await;
    }
}

/// A buyer pays at the node, sometimes more than was asked for, and looks.
async fn pay(shop: &Shop, rng: &mut StdRng) {
    let (label, mut invoice) = {
        let mut seen = shop.seen();
        if seen.open.is_empty() {
            return;
        }
        let place = rng.random_range(0..seen.open.len());
        let label = seen.open.swap_remove(place);
        let invoice = seen.shown[&label].clone();
        (label, invoice)
    };
    if invoice.is_null() {
        match read(shop, &label).await {
            Some(read) => invoice = read,
            None => return shop.seen().open.push(label),
        }
    }
    let asked = invoice["amount_msat"].as_u64().expect("an amount");
    let amount = rng.random_ratio(1, 4).then_some(asked + asked / 2);
    let bolt11 = invoice["bolt11"].as_str().expect("a bolt11");
    if shop.node.pay(bolt11, amount).is_err() {
        return shop.tally.count("payment", "refused by the node");
    }
    shop.tally.count("payment", "made");
    shop.seen().paid.insert(label.clone());
    read(shop, &label).await;
}
