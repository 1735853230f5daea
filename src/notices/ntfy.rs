//! ntfy: a message to a topic, as JSON to its server (docs.ntfy.sh/publish, "Publish as JSON"), which unlike headers takes
//! every language's letters.

use serde::{Deserialize, Serialize};

use super::{http_reply, reply::NotSent, texts::Message};
use crate::webhooks::Client;
use facture_domain::{
    HookUrl,
    notice::{NoticeFailure, NtfyTopic},
};

#[derive(Serialize)]
struct Publication<'m> {
    topic: &'m str,
    title: &'m str,
    message: &'m str,
}

/// What ntfy says of a message that it does not take.
#[derive(Deserialize)]
struct Refusal {
    error: String,
}

/// Sends a message to a topic.
pub(super) async fn send(
    client: &Client,
    topic: &NtfyTopic,
    message: &Message,
) -> Result<String, NotSent> {
    let publication = Publication {
        topic: topic.name(),
        title: &message.subject,
        message: &message.body,
    };
    let internal = |error: String| NotSent::new(NoticeFailure::Internal, &error);
    let body = serde_json::to_vec(&publication).map_err(|error| internal(error.to_string()))?;
    let url = HookUrl::parse(topic.server()).map_err(|error| internal(error.to_string()))?;
    let token = topic.token();
    let headers: Vec<_> = token
        .map(|token| ("authorization", format!("Bearer {}", token.expose())))
        .into_iter()
        .collect();
    let answer = client.post(&url, &headers, body).await;
    http_reply::read(
        answer,
        |status| match status {
            401 | 403 => NoticeFailure::Credentials,
            _ => NoticeFailure::NotTaken,
        },
        |said| {
            let refusal = serde_json::from_str(said);
            refusal.map_or_else(|_| String::new(), |Refusal { error }| error)
        },
    )
}
