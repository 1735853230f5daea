//! Replay: a client waiting for a payment sends the very same request again and again. As long as the invoice does not
//! change, the response is the same, except for the request id and the clock. It is sent from here, bypassing the
//! routes.

use std::{
    convert::Infallible,
    future::{Ready, ready},
    mem,
    sync::{Arc, Weak},
    time::Instant,
};

use axum::{
    Router,
    extract::{MatchedPath, Request},
    http::{HeaderMap, Method, StatusCode, Version, header},
    response::{IntoResponse, Response},
    routing::future::RouteFuture,
};
use futures_util::future::{BoxFuture, Either, FutureExt};
use hyper::{
    body::{Body, Incoming},
    service::Service as HyperService,
};
use quick_cache::{Weighter, sync::Cache};
use tower::Service;

use crate::{
    invoices::Invoicing,
    web::{
        compression::ContentCoding,
        extract::{client::Peer, invoice::find},
        fast_path::{
            detached_stream::Handover,
            render_cache::{CachedAnswer, weight},
            switch::FastPath,
        },
        request_id::{REQUEST_ID, RequestId},
    },
};
use facture_runtime::metrics;

/// The approximate number of cached responses, and their maximum size in bytes.
const MAX_RESPONSES: (usize, u64) = (4096, 8 << 20);

/// The routes, preceded by the cached responses. Cheap to clone.
#[derive(Clone)]
pub struct Web(Arc<Parts>);

struct Parts {
    invoicing: Arc<Invoicing>,
    fast_path: FastPath,
    routes: Router,
    responses: Cache<RequestKey, Arc<CachedResponse>, ByteWeight>,
}

/// Answers the requests of one connection.
pub(crate) struct ConnectionService {
    web: Web,
    peer: Peer,
    handover: Handover,
}

type Answer = Result<Response, Infallible>;

/// A complete request: its target and all its headers. So it does not matter which of them the response depends on.
type RequestKey = Box<[u8]>;

/// The response to a request, without its body.
struct CachedResponse {
    /// The render cache decides how long it lives.
    answer: Weak<CachedAnswer>,
    status: StatusCode,
    headers: HeaderMap,
    coding: ContentCoding,
    counted: metrics::Answers,
}

/// A cached response and its rendered answer, still in the render cache.
type Hit = (Arc<CachedResponse>, Arc<CachedAnswer>);

/// Marks a response that may be replayed: the same request gets it again as long as the invoice does not change.
#[derive(Clone)]
pub(crate) struct Replayable {
    pub(crate) answer: Arc<CachedAnswer>,
    pub(crate) route: MatchedPath,
}

impl Web {
    pub(crate) fn new(invoicing: Arc<Invoicing>, fast_path: FastPath, routes: Router) -> Self {
        Self(Arc::new(Parts {
            invoicing,
            fast_path,
            routes,
            responses: Cache::with_weighter(MAX_RESPONSES.0, MAX_RESPONSES.1, ByteWeight),
        }))
    }

    /// The service of one connection.
    pub(crate) fn connection(&self, peer: Peer, handover: Handover) -> ConnectionService {
        ConnectionService {
            web: self.clone(),
            peer,
            handover,
        }
    }
}

impl HyperService<Request<Incoming>> for ConnectionService {
    type Response = Response;
    type Error = Infallible;
    type Future =
        Either<Ready<Answer>, Either<BoxFuture<'static, Answer>, RouteFuture<Infallible>>>;

    fn call(&self, mut request: Request<Incoming>) -> Self::Future {
        let fast_path = self.web.0.fast_path;
        let key = match fast_path {
            FastPath::On => request_key(&request),
            FastPath::Off => None,
        };
        let Some(key) = key else {
            if fast_path == FastPath::On {
                // The response may be a stream.
                request.extensions_mut().insert(self.handover.clone());
            }
            return Either::Right(Either::Right(self.web.0.routed(request, self.peer)));
        };
        let (web, began) = (&self.web, Instant::now());
        let hit = web.0.lookup(&key);
        let replayed = hit.as_ref().and_then(|it| web.0.replay_final(it, began));
        match replayed {
            Some(response) => Either::Left(ready(Ok(response))),
            None => {
                let answer = web.clone().answer(key, hit, request, self.peer, began);
                Either::Right(Either::Left(answer.boxed()))
            }
        }
    }
}

impl Web {
    async fn answer(
        self,
        key: Vec<u8>,
        hit: Option<Hit>,
        mut request: Request<Incoming>,
        peer: Peer,
        began: Instant,
    ) -> Answer {
        let Self(parts) = self;
        if let Some((cached, answer)) = hit
            // Errors are reported by the routes. The lookup has its own deadlines.
            && let Ok(found) = find(&parts.invoicing, &answer.invoice().label).await
        {
            if answer.is_about(&found) {
                return Ok(cached.replay(&answer, began));
            }
            request.extensions_mut().insert(found);
        }
        let mut response = parts.routed(request, peer).await?;
        if let Some(replayable) = response.extensions_mut().remove() {
            let cached = Arc::new(CachedResponse::new(replayable, &response));
            parts.responses.insert(key.into(), cached);
        }
        Ok(response)
    }
}

impl Parts {
    /// The cached response to a request, if its answer still exists.
    fn lookup(&self, key: &[u8]) -> Option<Hit> {
        let cached = self.responses.get(key)?;
        let answer = cached.answer.upgrade()?;
        Some((cached, answer))
    }

    /// The replayed response, if there is nothing to wait for.
    fn replay_final(&self, (cached, answer): &Hit, began: Instant) -> Option<Response> {
        let found = self.invoicing.cached_final(&answer.invoice().label)?;
        answer
            .is_about(&found)
            .then(|| cached.replay(answer, began))
    }

    fn routed(&self, mut request: Request<Incoming>, peer: Peer) -> RouteFuture<Infallible> {
        request.extensions_mut().insert(peer);
        self.routes.clone().call(request)
    }
}

/// The key of a request that may be replayed. Header names and values never contain line breaks.
fn request_key(request: &Request<Incoming>) -> Option<Vec<u8>> {
    let target = request.uri().path_and_query()?.as_str();
    let label = request.uri().path().strip_prefix("/check_invoice/")?;
    let replayable = !label.contains('/')
        && request.method() == Method::GET
        && request.version() == Version::HTTP_11
        && request.body().is_end_stream();
    if !replayable {
        return None;
    }
    let mut bytes = Vec::with_capacity(1024);
    bytes.extend_from_slice(target.as_bytes());
    for (name, value) in request.headers() {
        bytes.push(b'\n');
        bytes.extend_from_slice(name.as_str().as_bytes());
        bytes.push(b':');
        bytes.extend_from_slice(value.as_bytes());
    }
    Some(bytes)
}

impl CachedResponse {
    fn new(Replayable { answer, route }: Replayable, response: &Response) -> Self {
        let mut headers = response.headers().clone();
        // The body sets these again: the clock can have one more digit.
        headers.remove(header::CONTENT_LENGTH);
        let coding = match headers.remove(header::CONTENT_ENCODING) {
            Some(_) => ContentCoding::Gzip,
            None => ContentCoding::Identity,
        };
        let status = response.status();
        Self {
            answer: Arc::downgrade(&answer),
            status,
            headers,
            coding,
            counted: metrics::Answers::to("GET", Some(route.as_str()), status.as_u16()),
        }
    }

    /// The response with its current body.
    fn replay(&self, answer: &CachedAnswer, began: Instant) -> Response {
        let id = RequestId::random();
        let took = began.elapsed();
        let (status, ms) = (self.status.as_u16(), took.as_millis());
        tracing::debug!(id = %id.as_str(), status, ms, "replayed");
        self.counted.one_more(took);
        let mut response = match self.status {
            StatusCode::NOT_MODIFIED => Response::default(),
            _ => answer.encoded(self.coding).into_response(),
        };
        *response.status_mut() = self.status;
        let of_body = mem::replace(response.headers_mut(), self.headers.clone());
        let headers = response.headers_mut();
        headers.extend(of_body);
        headers.insert(REQUEST_ID, id.into());
        response
    }
}

#[derive(Clone)]
struct ByteWeight;

impl Weighter<RequestKey, Arc<CachedResponse>> for ByteWeight {
    fn weight(&self, key: &RequestKey, cached: &Arc<CachedResponse>) -> u64 {
        // A header takes about eighty bytes, not counting its value.
        let headers = cached.headers.values().map(|value| 80 + value.len());
        weight(key.len() + headers.sum::<usize>())
    }
}
