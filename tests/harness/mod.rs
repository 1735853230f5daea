//! What the tests share: the real server on a free port, over the real client, and a browser-like visitor.

pub(crate) mod events;
pub(crate) mod receiver;

use std::{collections::HashMap, path::PathBuf, time::Duration};

use facture::{app::Checkout, config::Config, web::Mode};
use reqwest::{Method, RequestBuilder, Response, StatusCode, header, redirect::Policy};
use scraper::{Html, Selector};
use serde_json::Value;
use tempfile::TempDir;
use tokio::{net::TcpListener, sync::oneshot, task::JoinHandle};

/// No test waits longer than this for anything.
pub(crate) const TIMEOUT: Duration = Duration::from_secs(20);

/// A running facture. Dropping it tells it to stop.
pub(crate) struct Server {
    pub(crate) origin: String,
    visitor: reqwest::Client,
    shutdown: Option<oneshot::Sender<()>>,
    running: JoinHandle<anyhow::Result<()>>,
}

/// A page as a visitor got it.
pub(crate) struct Page {
    pub(crate) status: StatusCode,
    pub(crate) headers: header::HeaderMap,
    pub(crate) text: String,
}

/// All visitors of a test come from one address, and in a hurry.
pub(crate) const HURRIED: &[(&str, &str)] = &[
    ("LIMITS__INVOICES_PER_CLIENT_PER_MINUTE", "0"),
    ("LIMITS__INVOICES_PER_MINUTE", "0"),
    ("LIMITS__CONNECTIONS_PER_CLIENT", "0"),
    ("LIMITS__STREAMS_PER_CLIENT", "0"),
];

/// A configuration as the environment would set it: `[("INVOICE__DEFAULT_SAT", "5")]`.
pub(crate) fn config(settings: &[(&str, &str)]) -> Config {
    let variables = HURRIED
        .iter()
        .chain(settings)
        .map(|(key, value)| (format!("FACTURE_{key}"), (*value).to_owned()));
    Config::load(None, variables.collect::<HashMap<_, _>>())
        .expect("the test's configuration is good")
}

/// The same, on a node's socket.
pub(crate) fn config_on(rpc_file: PathBuf, settings: &[(&str, &str)]) -> Config {
    let mut config = config(settings);
    config.node.rpc_file = rpc_file;
    config
}

impl Server {
    /// Its records are where the configuration says, or in a directory of its own.
    pub(crate) async fn start(config: Config, mode: Mode) -> Self {
        let own = tempfile::Builder::new()
            .prefix("facture-")
            .tempdir()
            .expect("a directory");
        let data_dir = config
            .store
            .named()
            .unwrap_or_else(|| own.path().to_owned());
        Self::serve(async move { Ok((Checkout::open(&config, &data_dir, mode).await?, own)) }).await
    }

    /// Serves what is opened, and keeps its directory until the end.
    pub(crate) async fn serve(
        open: impl Future<Output = anyhow::Result<(Checkout, TempDir)>> + Send + 'static,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let origin = format!("http://{}", listener.local_addr().expect("it is bound"));
        let (shutdown, stop) = oneshot::channel();
        let running = tokio::spawn(async move {
            let (checkout, _until_the_end) = open.await?;
            checkout
                .run(listener, async {
                    let _ = stop.await;
                })
                .await;
            Ok(())
        });
        let visitor = reqwest::Client::builder()
            .redirect(Policy::none())
            .no_proxy()
            .timeout(TIMEOUT)
            .build();
        Self {
            origin,
            visitor: visitor.expect("a client"),
            shutdown: Some(shutdown),
            running,
        }
    }

    /// Stops it and waits for the end.
    pub(crate) async fn stop(mut self) -> anyhow::Result<()> {
        self.shutdown.take();
        self.running.await?
    }

    pub(crate) fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.visitor
            .request(method, format!("{}{path}", self.origin))
    }

    /// Opens a page.
    pub(crate) async fn open(&self, path: &str) -> Page {
        Page::read(
            self.request(Method::GET, path)
                .header(header::ACCEPT, "text/html")
                .send()
                .await,
        )
        .await
    }

    /// Asks for JSON.
    pub(crate) async fn json(&self, path: &str) -> (StatusCode, Value) {
        json(
            self.request(Method::GET, path)
                .header(header::ACCEPT, "application/json")
                .send()
                .await,
        )
        .await
    }

    /// Sends the form as a browser does.
    pub(crate) async fn submit(&self, fields: &[(&str, &str)]) -> Page {
        Page::read(
            self.request(Method::POST, "/create_invoice")
                .form(fields)
                .send()
                .await,
        )
        .await
    }

    /// Sends the form as a program does.
    pub(crate) async fn submit_json(&self, fields: &[(&str, &str)]) -> (StatusCode, Value) {
        let request = self
            .request(Method::POST, "/create_invoice")
            .header(header::ACCEPT, "application/json");
        json(request.form(fields).send().await).await
    }

    /// Makes an invoice that must succeed; returns the public invoice.
    pub(crate) async fn create(&self, amount: &str, description: &str) -> Value {
        let (status, mut invoice) = self
            .submit_json(&[("amount", amount), ("description", description)])
            .await;
        assert_eq!(status, StatusCode::CREATED, "{invoice}");
        // Only this answer has them, and a real node with one peer always warns.
        if let Some(members) = invoice.as_object_mut() {
            members.remove("warnings");
        }
        invoice
    }

    /// Asks for `path` until `enough` says so.
    pub(crate) async fn json_until(&self, path: &str, enough: impl Fn(&Value) -> bool) -> Value {
        let mut last = Value::Null;
        let waiting = async {
            let mut tick = tokio::time::interval(Duration::from_millis(20));
            loop {
                tick.tick().await;
                let (_, answer) = self.json(path).await;
                if enough(&answer) {
                    return answer;
                }
                last = answer;
            }
        };
        let answer = tokio::time::timeout(TIMEOUT, waiting).await;
        answer.unwrap_or_else(|_| panic!("{path} does not change in time: {last}"))
    }
}

impl Page {
    pub(crate) async fn read(response: reqwest::Result<Response>) -> Self {
        let response = response.expect("an answer");
        Self {
            status: response.status(),
            headers: response.headers().clone(),
            text: response.text().await.expect("a body"),
        }
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .map_or("", |value| value.to_str().expect("plain text"))
    }

    /// The texts of all elements that match.
    pub(crate) fn texts(&self, selector: &str) -> Vec<String> {
        let selector = Selector::parse(selector).expect("a selector");
        let page = Html::parse_document(&self.text);
        page.select(&selector)
            .map(|element| element.text().collect::<String>().trim().to_owned())
            .collect()
    }

    /// The text of the one element that matches.
    pub(crate) fn text_of(&self, selector: &str) -> String {
        let mut found = self.texts(selector);
        assert_eq!(found.len(), 1, "{selector} in {}", self.text);
        found.remove(0)
    }

    /// An attribute of all elements that match and have it.
    pub(crate) fn attributes(&self, selector: &str, name: &str) -> Vec<String> {
        let selector = Selector::parse(selector).expect("a selector");
        let page = Html::parse_document(&self.text);
        page.select(&selector)
            .filter_map(|element| element.attr(name))
            .map(str::to_owned)
            .collect()
    }

    /// The same of the first of them.
    pub(crate) fn attribute(&self, selector: &str, name: &str) -> Option<String> {
        self.attributes(selector, name).into_iter().next()
    }
}

pub(crate) async fn json(response: reqwest::Result<Response>) -> (StatusCode, Value) {
    let page = Page::read(response).await;
    assert_eq!(
        page.header("content-type"),
        "application/json",
        "{}",
        page.text
    );
    let answer = serde_json::from_str(&page.text).expect("JSON");
    events::check_all(&answer);
    (page.status, answer)
}
