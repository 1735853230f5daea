//! The page of one invoice, which is its status page too: what to pay and how, that it is paid, or that its time is
//! over.

use std::fmt;

use askama::Template;
use axum::{
    Json,
    extract::State,
    http::{HeaderMap, HeaderValue, header},
    response::{IntoResponse, Response},
};
use jiff::Timestamp;

use super::{Money, Shell, html, qr};
use crate::{
    http::{
        App, assets, error::Problem, extract::OurLabel, invoice_json::InvoiceJson,
        state::status_path, visitor::Visitor, wants::Wants,
    },
    invoice::{Amount, Bolt11, Label, Msat, Settlement, Status},
    invoicing::{Found, Freshness},
    locale::Language,
};

#[derive(Template)]
#[template(path = "checkout.html")]
struct CheckoutPage {
    shell: Shell,
    label: Label,
    /// Where the sandbox's button leads.
    pay_action: String,
    amount: Amount,
    description: Description,
    payment_hash: String,
    view: View,
    /// The node could not be asked: this is how it was then.
    stale_since: Option<Timestamp>,
    script: String,
}

/// What the page shows in each state.
enum View {
    Unpaid {
        bolt11: Bolt11,
        qr: String,
        time_left: TimeLeft,
        expires_at: Timestamp,
    },
    Paid {
        received: Msat,
        asked: Option<Msat>,
        paid_at: Timestamp,
    },
    Expired {
        again: Option<Again>,
    },
}

/// A description, folded when it is so long that it would push the code off a phone's screen.
struct Description {
    start: String,
    rest: Option<String>,
}

/// A form that makes the same invoice once more.
struct Again {
    sat: u64,
    description: String,
}

/// Time in minutes and seconds.
struct TimeLeft {
    seconds: i64,
}

/// `GET /check_invoice/{label}`
pub(in crate::http) async fn show(
    State(app): State<App>,
    wants: Wants,
    visitor: Visitor,
    headers: HeaderMap,
    OurLabel(label): OurLabel,
) -> Result<Response, Problem> {
    let found = app.find(&label).await?;
    match wants {
        Wants::Json => Ok(Json(InvoiceJson::found(&app, found, &headers)).into_response()),
        Wants::Page => html(&CheckoutPage::new(&app, visitor, found)?),
    }
}

/// `GET /check_invoice/{label}/qr.svg`: the QR code alone, as long as it can be paid.
pub(in crate::http) async fn qr(
    State(app): State<App>,
    visitor: Visitor,
    OurLabel(label): OurLabel,
) -> Result<Response, Problem> {
    let Found { invoice, .. } = app.find(&label).await?;
    if invoice.status != Status::Unpaid {
        return Err(Problem::NotPayable);
    }
    let svg = HeaderValue::from_static("image/svg+xml");
    Ok((
        [(header::CONTENT_TYPE, svg)],
        draw(&invoice.bolt11, visitor.language)?,
    )
        .into_response())
}

fn draw(bolt11: &Bolt11, language: Language) -> Result<String, Problem> {
    qr::svg(&bolt11.qr_text(), &language.say("qr-code")).map_err(|error| {
        tracing::error!(%error, "no QR code for a BOLT 11 string");
        Problem::Internal
    })
}

impl CheckoutPage {
    fn new(
        app: &App,
        visitor: Visitor,
        Found { invoice, freshness }: Found,
    ) -> Result<Self, Problem> {
        Ok(Self {
            stale_since: match freshness {
                Freshness::Current => None,
                Freshness::AsOf(since) => Some(since),
            },
            script: assets::link("checkout.js"),
            shell: Shell::new(app, visitor, &status_path(&invoice.label)),
            payment_hash: invoice.payment_hash.to_string(),
            amount: invoice.amount,
            pay_action: visitor.link(&format!("/sandbox/{}/pay", invoice.label)),
            label: invoice.label,
            description: Description::of(&invoice.description),
            view: match invoice.status {
                Status::Unpaid => View::Unpaid {
                    qr: draw(&invoice.bolt11, visitor.language)?,
                    bolt11: invoice.bolt11,
                    time_left: TimeLeft::until(invoice.expires_at),
                    expires_at: invoice.expires_at,
                },
                Status::Paid(Settlement {
                    amount_received,
                    paid_at,
                    pay_index: _,
                }) => View::Paid {
                    received: amount_received,
                    asked: match invoice.amount {
                        Amount::Exact(asked) if asked != amount_received => Some(asked),
                        _ => None,
                    },
                    paid_at: paid_at,
                },
                Status::Expired => View::Expired {
                    again: Again::of(invoice.amount, invoice.description),
                },
            },
        })
    }
}

impl Description {
    /// Some three lines on a phone.
    const SHORT: usize = 80;

    fn of(text: &str) -> Self {
        let cut = text.char_indices().nth(Self::SHORT).map(|(index, _)| index);
        let (start, rest) = text.split_at(cut.unwrap_or(text.len()));
        Self {
            start: start.to_owned(),
            rest: (!rest.is_empty()).then(|| rest.to_owned()),
        }
    }
}

impl Again {
    /// The form takes whole satoshis.
    fn of(amount: Amount, description: String) -> Option<Self> {
        match amount {
            Amount::Exact(amount) => amount.whole_sat().map(|sat| Self { sat, description }),
            Amount::Any => None,
        }
    }
}

/// `59:07`, `23:59:07`: hours only where there are any.
impl fmt::Display for TimeLeft {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (hours, minutes, seconds) = (
            self.seconds / 3600,
            self.seconds / 60 % 60,
            self.seconds % 60,
        );
        match hours {
            0 => write!(f, "{minutes}:{seconds:02}"),
            _ => write!(f, "{hours}:{minutes:02}:{seconds:02}"),
        }
    }
}

impl TimeLeft {
    fn until(end: Timestamp) -> Self {
        Self {
            seconds: end.duration_since(Timestamp::now()).as_secs().max(0),
        }
    }
}
