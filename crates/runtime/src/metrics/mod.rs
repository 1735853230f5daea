//! What is counted and measured, for the whole process, as Prometheus reads it. Nothing is named by what strangers
//! choose: no label, address or host is a label here, so the number of series has an end.
//! `docs/operations.md` lists them; a test compares. The only place that uses `prometheus_client`.

mod process;

use std::{
    fmt,
    sync::{Arc, LazyLock},
    time::Duration,
};

use prometheus_client::{
    encoding::{EncodeLabelSet, text},
    metrics::{counter::Counter, family::Family, gauge::Gauge, histogram::Histogram},
    registry::{Metric, Registry, Unit},
};

/// One label, of a value that this program chose.
type Kind = [(&'static str, &'static str); 1];

/// Under which a request is counted.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Answered {
    method: &'static str,
    route: Arc<str>,
    status: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Route {
    route: Arc<str>,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct NodeCall {
    method: &'static str,
    outcome: &'static str,
}

type Histograms<L> = Family<L, Histogram, fn() -> Histogram>;

struct Metrics {
    registry: Registry,
    requests: Family<Answered, Counter>,
    request_duration: Histograms<Route>,
    refusals: Family<Kind, Counter>,
    connections: Gauge,
    streams: Gauge,
    node_calls: Family<NodeCall, Counter>,
    node_call_duration: Histograms<Kind>,
    node_calls_waiting: Gauge,
    following: Gauge,
    applied: Gauge,
    confirmed: Gauge,
    lag: Histogram,
    barrier_duration: Histogram,
    barrier_readers: Histogram,
    invoice_events: Family<Kind, Counter>,
    payout_events: Family<Kind, Counter>,
    invoices_forgotten: Counter,
    payments_held: Gauge,
    store_errors: Counter,
    store_writes_waiting: Gauge,
    webhook_attempts: Family<Kind, Counter>,
    webhooks_waiting: Gauge,
    webhooks_oldest: Gauge,
    notice_attempts: Family<Kind, Counter>,
    notices_waiting: Gauge,
    panics: Family<Kind, Counter>,
    resident: Gauge,
    open_files: Gauge,
}

static METRICS: LazyLock<Metrics> = LazyLock::new(Metrics::new);

/// What is looked up when it is asked for, instead of being kept up to date.
#[derive(Clone, Copy, Debug, Default)]
pub struct Sampled {
    /// 1 while the node is followed.
    pub following: bool,
    /// The node's `updated` index up to which everything is in the store.
    pub applied: u64,
    /// When it was last certain that the store had everything, in unix seconds; 0: not since the start.
    pub confirmed_at: i64,
    /// How many deliveries of webhooks wait, and since when the oldest does, in seconds; `None`: not known.
    pub waiting: Option<(u64, i64)>,
    /// How many payments are held; `None`: not known.
    pub held: Option<u32>,
    /// How many notices to the shop's people wait; `None`: not known.
    pub notices: Option<u64>,
}

/// Answers that are counted as the same.
#[derive(Debug)]
pub struct Answers {
    number: Counter,
    duration: Histogram,
}

/// One more of something that is open or waits, until it is dropped.
pub struct One(&'static Gauge);

impl Answers {
    /// To requests of this method, with this status. `route` is the one that matched; none for what matched none.
    pub fn to(method: &str, route: Option<&str>, status: u16) -> Self {
        let route: Arc<str> = route.unwrap_or("none").into();
        let answered = Answered {
            method: known(method),
            route: Arc::clone(&route),
            status: class(status),
        };
        Self {
            number: METRICS.requests.get_or_create_owned(&answered),
            duration: METRICS
                .request_duration
                .get_or_create_owned(&Route { route }),
        }
    }

    /// Another was given, so long after the question.
    pub fn one_more(&self, took: Duration) {
        self.number.inc();
        self.duration.observe(took.as_secs_f64());
    }
}

/// A request or a connection was turned away, for this reason.
pub fn refused(reason: &'static str) {
    METRICS.refusals.get_or_create(&[("reason", reason)]).inc();
}

/// A connection is open.
pub fn connection() -> One {
    One::of(&METRICS.connections)
}

/// An event stream, a long poll or a WebSocket is open.
pub fn stream() -> One {
    One::of(&METRICS.streams)
}

/// lightningd was asked, with this outcome.
pub fn node_called(method: &'static str, outcome: &'static str, took: Duration) {
    METRICS
        .node_calls
        .get_or_create(&NodeCall { method, outcome })
        .inc();
    METRICS
        .node_call_duration
        .get_or_create(&[("method", method)])
        .observe(took.as_secs_f64());
}

/// A call waits for a connection to lightningd.
pub fn node_call_waits() -> One {
    One::of(&METRICS.node_calls_waiting)
}

/// What the node told is in the store, so long after it told.
pub fn applied(took: Duration) {
    METRICS.lag.observe(took.as_secs_f64());
}

/// The freshness barrier let so many readers pass, or gave them up, this long after it began to ask.
pub fn barrier_passed(readers: usize, took: Duration) {
    METRICS.barrier_duration.observe(took.as_secs_f64());
    let readers = u32::try_from(readers).unwrap_or(u32::MAX);
    METRICS.barrier_readers.observe(readers.into());
}

/// Something happened to an invoice and was written down.
pub fn invoice_event(kind: &'static str) {
    METRICS
        .invoice_events
        .get_or_create(&[("kind", kind)])
        .inc();
}

/// A payout is in another state, and that was written down.
pub fn payout_event(kind: &'static str) {
    METRICS.payout_events.get_or_create(&[("kind", kind)]).inc();
}

/// So many invoices that nobody paid were forgotten.
pub fn forgotten(count: u64) {
    METRICS.invoices_forgotten.inc_by(count);
}

/// The database failed.
pub fn store_failed() {
    METRICS.store_errors.inc();
}

/// Something waits until it is written down.
pub fn store_write_waits() -> One {
    One::of(&METRICS.store_writes_waiting)
}

/// A webhook was sent, or could not be, and this came of it.
pub fn webhook_attempted(outcome: &'static str) {
    METRICS
        .webhook_attempts
        .get_or_create(&[("outcome", outcome)])
        .inc();
}

/// A message of notices was sent, or could not be, and this came of it.
pub fn notice_attempted(outcome: &'static str) {
    METRICS
        .notice_attempts
        .get_or_create(&[("outcome", outcome)])
        .inc();
}

/// Something panicked: a handler, or the task of this name.
pub fn panicked(task: &'static str) {
    METRICS.panics.get_or_create(&[("task", task)]).inc();
}

/// All of them, in the text form of OpenMetrics 1.0. Looks at the process, which may take a moment.
///
/// # Errors
/// Writing into a text does not fail; the error is passed on all the same.
pub fn exposition(sampled: Sampled) -> Result<String, fmt::Error> {
    METRICS.following.set(sampled.following.into());
    METRICS.applied.set(count(sampled.applied));
    METRICS.confirmed.set(sampled.confirmed_at);
    if let Some((waiting, oldest)) = sampled.waiting {
        METRICS.webhooks_waiting.set(count(waiting));
        METRICS.webhooks_oldest.set(oldest);
    }
    if let Some(held) = sampled.held {
        METRICS.payments_held.set(held.into());
    }
    if let Some(notices) = sampled.notices {
        METRICS.notices_waiting.set(count(notices));
    }
    if let Some(process) = process::look() {
        METRICS.resident.set(count(process.resident_bytes));
        METRICS.open_files.set(count(process.open_files));
    }
    let mut written = String::new();
    text::encode(&mut written, &METRICS.registry)?;
    Ok(written)
}

impl One {
    fn of(gauge: &'static Gauge) -> Self {
        gauge.inc();
        Self(gauge)
    }
}

impl Drop for One {
    fn drop(&mut self) {
        self.0.dec();
    }
}

impl Metrics {
    #[rustfmt::skip] // A list, one line each.
    fn new() -> Self {
        let mut list = List(Registry::default());
        Self {
            requests: list.add("facture_http_requests", "Requests that were answered, by method, matched route and class of status", Family::default()),
            request_duration: list.add_in("facture_http_request_duration", Unit::Seconds, "From a request's head to its answer's head, by matched route", Family::new_with_constructor(times)),
            refusals: list.add("facture_refusals", "Requests and connections that were turned away, by reason", Family::default()),
            connections: list.add("facture_connections", "Connections that are open", Gauge::default()),
            streams: list.add("facture_streams", "Event streams, long polls and WebSockets that are open", Gauge::default()),
            node_calls: list.add("facture_node_calls", "Calls to lightningd, by method and outcome", Family::default()),
            node_call_duration: list.add_in("facture_node_call_duration", Unit::Seconds, "From asking lightningd to its answer, the wait for a connection included, by method", Family::new_with_constructor(times)),
            node_calls_waiting: list.add("facture_node_calls_waiting", "Calls that wait for a connection to lightningd", Gauge::default()),
            following: list.add("facture_follower_following", "1 while the node is followed, 0 while it is away", Gauge::default()),
            applied: list.add("facture_follower_applied_index", "The updated index of lightningd up to which everything is in the store", Gauge::default()),
            confirmed: list.add_in("facture_follower_confirmed_timestamp", Unit::Seconds, "When it was last certain that the store had everything, in unix time", Gauge::default()),
            lag: list.add_in("facture_follower_lag", Unit::Seconds, "From the node telling of an update to its being committed", times()),
            barrier_duration: list.add_in("facture_barrier_duration", Unit::Seconds, "From a question of the freshness barrier to its readers passing", times()),
            barrier_readers: list.add("facture_barrier_readers", "Readers that shared one question of the freshness barrier", Histogram::new([1.0, 2.0, 5.0, 10.0, 50.0, 100.0, 500.0, 1000.0, 5000.0])),
            invoice_events: list.add("facture_invoice_events", "What happened to invoices, by kind", Family::default()),
            payout_events: list.add("facture_payout_events", "What happened to payouts, by kind", Family::default()),
            invoices_forgotten: list.add("facture_invoices_forgotten", "Invoices of the form that nobody paid and that were forgotten", Counter::default()),
            payments_held: list.add("facture_payments_held", "Payments of hold invoices that are held, neither settled nor cancelled", Gauge::default()),
            store_errors: list.add("facture_store_errors", "Failures of the database", Counter::default()),
            store_writes_waiting: list.add("facture_store_writes_waiting", "Units of work that wait to be written down", Gauge::default()),
            webhook_attempts: list.add("facture_webhook_attempts", "Webhooks that were sent or could not be, by outcome", Family::default()),
            webhooks_waiting: list.add("facture_webhooks_waiting", "Webhooks that wait for an attempt", Gauge::default()),
            webhooks_oldest: list.add_in("facture_webhooks_oldest", Unit::Seconds, "How long the oldest of them has waited, the pauses between attempts included", Gauge::default()),
            notice_attempts: list.add("facture_notice_attempts", "Messages of notices to the shop's people that were sent or could not be, by outcome", Family::default()),
            notices_waiting: list.add("facture_notices_waiting", "Notices to the shop's people that wait", Gauge::default()),
            panics: list.add("facture_panics", "Bugs that were caught, by task; that of a request is called handler", Family::default()),
            resident: list.add_in("process_resident_memory", Unit::Bytes, "Memory that the process uses", Gauge::default()),
            open_files: list.add("process_open_fds", "File descriptors that the process has open", Gauge::default()),
            registry: list.0,
        }
    }
}

/// What is shown, as it is made.
struct List(Registry);

impl List {
    fn add<M: Metric + Clone>(&mut self, name: &str, help: &str, metric: M) -> M {
        self.0.register(name, help, metric.clone());
        metric
    }

    fn add_in<M: Metric + Clone>(&mut self, name: &str, unit: Unit, help: &str, metric: M) -> M {
        self.0.register_with_unit(name, help, unit, metric.clone());
        metric
    }
}

/// The methods that a route here can have; strangers may invent others.
fn known(method: &str) -> &'static str {
    const KNOWN: [&str; 7] = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"];
    KNOWN
        .into_iter()
        .find(|known| *known == method)
        .unwrap_or("other")
}

fn class(status: u16) -> &'static str {
    match status / 100 {
        1 => "1xx",
        2 => "2xx",
        3 => "3xx",
        4 => "4xx",
        _ => "5xx",
    }
}

fn count(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

fn times() -> Histogram {
    Histogram::new([
        0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0,
    ])
}
