//! `facture sandbox --node lnd`: a whole checkout without a node.

use reqwest::{Method, StatusCode, redirect::Policy};
use serde_json::{Value, json};

use crate::{
    contract::path_of,
    decode::OFFER,
    harness::{Page, receiver::Receiver},
    program::{Running, program, run},
};

/// A sandbox that is there.
struct Demo {
    running: Running,
    origin: String,
    token: String,
    visitor: reqwest::Client,
}

impl Demo {
    async fn start(data_dir: &str) -> Self {
        let mut running = Running::start(&[
            "sandbox",
            "--node",
            "lnd",
            "--listen",
            "127.0.0.1:0",
            "--data-dir",
            data_dir,
        ]);
        let line = running.line().await;
        let origin = line.strip_prefix("facture (sandbox): ");
        let origin = origin.expect("an address").trim_end_matches('/');
        let node = running.line().await;
        assert!(node.starts_with("node: https://127.0.0.1:"), "{node}");
        let token = running.line().await;
        let token = token.strip_prefix("API token: ").expect("a token");
        let visitor = reqwest::Client::builder()
            .redirect(Policy::none())
            .no_proxy();
        Self {
            origin: origin.to_owned(),
            token: token.to_owned(),
            visitor: visitor.build().expect("a client"),
            running,
        }
    }

    fn request(&self, method: Method, path: &str) -> reqwest::RequestBuilder {
        self.visitor
            .request(method, format!("{}{path}", self.origin))
    }

    async fn open(&self, path: &str) -> Page {
        let request = self.request(Method::GET, path);
        Page::read(request.header("accept", "text/html").send().await).await
    }

    async fn api(&self, request: reqwest::RequestBuilder) -> Value {
        let answer = request.bearer_auth(&self.token).send().await;
        let answer = answer.expect("an answer");
        assert!(answer.status().is_success(), "{answer:?}");
        answer.json().await.expect("JSON")
    }

    async fn create(&self, order: &Value) -> Value {
        let request = self.request(Method::POST, "/api/v1/invoices");
        self.api(request.json(order)).await
    }

    /// Presses the button on the page of an invoice.
    async fn pay(&self, path: &str) {
        let page = self.open(path).await;
        let action = page.attribute("form[action*=sandbox]", "action");
        let action = action.expect("a button that pays");
        let request = self.request(Method::POST, &action);
        let answer = request.header("origin", &self.origin).send().await;
        assert_eq!(answer.expect("an answer").status(), StatusCode::SEE_OTHER);
    }
}

#[tokio::test]
async fn the_sandbox_plays_lnd_in_a_whole_checkout() {
    let directory = tempfile::tempdir().expect("a directory");
    let data_dir = directory.path().to_str().expect("a plain path");
    let demo = Demo::start(data_dir).await;

    // By the form and the button.
    let form = [("amount", "21"), ("description", "Tea")];
    let made = demo.request(Method::POST, "/create_invoice").form(&form);
    let made = Page::read(made.send().await).await;
    assert_eq!(made.status, StatusCode::SEE_OTHER, "{}", made.text);
    let path = made.header("location").to_owned();
    let page = demo.open(&path).await;
    assert!(page.text_of(".sandbox").starts_with("Sandbox."));
    assert!(page.text_of("#bolt11").starts_with("lnbcrt210n1"));
    demo.pay(&path).await;
    let paid = demo.open(&path).await;
    assert_eq!(paid.text_of("h1"), "Paid");
    assert_eq!(paid.text_of(".amount"), "21 sat");

    // By the API, a stream and a webhook.
    let shop = Receiver::start().await;
    let webhook = shop.url("/paid");
    let order = json!({ "amount_msat": 12_345, "description": "Cake", "webhook": webhook });
    let invoice = demo.create(&order).await;
    let stream = demo.request(Method::GET, &format!("{}/events", path_of(&invoice)));
    let stream = stream.send().await.expect("an answer");
    demo.pay(&path_of(&invoice)).await;
    let told = stream.text().await.expect("it ends with the payment");
    assert!(told.contains("event: invoice.paid"), "{told}");
    shop.wait_until(|came| {
        came.iter().any(|one| {
            let told = one.json();
            let invoice = &told["data"]["invoice"];
            told["type"] == "invoice.paid" && invoice["amount_received_msat"] == 12_345
        })
    })
    .await;
    let node = demo.api(demo.request(Method::GET, "/api/v1/node")).await;
    // LND does not read offers, and the answer does not look as if it did.
    let offer = demo
        .request(Method::POST, "/api/v1/decode")
        .json(&json!({ "string": OFFER }));
    let offer = demo.api(offer).await;
    assert_eq!(
        (&offer["type"], &offer["details"]),
        (&json!("offer"), &json!("type_only"))
    );
    assert_eq!(node["network"], "regtest", "{node}");
    assert!(node["receivable_msat"].is_u64(), "{node}");

    // And on from there.
    let later = json!({ "amount_sat": 3, "description": "Later" });
    let open = demo.create(&later).await;
    assert!(demo.running.terminate().await.success());
    let demo = Demo::start(data_dir).await;
    let again = demo.api(demo.request(Method::GET, "/api/v1/node")).await;
    assert_eq!(again["id"], node["id"], "the same node");
    demo.pay(&path_of(&open)).await;
    for path in [path_of(&open), path] {
        assert_eq!(demo.open(&path).await.text_of("h1"), "Paid");
    }
    assert!(demo.running.terminate().await.success());
}

#[test]
fn a_socket_is_for_the_other_kind() {
    let rpc_file = "/nowhere/lightning-rpc";
    let args = ["sandbox", "--node", "lnd", "--rpc-file", rpc_file];
    let (output, _, complaint) = run(&mut program(&args));
    assert!(!output.status.success());
    let expected = "--rpc-file is for --node cln";
    assert!(complaint.contains(expected), "{complaint}");
}
