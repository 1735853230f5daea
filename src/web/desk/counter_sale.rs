//! A sale at the counter: what the customer scans, and the green screen once it is paid.

use std::sync::Arc;

use askama::Template;
use axum::{
    extract::{Path, State},
    http::HeaderMap,
    response::{IntoResponse, Redirect, Response},
};
use jiff::Timestamp;

use super::{
    counter::{PATH, price_of},
    frame::{Frame, Frames},
    permit::{Permit, Sell},
    posted::Posted,
    sale, sale_words,
};
use crate::{
    invoices::{Cancelled, Found, Freshness, Invoicing},
    web::{
        buyer::{pages::Money, qr::Matrix, shell::html},
        error::Problem,
        extract::{invoice::OurLabel, visitor::Visitor},
        fast_path::StreamTransport,
        limits::streams::StreamSlot,
        paths::status_path,
        streams::sse::{self, EventStreams},
    },
};
use facture_domain::{Channel, Invoice, Price, Status, StatusName, counter::SoldLines};

/// How often the page of an open sale is loaded again where no script runs, in seconds.
const RELOAD_SECONDS: i64 = 2;

#[derive(Template)]
#[template(path = "desk/counter_sale.html")]
struct CounterSalePage {
    frame: Frame,
    price: String,
    /// The same in satoshis, if the price is in another currency.
    sat: Option<String>,
    lines: Vec<Line>,
    tip: Option<String>,
    view: View,
    stale_since: Option<Timestamp>,
    /// Where a browser without script goes on.
    without_script: Option<String>,
    next: String,
}

/// So many pieces of something.
struct Line {
    name: Option<String>,
    pieces: u32,
    price: String,
}

/// What can be seen of it.
enum View {
    /// It can be paid.
    Open(Open),
    /// It is paid.
    Paid { receipt: String },
    /// It cannot be paid any more, and was not.
    Over { state: String },
}

/// What is needed to pay it.
struct Open {
    svg: String,
    events: String,
    cancel: String,
    /// The target of the sandbox's button.
    sandbox: String,
}

/// `GET /desk/counter/sales/{label}`
pub(crate) async fn show(
    permit: Permit<Sell>,
    State(invoicing): State<Arc<Invoicing>>,
    frames: Frames,
    visitor: Visitor,
    Path(label): Path<String>,
) -> Result<Response, Problem> {
    let Found { invoice, freshness } = find(&permit, &invoicing, &label).await?;
    let path = format!("{PATH}/sales/{}", invoice.label);
    let frame = frames.of(&permit).at(&path);
    let view = View::of(&invoice, &path, &frames, &frame)?;
    let is_open = matches!(view, View::Open(_));
    let lines = invoice.order.metadata.as_ref().and_then(SoldLines::read);
    let money = |amount: &str| frame.language().decimal(amount);
    let lines = lines.into_iter().flat_map(|sold| sold.lines);
    let lines = lines.map(|line| Line {
        price: money(&line.price),
        name: line.name,
        pieces: line.pieces,
    });
    let breakdown = invoice.order.breakdown.as_ref();
    let page = CounterSalePage {
        price: price_of(&invoice, &frames).ok_or(Problem::Internal)?,
        sat: sat(&invoice, &frame),
        lines: lines.collect(),
        tip: breakdown.and_then(|parts| parts.tip.as_deref()).map(money),
        view,
        stale_since: match freshness {
            Freshness::Current => None,
            Freshness::AsOf(since) => Some(since),
        },
        without_script: is_open.then(|| visitor.without_script(&path)).flatten(),
        next: frames.link(PATH),
        frame,
    };
    let response = html(&page)?;
    Ok(match is_open {
        true => visitor.reload_after(response, RELOAD_SECONDS),
        false => response,
    })
}

/// `GET /desk/counter/sales/{label}/events`: the events of its invoice, as the buyer's page has them.
pub(crate) async fn events(
    _: Permit<Sell>,
    streams: State<EventStreams>,
    slot: StreamSlot,
    transport: StreamTransport,
    headers: HeaderMap,
    label: OurLabel,
) -> Result<Response, Problem> {
    sse::events(streams, slot, transport, headers, label).await
}

/// `POST /desk/counter/sales/{label}/cancel`: the customer pays otherwise, or not at all. What was paid meanwhile stays paid.
pub(crate) async fn cancel(
    State(invoicing): State<Arc<Invoicing>>,
    frames: Frames,
    Path(label): Path<String>,
    posted: Posted<Sell>,
) -> Result<Response, Problem> {
    let permit = posted.permit;
    let found = find(&permit, &invoicing, &label).await?;
    let label = &found.invoice.label;
    let cancelled = invoicing.cancel_by(label, &permit.actor()).await?;
    let path = match cancelled.ok_or(Problem::InvoiceNotFound)? {
        Cancelled::Done(_) => PATH.to_owned(),
        Cancelled::Paid | Cancelled::Expired | Cancelled::Settling => {
            format!("{PATH}/sales/{label}")
        }
    };
    Ok(Redirect::to(&frames.link(&path)).into_response())
}

/// The sale with this label, if it is one of the counter that they may see.
async fn find(permit: &Permit<Sell>, invoicing: &Invoicing, label: &str) -> Result<Found, Problem> {
    let found = sale::find(permit, invoicing, label).await?;
    match found.invoice.order.channel {
        Some(Channel::Pos) => Ok(found),
        _ => Err(Problem::InvoiceNotFound),
    }
}

/// What the buyer's wallet shows, where the price is in another currency.
fn sat(invoice: &Invoice, frame: &Frame) -> Option<String> {
    let quote = invoice.order.quote.as_ref();
    quote.filter(|quote| !Price::is_bitcoin(&quote.currency))?;
    let amount = match (&invoice.status, invoice.amount) {
        (Status::Paid(paid), _) => paid.amount_received,
        (_, facture_domain::Amount::Exact(amount)) => amount,
        (_, facture_domain::Amount::Any) => return None,
    };
    Some(format!("{} {}", frame.sat(&amount), frame.say("sat")))
}

impl View {
    fn of(invoice: &Invoice, path: &str, frames: &Frames, frame: &Frame) -> Result<Self, Problem> {
        let state = invoice.state();
        Ok(match state {
            StatusName::Unpaid => {
                let bolt11 = invoice.bolt11().ok_or(Problem::NotPayable)?;
                Self::Open(Open {
                    svg: Matrix::of(bolt11)?.svg(&frame.say("qr-code")),
                    events: format!("{path}/events"),
                    cancel: frames.link(&format!("{path}/cancel")),
                    sandbox: format!("/sandbox/{}/pay", invoice.label),
                })
            }
            StatusName::Paid => Self::Paid {
                receipt: frames.shop().url(&status_path(&invoice.label)),
            },
            StatusName::Accepted | StatusName::Expired | StatusName::Cancelled => Self::Over {
                state: sale_words::state(state, frame),
            },
        })
    }
}
