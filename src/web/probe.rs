//! Whether the public address leads to this very server, and what the proxies on the way do: `facture doctor` announces a
//! visit by the control socket, visits `/healthz` from outside, and asks how that arrived. Visitors are told nothing of it.

use std::{
    convert::Infallible,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use axum::{
    Json, Router,
    extract::{FromRef, FromRequestParts, Path, State},
    http::request::Parts,
    routing::{get, post},
};
use serde::{Deserialize, Serialize};
use subtle::ConstantTimeEq;

use super::{
    extract::client::{Client, Proxies, Way},
    middleware::host,
};

/// The visit that is expected, the last that was announced. Cheap to clone.
#[derive(Clone, Default)]
pub(crate) struct Probes(Arc<Mutex<Option<Expected>>>);

struct Expected {
    probe: String,
    visit: Option<VisitJson>,
}

/// A visit as it arrived.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct VisitJson {
    host: Option<String>,
    peer: String,
    way: Way,
    forwarded_scheme: Option<String>,
}

#[derive(Serialize)]
struct AnnouncedJson {
    probe: String,
}

#[derive(Serialize)]
struct ArrivedJson {
    visit: Option<VisitJson>,
}

/// The query of `/healthz`.
#[derive(Deserialize)]
struct ProbeQuery {
    probe: Option<String>,
}

/// Notes the visit if it is the one that is expected.
pub(crate) struct Noted;

/// The routes of the control socket.
pub(super) fn owners_routes<S>() -> Router<S>
where
    Probes: FromRef<S>,
    S: Clone + Send + Sync + 'static,
{
    Router::new()
        .route("/visits", post(announce))
        .route("/visits/{probe}", get(arrived))
}

async fn announce(State(probes): State<Probes>) -> Json<AnnouncedJson> {
    let probe = format!("{:032x}", rand::random::<u128>());
    *probes.lock() = Some(Expected {
        probe: probe.clone(),
        visit: None,
    });
    Json(AnnouncedJson { probe })
}

async fn arrived(State(probes): State<Probes>, Path(probe): Path<String>) -> Json<ArrivedJson> {
    let expected = probes.lock();
    let visit = expected
        .as_ref()
        .filter(|expected| expected.probe == probe)
        .and_then(|expected| expected.visit.clone());
    Json(ArrivedJson { visit })
}

impl Probes {
    fn lock(&self) -> MutexGuard<'_, Option<Expected>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn note(&self, probe: &str, visit: VisitJson) {
        if let Some(expected) = &mut *self.lock()
            && bool::from(expected.probe.as_bytes().ct_eq(probe.as_bytes()))
        {
            expected.visit = Some(visit);
        }
    }
}

impl<S> FromRequestParts<S> for Noted
where
    Probes: FromRef<S>,
    Proxies: FromRef<S>,
    S: Sync,
{
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Infallible> {
        let query = parts.uri.query().unwrap_or_default();
        let query = serde_urlencoded::from_str::<ProbeQuery>(query);
        if let Ok(ProbeQuery { probe: Some(probe) }) = query {
            let visit = VisitJson {
                host: host::named(&parts.headers).map(str::to_owned),
                peer: Client::peer(parts).to_string(),
                way: Proxies::from_ref(state).way(parts),
                forwarded_scheme: forwarded_scheme(parts),
            };
            Probes::from_ref(state).note(&probe, visit);
        }
        Ok(Self)
    }
}

/// What a proxy says that the visitor used.
fn forwarded_scheme(parts: &Parts) -> Option<String> {
    let scheme = parts.headers.get("x-forwarded-proto")?.to_str().ok()?;
    // Long texts are not to be kept.
    matches!(scheme, "http" | "https").then(|| scheme.to_owned())
}
