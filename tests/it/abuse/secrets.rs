//! Secrets stay out of the log, whatever its level, and out of everything that is printed.

use std::fs;

use facture::config::Config;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::{
    api::TOKEN,
    contract::path_of,
    harness::{config, receiver::Receiver},
    program::{Running, program, run, serve},
    world::Sandbox,
};

#[tokio::test]
async fn no_secret_of_a_whole_purchase_is_in_the_log() {
    let sandbox = Sandbox::start().await;
    let directory = tempfile::tempdir().expect("a directory");
    let log = directory.path().join("log");
    let mut command = serve(sandbox.node.rpc_file(), &directory.path().join("records"));
    command
        .env("FACTURE_LOG__FILTER", "trace")
        .env("FACTURE_API_TOKEN", TOKEN)
        .env("FACTURE_WEBHOOKS__ALLOW_PRIVATE", "true");
    let mut running = Running::logged(command, &log);
    let visitor = running.visitor().await;
    visitor.ready().await;
    let client = reqwest::Client::builder().no_proxy().build();
    let client = client.expect("a client");
    let call = async |method, path: &str, body: Option<Value>| {
        let request = client.request(method, format!("{}{path}", visitor.origin()));
        let request = request.bearer_auth(TOKEN);
        let request = match &body {
            Some(body) => request.json(body),
            None => request,
        };
        let response = request.send().await.expect("an answer");
        assert!(response.status().is_success(), "{path}");
        response.json::<Value>().await.expect("JSON")
    };
    let receiver = Receiver::start().await;
    let address = receiver.url("/a-secret-in-a-path");
    let hook = call(
        Method::POST,
        "/api/v1/webhooks",
        Some(json!({ "url": address })),
    )
    .await;
    let id = hook["id"].as_str().expect("an id");
    let path = format!("/api/v1/webhooks/{id}/secret");
    let secret = call(Method::GET, &path, None).await;
    let order = json!({ "amount_sat": 5, "order_id": "order-17" });
    let invoice = call(Method::POST, "/api/v1/invoices", Some(order)).await;
    let bolt11 = invoice["bolt11"].as_str().expect("a bolt11");
    let payment = sandbox.node.pay(bolt11, None).expect("it is paid");
    visitor
        .json_until(&path_of(&invoice), |answer| answer["status"] == "paid")
        .await;
    receiver
        .wait_until(|received| {
            received
                .iter()
                .any(|call| call.json()["type"] == "invoice.paid")
        })
        .await;
    let proof = client
        .post(format!("{}{}/proof", visitor.origin(), path_of(&invoice)))
        .form(&[("preimage", &payment.payment_preimage)]);
    let proof = proof.send().await.expect("an answer");
    assert_eq!(proof.status(), StatusCode::OK);
    // One that is wrong, by a character.
    let wrong = format!("{TOKEN}-but-wrong");
    let refused = client
        .get(format!("{}/api/v1/node", visitor.origin()))
        .bearer_auth(&wrong);
    let refused = refused.send().await.expect("an answer");
    assert_eq!(refused.status(), StatusCode::UNAUTHORIZED);
    assert!(running.terminate().await.success());
    let log = fs::read_to_string(log).expect("a log");
    assert!(log.contains("TRACE") && log.contains("/api/v1/webhooks"));
    let secret = secret["secret"].as_str().expect("a secret");
    for hidden in [
        TOKEN,
        secret,
        secret.trim_start_matches("whsec_"),
        "a-secret-in-a-path",
        &payment.payment_preimage,
        invoice["label"].as_str().expect("a label"),
    ] {
        let line = log.lines().find(|line| line.contains(hidden));
        assert_eq!(line, None, "{hidden}");
    }
}

#[test]
fn nothing_that_is_printed_holds_the_token() {
    let (output, shown, complaint) = run(program(&["config"]).env("FACTURE_API_TOKEN", TOKEN));
    assert!(output.status.success(), "{complaint}");
    assert!(!shown.contains(TOKEN) && !complaint.contains(TOKEN));
    let debug = format!("{:?}", config(&[("API_TOKEN", TOKEN)]));
    assert!(debug.contains("requests_per_minute") && !debug.contains(TOKEN));
    // One that is refused may be a good part of another.
    let (output, _, complaint) = run(program(&["config"]).env("FACTURE_API_TOKEN", "hunter2"));
    assert!(!output.status.success());
    assert!(
        complaint.contains("api.token") && !complaint.contains("hunter2"),
        "{complaint}"
    );
    let directory = tempfile::tempdir().expect("a directory");
    let file = directory.path().join("facture.toml");
    for text in [
        "[api]\ntoken = \"hunter2\"",
        "[api]\ntoken = [\"hunter2\"]",
        "[api]\ntoken = \"hunter2",
    ] {
        fs::write(&file, text).expect("written");
        let error = Config::load(Some(&file), Default::default());
        let error = error.expect_err("it is refused");
        let told = format!("{error:?} {error}");
        assert!(!told.contains("hunter2"), "{told}");
        assert!(told.contains("facture.toml"), "{told}");
    }
}

#[test]
fn no_flag_takes_a_secret() {
    for command in ["serve", "sandbox", "config", "token", "reconcile"] {
        let (_, help, _) = run(&mut program(&[command, "--help"]));
        for word in ["--token", "--rune", "--secret", "--password"] {
            assert!(!help.contains(word), "{command}: {help}");
        }
    }
}
