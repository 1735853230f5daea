//! HTTP: which call a request is, whether it may be made, what goes wrong with it, and its answer.

use std::{
    io,
    sync::{Arc, Mutex},
    time::Duration,
};

use futures_util::stream;
use http_body_util::{BodyExt, StreamBody};
use hyper::{
    Request, StatusCode,
    body::{Bytes, Frame, Incoming},
    header,
    server::conn::http1,
    service::service_fn,
};
use hyper_util::rt::TokioIo;
use serde_json::{Value, json};
use tokio::net::{TcpListener, TcpStream};

use super::{
    adding,
    call::Call,
    calls,
    info::{FIRST_HEIGHT, Info},
    macaroons::Macaroons,
    payments::Payments,
    refusal::Refusal,
    streams::Stream,
    tls::Acceptor,
};
#[cfg(feature = "faults")]
use crate::faults::{CallFault, Plan};
use crate::{
    http::{self, Answer},
    mutex::lock,
    node::Node,
};

/// Between two attempts to accept a connection, when the first failed.
const PAUSE: Duration = Duration::from_millis(50);

/// What an answer that is no JSON is.
#[cfg(feature = "faults")]
const NOT_JSON: &str = "lnd is not well}";

/// What answers.
#[derive(Debug)]
pub(super) struct Service {
    pub(super) node: Arc<Node>,
    pub(super) macaroons: Macaroons,
    pub(super) acceptor: Mutex<Acceptor>,
    pub(super) info: Mutex<Info>,
}

impl Service {
    pub(super) fn new(node: Arc<Node>, acceptor: Acceptor) -> Self {
        Self {
            macaroons: Macaroons::of(&node.key),
            node,
            acceptor: Mutex::new(acceptor),
            info: Mutex::default(),
        }
    }

    /// Whether the call is made at all.
    fn admit(&self, call: Call<'_>, macaroon: Option<&[u8]>) -> Result<(), Refusal> {
        if let Call::GetState = call {
            return Ok(());
        }
        let stage = lock(&self.info).stage;
        match stage.refusal() {
            Some(refusal) => Err(Refusal::unknown(refusal)),
            None => self.macaroons.check(macaroon, call),
        }
    }

    /// The answer to a call that is no stream, without HTTP and faults.
    #[cfg(test)]
    pub(super) fn unary_answer(
        &self,
        verb: &hyper::Method,
        path: &str,
        query: &str,
        macaroon: Option<&[u8]>,
        body: &[u8],
    ) -> Result<Value, Refusal> {
        let call = Call::of(verb, path)?;
        self.admit(call, macaroon)?;
        self.carry_out(call, query, body)
    }

    /// A macaroon that allows everything, as a client shows it.
    #[cfg(test)]
    pub(super) fn macaroons_of_all(&self) -> Vec<u8> {
        let bytes = self.macaroons.of_all();
        let digits = bytes.iter().map(|byte| format!("{byte:02x}"));
        digits.collect::<String>().into_bytes()
    }

    fn carry_out(&self, call: Call<'_>, query: &str, body: &[u8]) -> Result<Value, Refusal> {
        let node = &self.node;
        match call {
            Call::GetState => Ok(json!({ "state": lock(&self.info).stage.name() })),
            Call::GetInfo => {
                let height = FIRST_HEIGHT.saturating_add(node.books()?.ledger().blocks());
                Ok(lock(&self.info).to_json(node, height))
            }
            Call::ChannelBalance => Ok(calls::channel_balance(node)),
            Call::AddInvoice => adding::add_invoice(node, body),
            Call::AddHoldInvoice => adding::add_hold_invoice(node, body),
            Call::LookupInvoice(hash) => calls::lookup_invoice(node, hash),
            Call::ListInvoices => calls::list_invoices(node, query),
            Call::CancelInvoice => calls::cancel_invoice(node, body),
            Call::SettleInvoice => calls::settle_invoice(node, body),
            Call::SubscribeInvoices | Call::SendPaymentV2 | Call::TrackPaymentV2(_) => {
                Err(Refusal::unknown("it is a stream"))
            }
        }
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
    let Acceptor(acceptor) = lock(&service.acceptor).clone();
    let Ok(stream) = acceptor.accept(stream).await else {
        return;
    };
    let answering = service_fn(|request| dated(Arc::clone(&service), request));
    let served = http1::Builder::new().serve_connection(TokioIo::new(stream), answering);
    // Ends with an error when a fault is to close it.
    drop(served.await);
}

async fn dated(service: Arc<Service>, request: Request<Incoming>) -> Answer {
    http::dated(
        answer(Arc::clone(&service), request).await,
        &service.node.clock,
    )
}

async fn answer(service: Arc<Service>, request: Request<Incoming>) -> Answer {
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
            Some(CallFault::CloseBefore) => return Err(http::aborted()),
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
            Call::SendPaymentV2 => Payments::send(&node, &body).map(Stream::Payments),
            Call::TrackPaymentV2(hash) => Payments::track(&node, hash, query).map(Stream::Payments),
            _ => Stream::all(node, query),
        });
        return match stream {
            Ok(stream) => {
                let lines = Lines {
                    stream,
                    #[cfg(feature = "faults")]
                    service: Arc::clone(&service),
                    #[cfg(feature = "faults")]
                    name: call.name(),
                    #[cfg(feature = "faults")]
                    once: plan.once,
                    #[cfg(feature = "faults")]
                    end: false,
                };
                lines.answer().await
            }
            Err(refusal) if refusal.code == 3 => unary(&Err(refusal)),
            Err(refusal) => {
                let line = format!("{}\n", json!({ "error": refusal.to_json() }));
                http::whole(refusal.status(), line)
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
async fn go_wrong(plan: Plan, answer: Result<Value, Refusal>) -> Answer {
    tokio::time::sleep(plan.delay).await;
    for gate in &plan.after {
        gate.pass().await;
    }
    match plan.once {
        Some(CallFault::CloseAfter) => Err(http::aborted()),
        Some(CallFault::CutAnswer) => {
            let text = answer.unwrap_or_else(|refusal| refusal.to_json());
            http::cut(StatusCode::OK, &text.to_string())
        }
        Some(CallFault::NotJson) => http::whole(StatusCode::OK, NOT_JSON),
        Some(CallFault::NoResult) => http::whole(StatusCode::OK, "{}"),
        Some(CallFault::Result(result)) => http::whole(StatusCode::OK, result),
        _ => unary(&answer),
    }
}

/// A stream's events as lines, and what goes wrong with them.
struct Lines {
    stream: Stream,
    #[cfg(feature = "faults")]
    service: Arc<Service>,
    #[cfg(feature = "faults")]
    name: &'static str,
    /// For the first event; later ones have what was asked for meanwhile.
    #[cfg(feature = "faults")]
    once: Option<CallFault>,
    /// Whether the connection is to be closed.
    #[cfg(feature = "faults")]
    end: bool,
}

impl Lines {
    /// LND begins its answer with the first event, and not before.
    async fn answer(mut self) -> Answer {
        let first = self.next().await.transpose()?;
        let lines = stream::unfold((first, self), |(first, mut lines)| async move {
            let line = match first {
                Some(line) => Ok(line),
                None => lines.next().await?,
            };
            Some((line.map(Frame::data), (None, lines)))
        });
        let body = BodyExt::boxed_unsync(StreamBody::new(lines));
        http::response(StatusCode::OK, body, None)
    }

    /// The next line; `None` at the end, an error where the connection is to be closed.
    #[cfg(not(feature = "faults"))]
    async fn next(&mut self) -> Option<io::Result<Bytes>> {
        Some(Ok(line(&self.stream.next().await?)))
    }

    /// The next line; `None` at the end, an error where the connection is to be closed.
    #[cfg(feature = "faults")]
    async fn next(&mut self) -> Option<io::Result<Bytes>> {
        if self.end {
            return Some(Err(http::aborted()));
        }
        let event = self.stream.next().await?;
        let mut plan = self.service.node.faults.plan(self.name);
        if self.once.is_some() {
            plan.once = self.once.take();
        }
        tokio::time::sleep(plan.delay).await;
        for gate in &plan.after {
            gate.pass().await;
        }
        let line = line(&event);
        Some(match plan.once {
            Some(CallFault::CloseBefore | CallFault::CloseAfter) => Err(http::aborted()),
            Some(CallFault::CutAnswer) => {
                self.end = true;
                Ok(line.slice(..line.len() / 2))
            }
            Some(CallFault::NotJson) => Ok(format!("{NOT_JSON}\n").into()),
            Some(CallFault::NoResult) => Ok("{}\n".into()),
            Some(CallFault::Result(result)) => Ok(format!("{result}\n").into()),
            Some(CallFault::Fail { code, message }) => {
                let error = Refusal::new(code, message).to_json();
                Ok(format!("{}\n", json!({ "error": error })).into())
            }
            None => Ok(line),
        })
    }
}

fn line(event: &Value) -> Bytes {
    format!("{}\n", json!({ "result": event })).into()
}

fn unary(answer: &Result<Value, Refusal>) -> Answer {
    match answer {
        Ok(answer) => http::whole(StatusCode::OK, answer.to_string()),
        Err(refusal) => http::whole(refusal.status(), refusal.to_json().to_string()),
    }
}
