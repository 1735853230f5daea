//! `facture replay`: events of the log once more, to the server's webhooks or to one address. They are marked as replayed; id
//! and sequence are the same.

use std::io::{self, Write};

use anyhow::{Context, bail};
use serde::Deserialize;

use super::{
    api::Api,
    event::ReadEvent,
    forward::{Forwarded, Forwarder},
};
use crate::{cli::devtools::ReplayArgs, webhooks::Occasion};
use facture_domain::hook::HookSecret;

/// So many events are read at once.
const PAGE: u32 = 100;

#[derive(Deserialize)]
struct EventsJson {
    events: Vec<ReadEvent>,
    next_after: u64,
    more: bool,
}

#[derive(Deserialize)]
struct WebhooksJson {
    webhooks: Vec<WebhookJson>,
}

#[derive(Deserialize)]
struct WebhookJson {
    id: String,
    url: String,
    state: String,
}

#[derive(Deserialize)]
struct QueuedJson {
    queued: u64,
}

/// Carries out the command.
///
/// # Errors
/// What went wrong, for people; that an event was not accepted, too.
pub async fn replay(args: ReplayArgs) -> anyhow::Result<()> {
    let api = Api::new(&args.server)?;
    let after = args.from - 1;
    if args.to.is_some_and(|to| to < args.from) {
        bail!("--to is before --from");
    }
    match (&args.forward_to, &args.secret) {
        (Some(url), Some(secret)) => {
            let secret = HookSecret::parse(secret).context("--secret")?;
            let forwarder = Forwarder::new(url, secret, Occasion::Replay)?;
            forward(&api, &forwarder, after, args.to).await
        }
        _ => requeue(&api, args.webhook.as_deref(), after, args.to).await,
    }
}

/// Has the server send them to its webhooks, with its secrets and its retries.
async fn requeue(api: &Api, only: Option<&str>, after: u64, to: Option<u64>) -> anyhow::Result<()> {
    let WebhooksJson { webhooks } = api.get("/api/v1/webhooks").await?;
    let mut out = io::stdout();
    let mut found = 0;
    for webhook in webhooks {
        let WebhookJson { id, url, state } = webhook;
        if only.is_some_and(|only| only != id) {
            continue;
        }
        found += 1;
        if state != "enabled" {
            writeln!(out, "{id} {url}: {state}")?;
            continue;
        }
        let up_to = to.map_or(String::new(), |to| format!("&up_to={to}"));
        let path = format!("/api/v1/webhooks/{id}/redeliver?after={after}{up_to}");
        let QueuedJson { queued } = api.post(&path, Vec::new()).await?;
        writeln!(out, "{id} {url}: {queued} queued")?;
    }
    match (found, only) {
        (0, Some(only)) => bail!("there is no webhook {only}"),
        (0, None) => bail!("there are no webhooks; --forward-to names an address"),
        _ => Ok(()),
    }
}

async fn forward(
    api: &Api,
    forwarder: &Forwarder,
    mut after: u64,
    to: Option<u64>,
) -> anyhow::Result<()> {
    let mut out = io::stdout();
    let (mut accepted, mut given_up) = (0_u64, 0_u64);
    'pages: loop {
        let path = format!("/api/v1/events?after={after}&limit={PAGE}");
        let page: EventsJson = api.get(&path).await?;
        for event in &page.events {
            // A list that begins anew: the number was never assigned.
            if event.sequence <= after || to.is_some_and(|to| event.sequence > to) {
                break 'pages;
            }
            writeln!(out, "{event}")?;
            match forwarder.send(event).await? {
                Forwarded::Accepted => accepted += 1,
                Forwarded::GivenUp => given_up += 1,
            }
        }
        after = page.next_after;
        if !page.more {
            break;
        }
    }
    writeln!(out, "{accepted} accepted, {given_up} not")?;
    if given_up > 0 {
        bail!("{given_up} events were not accepted");
    }
    Ok(())
}
