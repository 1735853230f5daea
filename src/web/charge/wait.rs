//! Waiting for a payment: for the shop with its token, and for the buyer's page without one.

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
    access::{Caller, InvoiceInPath},
    refusal::Refusal,
    wire::InvoiceJson,
};
use crate::{
    invoices::Found,
    web::{
        extract::{bearer::Read, invoice::find},
        limits::streams::StreamSlot,
        streams::wait::LongPoll,
    },
};
use facture_domain::{Invoice, Status};

/// The maximum duration of `/invoice/{id}/wait`.
pub(crate) const MAX_WAIT: Duration = Duration::from_secs(600);

/// The default for clients that do not specify a timeout.
const DEFAULT_WAIT: Duration = Duration::from_secs(300);

/// How long a buyer's page waits.
const BUYER_WAIT: Duration = Duration::from_secs(60);

/// `GET /invoice/{id}/wait?timeout=s`: 200 with the invoice once it is paid, 402 on timeout, 410 if it can no longer be
/// paid.
pub(crate) async fn wait(
    _: Caller<Read>,
    State(poll): State<LongPoll>,
    _slot: StreamSlot,
    RawQuery(query): RawQuery,
    InvoiceInPath(found): InvoiceInPath,
) -> Result<Response, Refusal> {
    let timeout = timeout(query.as_deref().unwrap_or_default());
    let paid = paid(&poll, found.invoice, timeout).await?;
    Ok(Json(InvoiceJson::new(&paid)).into_response())
}

/// `GET /checkout/{id}/wait`: the same with 204 and without the invoice.
pub(crate) async fn buyer(
    State(poll): State<LongPoll>,
    _slot: StreamSlot,
    InvoiceInPath(found): InvoiceInPath,
) -> Result<StatusCode, Refusal> {
    paid(&poll, found.invoice, BUYER_WAIT).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Returns the invoice once it is paid.
async fn paid(
    poll: &LongPoll,
    invoice: Arc<Invoice>,
    timeout: Duration,
) -> Result<Arc<Invoice>, Refusal> {
    let mut listener = poll.invoicing.listen(&invoice.label);
    // The node decides whether it has expired, and wakes us then.
    let deadline = Instant::now() + timeout;
    let mut timed_out = false;
    loop {
        // We were already listening, so this is not older than the event that wakes us.
        let Found { invoice, .. } = find(&poll.invoicing, &invoice.label).await?;
        match invoice.status {
            Status::Paid(_) => return Ok(invoice),
            Status::Expired => return Err(Refusal::Status(StatusCode::GONE)),
            Status::Unpaid if timed_out => {
                return Err(Refusal::Status(StatusCode::PAYMENT_REQUIRED));
            }
            Status::Unpaid => {}
        }
        let change = async {
            tokio::select! {
                () = poll.stopping.cancelled() => false,
                () = listener.changed() => true,
            }
        };
        timed_out = !timeout_at(deadline, change).await.unwrap_or(false);
    }
}

/// A value that JavaScript would read as no number, or as 0, counts as absent; a negative one times out at once.
fn timeout(query: &str) -> Duration {
    let timeout = form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == "timeout");
    let seconds = timeout.and_then(|(_, value)| value.parse::<f64>().ok());
    match seconds {
        Some(seconds) if seconds < 0.0 => Duration::ZERO,
        Some(seconds) if seconds > 0.0 => {
            Duration::try_from_secs_f64(seconds).map_or(MAX_WAIT, |wait| wait.min(MAX_WAIT))
        }
        _ => DEFAULT_WAIT,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_timeout_is_bounded() {
        for (query, expected) in [
            ("", DEFAULT_WAIT),
            ("timeout=", DEFAULT_WAIT),
            ("timeout=0", DEFAULT_WAIT),
            ("timeout=soon", DEFAULT_WAIT),
            ("timeout=NaN", DEFAULT_WAIT),
            ("timeout=1.5", Duration::from_millis(1500)),
            ("timeout=100", Duration::from_secs(100)),
            ("timeout=601", MAX_WAIT),
            ("timeout=1e300", MAX_WAIT),
            ("timeout=inf", MAX_WAIT),
            ("timeout=-1", Duration::ZERO),
        ] {
            assert_eq!(timeout(query), expected, "{query}");
        }
    }
}
