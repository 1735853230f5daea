//! Lightning Addresses beyond the contract: what makes an invoice and what does not, and what is refused.

use std::{path::Path, process::Command};

use facture_domain::{Bolt11, payment_string::PaymentString};
use facture_test_support::report::skipped;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::{
    contract::World,
    harness::{Server, json as answer},
    world::Sandbox,
};

const TOKEN: &str = "a-token-for-the-tests-of-addresses";

/// A shop and its wallet-facing side.
struct Shop {
    sandbox: Sandbox,
    server: Server,
}

impl Shop {
    async fn open(settings: &[(&str, &str)]) -> Self {
        let sandbox = Sandbox::start().await;
        let server = sandbox.server(settings).await;
        Self { sandbox, server }
    }

    async fn ask(&self, path: &str) -> Value {
        ask(&self.server, path).await
    }

    async fn callback(&self) -> String {
        let offered = self.ask("/.well-known/lnurlp/shop").await;
        offered["callback"].as_str().expect("a URL").to_owned()
    }

    async fn refused(&self, path: &str) -> String {
        let error = self.ask(path).await;
        assert_eq!(error["status"], "ERROR", "{path}: {error}");
        error["reason"].as_str().expect("words").to_owned()
    }
}

/// What a wallet is answered, open to every web page and never kept.
pub(crate) async fn ask(server: &Server, path: &str) -> Value {
    let path = path.strip_prefix(&server.origin).unwrap_or(path);
    let response = server.request(Method::GET, path).send().await;
    let response = response.expect("an answer");
    assert_eq!(response.headers()["access-control-allow-origin"], "*");
    assert_eq!(response.headers()["cache-control"], "no-store");
    let (status, body) = answer(Ok(response)).await;
    assert_eq!(status, StatusCode::OK, "{path}: {body}");
    body
}

#[tokio::test]
async fn a_wallet_reads_what_it_can_pay_and_nothing_is_made() {
    let shop = Shop::open(&[
        ("SERVER__PUBLIC_URL", "https://shop.example"),
        ("INVOICE__MAXIMUM_SAT", "5000"),
        ("LIGHTNING_ADDRESS__DESCRIPTION", "Tea & cake"),
    ])
    .await;
    let offered = shop.ask("/.well-known/lnurlp/SHOP+table5").await;
    let callback = offered["callback"].as_str().expect("a URL");
    let prefix = "https://shop.example/lnurl/pay/shop+table5/";
    assert!(callback.starts_with(prefix), "{callback}");
    let metadata =
        r#"[["text/plain","Tea & cake"],["text/identifier","shop+table5@shop.example"]]"#;
    assert_eq!(
        offered,
        json!({
            "tag": "payRequest", "callback": callback, "minSendable": 1_000,
            "maxSendable": 5_000_000, "metadata": metadata, "commentAllowed": 140,
        })
    );
    assert_eq!(shop.sandbox.invoices().await, 0);
    let read = PaymentString::parse("shop@shop.example");
    assert!(read.is_ok(), "and it is an address");
}

#[tokio::test]
async fn who_asks_again_gets_the_same_invoice_until_it_is_paid() {
    let shop = Shop::open(&[]).await;
    let callback = shop.callback().await;
    // The minute may end in between.
    let (first, again) = loop {
        let first = shop.ask(&format!("{callback}?amount=5000")).await;
        let again = shop.ask(&format!("{callback}?comment=&amount=5000")).await;
        if first == again || shop.sandbox.invoices().await > 4 {
            break (first, again);
        }
    };
    assert_eq!(first, again);
    let made = shop.sandbox.invoices().await;
    for other in [
        shop.ask(&format!("{callback}?amount=5001")).await,
        shop.ask(&format!("{callback}?amount=5000&comment=tea"))
            .await,
        // Another payer.
        shop.ask(&format!("{}?amount=5000", shop.callback().await))
            .await,
    ] {
        assert_ne!(other["pr"], first["pr"]);
    }
    assert_eq!(shop.sandbox.invoices().await, made + 3);
    let bolt11 = first["pr"].as_str().expect("a string");
    shop.sandbox.pay(bolt11, None).await;
    let next = shop.ask(&format!("{callback}?amount=5000")).await;
    assert_ne!(next["pr"], first["pr"], "that one cannot be paid again");
}

#[tokio::test]
async fn bad_input_names_the_parameter_and_makes_nothing() {
    let shop = Shop::open(&[("LIGHTNING_ADDRESS__COMMENT_CHARACTERS", "5")]).await;
    let callback = shop.callback().await;
    for (query, reason) in [
        ("", "The parameter amount is missing."),
        ("?amount=", "The parameter amount is missing."),
        (
            "?amount=5000&amount=6000",
            "The parameter amount was sent twice.",
        ),
        (
            "?amount=0",
            "The parameter amount must be from 1000 to 100000000000 millisatoshis.",
        ),
        ("?amount=999", "The parameter amount must be"),
        ("?amount=100000000001", "The parameter amount must be"),
        (
            "?amount=99999999999999999999999",
            "The parameter amount must be",
        ),
        ("?amount=5000.5", "The parameter amount must be"),
        ("?amount=-5000", "The parameter amount must be"),
        ("?amount=%2B5000", "The parameter amount must be"),
        ("?amount=5e3", "The parameter amount must be"),
        (
            "?amount=5000&comment=123456",
            "The parameter comment must have at most 5 characters.",
        ),
        (
            "?amount=5000&comment=%FF%FE",
            "The parameter comment must be UTF-8.",
        ),
        (
            "?amount=5000&comment=a&comment=b",
            "The parameter comment was sent twice.",
        ),
    ] {
        let said = shop.refused(&format!("{callback}{query}")).await;
        assert!(said.starts_with(reason), "{query}: {said}");
    }
    for path in [
        "/.well-known/lnurlp/nobody",
        "/.well-known/lnurlp/+shop",
        "/.well-known/lnurlp/sh%20op",
        "/lnurl/pay/nobody/0123456789abcdef0123456789abcdef?amount=5000",
        "/lnurl/pay/shop/short?amount=5000",
    ] {
        let said = shop.refused(path).await;
        assert!(
            said.starts_with("There is no such Lightning Address"),
            "{said}"
        );
    }
    for path in [
        "/lnurl/verify/other",
        "/lnurl/verify/facture_0123456789abcdef0123456789abcdef",
    ] {
        assert_eq!(shop.refused(path).await, "Not found");
    }
    assert_eq!(shop.sandbox.invoices().await, 0);
    // Characters, not bytes.
    shop.ask(&format!(
        "{callback}?amount=5000&comment=%E2%98%95%E2%98%95%E2%98%95%E2%98%95%E2%98%95"
    ))
    .await;
    assert_eq!(shop.sandbox.invoices().await, 1);
}

#[tokio::test]
async fn a_wallet_that_has_paid_is_shown_what_the_shop_wants() {
    let plain = Shop::open(&[]).await;
    let query = format!("{}?amount=5000", plain.callback().await);
    assert_eq!(plain.ask(&query).await.get("successAction"), None);
    let message = ("LIGHTNING_ADDRESS__SUCCESS_MESSAGE", "Danke ☕");
    let shop = Shop::open(&[message]).await;
    let query = format!("{}?amount=5000", shop.callback().await);
    let action = json!({ "tag": "message", "message": "Danke ☕" });
    assert_eq!(shop.ask(&query).await["successAction"], action);
    for (settings, words) in [(vec![], "Receipt"), (vec![message], "Danke ☕")] {
        let receipt = ("LIGHTNING_ADDRESS__SUCCESS_RECEIPT", "true");
        let shop = Shop::open(&[settings, vec![receipt]].concat()).await;
        let given = shop
            .ask(&format!("{}?amount=5000", shop.callback().await))
            .await;
        let action = &given["successAction"];
        assert_eq!(action["description"], words);
        let page = action["url"].as_str().expect("a URL");
        let path = page
            .strip_prefix(&shop.server.origin)
            .expect("our own host");
        shop.sandbox
            .pay(given["pr"].as_str().expect("a string"), None)
            .await;
        let (_, paid) = shop.server.json(path).await;
        assert_eq!(paid["status"], "paid");
    }
}

#[test]
fn a_message_that_wallets_refuse_is_not_taken() {
    let long = "☕".repeat(145);
    for text in [&*long, "two\nlines"] {
        let name = "FACTURE_LIGHTNING_ADDRESS__SUCCESS_MESSAGE".to_owned();
        let settings = [(name, text.to_owned())].into();
        let error = facture::config::Config::load(None, settings).unwrap_err();
        assert!(error.to_string().contains("success_message"), "{error}");
    }
}

#[tokio::test]
async fn a_payer_may_say_who_it_is_and_the_invoice_has_the_hash_of_that_too() {
    let shop = Shop::open(&[
        ("LIGHTNING_ADDRESS__PAYER_DATA", "name,email"),
        ("API_TOKEN", TOKEN),
    ])
    .await;
    let offered = shop.ask("/.well-known/lnurlp/shop").await;
    let optional = json!({ "mandatory": false });
    assert_eq!(
        offered["payerData"],
        json!({ "name": optional, "email": optional })
    );
    let callback = offered["callback"].as_str().expect("a URL");
    let told = r#"{"name":"Anna Bé \"☕\"", "email":null}"#;
    let asking = |told: &str| {
        let mut url: reqwest::Url = callback.parse().expect("a URL");
        let mut query = url.query_pairs_mut();
        query.append_pair("amount", "5000");
        query.append_pair("payerdata", told);
        drop(query);
        url.to_string()
    };
    let answered = shop.ask(&asking(told)).await;
    let bolt11 = answered["pr"].as_str().expect("an invoice");
    let decoded = Bolt11::decode(bolt11).expect("a BOLT 11 string");
    let hashed = format!("{}{told}", offered["metadata"].as_str().expect("a text"));
    let hash: [u8; 32] = Sha256::digest(hashed.as_bytes()).into();
    assert_eq!(decoded.description_hash, Some(hash));
    let label = answered["verify"].as_str().expect("a URL");
    let label = label.rsplit('/').next().expect("a label");
    let path = format!("/api/v1/invoices/{label}");
    let request = shop.server.request(Method::GET, &path).bearer_auth(TOKEN);
    let (_, invoice) = answer(request.send().await).await;
    assert_eq!(
        (&invoice["description"], &invoice["metadata"]["payer"]),
        (&json!("Payment"), &json!({ "name": "Anna Bé \"☕\"" }))
    );

    let made = shop.sandbox.invoices().await;
    for (told, reason) in [
        ("Anna", "must be a JSON object in one line."),
        (
            r#"{"pubkey":"02"}"#,
            "has the field pubkey, which was not asked for.",
        ),
        (r#"{"name":["A"]}"#, "has a field name that is not a text"),
    ] {
        let said = shop.refused(&asking(told)).await;
        assert!(
            said.starts_with(&format!("The parameter payerdata {reason}")),
            "{said}"
        );
    }
    let broken = format!("{callback}?amount=5000&payerdata=%FF");
    assert_eq!(
        shop.refused(&broken).await,
        "The parameter payerdata must be UTF-8."
    );
    assert_eq!(shop.sandbox.invoices().await, made);

    let silent = Shop::open(&[]).await;
    let offered = silent.ask("/.well-known/lnurlp/shop").await;
    assert_eq!(offered["payerData"], Value::Null);
    let callback = silent.callback().await;
    let said = silent
        .refused(&format!("{callback}?amount=5000&payerdata=%7B%7D"))
        .await;
    assert_eq!(said, "The parameter payerdata was not asked for.");
}

/// A wallet that was shown one text, and a node that would sign another: wallets refuse the invoice, or pay for something else.
#[tokio::test]
async fn what_was_shown_is_what_is_on_the_invoice() {
    let before = Shop::open(&[("LIGHTNING_ADDRESS__DESCRIPTION", "Tea")]).await;
    let after = Shop::open(&[("LIGHTNING_ADDRESS__DESCRIPTION", "Tea & cake")]).await;
    let callback = before.callback().await;
    let path = callback.strip_prefix(&before.server.origin).expect("ours");
    let said = after.refused(&format!("{path}?amount=5000")).await;
    assert!(said.contains("has changed"), "{said}");
    // A proxy that passes on another host at the second question.
    let request = before
        .server
        .request(Method::GET, &format!("{path}?amount=5000"));
    let (_, error) = answer(request.header("host", "inside.example").send().await).await;
    assert_eq!(error["status"], "ERROR", "{error}");
    assert_eq!(
        before.sandbox.invoices().await + after.sandbox.invoices().await,
        0
    );
    before.ask(&format!("{path}?amount=5000")).await;
}

#[tokio::test]
async fn the_configured_host_counts_whatever_a_proxy_passes_on() {
    let onion = format!("http://{}.onion", "a".repeat(56));
    for public in ["https://shop.example", &onion] {
        let shop = Shop::open(&[("SERVER__PUBLIC_URL", public)]).await;
        let asked = |host: &'static str, path: String| {
            let request = shop.server.request(Method::GET, &path).header("host", host);
            async move { answer(request.send().await).await.1 }
        };
        let offered = asked("inside.example", "/.well-known/lnurlp/shop".to_owned()).await;
        let callback = offered["callback"].as_str().expect("a URL");
        let path = callback.strip_prefix(public).expect("the configured host");
        let metadata = offered["metadata"].as_str().expect("a string");
        let host = public.split_once("://").expect("a URL").1;
        assert!(metadata.contains(&format!("shop@{host}")), "{metadata}");
        let given = asked("other.example", format!("{path}?amount=5000")).await;
        assert!(given["pr"].is_string(), "{given}");
        let verify = given["verify"].as_str().expect("a URL");
        assert!(verify.starts_with(public), "{verify}");
    }
}

#[tokio::test]
async fn it_is_as_open_as_the_form_unless_told_otherwise() {
    let shut = Shop::open(&[("FORM__ENABLED", "false")]).await;
    let said = shut.refused("/.well-known/lnurlp/shop").await;
    assert!(
        said.starts_with("There is no such Lightning Address"),
        "{said}"
    );
    let said = shut
        .refused("/lnurl/pay/shop/0123456789abcdef0123456789abcdef?amount=5000")
        .await;
    assert!(
        said.starts_with("There is no such Lightning Address"),
        "{said}"
    );
    let open = Shop::open(&[
        ("FORM__ENABLED", "false"),
        ("LIGHTNING_ADDRESS__ONLY_WITH_FORM", "false"),
        ("LIGHTNING_ADDRESS__NAMES", "till-1, till-2"),
        ("LIGHTNING_ADDRESS__COMMENT_CHARACTERS", "0"),
    ])
    .await;
    let offered = open.ask("/.well-known/lnurlp/till-2").await;
    assert_eq!(offered["tag"], "payRequest");
    assert_eq!(offered.get("commentAllowed"), None);
    open.refused("/.well-known/lnurlp/shop").await;
}

#[tokio::test]
async fn a_stranger_cannot_make_more_than_the_form_would() {
    let shop = Shop::open(&[("LIMITS__INVOICES_PER_CLIENT_PER_MINUTE", "2")]).await;
    let callback = shop.callback().await;
    for amount in [1000, 2000] {
        shop.ask(&format!("{callback}?amount={amount}")).await;
    }
    let said = shop.refused(&format!("{callback}?amount=3000")).await;
    assert!(said.contains("Too many"), "{said}");
    assert_eq!(shop.sandbox.invoices().await, 2);
}

#[tokio::test]
async fn a_node_that_is_away_is_said_to_the_wallet() {
    let shop = Shop::open(&[]).await;
    let callback = shop.callback().await;
    shop.sandbox.node.stop().await;
    let said = shop.refused(&format!("{callback}?amount=5000")).await;
    assert!(!said.is_empty());
}

/// Somebody types metadata into the form: the hash is missing, so it is a description.
#[tokio::test]
async fn a_description_that_looks_like_metadata_stays_as_it_is() {
    let shop = Shop::open(&[]).await;
    let typed = r#"[["text/plain","Tea"]]"#;
    let invoice = shop.server.create("5", typed).await;
    let path = format!(
        "/check_invoice/{}",
        invoice["label"].as_str().expect("a label")
    );
    shop.sandbox
        .pay(invoice["bolt11"].as_str().expect("a string"), None)
        .await;
    let (_, paid) = shop.server.json(&path).await;
    assert_eq!(
        (&paid["status"], &paid["description"]),
        (&json!("paid"), &json!(typed))
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_lnurl_library_of_others_pays_to_an_address() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let python = root.join("target/lnurl/bin/python");
    if !python.exists() {
        return skipped("PyPI's lnurl is not in target/lnurl");
    }
    let shop = Shop::open(&[]).await;
    let mut wallet = Command::new(python);
    wallet
        .arg(root.join("tests/clients/pay.py"))
        .arg(format!("{}/.well-known/lnurlp/shop", shop.server.origin))
        .args(["21000", "Thank you"]);
    let output = tokio::task::spawn_blocking(move || wallet.output()).await;
    let output = output.expect("it ran").expect("it ran");
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{errors}");
    let said = String::from_utf8_lossy(&output.stdout);
    let [bolt11, text, refusal] = said.lines().collect::<Vec<_>>()[..] else {
        panic!("{said}");
    };
    assert_eq!(text, "Payment");
    let range = "The parameter amount must be from 1000 to 100000000000 millisatoshis.";
    assert_eq!(refusal, range);
    shop.sandbox.pay(bolt11, None).await;
}
