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
    invoices::{Found, Succession},
    web::{
        error::{Invalid, Problem},
        extract::{OurLabel, Query},
        invoice_json::InvoiceJson,
        limits::streams::StreamPlace,
        origin::Origin,
        state::App,
    },
};
use facture_domain::{Invoice, Label, Status};

/// The longest a client may wait, in seconds.
pub(crate) const LONGEST: u64 = 60;

/// How long one waits that does not say, in seconds.
const DEFAULT: u64 = 30;

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct Patience {
    /// How long to wait, in seconds.
    #[param(minimum = 1, maximum = 60, default = 30, nullable = false)]
    timeout: Option<u64>,
    /// What to return for an expired invoice, which the buyer may renew. `false`: the invoice itself, immediately. `true`: the
    /// invoice that replaces it, once that is paid or can no longer be paid, for as long as it can be renewed.
    #[param(default = false, nullable = false)]
    follow: Option<bool>,
}

/// 200 with the invoice once it is not unpaid any more, at once if it is not; 204 when the time is over before. With
/// `follow=true` it may be the one that was made in its place.
pub(crate) async fn wait(
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

/// What to do about an invoice as it is.
enum Next {
    /// Answer with it.
    Answer,
    /// Wait for news of it.
    Wait,
    /// Look at this one, which is in its place.
    GoOnTo(Label),
}

impl Patience {
    /// The invoice once it is not unpaid any more, or with `follow` the newest in its place once nothing more is to be
    /// expected; `None` when the time is over before, or when we are to stop.
    pub(crate) async fn wait(&self, app: &App, label: &Label) -> Result<Option<Found>, Problem> {
        let deadline = Instant::now() + self.duration()?;
        let mut listener = app.invoicing.listen(label);
        let mut found = app.find(label).await?;
        loop {
            match self.next(app, &found.invoice).await? {
                Next::Answer => return Ok(Some(found)),
                Next::Wait => {
                    let news = async {
                        tokio::select! {
                            () = app.stopping.cancelled() => None,
                            () = listener.news() => Some(()),
                        }
                    };
                    let Ok(Some(())) = timeout_at(deadline, news).await else {
                        return Ok(None);
                    };
                    found = app.find(&found.invoice.label).await?;
                }
                Next::GoOnTo(label) => {
                    listener = app.invoicing.listen(&label);
                    found = app.find(&label).await?;
                }
            }
        }
    }

    async fn next(&self, app: &App, invoice: &Invoice) -> Result<Next, Problem> {
        let follow = self.follow.unwrap_or(false);
        Ok(match invoice.status {
            Status::Unpaid => Next::Wait,
            Status::Paid(_) => Next::Answer,
            Status::Expired if !follow => Next::Answer,
            Status::Expired => match app.invoicing.succession(invoice).await? {
                Succession::Open => Next::Wait,
                Succession::Renewed(label) => Next::GoOnTo(label),
                Succession::Over => Next::Answer,
            },
        })
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
