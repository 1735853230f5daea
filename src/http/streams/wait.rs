//! Long polls: `GET /check_invoice/{label}/wait?timeout=s`, and the same for the shop in `/api/v1`.

use std::time::Duration;

use axum::{
    extract::State,
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
};
use serde::Deserialize;
use tokio::time::{Instant, timeout_at};
use utoipa::IntoParams;

use crate::{
    http::{
        App,
        error::{Invalid, Problem},
        extract::{OurLabel, Query},
        invoice_json::InvoiceJson,
        limit::StreamPlace,
        origin::Origin,
    },
    invoice::{Label, Status},
    invoicing::Found,
};

/// The longest a client may wait, in seconds.
pub(in crate::http) const LONGEST: u64 = 60;

/// How long one waits that does not say, in seconds.
const DEFAULT: u64 = 30;

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(in crate::http) struct Patience {
    /// How long to wait, in seconds.
    #[param(minimum = 1, maximum = 60, default = 30, nullable = false)]
    timeout: Option<u64>,
}

/// 200 with the invoice once it is not unpaid any more, at once if it is not; 204 when the time is over before.
pub(in crate::http) async fn wait(
    State(app): State<App>,
    _place: StreamPlace,
    origin: Origin,
    headers: HeaderMap,
    OurLabel(label): OurLabel,
    Query(patience): Query<Patience>,
) -> Result<Response, Problem> {
    match patience.wait(&app, &label).await? {
        Some(found) => Ok(InvoiceJson::answer(&app, &found, origin)?.respond(&headers)),
        None => Ok(StatusCode::NO_CONTENT.into_response()),
    }
}

impl Patience {
    /// The invoice once it is not unpaid any more; `None` when the time is over before, or when we are to stop.
    pub(in crate::http) async fn wait(
        &self,
        app: &App,
        label: &Label,
    ) -> Result<Option<Found>, Problem> {
        let deadline = Instant::now() + self.duration()?;
        let mut listener = app.invoicing.listen(label);
        let mut found = app.find(label).await?;
        while found.invoice.status == Status::Unpaid {
            let news = async {
                tokio::select! {
                    () = app.stopping.cancelled() => None,
                    () = listener.news() => Some(()),
                }
            };
            let Ok(Some(())) = timeout_at(deadline, news).await else {
                return Ok(None);
            };
            found = app.find(label).await?;
        }
        Ok(Some(found))
    }

    fn duration(&self) -> Result<Duration, Problem> {
        let seconds = self.timeout.unwrap_or(DEFAULT);
        if (1..=LONGEST).contains(&seconds) {
            Ok(Duration::from_secs(seconds))
        } else {
            Err(Problem::Invalid(Invalid {
                field: "timeout".to_owned(),
                code: "timeout_invalid",
                message: format!(
                    "The timeout must be a whole number of seconds from 1 to {LONGEST}."
                ),
            }))
        }
    }
}
