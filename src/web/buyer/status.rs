//! How an invoice stands, for browsers without script: a frame in the page to pay, which loads again by itself while the
//! page around it stays as it is, under the hand that selects the invoice.

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
    /// The page around it.
    around: String,
    standing: Standing,
}

/// What the frame says.
enum Standing {
    Waiting,
    Paid,
    /// Paid, but the node does not have the payment.
    Proven,
    Cancelled,
    Expired,
    /// It cannot be told at the moment: the title of the trouble.
    Unknown(String),
}

/// Seconds until it is loaded again, at least and at most. A wallet takes seconds; after minutes there is less hurry.
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

/// The frame of the page with this path.
pub(crate) fn answer(
    pages: &Pages,
    visitor: Visitor,
    around: &str,
    found: Result<Found, Problem>,
) -> Result<Response, Problem> {
    let (standing, again) = match found {
        Ok(Found { invoice, .. }) => {
            let standing = Standing::of(&invoice);
            let again = matches!(standing, Standing::Waiting).then(|| pause(&invoice));
            (standing, again)
        }
        // It says so and asks again: a page of trouble has no place in a frame.
        Err(problem) if problem.status().is_server_error() => {
            let title = problem.title(visitor.language).into_owned();
            (Standing::Unknown(title), Some(REFRESH_SECONDS.0 * 2))
        }
        Err(problem) => return Err(problem),
    };
    let page = StatusPage {
        shell: Shell::new(pages, visitor, around),
        around: visitor.link(around),
        standing,
    };
    let mut response = html(&page)?.into_response();
    if let Some(seconds) = again {
        let seconds = HeaderValue::from(seconds);
        response.headers_mut().insert(header::REFRESH, seconds);
    }
    Ok(response)
}

impl Standing {
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

/// The pause grows.
fn pause(invoice: &Invoice) -> i64 {
    let age = Timestamp::now()
        .duration_since(invoice.created_at)
        .as_secs();
    let pause = (age / 6).clamp(REFRESH_SECONDS.0, REFRESH_SECONDS.1);
    match seconds_until(invoice.expires_at) {
        // By our clock it is over. By the node's it is not, or the node cannot be asked.
        0 => pause,
        left => pause.min(left + 1),
    }
}
