//! What everybody in a soak shares: the node, where facture is at the moment, what people were shown.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::PathBuf,
    sync::{Mutex, MutexGuard, RwLock},
    time::Duration,
};

use facture_sandbox::SandboxNode;
use reqwest::{Client, Method, RequestBuilder, header, redirect::Policy};
use serde_json::Value;
use tempfile::TempDir;

use crate::{
    program::{Running, serve},
    receiver::Receiver,
    tally::Tally,
};

/// Who may use the API.
const TOKEN: &str = "a-token-for-the-soak-of-facture";

/// How long most invoices can be paid. One that was deleted on the node by a cancelling whose end was not written is
/// known to be over only then.
const EXPIRY: Duration = Duration::from_secs(60);

/// Longer than the node's deadline twice and the wait for a database together.
const ANSWER: Duration = Duration::from_secs(30);

pub(crate) struct Shop {
    pub(crate) node: SandboxNode,
    pub(crate) receiver: Receiver,
    pub(crate) tally: Tally,
    directory: TempDir,
    client: Client,
    origin: RwLock<String>,
    seen: Mutex<Seen>,
}

/// What people know.
#[derive(Debug, Default)]
pub(crate) struct Seen {
    /// Every invoice that was shown, by its label.
    pub(crate) shown: BTreeMap<String, Value>,
    pub(crate) labels: Vec<String>,
    /// Those that may still be paid.
    pub(crate) open: Vec<String>,
    /// Those whose payer has the preimage.
    pub(crate) paid: BTreeSet<String>,
    /// Those that have an address of their own.
    pub(crate) hooked: BTreeSet<String>,
    /// What came of a request that may be repeated, and of its repeats.
    pub(crate) made: BTreeMap<String, BTreeSet<String>>,
}

pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) location: String,
    pub(crate) text: String,
}

impl Shop {
    pub(crate) async fn open() -> Self {
        let directory = tempfile::Builder::new().prefix("facture-").tempdir();
        let directory = directory.expect("a directory");
        let node = SandboxNode::start(&directory.path().join("lightning-rpc")).await;
        let client = Client::builder()
            .redirect(Policy::none())
            .no_proxy()
            .timeout(ANSWER);
        Self {
            node: node.expect("a sandbox node"),
            receiver: Receiver::start().await,
            tally: Tally::default(),
            directory,
            client: client.build().expect("a client"),
            origin: RwLock::default(),
            seen: Mutex::default(),
        }
    }

    pub(crate) fn records(&self) -> PathBuf {
        self.directory.path().join("records")
    }

    pub(crate) fn log(&self) -> PathBuf {
        self.directory.path().join("log")
    }

    /// Starts facture; from now on everybody goes there.
    pub(crate) async fn start(&self) -> Running {
        let mut command = serve(self.node.rpc_file(), &self.records());
        let expiry = EXPIRY.as_secs().to_string();
        for (key, value) in [
            ("API_TOKEN", TOKEN),
            ("API__REQUESTS_PER_MINUTE", "1000000"),
            ("LIMITS__UNPAID_INVOICES", "0"),
            ("INVOICE__EXPIRY_SECONDS", &expiry),
            ("NODE__DEADLINE_SECONDS", "2"),
            ("WEBHOOKS__ALLOW_PRIVATE", "true"),
            ("WEBHOOKS__DEADLINE_SECONDS", "2"),
        ] {
            command.env(format!("FACTURE_{key}"), value);
        }
        let mut running = Running::logged(command, &self.log());
        let origin = running.visitor().await.origin().to_owned();
        *self.origin.write().expect("no panic") = origin;
        running
    }

    pub(crate) fn seen(&self) -> MutexGuard<'_, Seen> {
        self.seen.lock().expect("no panic")
    }

    pub(crate) fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let origin = self.origin.read().expect("no panic").clone();
        self.client.request(method, format!("{origin}{path}"))
    }

    /// A request with the token.
    pub(crate) fn call(&self, method: Method, path: &str) -> RequestBuilder {
        self.request(method, path).bearer_auth(TOKEN)
    }

    /// Sends it. Nothing when facture is away, when it says 503, or wrongly anything else than `fine`.
    pub(crate) async fn ask(
        &self,
        what: &'static str,
        request: RequestBuilder,
        fine: &[u16],
    ) -> Option<Answer> {
        let answer = async {
            let response = request.send().await?;
            let status = response.status().as_u16();
            let location = response.headers().get(header::LOCATION);
            let location = location.and_then(|value| value.to_str().ok());
            Ok::<_, reqwest::Error>(Answer {
                status,
                location: location.unwrap_or_default().to_owned(),
                text: response.text().await?,
            })
        };
        let answer = match answer.await {
            Ok(answer) => answer,
            Err(error) => {
                let late = error.is_timeout();
                self.tally
                    .count(what, if late { "late" } else { "broken off" });
                if late {
                    self.tally.wrong(format!("{what}: no answer in time"));
                }
                return None;
            }
        };
        self.tally.count(what, answer.status.to_string());
        if fine.contains(&answer.status) {
            return Some(answer);
        }
        if answer.status != 503 {
            let Answer { status, text, .. } = answer;
            self.tally.wrong(format!("{what}: {status} {text}"));
        }
        None
    }
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text).expect("JSON")
    }
}

impl Seen {
    /// Somebody was shown this invoice, as the answer to the request of that name.
    pub(crate) fn show(&mut self, request: &str, label: &str, invoice: Option<Value>) {
        let made = self.made.entry(request.to_owned()).or_default();
        made.insert(label.to_owned());
        if !self.shown.contains_key(label) {
            self.labels.push(label.to_owned());
            self.open.push(label.to_owned());
        }
        let shown = self.shown.entry(label.to_owned()).or_default();
        if let Some(invoice) = invoice {
            *shown = invoice;
        }
    }
}
