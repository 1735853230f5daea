//! Today: what was sold, what is open, and whether the shop can be paid.

use std::sync::Arc;

use askama::Template;
use axum::{
    extract::{FromRef, State},
    response::Response,
};
use jiff::{Timestamp, ToSpan, Zoned};

use super::{
    day_chart::DayChart,
    frame::{Frame, Frames},
    payments::{SaleRow, earliest},
    permit::{Permit, ReadSales},
    sale_words::msat,
    settings::Desk,
    worth_words::{self, WorthLine},
};
use crate::{
    bookkeeping::Bookkeeping,
    invoices::{Age, Freshness, Invoicing, Link},
    web::{
        buyer::{pages::Money, shell::html},
        error::Problem,
    },
    webhooks::Webhooks,
};
use facture_domain::{
    Msat, StatusName,
    desk::{SaleSearch, Sought},
    hook::EndpointState,
};

/// More open invoices than this are not counted.
const MOST_OPEN: u32 = 100_000;

/// As many of the last payments are shown.
const LATEST: u32 = 10;

/// Somebody who pays needs at least so much room: below it, nobody can.
const LEAST_RECEIVABLE_MSAT: u64 = 1000;

#[derive(Template)]
#[template(path = "desk/today.html")]
struct TodayPage {
    frame: Frame,
    /// The day, in the shop's time zone.
    day: String,
    count: u64,
    received: Msat,
    worth: Vec<WorthLine>,
    without_worth: u64,
    chart: DayChart,
    open: u32,
    expired: u64,
    held: u32,
    receivable: Receivable,
    failing: Vec<String>,
    disabled: Vec<String>,
    node: NodeState,
    latest: Vec<SaleRow>,
    stale_since: Option<Timestamp>,
}

/// How much the node can receive.
enum Receivable {
    /// So much in all.
    Known(Msat),
    /// Nothing that is worth naming: nobody can pay.
    None,
    /// It does not say.
    Unknown,
}

/// How the node is.
enum NodeState {
    /// It answers, and we follow it.
    Well { alias: String },
    /// It answers, but does not know the chain or its channels yet.
    Syncing,
    /// It cannot be reached, or we do not follow it.
    Away,
}

/// What the page is made of.
#[derive(Clone)]
pub(crate) struct TodayState {
    invoicing: Arc<Invoicing>,
    bookkeeping: Bookkeeping,
    webhooks: Webhooks,
    desk: Desk,
}

impl<S> FromRef<S> for TodayState
where
    Arc<Invoicing>: FromRef<S>,
    Bookkeeping: FromRef<S>,
    Webhooks: FromRef<S>,
    Desk: FromRef<S>,
{
    fn from_ref(state: &S) -> Self {
        Self {
            invoicing: FromRef::from_ref(state),
            bookkeeping: FromRef::from_ref(state),
            webhooks: FromRef::from_ref(state),
            desk: FromRef::from_ref(state),
        }
    }
}

/// `GET /desk`
pub(crate) async fn show(
    permit: Permit<ReadSales>,
    State(state): State<TodayState>,
    frames: Frames,
) -> Result<Response, Problem> {
    let frame = frames.of(&permit);
    let freshness = state.invoicing.freshness_of_all().await;
    let now = Timestamp::now().to_zoned(state.desk.zone().clone());
    let (start, end) = bounds(&now)?;
    let time = start.timestamp()..end.timestamp();
    let sales = state.bookkeeping.day_sales(time).await?;
    let latest = SaleSearch {
        state: Some(StatusName::Paid),
        created: earliest(&permit).map(Timestamp::as_second)..None,
        sought: Sought::Everything,
        ..SaleSearch::default()
    };
    let latest = state.invoicing.search(&latest, None, LATEST).await?;
    let rows = latest.invoices.iter();
    html(&TodayPage {
        day: now.date().to_string(),
        count: sales.count(),
        received: msat(sales.msat()),
        worth: worth_words::lines(&sales.worth, &frame),
        without_worth: sales.worth.unknown,
        chart: DayChart::new(&sales, &start, &end, &frame),
        open: state.invoicing.count_unpaid(MOST_OPEN).await?,
        expired: sales.expired,
        held: state.invoicing.count_held(MOST_OPEN).await?,
        receivable: receivable(&state.invoicing).await,
        failing: state.bookkeeping.failing_receivers().await?,
        disabled: disabled(&state.webhooks).await?,
        node: node(&state.invoicing).await,
        latest: rows.map(|invoice| SaleRow::new(invoice, &frame)).collect(),
        stale_since: match freshness {
            Freshness::Current => None,
            Freshness::AsOf(since) => Some(since),
        },
        frame,
    })
}

/// When the day begins and ends. A day of a clock change has 23 or 25 hours.
fn bounds(now: &Zoned) -> Result<(Zoned, Zoned), Problem> {
    let start = now.start_of_day().map_err(|_| Problem::Internal)?;
    let end = start.checked_add(1.day()).map_err(|_| Problem::Internal)?;
    Ok((start, end))
}

async fn receivable(invoicing: &Invoicing) -> Receivable {
    match invoicing.receivable().await {
        Ok(Some(amount)) if amount.msat() < LEAST_RECEIVABLE_MSAT => Receivable::None,
        Ok(Some(amount)) => Receivable::Known(amount),
        Ok(None) | Err(_) => Receivable::Unknown,
    }
}

async fn node(invoicing: &Invoicing) -> NodeState {
    match (invoicing.node(Age::Recent).await, invoicing.link()) {
        (Ok(node), Link::Following) if node.syncing.is_some() => NodeState::Syncing,
        (Ok(node), Link::Following) => NodeState::Well { alias: node.alias },
        (Ok(_) | Err(_), _) => NodeState::Away,
    }
}

async fn disabled(webhooks: &Webhooks) -> Result<Vec<String>, Problem> {
    let endpoints = webhooks.list().await?.into_iter();
    Ok(endpoints
        .filter(|endpoint| endpoint.state != EndpointState::Enabled)
        .map(|endpoint| endpoint.hook.url.receiver())
        .collect())
}
