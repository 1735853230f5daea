//! `GET /check_invoice/{label}/wait?timeout=s`: a long poll.

use std::time::Duration;

use axum::{
    Json,
    extract::{RawQuery, State},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
};
use tokio::time::{Instant, timeout_at};
use url::form_urlencoded;

use crate::{
    http::{
        App,
        error::{Invalid, Problem},
        extract::OurLabel,
        invoice_json::InvoiceJson,
    },
    invoice::Status,
};

/// The longest a client may wait, in seconds.
pub(in crate::http) const LONGEST: u64 = 60;

/// How long one waits that does not say, in seconds.
const DEFAULT: u64 = 30;

/// 200 with the invoice once it is not unpaid any more, at once if it is not; 204 when the time is over before.
pub(in crate::http) async fn wait(
    State(app): State<App>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    OurLabel(label): OurLabel,
) -> Result<Response, Problem> {
    let patience = patience(query.as_deref().unwrap_or_default())?;
    let mut listener = app.invoicing.listen(&label);
    let deadline = Instant::now() + patience;
    let mut found = app.find(&label).await?;
    while found.invoice.status == Status::Unpaid {
        let news = async {
            tokio::select! {
                () = app.stopping.cancelled() => None,
                () = listener.news() => Some(()),
            }
        };
        let Ok(Some(())) = timeout_at(deadline, news).await else {
            return Ok(StatusCode::NO_CONTENT.into_response());
        };
        found = app.find(&label).await?;
    }
    Ok(Json(InvoiceJson::found(&app, found, &headers)).into_response())
}

fn patience(query: &str) -> Result<Duration, Problem> {
    let timeout = form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == "timeout");
    let seconds = timeout.map_or(Some(DEFAULT), |(_, value)| value.parse().ok());
    match seconds {
        Some(seconds) if (1..=LONGEST).contains(&seconds) => Ok(Duration::from_secs(seconds)),
        _ => Err(Problem::Invalid(Invalid {
            field: "timeout".to_owned(),
            code: "timeout_invalid",
            message: format!("The timeout must be a whole number of seconds from 1 to {LONGEST}."),
        })),
    }
}
