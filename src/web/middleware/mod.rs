//! Everything that wraps every route: a request id, a span and a summary line in the log, a timeout, catching panics,
//! rendering problems, metrics, compression, headers.
//!
//! It is one service with one future: separate layers would each box the next one's future and body, and copy the whole
//! stack below, for every request.

pub(crate) mod cross_site;
pub(crate) mod host;
pub(crate) mod render_problem;
pub(crate) mod repeated_headers;

use std::{
    convert::Infallible,
    panic::AssertUnwindSafe,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
    time::{Duration, Instant},
};

use axum::{
    Router,
    extract::{MatchedPath, Request},
    http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header},
    response::{IntoResponse, Response},
    routing::Route,
};
use futures_util::FutureExt;
use tokio::time;
use tower::{Service, layer::layer_fn};
use tracing::Instrument;

use super::{buyer::pages::Pages, error::Problem, log_budget};
use crate::web::{
    compression::{ContentCoding, compress},
    middleware::render_problem::RequestContext,
    request_id::REQUEST_ID,
};
use facture_runtime::metrics;

/// Load balancers poll this path, every second or more often.
const READY: &str = "/readyz";

/// No inline scripts or styles, nothing from other hosts; frames only where configured.
const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'; img-src 'self'; frame-src 'self'; \
     manifest-src 'self'; base-uri 'none'; ";

/// Where forms go, unless a response says otherwise.
const FORM_ACTION: &str = "'self'";

/// Wraps these routes. `timeout` is the last resort: bodies, node and store have their own deadlines.
pub(crate) fn wrap<S>(routes: Router<S>, pages: Pages, timeout: Duration) -> Router<S>
where
    S: Clone + Send + Sync + 'static,
{
    let middleware = Arc::new(Middleware::new(pages, timeout));
    routes.layer(layer_fn(move |route| MiddlewareService {
        route,
        middleware: Arc::clone(&middleware),
    }))
}

/// The suffix of the routes that our own pages show in a frame.
const FRAMED: &str = "/status";

/// The prefixes of the routes of the merchant's desk.
const DESK: [&str; 2] = ["/desk", "/api-keys"];

/// Of a page of the desk whose form goes to another site: that site, as a source of a content security policy.
#[derive(Clone, Debug)]
pub(crate) struct FormTarget(pub(crate) String);

/// Settings common to all requests: headers and the timeout.
struct Middleware {
    pages: Pages,
    /// Headers of every response except 304.
    always: HeaderMap,
    /// The content security policy of pages that our own pages show in a frame.
    framed: HeaderValue,
    /// The content security policy of the desk: nobody shows it in a frame, whoever may show the other pages.
    desk: HeaderValue,
    /// Headers of responses that do not set them themselves.
    otherwise: HeaderMap,
    timeout: Duration,
}

/// A route, and the middleware around it.
#[derive(Clone)]
struct MiddlewareService {
    route: Route,
    middleware: Arc<Middleware>,
}

impl Service<Request> for MiddlewareService {
    type Response = Response;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Response, Infallible>> + Send>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Service::<Request>::poll_ready(&mut self.route, cx)
    }

    fn call(&mut self, request: Request) -> Self::Future {
        let context = RequestContext::of(&request);
        let route = request.extensions().get::<MatchedPath>().cloned();
        let sound = repeated_headers::check(request.headers()).and_then(|()| {
            let sound = host::is_sound(&request);
            sound.then_some(()).ok_or(Problem::BadRequest)
        });
        let coding = ContentCoding::of(request.headers());
        // Nothing happens before it is polled.
        let answer = self.route.call(request);
        let middleware = Arc::clone(&self.middleware);
        // Contains the route, never the path: a label in the log would be a key to the buyer's page.
        let span = tracing::info_span!(
            "request",
            method = %context.method,
            route = %route.as_ref().map_or("", MatchedPath::as_str),
            id = %context.id.as_str(),
        );
        let answering = async move {
            let began = Instant::now();
            let response = match sound {
                Ok(()) => middleware.answered(answer).await,
                Err(problem) => problem.into_response(),
            };
            // Problems are rendered here, where the request id is known.
            let response = compress(context.rendered(&middleware.pages, response), coding).await;
            Ok(middleware.finished(context, route, response, began))
        };
        Box::pin(answering.instrument(span))
    }
}

impl Middleware {
    fn new(pages: Pages, timeout: Duration) -> Self {
        let ancestors = pages.origins();
        let fixed = HeaderValue::from_static;
        Self {
            pages,
            timeout,
            always: HeaderMap::from_iter([
                (
                    header::CONTENT_SECURITY_POLICY,
                    content_security_policy(FORM_ACTION, &ancestors),
                ),
                (header::X_CONTENT_TYPE_OPTIONS, fixed("nosniff")),
                // Other sites get no referrer. With anything stricter, browsers would not reveal that a form of ours is
                // ours.
                (header::REFERRER_POLICY, fixed("same-origin")),
                (HeaderName::from_static("x-robots-tag"), fixed("noindex")),
            ]),
            framed: content_security_policy(FORM_ACTION, &format!("'self' {ancestors}")),
            desk: content_security_policy(FORM_ACTION, ""),
            // Every response is private, errors included.
            otherwise: HeaderMap::from_iter([
                (header::CACHE_CONTROL, fixed("no-store")),
                (
                    header::VARY,
                    fixed("accept, accept-language, accept-encoding"),
                ),
            ]),
        }
    }

    /// The response, within the timeout. A bug costs one request, not the server: the panic and its location are in the
    /// log (`telemetry.rs`).
    async fn answered(
        &self,
        answer: impl Future<Output = Result<Response, Infallible>>,
    ) -> Response {
        match AssertUnwindSafe(time::timeout(self.timeout, answer))
            .catch_unwind()
            .await
        {
            Ok(Ok(Ok(response))) => response,
            Ok(Err(_)) => Problem::TooSlow.into_response(),
            Err(_) => {
                metrics::panicked("handler");
                Problem::Internal.into_response()
            }
        }
    }

    /// Counts and logs a response, and adds the common headers.
    fn finished(
        &self,
        context: RequestContext,
        route: Option<MatchedPath>,
        mut response: Response,
        began: Instant,
    ) -> Response {
        let took = began.elapsed();
        let status = response.status();
        let matched = route.as_ref().map(MatchedPath::as_str);
        metrics::Answers::to(context.method.as_str(), matched, status.as_u16()).one_more(took);
        summary(&context.method, matched, status, took);
        let target = response.extensions_mut().remove::<FormTarget>();
        let headers = response.headers_mut();
        headers.reserve(1 + self.always.len() + self.otherwise.len());
        headers.insert(REQUEST_ID, context.id.into());
        // A client that gets a 304 already has these (RFC 9110 §15.4.5).
        if status != StatusCode::NOT_MODIFIED {
            for (name, value) in &self.always {
                headers.insert(name, value.clone());
            }
            if matched.is_some_and(|route| route.trim_end_matches('/').ends_with(FRAMED)) {
                headers.insert(header::CONTENT_SECURITY_POLICY, self.framed.clone());
            }
            if matched.is_some_and(|route| DESK.iter().any(|prefix| route.starts_with(prefix))) {
                let policy = target.map(|FormTarget(site)| content_security_policy(&site, ""));
                let policy = policy.unwrap_or_else(|| self.desk.clone());
                headers.insert(header::CONTENT_SECURITY_POLICY, policy);
            }
        }
        for (name, value) in &self.otherwise {
            headers.entry(name).or_insert_with(|| value.clone());
        }
        response
    }
}

/// Logs a request. Reads would fill the log, so only requests that change something or fail are at the level `info`.
/// Strangers can cause unlimited failures, so these have a budget; load balancers check readiness all the time.
fn summary(method: &Method, matched: Option<&str>, status: StatusCode, took: Duration) {
    let (acted, failed) = (!method.is_safe(), status.as_u16() >= 500);
    let done = acted && status.as_u16() < 400;
    let is_logged = done || (acted || failed) && matched != Some(READY) && log_budget::allows();
    let (status, ms) = (status.as_u16(), took.as_millis());
    match is_logged {
        true => tracing::info!(status, ms, "answered"),
        false => tracing::debug!(status, ms, "answered"),
    }
}

/// The policy including where forms go and the sites that may show the page in a frame.
fn content_security_policy(forms: &str, ancestors: &str) -> HeaderValue {
    let ancestors = match ancestors.trim_end() {
        "" => "'none'",
        some => some,
    };
    // Origins are plain text, so this cannot fail; if it did, nobody could show us in a frame.
    let policy =
        format!("{CONTENT_SECURITY_POLICY}form-action {forms}; frame-ancestors {ancestors}");
    HeaderValue::from_str(&policy).unwrap_or(HeaderValue::from_static(
        "default-src 'none'; frame-ancestors 'none'",
    ))
}
