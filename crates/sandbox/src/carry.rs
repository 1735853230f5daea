//! One call, carried out to its answer, by itself: calls over HTTP, and those for which a test has asked for faults.

use std::sync::Arc;

use super::commands::{self, Outcome};
#[cfg(feature = "faults")]
use super::faults::{CallFault, Plan};
use super::node::Node;
#[cfg(feature = "faults")]
use super::reply::RpcError;
use super::reply::{relay, render};
use super::request;
use super::token::Token;

/// What goes to the client.
pub(crate) enum Outgoing {
    /// An answer.
    Whole(String),
    /// Half an answer, then the end.
    #[cfg(feature = "faults")]
    Cut(String),
    /// The end.
    Close,
}

/// Carries out one call, which came over HTTP, faults included.
pub(crate) async fn carry(node: Arc<Node>, method: &str, text: String) -> Outgoing {
    node.count_call(method);
    #[cfg(feature = "faults")]
    let answer = {
        let plan = node.faults.plan(method);
        go_wrong(node, text, plan).await
    };
    #[cfg(not(feature = "faults"))]
    let answer = carry_out(&node, &text)
        .await
        .map_or(Outgoing::Close, |called| Outgoing::Whole(called.text));
    answer
}

/// Carries out a call for which a test has asked for faults.
#[cfg(feature = "faults")]
pub(crate) async fn go_wrong(node: Arc<Node>, text: String, plan: Plan) -> Outgoing {
    for gate in &plan.before {
        gate.pass().await;
    }
    let answer = match plan.once {
        Some(CallFault::CloseBefore) => return Outgoing::Close,
        Some(CallFault::Fail { code, message }) => Some(Outgoing::Whole(render(
            &id_of(&text),
            &Err(RpcError::new(code, message)),
        ))),
        Some(CallFault::CloseAfter) => carry_out(&node, &text).await.map(|_| Outgoing::Close),
        Some(CallFault::CutAnswer) => carry_out(&node, &text)
            .await
            .map(|called| Outgoing::Cut(called.text)),
        Some(CallFault::NotJson) => carry_out(&node, &text)
            .await
            .map(|_| Outgoing::Whole("lightningd is not well}\n\n".to_owned())),
        Some(CallFault::NoResult) => carry_out(&node, &text).await.map(|called| {
            Outgoing::Whole(format!("{{\"jsonrpc\":\"2.0\",\"id\":{}}}\n\n", called.id))
        }),
        Some(CallFault::Result(result)) => carry_out(&node, &text).await.map(|called| {
            let id = called.id;
            Outgoing::Whole(format!(
                "{{\"jsonrpc\":\"2.0\",\"id\":{id},\"result\":{result}}}\n\n"
            ))
        }),
        None => carry_out(&node, &text)
            .await
            .map(|called| Outgoing::Whole(called.text)),
    };
    tokio::time::sleep(plan.delay).await;
    for gate in &plan.after {
        gate.pass().await;
    }
    answer.unwrap_or(Outgoing::Close)
}

/// A call that was carried out: its id and the answer.
struct Called {
    #[cfg(feature = "faults")]
    id: String,
    text: String,
}

/// Carries out a call to its end; `None` when the node stops meanwhile.
async fn carry_out(node: &Arc<Node>, text: &str) -> Option<Called> {
    let outcome = match Token::parse(text.as_bytes()) {
        Some(token) => match request::read(&token) {
            Ok(request) => commands::start(node, &request),
            Err(refusal) => Outcome::Done(Err(refusal.error)),
        },
        None => return None,
    };
    let id = id_of(text);
    let text = match outcome {
        Outcome::Done(reply) => render(&id, &reply),
        Outcome::Relayed(reply) => relay(&id, &reply),
        Outcome::Job(job) => render(&id, &node.hand_in(job).await.ok()?),
        Outcome::Later(answer) => render(&id, &answer.await?),
    };
    Some(Called {
        #[cfg(feature = "faults")]
        id,
        text,
    })
}

/// The id of a request that was read before.
fn id_of(text: &str) -> String {
    let token = Token::parse(text.as_bytes());
    let id = token.as_ref().and_then(|token| token.member("id"));
    id.map_or_else(|| "null".to_owned(), |id| id.full().to_owned())
}
