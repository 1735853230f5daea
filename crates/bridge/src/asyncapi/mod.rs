//! The AsyncAPI 3.0 document of the bridge, `docs/asyncapi.yaml`: generated from the types that are sent, and from the
//! OpenAPI document of the API whose objects are in them.
//!
//! Schemas keep to what JSON Schema draft 7 knows, which AsyncAPI builds on.

mod answers;
mod api;
mod channels;
mod commands;
mod dead_letters;
mod events;
mod message;

use serde_json::{Map, Value, json};

use crate::{act, answer, command};

/// The document, of an API that has this OpenAPI document.
pub fn document(openapi: &Value) -> Value {
    let mut schemas = api::schemas(openapi);
    schemas.extend(api::portable(act::schemas().into_map()));
    schemas.extend(api::portable(answer::schemas().into_map()));
    schemas.extend(api::portable(command::schemas().into_map()));
    schemas.extend(commands::schemas());
    schemas.extend(answers::schemas());
    schemas.extend(events::schemas());
    let commands = commands::messages();
    let answers = answers::messages();
    let letters = dead_letters::messages();
    let events = events::messages(openapi);
    let invoices = events::states();
    let channels = channels::all(&[
        ("commands", &commands),
        ("answers", &answers),
        ("deadLetters", &letters),
        ("events", &events),
        ("invoices", &invoices),
    ]);
    let messages: Map<_, _> = [commands, answers, letters, events, invoices]
        .into_iter()
        .flatten()
        .collect();
    json!({
        "asyncapi": "3.0.0",
        "info": {
            "title": "facture bridge",
            "version": env!("CARGO_PKG_VERSION"),
            "description": "What `facture bridge` reads from Apache Kafka and writes to it. docs/kafka.md is the guide. Topics have the \
                names of bridge.example.toml; yours may be others. Amounts are in millisatoshis, times in seconds since 1970, unless a \
                name says otherwise. Members and kinds of events may be added: ignore those that you don't know.",
            "license": { "name": "MIT", "url": "https://opensource.org/license/mit" },
        },
        "defaultContentType": "application/json",
        "servers": {
            "kafka": {
                "host": "127.0.0.1:9092",
                "protocol": "kafka",
                "description": "Your brokers: Apache Kafka 4.0 or newer.",
            },
        },
        "channels": channels,
        "operations": channels::operations(),
        "components": { "messages": messages, "schemas": schemas },
    })
}

#[cfg(test)]
mod tests;
