//! The examples of `docs/`, really run.

use facture_test_support::report::skipped;
use std::{ffi::OsStr, fs, os::unix::ffi::OsStrExt, path::Path, process::Stdio, time::Duration};

use reqwest::{Method, header::HeaderValue};
use serde_json::{Value, json};
use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader, Lines},
    process::{Child, ChildStdout, Command},
    time::timeout,
};

use super::{Shop, TOKEN};
use crate::harness::{
    Page, TIMEOUT,
    receiver::{Received, Receiver},
};

#[path = "../../../docs/examples/verify.rs"]
#[allow(unreachable_pub, reason = "it is a file to be copied")]
mod verify;

const EXAMPLES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/examples");

/// Whether a program is there and does this without complaint.
async fn works(program: &str, arguments: &[&str], directory: &Path) -> bool {
    let mut command = Command::new(program);
    command.args(arguments).current_dir(directory);
    command.stdout(Stdio::null()).stderr(Stdio::null());
    command.status().await.is_ok_and(|status| status.success())
}

/// `take-a-payment.sh`, at work.
struct TakeAPayment {
    running: Child,
    lines: Lines<BufReader<ChildStdout>>,
}

impl TakeAPayment {
    fn command(shop: &Shop, arguments: &[&str], token: &str) -> Command {
        let mut command = Command::new("bash");
        command
            .arg(format!("{EXAMPLES}/take-a-payment.sh"))
            .args(arguments)
            .env("FACTURE", &shop.server.origin)
            .env("TOKEN", token)
            .env("no_proxy", "127.0.0.1");
        command
    }

    /// For 2500 sat and order 2026-7; with the label of the invoice that it made.
    async fn start(shop: &Shop) -> (Self, String) {
        let mut running = Self::command(shop, &["2500", "2026-7"], TOKEN)
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .expect("bash");
        let lines = BufReader::new(running.stdout.take().expect("its output")).lines();
        let mut example = Self { running, lines };
        let said = example.line().await;
        let (_, label) = said.rsplit_once("/check_invoice/").expect("an address");
        (example, label.to_owned())
    }

    async fn line(&mut self) -> String {
        let line = timeout(TIMEOUT, self.lines.next_line());
        line.await.expect("in time").expect("text").expect("a line")
    }

    async fn ends_when_paid(mut self, shop: &Shop, bolt11: &str) {
        shop.sandbox.node.pay(bolt11, None).expect("the buyer pays");
        assert_eq!(self.line().await, "Order 2026-7 is paid");
        let ended = timeout(TIMEOUT, self.running.wait()).await;
        assert!(ended.expect("in time").expect("it ends").success());
    }
}

#[tokio::test]
async fn a_payment_is_taken_in_a_few_lines_of_curl() {
    if !works("curl", &["--version"], Path::new("/")).await {
        skipped("curl is not on PATH");
        return;
    }
    let shop = Shop::open().await;
    let (example, label) = TakeAPayment::start(&shop).await;
    let (_, invoice) = shop.get(&format!("/api/v1/invoices/{label}")).await;
    assert_eq!(invoice["amount_msat"], 2_500_000);
    assert_eq!(invoice["order_id"], "2026-7");
    let bolt11 = invoice["bolt11"].as_str().expect("a bolt11");
    example.ends_when_paid(&shop, bolt11).await;
}

#[tokio::test]
async fn a_payment_is_followed_to_the_invoice_that_the_buyer_had_renewed() {
    if !works("curl", &["--version"], Path::new("/")).await {
        skipped("curl is not on PATH");
        return;
    }
    let shop = Shop::with(&[("INVOICE__EXPIRY_SECONDS", "60")]).await;
    let (example, label) = TakeAPayment::start(&shop).await;
    let path = format!("/check_invoice/{label}");
    shop.sandbox.node.advance(Duration::from_secs(100));
    let expired = |invoice: &Value| invoice["status"] == "expired";
    shop.server.json_until(&path, expired).await;
    let renew = shop.server.request(Method::POST, &format!("{path}/renew"));
    let renewed = Page::read(renew.send().await).await;
    let (_, new) = shop.server.json(renewed.header("location")).await;
    assert_ne!(new["label"], label);
    let bolt11 = new["bolt11"].as_str().expect("a bolt11");
    example.ends_when_paid(&shop, bolt11).await;
}

#[tokio::test]
async fn a_payment_that_is_refused_says_why_and_ends() {
    if !works("curl", &["--version"], Path::new("/")).await {
        skipped("curl is not on PATH");
        return;
    }
    let shop = Shop::open().await;
    for (arguments, token, reason) in [
        (&["0", "2026-7"][..], TOKEN, "amount_too_small"),
        (&["5", "2026-7"], "x", "unauthorized"),
        (&["5"], TOKEN, "<order number>"),
    ] {
        let mut command = TakeAPayment::command(&shop, arguments, token);
        let ended = timeout(TIMEOUT, command.output()).await.expect("in time");
        let ended = ended.expect("bash");
        let said = String::from_utf8_lossy(&ended.stderr);
        assert!(!ended.status.success(), "{arguments:?}");
        assert!(said.contains(reason), "{said}");
    }
}

/// A payment's webhook, and the secret to verify it with.
async fn received() -> (Received, String) {
    let shop = Shop::with(&[("WEBHOOKS__ALLOW_PRIVATE", "true")]).await;
    let receiver = Receiver::start().await;
    let webhook = json!({ "url": receiver.url("/paid"), "types": ["invoice.paid"] });
    let (_, webhook) = shop.post("/api/v1/webhooks", &webhook).await;
    let id = webhook["id"].as_str().expect("an id");
    let (_, secret) = shop.get(&format!("/api/v1/webhooks/{id}/secret")).await;
    let invoice = shop
        .create(&json!({ "amount_sat": 5, "order_id": "2026-7" }))
        .await;
    let bolt11 = invoice["bolt11"].as_str().expect("a bolt11");
    shop.sandbox.node.pay(bolt11, None).expect("the buyer pays");
    let received = receiver.wait_for(1).await.remove(0);
    (
        received,
        secret["secret"].as_str().expect("a secret").to_owned(),
    )
}

/// Runs an example: what it says of this body if it takes it, and if it does not.
async fn say(
    program: &str,
    file: &str,
    directory: &Path,
    sent: (&Received, &str),
    body: &[u8],
) -> Result<String, String> {
    let (received, secret) = sent;
    let header = |name: &str| OsStr::from_bytes(received.headers[name].as_bytes());
    let mut running = Command::new(program)
        .arg(file)
        .current_dir(directory)
        .env("WEBHOOK_SECRET", secret)
        .env("WEBHOOK_ID", header("webhook-id"))
        .env("WEBHOOK_TIMESTAMP", header("webhook-timestamp"))
        .env("WEBHOOK_SIGNATURE", header("webhook-signature"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .expect("it runs");
    let mut input = running.stdin.take().expect("its input");
    input.write_all(body).await.expect("it reads");
    drop(input);
    let output = timeout(TIMEOUT, running.wait_with_output())
        .await
        .expect("in time");
    let output = output.expect("it ends");
    let said = |bytes: &[u8]| String::from_utf8_lossy(bytes).trim().to_owned();
    match output.status.success() {
        true => Ok(said(&output.stdout)),
        false => Err(said(&output.stderr)),
    }
}

#[tokio::test]
async fn a_webhook_is_verified_in_every_language_of_the_guide() {
    let (received, secret) = received().await;
    let sent = (&received, secret.as_str());
    let forged = String::from_utf8(received.body.to_vec())
        .expect("text")
        .replace("2026-7", "2026-8");
    let order = verify::paid_order(&secret, &received.headers, &received.body);
    assert_eq!(order.as_deref(), Some("2026-7"));
    let order = verify::paid_order(&secret, &received.headers, forged.as_bytes());
    assert_eq!(order, None);
    let mut strange = received.headers.clone();
    strange.insert("webhook-signature", HeaderValue::from_static("nonsense"));
    assert_eq!(verify::paid_order(&secret, &strange, &received.body), None);

    let examples = Path::new(EXAMPLES);
    let node = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/node");
    let python = works("python3", &["-c", "import standardwebhooks"], examples).await;
    let mut all = Vec::new();
    if python {
        all.push(("python3", format!("{EXAMPLES}/verify.py"), examples));
    } else {
        skipped("python3 has no standardwebhooks");
    }
    if node.join("node_modules/standardwebhooks").exists() {
        // Node looks for packages beside the file.
        fs::copy(examples.join("verify.mjs"), node.join("verify.mjs")).expect("copied");
        all.push(("node", "verify.mjs".to_owned(), node.as_path()));
    } else {
        let node = node.display();
        skipped(&format!("npm has not installed standardwebhooks in {node}"));
    }
    for (program, file, directory) in all {
        let said = say(program, &file, directory, sent, &received.body).await;
        assert_eq!(said.as_deref(), Ok("paid 2026-7"), "{program}");
        let not_ours = Err("not from facture".to_owned());
        let said = say(program, &file, directory, sent, forged.as_bytes()).await;
        assert_eq!(said, not_ours, "{program} takes what is forged");
        let said = say(program, &file, directory, sent, b"\xff\xfe").await;
        assert_eq!(said, not_ours, "{program}");
        // What strangers send need not look like a signature.
        for (name, value) in [
            ("webhook-signature", "nonsense"),
            ("webhook-signature", "v1,"),
            ("webhook-signature", "v1,a"),
            ("webhook-signature", "v1,a,b"),
            ("webhook-signature", "v1,\u{e9}"),
            ("webhook-signature", " "),
            ("webhook-timestamp", "yesterday"),
            ("webhook-timestamp", "nan"),
            ("webhook-timestamp", "1e999"),
            ("webhook-id", "x"),
        ] {
            let mut strange = received.clone();
            let value = HeaderValue::from_bytes(value.as_bytes()).expect("a header");
            strange.headers.insert(name, value);
            let sent = (&strange, secret.as_str());
            let said = say(program, &file, directory, sent, &received.body).await;
            assert_eq!(said, not_ours, "{program} with {name}");
        }
    }
}

#[test]
fn the_guide_shows_what_is_run() {
    let guides = [
        include_str!("../../../docs/shop-developers.md"),
        include_str!("../../../docs/kafka.md"),
    ];
    for file in fs::read_dir(EXAMPLES).expect("a directory") {
        let file = file.expect("a file").file_name();
        let name = file.to_str().expect("a plain name");
        let link = format!("(examples/{name})");
        assert!(guides.iter().any(|guide| guide.contains(&link)), "{name}");
    }
}
