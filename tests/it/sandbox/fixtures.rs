//! The recorded exchanges with a real lightningd, and which of them the sandbox does not answer as recorded.

use std::collections::VecDeque;

use serde::Deserialize;

/// One recorded exchange.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Exchange {
    #[serde(skip)]
    pub(super) file: &'static str,
    pub(super) name: String,
    #[serde(default)]
    pub(super) node: String,
    pub(super) request_raw: Option<String>,
    pub(super) response_raw: Option<String>,
}

/// Exchanges on one connection with several requests under way.
#[derive(Debug, Deserialize)]
pub(super) struct Ordering {
    pub(super) name: String,
    pub(super) sent: Option<String>,
}

macro_rules! recorded {
    ($($file:literal),* $(,)?) => {
        /// Every file of recorded exchanges, but `ordering`, which has another form.
        pub(super) const FILES: &[(&str, &str)] =
            &[$(($file, include_str!(concat!("../../fixtures/lightningd/", $file, ".json")))),*];
    };
}

recorded![
    "currencyrate",
    "datastore",
    "decode",
    "delinvoice",
    "getinfo",
    "invoice",
    "listinvoices",
    "listpays",
    "offer",
    "pay",
    "protocol",
    "shutdown",
    "wait",
    "waitanyinvoice",
    "waitinvoice",
];

/// What is not replayed: file, name (`*` for all of the file), reason.
pub(super) const NOT_REPLAYED: &[(&str, &str, &str)] = &[
    (
        "currencyrate",
        "offer in USD",
        "the sandbox's offers have no paths and are in bitcoin",
    ),
    (
        "currencyrate",
        "offer in lower case usd",
        "the sandbox's offers have no paths and are in bitcoin",
    ),
    (
        "currencyrate",
        "offer USD with 3 decimals",
        "the sandbox's offers have no paths and are in bitcoin",
    ),
    (
        "currencyrate",
        "offer JPY without decimals",
        "the sandbox's offers have no paths and are in bitcoin",
    ),
    (
        "currencyrate",
        "decode the USD offer",
        "the sandbox's offers have no paths and are in bitcoin",
    ),
    (
        "currencyrate",
        "fetchinvoice of the USD offer",
        "the sandbox's offers have no paths and are in bitcoin",
    ),
    (
        "currencyrate",
        "decode its invoice",
        "the sandbox's offers have no paths and are in bitcoin",
    ),
    (
        "currencyrate",
        "currencyconvert of a currency all sources lack",
        "the sandbox has a rate for it",
    ),
    (
        "currencyrate",
        "currencyconvert with all sources down, new currency",
        "the sandbox's sources are never down",
    ),
    (
        "datastore",
        "*",
        "facture keeps nothing in the node's datastore",
    ),
    (
        "listpays",
        "*",
        "the sandbox pays nobody but itself and keeps no list of it",
    ),
    (
        "offer",
        "*",
        "the sandbox's offers have no paths and are in bitcoin",
    ),
    (
        "shutdown",
        "*",
        "`stop` is not answered; what a stopped node looks like is tested in `lifecycle`",
    ),
    (
        "getinfo",
        "listpeerchannels l2",
        "the payer's side of the channel, whose node the sandbox is not",
    ),
    ("getinfo", "listfunds l1", "the sandbox has no funds"),
    (
        "invoice",
        "exposeprivatechannels one scid",
        "the sandbox has no channels: 902",
    ),
    (
        "invoice",
        "exposeprivatechannels [scid]",
        "the sandbox has no channels: 902",
    ),
    (
        "listinvoices",
        "by offer_id",
        "the sandbox's offers have no paths and are in bitcoin",
    ),
    (
        "listinvoices",
        "by offer_id, with payer note",
        "the sandbox's offers have no paths and are in bitcoin",
    ),
    (
        "listinvoices",
        "deschashonly, paid",
        "comes after payments of offers, which shift its indexes",
    ),
    (
        "delinvoice",
        "autoclean-once expired invoices older than 1 s",
        "nothing is cleaned in the sandbox",
    ),
    (
        "decode",
        "bolt12 offer",
        "the sandbox's offers have no paths and are in bitcoin",
    ),
    (
        "decode",
        "bolt12 invoice",
        "the sandbox's offers have no paths and are in bitcoin",
    ),
    (
        "pay",
        "xpay bolt12 ok",
        "the sandbox's offers have no paths and are in bitcoin",
    ),
    (
        "pay",
        "xpay bolt12 with payer note ok",
        "the sandbox's offers have no paths and are in bitcoin",
    ),
    (
        "pay",
        "pay insufficient funds",
        "the sandbox's payer has no funds to run out of",
    ),
    (
        "pay",
        "xpay insufficient funds",
        "the sandbox's payer has no funds to run out of",
    ),
];

/// The exchanges of some files that are to be replayed.
pub(super) fn exchanges(files: &[&'static str]) -> Vec<Exchange> {
    files
        .iter()
        .flat_map(|file| all(file))
        .filter(|exchange| !is_excused(exchange))
        .collect()
}

/// All exchanges of a file.
pub(super) fn all(file: &'static str) -> Vec<Exchange> {
    let (_, text) = FILES.iter().find(|(name, _)| *name == file).unwrap();
    let mut exchanges: Vec<Exchange> = serde_json::from_str(text).unwrap();
    exchanges
        .iter_mut()
        .for_each(|exchange| exchange.file = file);
    exchanges
}

/// The recorded exchange of that name.
pub(super) fn named(file: &'static str, name: &str) -> Exchange {
    all(file)
        .into_iter()
        .find(|exchange| exchange.name == name)
        .unwrap_or_else(|| panic!("{file}: {name}"))
}

/// Everything in `ordering`.
pub(super) fn orderings() -> Vec<Ordering> {
    serde_json::from_str(include_str!("../../fixtures/lightningd/ordering.json")).unwrap()
}

fn is_excused(exchange: &Exchange) -> bool {
    NOT_REPLAYED
        .iter()
        .any(|(file, name, _)| *file == exchange.file && (*name == "*" || *name == exchange.name))
}

/// The exchanges in the order in which they were made. Most carry a running number in their id; one without took the
/// next number that is not in any id, the file that was silent the longest first.
pub(super) fn in_order(files: &[&'static str]) -> Vec<Exchange> {
    let mut queues: Vec<Queue> = files
        .iter()
        .map(|file| Queue {
            last: 0,
            left: all(file).into(),
        })
        .collect();
    let mut ordered = Vec::new();
    for now in 0.. {
        if queues.iter().all(|queue| queue.left.is_empty()) {
            break;
        }
        let numbered = queues
            .iter()
            .position(|queue| queue.left.front().and_then(number) == Some(now));
        let next = numbered.or_else(|| {
            let unnumbered = |index: &usize| {
                queues[*index]
                    .left
                    .front()
                    .is_some_and(|next| number(next).is_none())
            };
            (0..queues.len())
                .filter(unnumbered)
                .min_by_key(|index| queues[*index].last)
        });
        if let Some(next) = next {
            queues[next].last = now;
            ordered.extend(queues[next].left.pop_front());
        }
    }
    ordered.retain(|exchange| !is_excused(exchange));
    ordered
}

/// What is left of a file, and when it was last drawn from.
struct Queue {
    last: u32,
    left: VecDeque<Exchange>,
}

fn number(exchange: &Exchange) -> Option<u32> {
    let request = exchange.request_raw.as_deref()?;
    let (_, rest) = request.split_once("\"id\":\"cli:")?;
    let (_, rest) = rest.split_once('#')?;
    rest.split_once('"')?.0.parse().ok()
}

#[test]
fn every_excuse_is_for_a_recorded_exchange() {
    for (file, name, reason) in NOT_REPLAYED {
        assert!(!reason.is_empty());
        let exchanges = all(FILES.iter().find(|(known, _)| known == file).unwrap().0);
        assert!(
            *name == "*" || exchanges.iter().any(|exchange| exchange.name == *name),
            "{file}: {name}"
        );
    }
}
