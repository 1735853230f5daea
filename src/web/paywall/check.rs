//! `GET /402/check`: a proxy asks whether it is to let a visitor in.

use std::sync::Arc;

use axum::{
    extract::{FromRef, RawQuery, State},
    http::{HeaderMap, header},
    response::Response,
};
use jiff::SignedDuration;

use super::{
    answer,
    query::{Denial, Query, wrong},
};
use crate::{
    invoices::Invoicing,
    paywall::{Access, Credential, Paywall, Resource, Scheme},
    web::{
        error::Problem, extract::client::Client, limits::creation::CreationLimit, mode::Mode,
        origin::Origin,
    },
};
use facture_domain::{Description, Msat, paywall::ResourceName};

/// Dependencies of the route.
#[derive(Clone)]
pub(super) struct PaywallState {
    paywall: Paywall,
    invoicing: Arc<Invoicing>,
    creation: Arc<CreationLimit>,
    mode: Mode,
}

/// In the sandbox, what is not configured is open for so long.
const SANDBOX_VALIDITY: SignedDuration = SignedDuration::from_hours(1);

impl<S> FromRef<S> for PaywallState
where
    Paywall: FromRef<S>,
    Arc<Invoicing>: FromRef<S>,
    Arc<CreationLimit>: FromRef<S>,
    Mode: FromRef<S>,
{
    fn from_ref(state: &S) -> Self {
        Self {
            paywall: FromRef::from_ref(state),
            invoicing: FromRef::from_ref(state),
            creation: FromRef::from_ref(state),
            mode: FromRef::from_ref(state),
        }
    }
}

/// Lets a visitor in who has paid. For all others a resource that is configured is an offer: each of these answers has an
/// invoice of its own, unless the proxy wants none.
pub(super) async fn check(
    State(state): State<PaywallState>,
    origin: Origin,
    client: Client,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
) -> Result<Response, Problem> {
    let query = Query::parse(&query.unwrap_or_default())?;
    let resource = state.resource(&query)?;
    // More than one line of it is refused before.
    let value = headers.get(header::AUTHORIZATION);
    let credential = value.and_then(|value| Credential::parse(value.to_str().ok()?));
    // One of a scheme that is not offered here is none.
    let offered = |credential: &Credential<'_>| resource.schemes.contains(&credential.scheme);
    let paywall = &state.paywall;
    let access = match credential.filter(offered) {
        Some(credential) => {
            paywall
                .admit(&resource.name, query.price, credential)
                .await?
        }
        None => Access::Denied(None),
    };
    let refused = match access {
        Access::Token => return answer::granted(None),
        Access::Once(receipt) => return answer::granted(Some(&receipt)),
        Access::Denied(refused) => refused,
    };
    if query.denial == Denial::Unauthorized {
        return Ok(answer::unauthorized(refused));
    }
    state.creation.admit(&client, &state.invoicing).await?;
    let offer = paywall.offer(&resource, origin.host()).await?;
    answer::payment_required(refused, &offer, &origin)
}

impl PaywallState {
    /// The resource, at the price of the configuration. In the sandbox the query may have a price, and the resource need not be
    /// configured.
    fn resource(&self, query: &Query) -> Result<Resource, Problem> {
        let configured = self.paywall.resource(&query.resource).cloned();
        match (query.price, &self.mode, configured) {
            (None, _, Some(resource)) => Ok(resource),
            (None, _, None) => Err(wrong(
                "resource",
                "unknown",
                "The parameter resource must be the name of a [[paywall]] in the configuration.",
            )),
            (Some(_), Mode::Live, _) => Err(wrong(
                "price_sat",
                "not_allowed",
                "The parameter price_sat is for the sandbox only: prices are in the configuration.",
            )),
            (Some(price), Mode::Sandbox(_), Some(resource)) => Ok(Resource { price, ..resource }),
            (Some(price), Mode::Sandbox(_), None) => ad_hoc(&query.resource, price),
        }
    }
}

fn ad_hoc(name: &ResourceName, price: Msat) -> Result<Resource, Problem> {
    Ok(Resource {
        name: name.clone(),
        title: Description::parse(name.as_str()).map_err(|_| Problem::Internal)?,
        price,
        valid_for: SANDBOX_VALIDITY,
        schemes: vec![Scheme::L402, Scheme::Payment],
    })
}
