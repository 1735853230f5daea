//! HTTP: which call a request is, whether it may be made, what goes wrong with it, and its answer.

use std::{
    io,
    sync::{Arc, Mutex},
    time::{Duration, SystemTime},
};

use futures_util::stream;
use http_body_util::{BodyExt, Full, StreamBody, combinators::UnsyncBoxBody};
use hyper::{
    Method, Request, Response, StatusCode,
    body::{Bytes, Frame, Incoming},
    header,
    server::conn::http1,
    service::service_fn,
};
use hyper_util::rt::TokioIo;
use serde_json::{Value, json};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;

use super::{calls, macaroons::Macaroons, refusal::Refusal, streams::Stream};
#[cfg(feature = "faults")]
use crate::faults::{CallFault, Plan};
use crate::{mutex::lock, node::Node};

/// Between two attempts to accept a connection, when the first failed.
const PAUSE: Duration = Duration::from_millis(50);

/// How far LND has started.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Stage {
    /// There is no wallet yet.
    NonExisting,
    /// The wallet waits for its password.
    Locked,
    /// The wallet is open; calls are not served yet.
    Starting,
    /// All calls are served.
    #[default]
    Active,
}

/// What answers.
#[derive(Debug)]
pub(super) struct Service {
    pub(super) node: Arc<Node>,
    pub(super) macaroons: Macaroons,
    acceptor: Acceptor,
    stage: Mutex<Stage>,
}

struct Acceptor(TlsAcceptor);

type Body = UnsyncBoxBody<Bytes, io::Error>;

/// A call, and the part of the path that is an argument.
#[derive(Clone, Copy)]
enum Call<'a> {
    GetState,
    GetInfo,
    ChannelBalance,
    AddInvoice,
    AddHoldInvoice,
    LookupInvoice(&'a str),
    ListInvoices,
    CancelInvoice,
    SettleInvoice,
    SubscribeInvoices,
    SubscribeSingleInvoice(&'a str),
}

impl Service {
    pub(super) fn new(node: Arc<Node>, macaroons: Macaroons, acceptor: TlsAcceptor) -> Self {
        Self {
            node,
            macaroons,
            acceptor: Acceptor(acceptor),
            stage: Mutex::default(),
        }
    }

    pub(super) fn set_stage(&self, stage: Stage) {
        *lock(&self.stage) = stage;
    }

    /// Whether the call is made at all.
    fn admit(&self, call: Call<'_>, macaroon: Option<&[u8]>) -> Result<(), Refusal> {
        if let Call::GetState = call {
            return Ok(());
        }
        match *lock(&self.stage) {
            Stage::NonExisting => Err(Refusal::unknown(
                "wallet not created, create one to enable full RPC access",
            )),
            Stage::Locked => Err(Refusal::unknown(
                "wallet locked, unlock it to enable full RPC access",
            )),
            Stage::Starting => Err(Refusal::unknown(
                "the RPC server is in the process of starting up, but not yet ready to accept calls",
            )),
            Stage::Active => self.macaroons.check(macaroon, &call.uri()),
        }
    }

    /// The answer to a call that is no stream, without HTTP and faults.
    #[cfg(test)]
    pub(super) fn unary_answer(
        &self,
        verb: &Method,
        path: &str,
        query: &str,
        macaroon: Option<&[u8]>,
        body: &[u8],
    ) -> Result<Value, Refusal> {
        let call = Call::of(verb, path)?;
        self.admit(call, macaroon)?;
        self.carry_out(call, query, body)
    }

    fn carry_out(&self, call: Call<'_>, query: &str, body: &[u8]) -> Result<Value, Refusal> {
        let node = &self.node;
        match call {
            Call::GetState => {
                let state = match *lock(&self.stage) {
                    Stage::NonExisting => "NON_EXISTING",
                    Stage::Locked => "LOCKED",
                    Stage::Starting => "UNLOCKED",
                    Stage::Active => "SERVER_ACTIVE",
                };
                Ok(json!({ "state": state }))
            }
            Call::GetInfo => Ok(calls::get_info(node)),
            Call::ChannelBalance => Ok(calls::channel_balance(node)),
            Call::AddInvoice => calls::add_invoice(node, body),
            Call::AddHoldInvoice => calls::add_hold_invoice(node, body),
            Call::LookupInvoice(hash) => calls::lookup_invoice(node, hash),
            Call::ListInvoices => calls::list_invoices(node, query),
            Call::CancelInvoice => calls::cancel_invoice(node, body),
            Call::SettleInvoice => calls::settle_invoice(node, body),
            Call::SubscribeInvoices | Call::SubscribeSingleInvoice(_) => {
                Err(Refusal::unknown("it is a stream"))
            }
        }
    }
}

impl<'a> Call<'a> {
    fn of(verb: &Method, path: &'a str) -> Result<Self, Refusal> {
        let last = |prefix| path.strip_prefix(prefix);
        let (right, call) = match path {
            "/v1/state" => (Method::GET, Self::GetState),
            "/v1/getinfo" => (Method::GET, Self::GetInfo),
            "/v1/balance/channels" => (Method::GET, Self::ChannelBalance),
            "/v1/invoices" if verb == Method::GET => (Method::GET, Self::ListInvoices),
            "/v1/invoices" => (Method::POST, Self::AddInvoice),
            "/v1/invoices/subscribe" => (Method::GET, Self::SubscribeInvoices),
            "/v2/invoices/hodl" => (Method::POST, Self::AddHoldInvoice),
            "/v2/invoices/cancel" => (Method::POST, Self::CancelInvoice),
            "/v2/invoices/settle" => (Method::POST, Self::SettleInvoice),
            _ => match (last("/v1/invoice/"), last("/v2/invoices/subscribe/")) {
                (Some(hash), _) => (Method::GET, Self::LookupInvoice(hash)),
                (_, Some(hash)) => (Method::GET, Self::SubscribeSingleInvoice(hash)),
                _ => return Err(Refusal::not_found("Not Found")),
            },
        };
        if *verb == right {
            Ok(call)
        } else {
            Err(Refusal::new(12, "Method Not Allowed"))
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::GetState => "GetState",
            Self::GetInfo => "GetInfo",
            Self::ChannelBalance => "ChannelBalance",
            Self::AddInvoice => "AddInvoice",
            Self::AddHoldInvoice => "AddHoldInvoice",
            Self::LookupInvoice(_) => "LookupInvoice",
            Self::ListInvoices => "ListInvoices",
            Self::CancelInvoice => "CancelInvoice",
            Self::SettleInvoice => "SettleInvoice",
            Self::SubscribeInvoices => "SubscribeInvoices",
            Self::SubscribeSingleInvoice(_) => "SubscribeSingleInvoice",
        }
    }

    /// The permission that it needs.
    fn uri(self) -> String {
        let service = match self {
            Self::AddHoldInvoice
            | Self::CancelInvoice
            | Self::SettleInvoice
            | Self::SubscribeSingleInvoice(_) => "invoicesrpc.Invoices",
            _ => "lnrpc.Lightning",
        };
        format!("/{service}/{}", self.name())
    }

    fn is_stream(self) -> bool {
        matches!(
            self,
            Self::SubscribeInvoices | Self::SubscribeSingleInvoice(_)
        )
    }
}

/// Accepts connections until the node stops.
pub(super) fn listen(service: &Arc<Service>, listener: TcpListener) {
    let serving = Arc::clone(service);
    service.node.spawn_listener(async move {
        loop {
            match listener.accept().await {
                Ok((stream, _)) => {
                    let connection = run(Arc::clone(&serving), stream);
                    serving.node.spawn_connection(connection);
                }
                // Out of file descriptors, for instance: that takes a while to pass.
                Err(error) => {
                    tracing::warn!(%error, "sandbox: cannot accept a connection");
                    tokio::time::sleep(PAUSE).await;
                }
            }
        }
    });
}

async fn run(service: Arc<Service>, stream: TcpStream) {
    // Small answers go out at once, as LND's do.
    drop(stream.set_nodelay(true));
    let Ok(stream) = service.acceptor.0.accept(stream).await else {
        return;
    };
    let answering = service_fn(|request| dated(Arc::clone(&service), request));
    let served = http1::Builder::new().serve_connection(TokioIo::new(stream), answering);
    // Ends with an error when a fault is to close it.
    drop(served.await);
}

/// An answer with the node's time, as LND's HTTP server says it.
async fn dated(service: Arc<Service>, request: Request<Incoming>) -> io::Result<Response<Body>> {
    let mut response = answer(Arc::clone(&service), request).await?;
    let now = SystemTime::UNIX_EPOCH + service.node.clock.now();
    if let Ok(date) = header::HeaderValue::from_str(&httpdate::fmt_http_date(now)) {
        response.headers_mut().insert(header::DATE, date);
    }
    Ok(response)
}

async fn answer(service: Arc<Service>, request: Request<Incoming>) -> io::Result<Response<Body>> {
    let (head, body) = request.into_parts();
    let body = body.collect().await.map_err(io::Error::other)?.to_bytes();
    let call = match Call::of(&head.method, head.uri.path()) {
        Ok(call) => call,
        Err(refusal) => return unary(&Err(refusal)),
    };
    service.node.count_call(call.name());
    #[cfg(feature = "faults")]
    let plan = {
        let mut plan = service.node.faults.plan(call.name());
        for gate in plan.before.drain(..) {
            gate.pass().await;
        }
        match plan.once.take() {
            Some(CallFault::CloseBefore) => return Err(io::ErrorKind::ConnectionAborted.into()),
            // lightningd's, of a call that it lacks.
            Some(CallFault::Fail { code: -32601, .. }) => {
                return unary(&Err(Refusal::not_found("Not Found")));
            }
            Some(CallFault::Fail { code, message }) => {
                return unary(&Err(Refusal::new(code, message)));
            }
            once => plan.once = once,
        }
        plan
    };
    let query = head.uri.query().unwrap_or_default();
    let macaroon = head.headers.get("grpc-metadata-macaroon");
    let admitted = service.admit(call, macaroon.map(header::HeaderValue::as_bytes));
    if call.is_stream() {
        let node = Arc::clone(&service.node);
        let stream = admitted.and_then(|()| match call {
            Call::SubscribeSingleInvoice(hash) => Stream::single(node, hash),
            _ => Stream::all(node, query),
        });
        return match stream {
            Ok(stream) => streamed(stream).await,
            Err(refusal) if refusal.code == 3 => unary(&Err(refusal)),
            Err(refusal) => {
                let line = format!("{}\n", json!({ "error": refusal.to_json() }));
                response(refusal.status(), whole(line), None)
            }
        };
    }
    let answer = admitted.and_then(|()| service.carry_out(call, query, &body));
    #[cfg(feature = "faults")]
    {
        go_wrong(plan, answer).await
    }
    #[cfg(not(feature = "faults"))]
    unary(&answer)
}

/// The answer to a call that was carried out, unless it is to get lost.
#[cfg(feature = "faults")]
async fn go_wrong(plan: Plan, answer: Result<Value, Refusal>) -> io::Result<Response<Body>> {
    tokio::time::sleep(plan.delay).await;
    for gate in &plan.after {
        gate.pass().await;
    }
    match plan.once {
        Some(CallFault::CloseAfter) => Err(io::ErrorKind::ConnectionAborted.into()),
        Some(CallFault::CutAnswer) => {
            let text = answer
                .unwrap_or_else(|refusal| refusal.to_json())
                .to_string();
            let half = Bytes::copy_from_slice(&text.as_bytes()[..text.len() / 2]);
            let end = io::ErrorKind::ConnectionAborted.into();
            let frames = stream::iter([Ok(Frame::data(half)), Err(end)]);
            let body = BodyExt::boxed_unsync(StreamBody::new(frames));
            response(StatusCode::OK, body, Some(text.len()))
        }
        Some(CallFault::NotJson) => response(StatusCode::OK, whole("lnd is not well}"), None),
        Some(CallFault::NoResult) => response(StatusCode::OK, whole("{}"), None),
        Some(CallFault::Result(result)) => response(StatusCode::OK, whole(result), None),
        _ => unary(&answer),
    }
}

/// LND begins its answer with the first event, and not before.
async fn streamed(mut stream: Stream) -> io::Result<Response<Body>> {
    let first = stream.next().await;
    let lines = stream::unfold((first, stream), |(line, mut stream)| async move {
        let line = match line {
            Some(line) => line,
            None => stream.next().await?,
        };
        let frame = Frame::data(Bytes::from(line));
        Some((Ok::<_, io::Error>(frame), (None, stream)))
    });
    let body = BodyExt::boxed_unsync(StreamBody::new(lines));
    response(StatusCode::OK, body, None)
}

fn unary(answer: &Result<Value, Refusal>) -> io::Result<Response<Body>> {
    match answer {
        Ok(answer) => response(StatusCode::OK, whole(answer.to_string()), None),
        Err(refusal) => {
            let body = whole(refusal.to_json().to_string());
            response(refusal.status(), body, None)
        }
    }
}

fn whole(text: impl Into<Bytes>) -> Body {
    let body = Full::new(text.into()).map_err(|never| match never {});
    body.boxed_unsync()
}

fn response(status: StatusCode, body: Body, length: Option<usize>) -> io::Result<Response<Body>> {
    let mut response = Response::builder()
        .status(status)
        .header(header::CONTENT_TYPE, "application/json");
    if let Some(length) = length {
        response = response.header(header::CONTENT_LENGTH, length);
    }
    response.body(body).map_err(io::Error::other)
}

impl std::fmt::Debug for Acceptor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Acceptor")
    }
}
