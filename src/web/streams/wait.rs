//! Long polls: `GET /check_invoice/{label}/wait?timeout=s`, and the same for the shop in `/api/v1`.

use std::{sync::Arc, time::Duration};

use axum::{
    extract::{FromRef, State},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
};
use serde::Deserialize;
use tokio::time::{Instant, timeout_at};
use tokio_util::sync::CancellationToken;
use utoipa::IntoParams;

use crate::{
    invoices::{Found, Invoicing, Succession},
    web::{
        error::Problem,
        extract::{
            invoice::{OurLabel, find},
            query::Query,
        },
        fast_path::RenderCache,
        invoice_json::InvoiceJson,
        limits::streams::StreamSlot,
        origin::Origin,
    },
};
use facture_domain::{Invoice, Label, Status};

/// The maximum time a client may wait, in seconds.
pub(crate) const MAX_SECONDS: u64 = 60;

/// The default for clients that do not specify a timeout, in seconds.
const DEFAULT_SECONDS: u64 = 30;

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct WaitParameters {
    /// How long to wait, in seconds.
    #[param(minimum = 1, maximum = 60, default = 30, nullable = false)]
    timeout: Option<u64>,
    /// What to return for an expired invoice, which the buyer may renew. `false`: the invoice itself, immediately. `true`: the
    /// invoice that replaces it, once that is paid or can no longer be paid, for as long as it can be renewed.
    #[param(default = false, nullable = false)]
    follow: Option<bool>,
}

/// Dependencies of a long poll.
#[derive(Clone)]
pub(crate) struct LongPoll {
    pub(crate) invoicing: Arc<Invoicing>,
    pub(crate) cache: Arc<RenderCache>,
    /// Cancelled when waiting must end.
    pub(crate) stopping: CancellationToken,
}

impl<S> FromRef<S> for LongPoll
where
    Arc<Invoicing>: FromRef<S>,
    Arc<RenderCache>: FromRef<S>,
    CancellationToken: FromRef<S>,
{
    fn from_ref(state: &S) -> Self {
        Self {
            invoicing: FromRef::from_ref(state),
            cache: FromRef::from_ref(state),
            stopping: FromRef::from_ref(state),
        }
    }
}

/// 200 with the invoice once it is no longer unpaid, immediately if it already is not; 204 on timeout. With
/// `follow=true` it may be the invoice that replaced it.
pub(crate) async fn wait(
    State(poll): State<LongPoll>,
    _slot: StreamSlot,
    origin: Origin,
    headers: HeaderMap,
    OurLabel(label): OurLabel,
    Query(parameters): Query<WaitParameters>,
) -> Result<Response, Problem> {
    match poll.wait(&parameters, &label).await? {
        Some(found) => Ok(InvoiceJson::answer(&poll.cache, &found, origin)?.respond(&headers)),
        None => Ok(StatusCode::NO_CONTENT.into_response()),
    }
}

/// The next step, given the invoice's current state.
enum Step {
    /// Respond with it.
    Respond,
    /// Wait for changes to it.
    Wait,
    /// Continue with this one, which replaced it.
    Follow(Label),
}

impl LongPoll {
    /// The invoice once it is no longer unpaid, or with `follow` the newest replacement once it is final; `None` on
    /// timeout or shutdown.
    pub(crate) async fn wait(
        &self,
        parameters: &WaitParameters,
        label: &Label,
    ) -> Result<Option<Found>, Problem> {
        let deadline = Instant::now() + parameters.duration()?;
        let mut listener = self.invoicing.listen(label);
        let mut found = find(&self.invoicing, label).await?;
        loop {
            match self.next(parameters, &found.invoice).await? {
                Step::Respond => return Ok(Some(found)),
                Step::Wait => {
                    let change = async {
                        tokio::select! {
                            () = self.stopping.cancelled() => None,
                            () = listener.changed() => Some(()),
                        }
                    };
                    let Ok(Some(())) = timeout_at(deadline, change).await else {
                        return Ok(None);
                    };
                    found = find(&self.invoicing, &found.invoice.label).await?;
                }
                Step::Follow(label) => {
                    listener = self.invoicing.listen(&label);
                    found = find(&self.invoicing, &label).await?;
                }
            }
        }
    }

    async fn next(&self, parameters: &WaitParameters, invoice: &Invoice) -> Result<Step, Problem> {
        let follow = parameters.follow.unwrap_or(false);
        Ok(match invoice.status {
            Status::Unpaid => Step::Wait,
            Status::Accepted(_) | Status::Paid(_) => Step::Respond,
            Status::Expired if !follow => Step::Respond,
            Status::Expired => match self.invoicing.succession(invoice).await? {
                Succession::Open => Step::Wait,
                Succession::Renewed(label) => Step::Follow(label),
                Succession::Over => Step::Respond,
            },
        })
    }
}

impl WaitParameters {
    fn duration(&self) -> Result<Duration, Problem> {
        let seconds = self.timeout.unwrap_or(DEFAULT_SECONDS);
        if (1..=MAX_SECONDS).contains(&seconds) {
            Ok(Duration::from_secs(seconds))
        } else {
            Err(Problem::invalid(
                "timeout",
                "timeout_invalid",
                format!("The timeout must be a whole number of seconds from 1 to {MAX_SECONDS}."),
            ))
        }
    }
}
