//! The topics, and what the bridge does with them.

use serde_json::{Map, Value, json};

use super::message::Messages;

/// The topics with their messages.
pub(super) fn all(messages: &[(&str, &Messages)]) -> Map<String, Value> {
    let each = messages.iter();
    each.map(|(name, messages)| ((*name).to_owned(), channel(name, messages)))
        .collect()
}

fn channel(name: &str, messages: &Messages) -> Value {
    let (address, description, policy) = match name {
        "commands" => (
            "lightning-service",
            "Commands. The topic has message.timestamp.type=LogAppendTime: how old a command is, its arrival says.",
            "delete",
        ),
        "answers" => (
            "celery",
            "Answers: on the configured topic, or on an allowed one that the command names.",
            "delete",
        ),
        "deadLetters" => (
            "lightning-service.dlq",
            "What is no command, byte for byte.",
            "delete",
        ),
        "events" => (
            "facture.events.v1",
            "Every event, in order for each key. After a crash the last ones come again, with the same ids.",
            "delete",
        ),
        _ => (
            "facture.invoices.v1",
            "The present state of each invoice; a tombstone when its records are deleted.",
            "compact",
        ),
    };
    let references: Map<_, _> = messages
        .keys()
        .map(|name| {
            let reference = json!({ "$ref": format!("#/components/messages/{name}") });
            (name.clone(), reference)
        })
        .collect();
    json!({
        "address": address,
        "description": description,
        "messages": references,
        "bindings": { "kafka": {
            "topicConfiguration": { "cleanup.policy": [policy] },
            "bindingVersion": "0.5.0",
        } },
    })
}

/// What the bridge does.
pub(super) fn operations() -> Value {
    let of = |channel: &str| json!({ "$ref": format!("#/channels/{channel}") });
    json!({
        "receiveCommand": {
            "action": "receive",
            "channel": of("commands"),
            "summary": "Carries out a command once, however often it comes, and answers it.",
            "reply": { "channel": of("answers") },
        },
        "sendDeadLetter": {
            "action": "send",
            "channel": of("deadLetters"),
            "summary": "Puts aside what is no command.",
        },
        "sendEvent": {
            "action": "send",
            "channel": of("events"),
            "summary": "Tells what has happened to an invoice or a payout.",
        },
        "sendInvoice": {
            "action": "send",
            "channel": of("invoices"),
            "summary": "Tells how an invoice stands.",
        },
    })
}
