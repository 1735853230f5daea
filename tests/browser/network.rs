//! What the browser fetched, from its own notes.

use std::{collections::BTreeMap, time::Duration};

use serde_json::Value;

use crate::{chromium::Browser, harness::TIMEOUT};

/// One request and what came back.
#[derive(Clone, Debug, Default)]
pub(crate) struct Exchange {
    pub(crate) url: String,
    /// Of the first request, when that was redirected.
    pub(crate) method: String,
    /// "Document", "Stylesheet", "Script", "EventSource", …
    pub(crate) kind: String,
    /// The address of what asked for it, when the browser's parser or a script did.
    pub(crate) initiator: Option<String>,
    pub(crate) status: Option<u64>,
    pub(crate) headers: BTreeMap<String, String>,
    /// Bytes over the wire, head and body, as far as they have come.
    pub(crate) bytes: u64,
}

impl Exchange {
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", String::as_str)
    }
}

impl Browser {
    /// All exchanges since the last time, in the order of the requests. A request that was redirected shows its last
    /// answer only.
    pub(crate) async fn exchanges(&self) -> Vec<Exchange> {
        let mut order = Vec::new();
        let mut exchanges = BTreeMap::<String, Exchange>::new();
        for entry in self.log("performance").await {
            let entry: Value = serde_json::from_str(&entry.message).expect("JSON");
            let event = &entry["message"]["params"];
            let Some(id) = event["requestId"].as_str() else {
                continue;
            };
            let exchange = exchanges.entry(id.to_owned()).or_insert_with(|| {
                order.push(id.to_owned());
                Exchange::default()
            });
            exchange.learn(
                entry["message"]["method"].as_str().unwrap_or_default(),
                event,
            );
        }
        let known = |id| exchanges.get(&id).cloned();
        let exchanges = order.into_iter().filter_map(known);
        // One that was answered before the last time has no address here.
        exchanges.filter(|one| !one.url.is_empty()).collect()
    }

    /// Opens the page of an unpaid invoice and waits until it has its stream.
    pub(crate) async fn follow(&self, url: &str) {
        self.exchanges().await;
        self.open(url).await;
        self.until_there(".state.unpaid").await;
        self.until_streaming().await;
    }

    /// Waits for the answer to a stream that the page asked for.
    pub(crate) async fn until_streaming(&self) {
        self.until_stream_answers(|status| status == 200).await;
    }

    /// The same, with such a status.
    pub(crate) async fn until_stream_answers(&self, is_it: impl Fn(u64) -> bool) {
        let streaming = async {
            let mut tick = tokio::time::interval(Duration::from_millis(20));
            loop {
                tick.tick().await;
                let exchanges = self.exchanges().await;
                let mut streams = exchanges.iter().filter(|one| one.kind == "EventSource");
                if streams.any(|stream| stream.status.is_some_and(&is_it)) {
                    return;
                }
            }
        };
        let streaming = tokio::time::timeout(TIMEOUT, streaming).await;
        streaming.expect("the page opens its stream");
    }
}

impl Exchange {
    fn learn(&mut self, method: &str, event: &Value) {
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        match method {
            "Network.requestWillBeSent" => {
                self.url = text(&event["request"]["url"]);
                // The one that a redirect leads to has the same id.
                if self.method.is_empty() {
                    self.method = text(&event["request"]["method"]);
                }
                self.kind = text(&event["type"]);
                self.initiator = event["initiator"]["url"]
                    .as_str()
                    .or_else(|| event["initiator"]["stack"]["callFrames"][0]["url"].as_str())
                    .map(str::to_owned);
            }
            "Network.responseReceived" => {
                // Once more, for an exchange whose request was in an earlier log.
                self.url = text(&event["response"]["url"]);
                self.kind = text(&event["type"]);
                self.status = event["response"]["status"].as_u64();
                let headers = event["response"]["headers"].as_object();
                self.headers = headers
                    .into_iter()
                    .flatten()
                    .map(|(name, value)| (name.to_lowercase(), text(value)))
                    .collect();
            }
            "Network.loadingFinished" => {
                // A whole number that the protocol writes as a float.
                let bytes = event["encodedDataLength"].as_f64().unwrap_or_default();
                self.bytes = format!("{bytes:.0}").parse().expect("a number");
            }
            _ => {}
        }
    }
}
