//! `facture trigger`: an event in a sandbox, made to happen.

use std::io::{self, Write};

use hyper::StatusCode;
use serde::Deserialize;
use serde_json::json;

use super::{
    api::{Api, Refused},
    event::ReadEvent,
};
use crate::cli::devtools::TriggerArgs;

/// Where a sandbox has it.
const PATH: &str = "/sandbox/v1/events";

#[derive(Deserialize)]
struct KindsJson {
    events: Vec<KindJson>,
}

#[derive(Deserialize)]
struct KindJson {
    #[serde(rename = "type")]
    kind: String,
    description: String,
}

/// Carries out the command.
///
/// # Errors
/// What went wrong, for people.
pub async fn trigger(args: TriggerArgs) -> anyhow::Result<()> {
    let api = Api::new(&args.server)?;
    let mut out = io::stdout();
    match &args.event {
        None => {
            let kinds: KindsJson = api.get(PATH).await.map_err(explain)?;
            for KindJson { kind, description } in kinds.events {
                writeln!(out, "{kind:<24} {description}")?;
            }
        }
        Some(kind) => {
            let body = json!({ "type": kind }).to_string();
            let event = api.post::<ReadEvent>(PATH, body.into()).await;
            writeln!(out, "{}", event.map_err(explain)?)?;
        }
    }
    Ok(())
}

/// A server with a real node has no such routes.
fn explain(error: anyhow::Error) -> anyhow::Error {
    let is_missing = |refused: &Refused| refused.status == StatusCode::NOT_FOUND;
    match error.downcast_ref().is_some_and(is_missing) {
        true => error.context("this server is not a sandbox"),
        false => error,
    }
}
