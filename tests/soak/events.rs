//! Reading event streams, and the one program that follows all events, across every fault and restart.

use std::{sync::Arc, time::Duration};

use reqwest::{Method, Response};
use serde_json::Value;
use tokio::time::{sleep, timeout_at};
use tokio_util::sync::CancellationToken;

use crate::shop::Shop;

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Seen {
    pub(crate) sequence: u64,
    pub(crate) kind: String,
    pub(crate) label: String,
}

/// Longer than the pause between two heartbeats.
const SILENCE: Duration = Duration::from_secs(60 * 60);

/// What comes on a stream until its end, or for so long.
pub(crate) async fn read(response: Response, timeout: Duration) -> Vec<Seen> {
    let mut all = Vec::new();
    each(response, timeout, |seen| all.push(seen)).await;
    all
}

/// Events that were not received whole do not count.
async fn each(mut response: Response, timeout: Duration, mut take: impl FnMut(Seen)) {
    let end = tokio::time::Instant::now() + timeout;
    let mut text = String::new();
    while let Ok(Ok(Some(bytes))) = timeout_at(end, response.chunk()).await {
        text.push_str(std::str::from_utf8(&bytes).expect("whole characters"));
        while let Some((event, rest)) = text.split_once("\n\n") {
            if let Some(seen) = parse(event) {
                take(seen);
            }
            text = rest.to_owned();
        }
    }
}

fn parse(event: &str) -> Option<Seen> {
    let field = |name: &str| event.lines().find_map(|line| line.strip_prefix(name));
    let data: Value = serde_json::from_str(field("data:")?).expect("JSON");
    Some(Seen {
        sequence: field("id:")?.trim().parse().expect("a number"),
        kind: field("event:")?.trim().to_owned(),
        label: data["data"]["invoice"]["label"]
            .as_str()
            .expect("text")
            .to_owned(),
    })
}

/// Follows all events until the end, coming back after each break with the last that it knows. All of them, in order.
pub(crate) async fn follow(shop: Arc<Shop>, end: CancellationToken) -> Vec<Seen> {
    let mut all: Vec<Seen> = Vec::new();
    while !end.is_cancelled() {
        let after = all.last().map_or(0, |last| last.sequence);
        let request = shop
            .call(Method::GET, "/api/v1/events/stream")
            .header("last-event-id", after.to_string())
            .timeout(SILENCE);
        if let Ok(response) = request.send().await {
            let status = response.status().as_u16();
            shop.tally.count("stream of all events", status.to_string());
            if status == 200 {
                tokio::select! {
                    () = each(response, SILENCE, |seen| all.push(seen)) => {}
                    () = end.cancelled() => {}
                }
            }
        }
        sleep(Duration::from_millis(100)).await;
    }
    all
}
