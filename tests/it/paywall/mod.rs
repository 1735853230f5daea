//! The paywall: offers in two schemes, tokens that are checked without the node, payments that let in once, and proxies in
//! front of it.

mod bad;
mod clients;
mod proxies;
mod tokens;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use facture::{config::Config, web::Mode};
use facture_sandbox::SandboxNode;
use reqwest::{Method, RequestBuilder, StatusCode, header};
use serde_json::{Value, json};

use crate::{
    harness::{Page, Server, config_on},
    world::Sandbox,
};

const RESOURCES: &str = r#"
[[paywall]]
resource = "article"
title = "An article"
price_sat = 5

[[paywall]]
resource = "archive"
title = "The archive"
price_sat = 50
schemes = ["l402"]
"#;

/// A facture behind a proxy.
struct Site {
    sandbox: Sandbox,
    server: Server,
}

/// What the checkout says.
struct Answer {
    status: StatusCode,
    page: Page,
    body: Value,
}

impl Site {
    async fn open(settings: &[(&str, &str)]) -> Self {
        let sandbox = Sandbox::start().await;
        let server = server(&sandbox.node, settings, RESOURCES).await;
        Self { sandbox, server }
    }

    fn request(&self, query: &str) -> RequestBuilder {
        let path = format!("/402/check?{query}");
        self.server.request(Method::GET, &path)
    }

    async fn check(&self, query: &str, authorization: Option<&str>) -> Answer {
        let mut request = self.request(query);
        if let Some(value) = authorization {
            request = request.header(header::AUTHORIZATION, value);
        }
        Answer::read(request.send().await).await
    }

    /// An offer that must be made.
    async fn offer(&self, query: &str) -> Answer {
        let offer = self.check(query, None).await;
        assert_eq!(offer.status, StatusCode::PAYMENT_REQUIRED, "{}", offer.body);
        offer
    }

    /// Pays what is offered; what the buyer's wallet gets.
    async fn pay(&self, offer: &Answer) -> String {
        pay(&self.sandbox.node, &offer.bolt11()).await
    }
}

/// A server with these resources on this node.
async fn server(node: &SandboxNode, settings: &[(&str, &str)], resources: &str) -> Server {
    let mut config = config_on(node.rpc_file().to_owned(), settings);
    let with: Config = toml::from_str(resources).unwrap();
    config.paywall = with.paywall;
    Server::start(config, Mode::Live).await
}

/// The buyer's wallet pays, and keeps the preimage.
pub(crate) async fn pay(node: &SandboxNode, bolt11: &str) -> String {
    node.pay(bolt11, None).unwrap();
    let mut client = cln_rpc::ClnRpc::new(node.rpc_file()).await.unwrap();
    let invoice = json!({ "invstring": bolt11 });
    let listed: Value = client.call_raw("listinvoices", &invoice).await.unwrap();
    let preimage = listed["invoices"][0]["payment_preimage"].as_str();
    preimage.unwrap().to_owned()
}

impl Answer {
    async fn read(response: reqwest::Result<reqwest::Response>) -> Self {
        let page = Page::read(response).await;
        Self {
            status: page.status,
            body: serde_json::from_str(&page.text).unwrap_or_default(),
            page,
        }
    }

    /// The one challenge of a scheme.
    fn challenge(&self, scheme: &str) -> Option<String> {
        let lines = self.page.headers.get_all(header::WWW_AUTHENTICATE).iter();
        let mut lines = lines.filter_map(|line| line.to_str().ok()?.strip_prefix(scheme));
        let found = lines.next().map(|line| line.trim().to_owned());
        assert_eq!(lines.next(), None);
        found
    }

    fn parameter(&self, scheme: &str, name: &str) -> String {
        let challenge = self.challenge(scheme).expect("a challenge");
        let start = format!("{name}=\"");
        let (_, rest) = challenge.split_once(&start).expect("the parameter");
        rest.split('"').next().unwrap().to_owned()
    }

    fn bolt11(&self) -> String {
        self.body["invoice"]
            .as_str()
            .expect("an invoice")
            .to_owned()
    }

    /// What the buyer sends by the scheme L402.
    fn l402(&self, preimage: &str) -> String {
        format!("L402 {}:{preimage}", self.parameter("L402", "macaroon"))
    }

    /// What the buyer sends by the scheme Payment.
    fn payment(&self, preimage: &str) -> String {
        let names = ["id", "realm", "method", "intent", "request", "expires"];
        let echo = names.map(|name| {
            let value = self.parameter("Payment", name);
            (name.to_owned(), value.into())
        });
        let challenge = Value::Object(echo.into_iter().collect());
        let credential = json!({ "challenge": challenge, "payload": { "preimage": preimage } });
        format!("Payment {}", URL_SAFE_NO_PAD.encode(credential.to_string()))
    }

    /// Why somebody is not let in.
    fn problem(&self) -> &str {
        let kind = self.body["type"].as_str().unwrap_or_default();
        kind.rsplit('/').next().unwrap_or_default()
    }
}

/// What the scheme Payment asks for.
fn parameters(offer: &Answer) -> Value {
    let request = URL_SAFE_NO_PAD.decode(offer.parameter("Payment", "request"));
    serde_json::from_slice(&request.unwrap()).unwrap()
}
