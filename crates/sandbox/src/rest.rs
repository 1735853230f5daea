//! clnrest's door to the sandbox, for the tests: HTTP/1.1 with a rune, over whatever connection it is given. What was
//! recorded of clnrest v26.06.6 is answered alike; checking runes by their restrictions is reduced to a list of methods.

use std::io;
use std::sync::Arc;

use http_body_util::BodyExt;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Method, Request, StatusCode};
use hyper_util::rt::TokioIo;
use serde_json::{Value, json};
use tokio::io::{AsyncRead, AsyncWrite};

use super::carry::{self, Outgoing};
use super::http::{self, Answer};
use super::node::Node;

/// What a client must show, and what it may then do.
#[derive(Debug, Clone)]
pub struct Rune {
    /// The text.
    pub text: String,
    /// The methods that it allows.
    pub methods: Vec<String>,
}

/// Serves one client until it goes.
pub(super) async fn run(
    stream: impl AsyncRead + AsyncWrite + Unpin,
    node: Arc<Node>,
    rune: Arc<Rune>,
) {
    let service = service_fn(|request| dated(Arc::clone(&node), Arc::clone(&rune), request));
    let served = http1::Builder::new().serve_connection(TokioIo::new(stream), service);
    // Ends with an error when a fault is to close it.
    drop(served.await);
}

async fn dated(node: Arc<Node>, rune: Arc<Rune>, request: Request<Incoming>) -> Answer {
    http::dated(answer(Arc::clone(&node), rune, request).await, &node.clock)
}

async fn answer(node: Arc<Node>, rune: Arc<Rune>, request: Request<Incoming>) -> Answer {
    let (head, body) = request.into_parts();
    let body = body.collect().await.map_err(io::Error::other)?.to_bytes();
    let Some(method) = head.uri.path().strip_prefix("/v1/") else {
        return whole(refusal(-32601, "Path not found"), StatusCode::NOT_FOUND);
    };
    if head.method != Method::POST {
        let text = "Path invalid, http_method must be POST for CLN methods";
        return whole(refusal(-32601, text), StatusCode::METHOD_NOT_ALLOWED);
    }
    let params = match &body[..] {
        b"" => json!({}),
        text => match serde_json::from_slice(text) {
            Ok(params) => params,
            Err(error) => {
                let text = format!("Could not parse JSON request: {error}");
                return whole(failure(&text), StatusCode::INTERNAL_SERVER_ERROR);
            }
        },
    };
    match head.headers.get("rune") {
        None => {
            let refusal = refusal(1501, "Not authorized: Missing rune");
            return whole(refusal, StatusCode::FORBIDDEN);
        }
        Some(shown) if shown.as_bytes() != rune.text.as_bytes() => {
            let refusal = refusal(1501, "Not authorized: Not derived from master");
            return whole(refusal, StatusCode::UNAUTHORIZED);
        }
        Some(_) if !rune.methods.iter().any(|allowed| allowed == method) => {
            let refusal = refusal(1502, "Not permitted: method is not equal to any allowed");
            return whole(refusal, StatusCode::UNAUTHORIZED);
        }
        Some(_) => {}
    }
    let call = json!({ "jsonrpc": "2.0", "id": "rest", "method": method, "params": params });
    match carry::carry(node, method, call.to_string()).await {
        Outgoing::Whole(text) => {
            let (body, status) = unwrapped(&text);
            whole(body, status)
        }
        #[cfg(feature = "faults")]
        Outgoing::Cut(text) => {
            let (body, status) = unwrapped(&text);
            http::cut(status, &body.to_string())
        }
        Outgoing::Close => Err(http::aborted()),
    }
}

/// What clnrest makes of lightningd's answer.
fn unwrapped(text: &str) -> (Value, StatusCode) {
    let failed = StatusCode::INTERNAL_SERVER_ERROR;
    let Ok(mut answer) = serde_json::from_str::<Value>(text) else {
        return (failure("reading response from socket"), failed);
    };
    if let Some(result) = answer.get_mut("result") {
        return (result.take(), StatusCode::CREATED);
    }
    match answer.get("error") {
        Some(error) => {
            let status = match error["code"].as_i64() {
                Some(-32601) => StatusCode::NOT_FOUND,
                _ => failed,
            };
            let (code, data, message) = (&error["code"], &error["data"], &error["message"]);
            let error = json!({ "code": code, "data": data, "message": message });
            (error, status)
        }
        None => (failure("Invalid response from lightningd."), failed),
    }
}

fn refusal(code: i32, message: &str) -> Value {
    json!({ "code": code, "data": null, "message": message })
}

/// clnrest's own failures have no code.
fn failure(message: &str) -> Value {
    json!({ "code": null, "data": null, "message": message })
}

fn whole(body: Value, status: StatusCode) -> Answer {
    http::whole(status, body.to_string())
}
