//! Who waits for a payment sends the very same request again and again. About the very same reading of an invoice it has
//! the very same answer, but for its number and the clock: that is given here, without going through the routes again.

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
        extract::{client::Peer, invoice::find},
        fast_path::{
            detached_stream::Handover,
            precompressed::Takes,
            render_cache::{Answer, weight},
            switch::FastPath,
        },
        request_id::{REQUEST_ID, RequestId},
    },
};
use facture_runtime::metrics;

/// How many there are about, and how many bytes they have at most.
const KEPT: (usize, u64) = (4096, 8 << 20);

/// The routes, and before them what was told lately. Cheap to clone.
#[derive(Clone)]
pub struct Web(Arc<Parts>);

struct Parts {
    invoicing: Arc<Invoicing>,
    fast_path: FastPath,
    routes: Router,
    told: Cache<Asked, Arc<Told>, Bytewise>,
}

/// What answers the requests of one connection.
pub(crate) struct Met {
    web: Web,
    by: Peer,
    handover: Handover,
}

type Answered = Result<Response, Infallible>;

/// A request, whole: its target and all its headers. So it need not be known on what an answer depends.
type Asked = Box<[u8]>;

/// What a request was told.
struct Told {
    /// `kept.rs` decides how long there is one.
    answer: Weak<Answer>,
    status: StatusCode,
    headers: HeaderMap,
    takes: Takes,
    counted: metrics::Answers,
}

/// What a request was told before, and the answer, which is still kept.
type Before = (Arc<Told>, Arc<Answer>);

/// Marks an answer, for this module: the same request gets it again as long as the invoice does not change.
#[derive(Clone)]
pub(crate) struct Lasting {
    pub(crate) answer: Arc<Answer>,
    pub(crate) route: MatchedPath,
}

impl Web {
    pub(crate) fn new(invoicing: Arc<Invoicing>, fast_path: FastPath, routes: Router) -> Self {
        Self(Arc::new(Parts {
            invoicing,
            fast_path,
            routes,
            told: Cache::with_weighter(KEPT.0, KEPT.1, Bytewise),
        }))
    }

    pub(crate) fn met(&self, by: Peer, handover: Handover) -> Met {
        Met {
            web: self.clone(),
            by,
            handover,
        }
    }
}

impl HyperService<Request<Incoming>> for Met {
    type Response = Response;
    type Error = Infallible;
    type Future =
        Either<Ready<Answered>, Either<BoxFuture<'static, Answered>, RouteFuture<Infallible>>>;

    fn call(&self, mut request: Request<Incoming>) -> Self::Future {
        let fast_path = self.web.0.fast_path;
        let asked = match fast_path {
            FastPath::On => asked(&request),
            FastPath::Off => None,
        };
        let Some(asked) = asked else {
            if fast_path == FastPath::On {
                // The answer may be a stream.
                request.extensions_mut().insert(self.handover.clone());
            }
            return Either::Right(Either::Right(self.web.0.routed(request, self.by)));
        };
        let (web, began) = (&self.web, Instant::now());
        let before = web.0.before(&asked);
        let at_once = before.as_ref().and_then(|it| web.0.at_once(it, began));
        match at_once {
            Some(response) => Either::Left(ready(Ok(response))),
            None => {
                let answer = web.clone().answer(asked, before, request, self.by, began);
                Either::Right(Either::Left(answer.boxed()))
            }
        }
    }
}

impl Web {
    async fn answer(
        self,
        asked: Vec<u8>,
        before: Option<Before>,
        mut request: Request<Incoming>,
        by: Peer,
        began: Instant,
    ) -> Answered {
        let Self(parts) = self;
        if let Some((told, answer)) = before
            // What fails is told on the way through the routes. It has deadlines of its own.
            && let Ok(found) = find(&parts.invoicing, &answer.invoice().label).await
        {
            if answer.is_about(&found) {
                return Ok(told.again(&answer, began));
            }
            request.extensions_mut().insert(found);
        }
        let mut response = parts.routed(request, by).await?;
        if let Some(lasting) = response.extensions_mut().remove() {
            let told = Arc::new(Told::new(lasting, &response));
            parts.told.insert(asked.into(), told);
        }
        Ok(response)
    }
}

impl Parts {
    /// What the same request was told before.
    fn before(&self, asked: &[u8]) -> Option<Before> {
        let told = self.told.get(asked)?;
        let answer = told.answer.upgrade()?;
        Some((told, answer))
    }

    /// The same again, where there is nothing to wait for.
    fn at_once(&self, (told, answer): &Before, began: Instant) -> Option<Response> {
        let found = self.invoicing.final_in_memory(&answer.invoice().label)?;
        answer.is_about(&found).then(|| told.again(answer, began))
    }

    fn routed(&self, mut request: Request<Incoming>, by: Peer) -> RouteFuture<Infallible> {
        request.extensions_mut().insert(by);
        self.routes.clone().call(request)
    }
}

/// The bytes of a request that may be one of those. Neither names nor values have line ends in them.
fn asked(request: &Request<Incoming>) -> Option<Vec<u8>> {
    let target = request.uri().path_and_query()?.as_str();
    let label = request.uri().path().strip_prefix("/check_invoice/")?;
    let waits = !label.contains('/')
        && request.method() == Method::GET
        && request.version() == Version::HTTP_11
        && request.body().is_end_stream();
    if !waits {
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

impl Told {
    fn new(Lasting { answer, route }: Lasting, response: &Response) -> Self {
        let mut headers = response.headers().clone();
        // The body has these anew: a clock can have one more digit.
        headers.remove(header::CONTENT_LENGTH);
        let takes = match headers.remove(header::CONTENT_ENCODING) {
            Some(_) => Takes::Gzip,
            None => Takes::Plain,
        };
        let status = response.status();
        Self {
            answer: Arc::downgrade(&answer),
            status,
            headers,
            takes,
            counted: metrics::Answers::to("GET", Some(route.as_str()), status.as_u16()),
        }
    }

    fn again(&self, answer: &Answer, began: Instant) -> Response {
        let id = RequestId::random();
        let took = began.elapsed();
        let (status, ms) = (self.status.as_u16(), took.as_millis());
        tracing::debug!(id = %id.as_str(), status, ms, "answered again");
        self.counted.one_more(took);
        let mut response = match self.status {
            StatusCode::NOT_MODIFIED => Response::default(),
            _ => answer.sent(self.takes).into_response(),
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
struct Bytewise;

impl Weighter<Asked, Arc<Told>> for Bytewise {
    fn weight(&self, asked: &Asked, told: &Arc<Told>) -> u64 {
        // A header takes some eighty bytes, its value aside.
        let headers = told.headers.values().map(|value| 80 + value.len());
        weight(asked.len() + headers.sum::<usize>())
    }
}
