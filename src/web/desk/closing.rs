//! The closing of a day, or of another time: what was received, by channel and tax rate, what it was worth, and what was paid back.

use askama::Template;
use axum::{
    extract::{RawQuery, State},
    response::Response,
};
use jiff::{Timestamp, civil::Date};
use rust_decimal::Decimal;

use super::{
    days::Days,
    exports::ExportState,
    frame::{Frame, Frames},
    permit::{Permit, ReadAllSales},
    sale_words::{self, msat},
};
use crate::{
    bookkeeping::{Closing, Count, Sum},
    invoices::Freshness,
    web::{
        buyer::{pages::Money, shell::html},
        error::Problem,
    },
};

const PATH: &str = "/desk/closing";

#[derive(Template)]
#[template(path = "desk/closing.html")]
struct ClosingPage {
    frame: Frame,
    days: Days,
    zone: String,
    closing: Closing,
    before: Option<String>,
    after: Option<String>,
    stale_since: Option<Timestamp>,
}

/// `GET /desk/closing?from=…&to=…`: of today, if no days are asked for.
pub(crate) async fn show(
    permit: Permit<ReadAllSales>,
    State(state): State<ExportState>,
    frames: Frames,
    RawQuery(query): RawQuery,
) -> Result<Response, Problem> {
    let zone = state.desk.zone();
    let today = Timestamp::now().to_zoned(zone.clone()).date();
    let days = Days::of_query(query.as_deref())?.unwrap_or(Days::of(today));
    let time = days.time(zone)?;
    let stale_since = match state.invoicing.freshness_of_all().await {
        Freshness::AsOf(since) if since < time.end => Some(since),
        Freshness::AsOf(_) | Freshness::Current => None,
    };
    let mut entries = state.bookkeeping.entries(time);
    let mut closing = Closing::default();
    while let Some(page) = entries.next().await? {
        for entry in page {
            closing.add(&entry);
        }
    }
    let day = |day: Date| frames.link_with(PATH, &format!("from={day}&to={day}"));
    html(&ClosingPage {
        before: days.moved(-1).map(day),
        after: days.moved(1).filter(|next| *next <= today).map(day),
        zone: zone.iana_name().unwrap_or("UTC").to_owned(),
        frame: frames.of(&permit),
        days,
        closing,
        stale_since,
    })
}

/// For the template.
impl ClosingPage {
    fn channel(&self, channel: &Option<facture_domain::Channel>) -> String {
        match channel {
            Some(channel) => sale_words::channel(*channel, &self.frame),
            None => self.frame.say("desk-not-known").into_owned(),
        }
    }

    fn sat(&self, count: &Count) -> String {
        self.sat_of(&count.msat)
    }

    fn sat_of(&self, sum: &i128) -> String {
        self.frame.sat(&msat(*sum))
    }

    fn sum(&self, sum: &Sum) -> String {
        self.decimal(&sum.sum)
    }

    /// A sum that is not known is not shown as a number.
    fn decimal(&self, sum: &Option<Decimal>) -> String {
        match sum {
            Some(sum) => self.frame.language().decimal(&sum.to_string()),
            None => self.frame.say("desk-not-known").into_owned(),
        }
    }
}
