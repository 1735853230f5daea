//! `POST /api/v1/decode`: what a string to pay says.

use facture_domain::payment_string::MAX_BYTES;
use facture_sandbox::{CallFault, Calls};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::{
    api::{Shop, TOKEN},
    contract::World,
    harness::{Server, json as answer},
    rest::transport::ClnrestSandbox,
};

/// From the examples of BOLT 12: any amount, bitcoin.
pub(crate) const OFFER: &str = "lno1pqps7sjqpgtyzm3qv4uxzmtsd3jjqer9wd3hy6tsw35k7msjzfpy7nz5yqcnygrfdej82um5wf5k2uckyypwa3eyt44h6txtxquqh7lz5djge4afgfjn7k4rgrkuag0jsd5xvxg";

/// `https://service.example/pay?id=1`
const LNURL: &str = "lnurl1dp68gurn8ghj7um9wfmxjcm99ejhsctdwpkx2tmsv9un76ty85csp00aws";

const ADDRESS: &str = "bcrt1qw508d6qejxtdg4y5r3zarvary0c5xw7kygt080";

async fn decode(shop: &Shop, string: &str) -> Value {
    let (status, decoded) = shop
        .post("/api/v1/decode", &json!({ "string": string }))
        .await;
    assert_eq!(status, StatusCode::OK, "{string}: {decoded}");
    decoded
}

async fn refuse(shop: &Shop, string: &str) -> String {
    let (status, error) = shop
        .post("/api/v1/decode", &json!({ "string": string }))
        .await;
    assert_eq!(
        status,
        StatusCode::UNPROCESSABLE_ENTITY,
        "{string:?}: {error}"
    );
    assert_eq!(error["error"]["code"], "string_invalid", "{error}");
    assert_eq!(error["error"]["field"], "string", "{error}");
    error["error"]["message"]
        .as_str()
        .expect("words")
        .to_owned()
}

#[tokio::test]
async fn an_invoice_of_ours_says_whether_it_is_paid() {
    let shop = Shop::open().await;
    let invoice = shop
        .create(&json!({ "amount_msat": 12_345, "description": "tea" }))
        .await;
    let bolt11 = invoice["bolt11"].as_str().expect("a string");
    let text = format!(" LIGHTNING:{} \n", bolt11.to_uppercase());
    let decoded = decode(&shop, &text).await;
    let (_, node) = shop.get("/api/v1/node").await;
    assert_eq!(
        decoded,
        json!({
            "type": "bolt11", "string": bolt11, "details": "complete",
            "amount_msat": 12_345, "min_msat": 12_345, "max_msat": 12_345, "price": null,
            "description": "tea", "description_hash": null, "issuer": null, "expires_at": invoice["expires_at"],
            "destination": node["id"], "url": null, "network": "regtest", "payment_hash": invoice["payment_hash"],
            "already_paid": false, "invoice": invoice["label"], "uri": null,
        })
    );
    shop.sandbox.node.pay(bolt11, None).expect("the buyer pays");
    assert_eq!(decode(&shop, bolt11).await["already_paid"], true);
}

#[tokio::test]
async fn an_invoice_of_somebody_else_is_not_in_our_records() {
    let shop = Shop::open().await;
    let other = Shop::open().await;
    let invoice = other
        .create(&json!({ "amount_msat": "any", "description": "tea" }))
        .await;
    let decoded = decode(&shop, invoice["bolt11"].as_str().expect("a string")).await;
    for member in [
        "amount_msat",
        "min_msat",
        "max_msat",
        "already_paid",
        "invoice",
    ] {
        assert_eq!(decoded[member], Value::Null, "{member}: {decoded}");
    }
    assert_eq!(decoded["payment_hash"], invoice["payment_hash"]);
}

#[tokio::test]
async fn an_offer_is_read_by_the_node() {
    let shop = Shop::open().await;
    let joined = OFFER.replacen("sjq", "s+ \r\n jq", 1);
    let decoded = decode(&shop, &joined).await;
    assert_eq!(decoded["type"], "offer");
    assert_eq!(decoded["string"], OFFER);
    assert_eq!(decoded["details"], "complete");
    assert_eq!(decoded["amount_msat"], 1_000_000, "{decoded}");
    assert_eq!(decoded["network"], "bitcoin");
    // What the node finds wrong is told in its words.
    let cut = &OFFER[..60];
    assert!(
        refuse(&shop, cut)
            .await
            .starts_with("The string is not a valid BOLT 12 string: ")
    );
}

#[tokio::test]
async fn without_the_node_the_kind_of_an_offer_is_known_and_said_to_be_all() {
    let shop = Shop::open().await;
    let faults = shop.sandbox.node.faults();
    let failed = CallFault::Fail {
        code: -1,
        message: "not now".to_owned(),
    };
    faults.once(Calls::of("decode"), failed);
    let decoded = decode(&shop, OFFER).await;
    assert_eq!(
        (&decoded["type"], &decoded["details"]),
        (&json!("offer"), &json!("type_only"))
    );
    assert_eq!(decoded["amount_msat"], Value::Null);
    // Nor does a rune have to allow it.
    let behind = ClnrestSandbox::without("decode").await;
    let server: Server = behind.server(&[("API_TOKEN", TOKEN)]).await;
    let request = server
        .request(Method::POST, "/api/v1/decode")
        .bearer_auth(TOKEN);
    let (status, decoded) = answer(request.json(&json!({ "string": OFFER })).send().await).await;
    assert_eq!(
        (status, &decoded["details"]),
        (StatusCode::OK, &json!("type_only")),
        "{decoded}"
    );
}

#[tokio::test]
async fn no_host_that_a_string_names_is_asked() {
    let shop = Shop::open().await;
    // Nobody listens there, and nobody is asked: the answer comes, and says what a wallet would fetch.
    for (string, kind, host, url) in [
        (
            LNURL,
            "lnurl",
            "service.example",
            "https://service.example/pay?id=1",
        ),
        (
            "lnurlp://127.0.0.1:9/pay",
            "lnurl_pay",
            "127.0.0.1",
            "http://127.0.0.1:9/pay",
        ),
        (
            "lnurlw://x.onion/w",
            "lnurl_withdraw",
            "x.onion",
            "http://x.onion/w",
        ),
        (
            "keyauth://service.example/in",
            "lnurl_auth",
            "service.example",
            "https://service.example/in",
        ),
        (
            "Me+Tip@Shop.example",
            "lightning_address",
            "shop.example",
            "https://shop.example/.well-known/lnurlp/me+tip",
        ),
    ] {
        let decoded = decode(&shop, string).await;
        assert_eq!(decoded["type"], kind, "{string}");
        assert_eq!(decoded["details"], "at_destination", "{string}");
        assert_eq!(decoded["destination"], host, "{string}");
        assert_eq!(decoded["url"], url, "{string}");
        // What is shown can be decoded again.
        let again = decode(&shop, decoded["string"].as_str().expect("a string")).await;
        assert_eq!(again, decoded);
    }
}

#[tokio::test]
async fn a_bitcoin_uri_is_what_can_be_paid_in_it() {
    let shop = Shop::open().await;
    let invoice = shop
        .create(&json!({ "amount_msat": "any", "description": "tea" }))
        .await;
    let bolt11 = invoice["bolt11"].as_str().expect("a string");
    let uri =
        format!("BITCOIN:{ADDRESS}?amount=0.00001&label=A%20shop&LIGHTNING={bolt11}&lno={OFFER}");
    let decoded = decode(&shop, &uri).await;
    assert_eq!(
        (&decoded["type"], &decoded["string"]),
        (&json!("bolt11"), &json!(bolt11))
    );
    assert_eq!(decoded["amount_msat"], 1_000_000);
    assert_eq!(
        decoded["uri"],
        json!({ "address": ADDRESS, "amount_msat": 1_000_000, "label": "A shop", "message": null, "others": [OFFER] })
    );
    let onchain = decode(&shop, &format!("bitcoin:{ADDRESS}?amount=1")).await;
    assert_eq!(onchain["type"], "onchain");
    assert_eq!(onchain["amount_msat"], 100_000_000_000_u64);
}

#[tokio::test]
async fn what_cannot_be_paid_is_refused_with_a_reason_and_never_reaches_the_node() {
    let shop = Shop::open().await;
    shop.server
        .json_until("/readyz", |ready| ready["status"] == "ready")
        .await;
    let long = "l".repeat(MAX_BYTES + 1);
    for (string, reason) in [
        ("", "empty"),
        (" \t\n", "empty"),
        (long.as_str(), "longer than 8192 bytes"),
        ("hello", "not a BOLT 11 invoice"),
        ("lnbc1", "not a BOLT 11"),
        ("lno1\u{202e}abc", "not a BOLT 12"),
        (&format!("{OFFER}+"), "a + must stand"),
        (&LNURL[..40], "checksum"),
        ("lnurlp://user:secret@host.example/", "user name"),
        ("@", "not a Lightning Address"),
        ("a b@shop.example", "letters a to z"),
        ("bitcoin:?amount=1", "neither an address"),
        ("bitcoin:?req-x=1", "requires req-x"),
        ("https://shop.example/", "no LNURL"),
        ("javascript:alert(1)@x", "letters a to z"),
        ("\u{0}", "not a BOLT 11 invoice"),
        (
            "02abababababababababababababababababababababababababababababababab",
            "public key",
        ),
    ] {
        let message = refuse(&shop, string).await;
        assert!(message.contains(reason), "{string:?}: {message}");
        assert!(!message.contains("secret"), "{message}");
    }
    assert!(
        !shop
            .sandbox
            .node
            .called()
            .iter()
            .any(|called| called == "decode")
    );
    for body in [
        json!({}),
        json!({ "string": 5 }),
        json!({ "string": null }),
        json!({ "string": "x", "pay": true }),
    ] {
        let (status, error) = shop.post("/api/v1/decode", &body).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{body}");
        assert_eq!(error["error"]["code"], "body_invalid", "{body}");
    }
}
