//! The status of an invoice for browsers without scripts: a frame in the payment page that reloads automatically. The
//! page around it stays as it is, so that the buyer can select the invoice undisturbed.

use std::sync::Arc;

use askama::Template;
use axum::{
    extract::State,
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};
use jiff::Timestamp;

use super::{
    pages::Pages,
    shell::{Shell, html},
};
use crate::{
    invoices::{Found, Invoicing},
    web::{
        error::Problem,
        extract::{
            invoice::{OurLabel, find},
            visitor::Visitor,
        },
        paths::status_path,
        time_left::seconds_until,
    },
};
use facture_domain::{Invoice, Status};

#[derive(Template)]
#[template(path = "status.html")]
struct StatusPage {
    shell: Shell,
    /// The path of the page around it.
    around: String,
    state: DisplayedState,
}

/// What the frame shows.
enum DisplayedState {
    Waiting,
    Paid,
    /// Paid, but the node does not have the payment.
    Proven,
    Cancelled,
    Expired,
    /// Currently unknown: the title of the problem.
    Unknown(String),
}

/// The minimum and maximum reload interval, in seconds. A wallet takes seconds; after minutes there is less hurry.
const REFRESH_SECONDS: (i64, i64) = (5, 60);

/// `GET /check_invoice/{label}/status`
pub(crate) async fn show(
    State(invoicing): State<Arc<Invoicing>>,
    State(pages): State<Pages>,
    visitor: Visitor,
    OurLabel(label): OurLabel,
) -> Result<Response, Problem> {
    let path = status_path(&label);
    let found = find(&invoicing, &label).await;
    answer(&pages, visitor, &path, found)
}

/// The frame for the page with this path.
pub(crate) fn answer(
    pages: &Pages,
    visitor: Visitor,
    around: &str,
    found: Result<Found, Problem>,
) -> Result<Response, Problem> {
    let (state, again) = match found {
        Ok(Found { invoice, .. }) => {
            let state = DisplayedState::of(&invoice);
            let again = matches!(state, DisplayedState::Waiting).then(|| pause(&invoice));
            (state, again)
        }
        // Show the problem and retry: an error page does not belong in a frame.
        Err(problem) if problem.status().is_server_error() => {
            let title = problem.title(visitor.language).into_owned();
            (DisplayedState::Unknown(title), Some(REFRESH_SECONDS.0 * 2))
        }
        Err(problem) => return Err(problem),
    };
    let page = StatusPage {
        shell: Shell::new(pages, visitor, around),
        around: visitor.link(around),
        state,
    };
    let mut response = html(&page)?.into_response();
    if let Some(seconds) = again {
        let seconds = HeaderValue::from(seconds);
        response.headers_mut().insert(header::REFRESH, seconds);
    }
    Ok(response)
}

impl DisplayedState {
    fn of(invoice: &Invoice) -> Self {
        match &invoice.status {
            Status::Unpaid => Self::Waiting,
            Status::Paid(_) => Self::Paid,
            Status::Expired if invoice.payment_proven_at.is_some() => Self::Proven,
            Status::Expired if invoice.cancelled_at.is_some() => Self::Cancelled,
            Status::Expired => Self::Expired,
        }
    }
}

/// The interval until the next reload, which grows with time.
fn pause(invoice: &Invoice) -> i64 {
    let age = Timestamp::now()
        .duration_since(invoice.created_at)
        .as_secs();
    let pause = (age / 6).clamp(REFRESH_SECONDS.0, REFRESH_SECONDS.1);
    match seconds_until(invoice.expires_at) {
        // Expired by our clock, but not by the node's, or the node cannot be reached.
        0 => pause,
        left => pause.min(left + 1),
    }
}
