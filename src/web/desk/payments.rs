//! Payments: the list of sales, with a search and filters that are in the address.

use std::sync::Arc;

use askama::Template;
use axum::{
    extract::{RawQuery, State},
    response::{IntoResponse, Redirect, Response},
};
use jiff::{Timestamp, ToSpan};

use super::{
    frame::{Frame, Frames},
    payment_query::{PATH, PaymentQuery, Reading},
    permit::{Permit, ReadSales},
    sale_words,
    settings::Desk,
    worth_words::{self, WorthLine},
};
use crate::{
    invoices::{Freshness, Invoicing},
    web::{
        buyer::{pages::Money, shell::html},
        error::Problem,
    },
};
use facture_domain::{
    Amount, Channel, Invoice, Msat, Status, StatusName,
    desk::{Reach, Right, SalePage, SaleTotals, Sought},
};

/// The sales of a page.
const SALES: u32 = 50;

#[derive(Template)]
#[template(path = "desk/payments.html")]
struct PaymentsPage {
    frame: Frame,
    query: PaymentQuery,
    rows: Vec<SaleRow>,
    /// What the paid ones come to; `None`: this is not the first page, or none of them is paid.
    totals: Option<Totals>,
    /// What the text was taken for.
    read_as: Option<String>,
    /// What else it may mean, each with the link for that.
    instead: Vec<(String, String)>,
    /// The search stopped before the end, and where.
    stopped: Option<String>,
    next: Option<String>,
    /// The node could not be reached: the list is of then.
    stale_since: Option<Timestamp>,
    is_too_long: bool,
    sees_a_day: bool,
}

/// What the paid sales of the list come to.
struct Totals {
    count: u64,
    received: Msat,
    worth: Vec<WorthLine>,
    unknown: u64,
    /// Older sales are not in it.
    is_part: bool,
}

/// A sale in the list.
pub(super) struct SaleRow {
    pub(super) link: String,
    pub(super) amount: String,
    pub(super) state: String,
    pub(super) state_class: &'static str,
    pub(super) at: Timestamp,
    pub(super) what: String,
    pub(super) order: String,
    pub(super) channel: String,
    pub(super) refunded: Option<Msat>,
}

/// `GET /desk/payments`
pub(crate) async fn show(
    permit: Permit<ReadSales>,
    State(invoicing): State<Arc<Invoicing>>,
    State(desk): State<Desk>,
    frames: Frames,
    RawQuery(query): RawQuery,
) -> Result<Response, Problem> {
    let query = PaymentQuery::parse(&query.unwrap_or_default());
    if let Some(label) = label_in(&query.typed)
        && let Some(label) = invoicing.parse_label(label)
    {
        let link = frames.link(&format!("{PATH}/{label}"));
        return Ok(Redirect::to(&link).into_response());
    }
    let frame = frames.of(&permit);
    let freshness = invoicing.freshness_of_all().await;
    let earliest = earliest(&permit);
    let readings = query.readings();
    let is_too_long = readings.is_empty();
    let (sought, page) = find(&invoicing, &desk, &query, readings, earliest).await?;
    let totals = match &sought {
        Some(sought) if permit.staff.may(Right::ReadAllSales) && query.after.is_none() => {
            let search = query.search(sought.clone(), desk.zone());
            let totals = invoicing.sale_totals(&search).await?;
            (totals.count > 0).then(|| Totals::new(&totals, &frame))
        }
        _ => None,
    };
    let by = sought.as_ref().and_then(Reading::of);
    let continued = page.next.clone().map(|after| PaymentQuery {
        by,
        after: Some(after),
        ..query.clone()
    });
    html(&PaymentsPage {
        rows: page
            .invoices
            .iter()
            .map(|invoice| SaleRow::new(invoice, &frame))
            .collect(),
        totals,
        read_as: sought.as_ref().and_then(|sought| read_as(sought, &frame)),
        instead: instead(&query, sought.as_ref(), &frames, &frame),
        stopped: match page.reach {
            Reach::Whole => None,
            Reach::BackTo(end) => {
                let gaps = [("time", frame.moment(&end))];
                Some(frame.say_with("desk-search-stopped", &gaps))
            }
        },
        next: continued.map(|next| frames.link_with(PATH, &next.write())),
        stale_since: match freshness {
            Freshness::Current => None,
            Freshness::AsOf(since) => Some(since),
        },
        is_too_long,
        sees_a_day: earliest.is_some(),
        query,
        frame,
    })
}

/// From when on somebody sees sales; `None`: all of them.
pub(super) fn earliest<R>(permit: &Permit<R>) -> Option<Timestamp> {
    let all = permit.staff.may(Right::ReadAllSales);
    let now = Timestamp::now();
    (!all).then(|| now.checked_sub(24.hours()).unwrap_or(now))
}

/// Tries one reading after the other, until one finds something or may go on.
async fn find(
    invoicing: &Invoicing,
    desk: &Desk,
    query: &PaymentQuery,
    readings: Vec<Sought>,
    earliest: Option<Timestamp>,
) -> Result<(Option<Sought>, SalePage), Problem> {
    let mut found = SalePage {
        invoices: Vec::new(),
        next: None,
        reach: Reach::Whole,
    };
    let mut read_as = None;
    for sought in readings {
        let mut search = query.search(sought.clone(), desk.zone());
        let earliest = earliest.map(Timestamp::as_second);
        search.created.start = search.created.start.max(earliest);
        found = invoicing
            .search(&search, query.after.as_ref(), SALES)
            .await?;
        read_as = Some(sought);
        if !found.invoices.is_empty() {
            break;
        }
    }
    Ok((read_as, found))
}

/// A label, or what may be one in the address of a buyer's page.
fn label_in(typed: &str) -> Option<&str> {
    let (_, path) = typed
        .split_once("/check_invoice/")
        .or_else(|| typed.split_once("/payments/"))
        .unwrap_or(("", typed));
    path.split(['/', '?', '#']).next()
}

/// The words for what a text was taken for.
fn read_as(sought: &Sought, frame: &Frame) -> Option<String> {
    Some(match sought {
        Sought::Everything => return None,
        Sought::Order(order) => {
            frame.say_with("desk-found-order", &[("text", order.as_str().to_owned())])
        }
        Sought::Hash(_) => frame.say("desk-found-hash").into_owned(),
        Sought::Amount(range) => frame.say_with(
            "desk-found-amount",
            &[
                ("from", frame.sat(range.start())),
                ("to", frame.sat(range.end())),
            ],
        ),
        Sought::Worth(range) => worth_words::range(range, frame),
        Sought::Text(text) => frame.say_with("desk-found-text", &[("text", text.clone())]),
    })
}

fn instead(
    query: &PaymentQuery,
    shown: Option<&Sought>,
    frames: &Frames,
    frame: &Frame,
) -> Vec<(String, String)> {
    let others = Sought::readings(&query.typed).into_iter();
    others
        .filter(|other| Some(other) != shown)
        .filter_map(|other| {
            let link = PaymentQuery {
                by: Reading::of(&other),
                after: None,
                ..query.clone()
            };
            let words = read_as(&other, frame)?;
            Some((frames.link_with(PATH, &link.write()), words))
        })
        .collect()
}

impl Totals {
    fn new(totals: &SaleTotals, frame: &Frame) -> Self {
        Self {
            count: totals.count,
            received: sale_words::msat(totals.msat),
            worth: worth_words::lines(&totals.worth, frame),
            unknown: totals.worth.unknown,
            is_part: totals.reach != Reach::Whole,
        }
    }
}

impl SaleRow {
    pub(super) fn new(invoice: &Invoice, frame: &Frame) -> Self {
        let state = invoice.state();
        let order = &invoice.order;
        Self {
            link: frame.link(&format!("{PATH}/{}", invoice.label)),
            amount: match (&invoice.status, invoice.amount) {
                (Status::Paid(paid), _) => frame.sat(&paid.amount_received),
                (Status::Accepted(held), _) => frame.sat(&held.amount),
                (_, Amount::Exact(amount)) => frame.sat(&amount),
                (_, Amount::Any) => "–".to_owned(),
            },
            state: sale_words::state(state, frame),
            state_class: state.as_str(),
            at: match &invoice.status {
                Status::Paid(paid) => paid.paid_at,
                _ => invoice.created_at,
            },
            what: invoice.description.clone(),
            order: order
                .order_id
                .as_ref()
                .map_or(String::new(), |id| id.as_str().to_owned()),
            channel: order.channel.map_or("–".to_owned(), |channel| {
                sale_words::channel(channel, frame)
            }),
            refunded: invoice.refunded.filter(|refunded| refunded.msat() > 0),
        }
    }
}

/// For the template.
impl PaymentsPage {
    fn states(&self) -> Vec<(&'static str, String, bool)> {
        StatusName::ALL
            .into_iter()
            .map(|state| {
                let is_chosen = self.query.state == Some(state);
                (
                    state.as_str(),
                    sale_words::state(state, &self.frame),
                    is_chosen,
                )
            })
            .collect()
    }

    fn channels(&self) -> Vec<(&'static str, String, bool)> {
        Channel::ALL
            .into_iter()
            .map(|channel| {
                let is_chosen = self.query.channel == Some(channel);
                let words = sale_words::channel(channel, &self.frame);
                (channel.as_str(), words, is_chosen)
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_label_is_found_in_the_address_of_a_page() {
        for typed in [
            "facture_1",
            "https://shop.example/check_invoice/facture_1?lang=de",
            "https://shop.example/desk/payments/facture_1",
            "http://a/check_invoice/facture_1/status",
        ] {
            assert_eq!(label_in(typed), Some("facture_1"));
        }
    }
}
