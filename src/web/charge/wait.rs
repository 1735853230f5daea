//! Waiting for a payment: for the shop with its token, and for the buyer's page without.

use std::{sync::Arc, time::Duration};

use axum::{
    Json,
    extract::{RawQuery, State},
    http::StatusCode,
    response::{IntoResponse, Response},
};
use tokio::time::{Instant, timeout_at};
use url::form_urlencoded;

use super::{
    access::{Caller, Id},
    refusal::Refusal,
    wire::InvoiceJson,
};
use crate::{
    invoices::Found,
    web::{
        extract::{bearer::Read, invoice::find},
        limits::streams::StreamPlace,
        streams::wait::LongPoll,
    },
};
use facture_domain::{Invoice, Status};

/// The longest that `/invoice/{id}/wait` may take.
pub(crate) const LONGEST_WAIT: Duration = Duration::from_secs(600);

/// How long one waits that does not say.
const DEFAULT: Duration = Duration::from_secs(300);

/// How long a buyer's page waits.
const BUYER: Duration = Duration::from_secs(60);

/// `GET /invoice/{id}/wait?timeout=s`: 200 with the invoice once it is paid, 402 when the time is over before, 410 when
/// it cannot be paid any more.
pub(crate) async fn wait(
    _: Caller<Read>,
    State(poll): State<LongPoll>,
    _place: StreamPlace,
    RawQuery(query): RawQuery,
    Id(found): Id,
) -> Result<Response, Refusal> {
    let patience = patience(query.as_deref().unwrap_or_default());
    let paid = paid(&poll, found.invoice, patience).await?;
    Ok(Json(InvoiceJson::new(&paid)).into_response())
}

/// `GET /checkout/{id}/wait`: the same with 204 and without the invoice.
pub(crate) async fn buyer(
    State(poll): State<LongPoll>,
    _place: StreamPlace,
    Id(found): Id,
) -> Result<StatusCode, Refusal> {
    paid(&poll, found.invoice, BUYER).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The invoice once it is paid.
async fn paid(
    poll: &LongPoll,
    invoice: Arc<Invoice>,
    patience: Duration,
) -> Result<Arc<Invoice>, Refusal> {
    let mut listener = poll.invoicing.listen(&invoice.label);
    // Whether its time is over is the node's to say, which wakes us then.
    let deadline = Instant::now() + patience;
    let mut over = false;
    loop {
        // Listening came first, so this is not older than what wakes us.
        let Found { invoice, .. } = find(&poll.invoicing, &invoice.label).await?;
        match invoice.status {
            Status::Paid(_) => return Ok(invoice),
            Status::Expired => return Err(Refusal::Status(StatusCode::GONE)),
            Status::Unpaid if over => return Err(Refusal::Status(StatusCode::PAYMENT_REQUIRED)),
            Status::Unpaid => {}
        }
        let news = async {
            tokio::select! {
                () = poll.stopping.cancelled() => false,
                () = listener.news() => true,
            }
        };
        over = !timeout_at(deadline, news).await.unwrap_or(false);
    }
}

/// What JavaScript would read as no number, or as 0, is no time at all; a negative one is over at once.
fn patience(query: &str) -> Duration {
    let timeout = form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == "timeout");
    let seconds = timeout.and_then(|(_, value)| value.parse::<f64>().ok());
    match seconds {
        Some(seconds) if seconds < 0.0 => Duration::ZERO,
        Some(seconds) if seconds > 0.0 => Duration::try_from_secs_f64(seconds)
            .map_or(LONGEST_WAIT, |asked| asked.min(LONGEST_WAIT)),
        _ => DEFAULT,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_timeout_is_bounded() {
        for (query, expected) in [
            ("", DEFAULT),
            ("timeout=", DEFAULT),
            ("timeout=0", DEFAULT),
            ("timeout=soon", DEFAULT),
            ("timeout=NaN", DEFAULT),
            ("timeout=1.5", Duration::from_millis(1500)),
            ("timeout=100", Duration::from_secs(100)),
            ("timeout=601", LONGEST_WAIT),
            ("timeout=1e300", LONGEST_WAIT),
            ("timeout=inf", LONGEST_WAIT),
            ("timeout=-1", Duration::ZERO),
        ] {
            assert_eq!(patience(query), expected, "{query}");
        }
    }
}
