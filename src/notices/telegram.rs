//! Telegram: a message of a bot to a chat (core.telegram.org/bots/api, `sendMessage`).

use std::path::Path;

use secrecy::ExposeSecret;
use serde::{Deserialize, Serialize};

use super::{http_reply, reply::NotSent, texts::Message};
use crate::{config::BotApiUrl, webhooks::Client};
use facture_domain::{
    HookUrl,
    notice::{ChatId, NoticeFailure},
};
use facture_runtime::secret_file;

#[derive(Serialize)]
struct SendMessage<'m> {
    chat_id: &'m str,
    text: String,
    link_preview_options: LinkPreview,
}

#[derive(Serialize)]
struct LinkPreview {
    is_disabled: bool,
}

/// What Telegram says of a message that it does not take.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Refusal {
    description: String,
    parameters: Parameters,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Parameters {
    /// In seconds.
    retry_after: Option<u64>,
}

/// Sends a message to a chat, as the bot whose token is in this file.
pub(super) async fn send(
    client: &Client,
    (token_file, api): (&Path, &BotApiUrl),
    chat: &ChatId,
    message: &Message,
) -> Result<String, NotSent> {
    let token = secret_file::secret(token_file)
        .map_err(|error| NotSent::new(NoticeFailure::NotConfigured, &error.to_string()))?;
    let call = SendMessage {
        chat_id: chat.as_str(),
        text: format!("{}\n\n{}", message.subject, message.body),
        link_preview_options: LinkPreview { is_disabled: true },
    };
    let internal = |error: String| NotSent::new(NoticeFailure::Internal, &error);
    let body = serde_json::to_vec(&call).map_err(|error| internal(error.to_string()))?;
    let url = format!("{}/bot{}/sendMessage", api.as_str(), token.expose_secret());
    let url = HookUrl::parse(&url).map_err(|_| {
        let complaint = format!("{}: it is no token", token_file.display());
        NotSent::new(NoticeFailure::NotConfigured, &complaint)
    })?;
    let answer = client.post(&url, &[], body).await;
    let refusal: Refusal = serde_json::from_str(&answer.excerpt).unwrap_or_default();
    let read = http_reply::read(
        answer,
        |status| match status {
            401 | 404 => NoticeFailure::Credentials,
            400 | 403 => NoticeFailure::Refused,
            _ => NoticeFailure::NotTaken,
        },
        |_| refusal.description.clone(),
    );
    read.map_err(|not_sent| NotSent {
        retry_after: refusal
            .parameters
            .retry_after
            .map(|seconds| seconds.to_string())
            .or(not_sent.retry_after),
        ..not_sent
    })
}
