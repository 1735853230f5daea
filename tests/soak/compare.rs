//! In the end: the node, the records, the stream of all events and the receiver of webhooks tell one story.

use std::{
    collections::{BTreeMap, BTreeSet, HashSet},
    time::Duration,
};

use facture_domain::EventKind;
use facture_store::Store;
use reqwest::Method;
use serde_json::{Value, json};
use tokio::time::{Instant, sleep};

use crate::{
    agreement::{check, listed},
    events::Seen,
    overdue,
    receiver::Received,
    say,
    shop::Shop,
};

/// By then all invoices are over, and of each delivery there were three attempts: the third comes a minute after the
/// second.
const THREE_ATTEMPTS: Duration = Duration::from_secs(2 * 60);

/// Long enough for what was asked for then.
const LAST_DELIVERY: Duration = Duration::from_secs(3 * 60);

/// Waits until nothing can happen any more, and everything that happened was told.
pub(crate) async fn settle(shop: &Shop) {
    // The clocks stay together: what facture takes for overdue is by its own.
    let began = Instant::now();
    let mut asked = false;
    let mut log = Vec::new();
    loop {
        let unpaid = "/api/v1/invoices?status=unpaid&limit=1";
        let unpaid = get(shop, unpaid).await["invoices"].clone();
        read_on(shop, &mut log).await;
        let missing = missing(shop, &log);
        if unpaid == json!([]) && missing.is_empty() {
            return;
        }
        let (count, first) = (missing.len(), missing.first());
        let waiting = format!("unpaid: {unpaid}; {count} not delivered, such as {first:?}");
        if began.elapsed() > LAST_DELIVERY {
            return shop.tally.wrong(waiting);
        }
        if began.elapsed() > THREE_ATTEMPTS && !asked {
            asked = true;
            overdue::redeliver_waiting(shop).await;
        }
        if began.elapsed().as_secs().is_multiple_of(20) {
            say(&waiting);
        }
        sleep(Duration::from_secs(1)).await;
    }
}

/// The events that the list has after those.
async fn read_on(shop: &Shop, log: &mut Vec<Seen>) {
    loop {
        let after = log.last().map_or(0, |last| last.sequence);
        let page = get(shop, &format!("/api/v1/events?after={after}&limit=100")).await;
        for event in page["events"].as_array().expect("events") {
            let text = |value: &Value| value.as_str().expect("text").to_owned();
            log.push(Seen {
                sequence: event["sequence"].as_u64().expect("a number"),
                kind: text(&event["type"]),
                label: text(&event["data"]["invoice"]["label"]),
            });
        }
        if page["more"] == false {
            return;
        }
    }
}

async fn get(shop: &Shop, path: &str) -> Value {
    let answer = shop.call(Method::GET, path).send().await;
    answer.expect("an answer").json().await.expect("JSON")
}

/// Where each of these events should have been delivered and was not.
fn missing(shop: &Shop, events: &[Seen]) -> Vec<(String, u64)> {
    let received = shop.receiver.received();
    let taken = |place: &(String, u64)| {
        let came = received.deliveries.get(place);
        came.is_some_and(|came| came.taken > 0)
    };
    let wanted = wanted(shop, events).into_keys();
    wanted.filter(|place| !taken(place)).collect()
}

/// Which event goes to which path.
fn wanted<'a>(shop: &Shop, events: &'a [Seen]) -> BTreeMap<(String, u64), &'a Seen> {
    let hooked = shop.seen().hooked.clone();
    let all = events.iter().map(|event| ("/all", event));
    let own = events.iter().filter(|event| hooked.contains(&event.label));
    all.chain(own.map(|event| ("/own", event)))
        .map(|(path, event)| ((path.to_owned(), event.sequence), event))
        .collect()
}

/// Compares all with all; facture has ended. `streamed` is what came by the stream of all events.
pub(crate) async fn compare(shop: &Shop, streamed: &[Seen]) {
    let (shown, paid, made) = {
        let seen = shop.seen();
        let shown: Vec<String> = seen.shown.keys().cloned().collect();
        (shown, seen.paid.clone(), seen.made.clone())
    };
    // The records are the node's, every invoice that was shown is there, each with a legal story.
    let labels = shown.iter().map(String::as_str);
    let compared = check(shop.node.rpc_file(), &shop.records(), labels).await;
    for (what, count) in [
        ("invoices", compared.invoices),
        ("paid", compared.paid),
        ("expired", compared.expired),
        ("cancelled and gone", compared.gone),
        ("other programs'", compared.strangers),
    ] {
        let count = u64::try_from(count).expect("not so many");
        shop.tally.add("compared", what, count);
    }

    let store = Store::open(&shop.records()).await.expect("the records");
    let log = store.events(0, &EventKind::ALL, u32::MAX).await;
    let log: Vec<Seen> = log.expect("the log").iter().map(Seen::from).collect();
    store.close().await;
    // A client that followed all events across every restart has each of them, once.
    if streamed != log {
        let differs = log
            .iter()
            .zip(streamed)
            .position(|(one, other)| one != other);
        let (log, streamed) = (log.len(), streamed.len());
        shop.tally.wrong(format!(
            "{streamed} events by the stream, {log} in the log, other from {differs:?} on"
        ));
    }
    let told_paid: Vec<&String> = log
        .iter()
        .filter(|event| event.kind == "invoice.paid")
        .map(|event| &event.label)
        .collect();
    let once: BTreeSet<&String> = told_paid.iter().copied().collect();
    if once.len() != told_paid.len() || !paid.iter().eq(once.iter().copied()) {
        let (paid, events) = (paid.len(), told_paid.len());
        shop.tally.wrong(format!("{paid} paid, {events} events"));
    }
    webhooks(shop, &log, &shop.receiver.received());
    requests(shop, &made).await;
}

/// Every event was delivered under one number, which no other has.
fn webhooks(shop: &Shop, log: &[Seen], received: &Received) {
    let wanted = wanted(shop, log);
    let mut ids = HashSet::new();
    for (place, came) in &received.deliveries {
        let Some(event) = wanted.get(place) else {
            // Of a request whose answer nobody saw.
            if place.0 == "/all" {
                shop.tally
                    .wrong(format!("{place:?} never happened: {came:?}"));
            }
            continue;
        };
        let same = came.kind == event.kind && came.label == event.label;
        if !same || came.ids.len() != 1 || !ids.insert(came.ids.first()) {
            shop.tally.wrong(format!("{event:?} came as {came:?}"));
        }
    }
    for place in missing(shop, log) {
        shop.tally.wrong(format!("{place:?} was not delivered"));
    }
    let delivered = u64::try_from(received.deliveries.len()).expect("not so many");
    shop.tally.add("webhooks", "deliveries", delivered);
    shop.tally.add("webhooks", "requests", received.requests);
    shop.tally
        .add("webhooks", "refused at first", received.refused);
}

/// A request made one invoice, however often it was sent and whatever became of its answer.
async fn requests(shop: &Shop, made: &BTreeMap<String, BTreeSet<String>>) {
    for (request, labels) in made.iter().filter(|(_, labels)| labels.len() != 1) {
        shop.tally
            .wrong(format!("{request} was answered with {labels:?}"));
    }
    let mut once = HashSet::new();
    for invoice in listed(shop.node.rpc_file()).await {
        let description = invoice["description"].as_str().expect("text").to_owned();
        if description != "not ours" && !once.insert(description) {
            shop.tally.wrong(format!("made twice: {invoice}"));
        }
    }
}

impl From<&facture_domain::Event> for Seen {
    fn from(event: &facture_domain::Event) -> Self {
        Self {
            sequence: event.sequence,
            kind: event.kind.as_str().to_owned(),
            label: event
                .payload
                .invoice()
                .expect("an invoice")
                .label
                .to_string(),
        }
    }
}
