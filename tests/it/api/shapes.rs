//! The shapes of answers: what the document says of them holds for real ones.

use std::collections::BTreeSet;

use futures_util::StreamExt;
use jsonschema::Validator;
use reqwest::{Method, Response, StatusCode, header};
use serde_json::{Value, json};
use tokio::time::timeout;

use super::Shop;
use crate::decode::OFFER;
use crate::harness::{Page, Server, TIMEOUT, json as answer, receiver::Receiver};

const LABEL: &str = "facture_0123456789abcdef0123456789abcdef";
const WEBHOOK: &str = "we_0123456789abcdef0123456789abcdef";

pub(crate) struct Document(pub(crate) Value);

impl Document {
    pub(crate) async fn of(server: &Server) -> Self {
        let (status, document) = server.json("/api/v1/openapi.json").await;
        assert_eq!(status, StatusCode::OK);
        Self(document)
    }

    /// What the operation of this name says.
    pub(crate) fn operation(&self, name: &str) -> &Value {
        let paths = self.0["paths"].as_object().expect("paths");
        let operations = paths
            .values()
            .flat_map(|path| path.as_object().expect("methods").values());
        operations
            .into_iter()
            .find(|operation| operation["operationId"] == name)
            .unwrap_or_else(|| panic!("no {name}"))
    }

    fn resolved<'a>(&'a self, value: &'a Value) -> &'a Value {
        let reference = value["$ref"].as_str();
        let path = reference.and_then(|reference| reference.strip_prefix('#'));
        path.map_or(value, |path| self.0.pointer(path).expect(path))
    }

    /// The schema of an answer, with all that it refers to.
    fn validator(&self, schema: &Value) -> Validator {
        let mut schema = schema.clone();
        schema["components"] = self.0["components"].clone();
        jsonschema::options()
            .should_validate_formats(true)
            .build(&schema)
            .expect("a schema")
    }

    /// An answer is as the operation says that it can be.
    pub(crate) fn check(&self, name: &str, status: StatusCode, body: &Value) {
        let responses = &self.operation(name)["responses"];
        let response = self.resolved(&responses[status.as_str()]);
        let schema = &response["content"]["application/json"]["schema"];
        assert!(!schema.is_null(), "{name}: {status} {body}");
        self.valid(schema, body);
    }

    fn valid(&self, schema: &Value, body: &Value) {
        let validator = self.validator(schema);
        let errors: Vec<_> = validator
            .iter_errors(body)
            .map(|error| format!("{error} at {}", error.instance_path()))
            .collect();
        assert!(errors.is_empty(), "{errors:?}: {body}");
    }

    /// The codes of 422 that an operation lists.
    pub(crate) fn codes(&self, operation: &Value) -> BTreeSet<String> {
        let answer = &operation["responses"]["422"];
        let schema = &answer["content"]["application/json"]["schema"];
        let codes = &schema["properties"]["error"]["properties"]["code"]["enum"];
        let codes = codes.as_array().into_iter().flatten();
        let codes: BTreeSet<_> = codes
            .map(|code| code.as_str().expect("a text").to_owned())
            .collect();
        let described = answer["description"].as_str().unwrap_or_default();
        for code in &codes {
            assert!(described.contains(&format!("`{code}`")), "{described}");
        }
        codes
    }
}

async fn shop() -> Shop {
    Shop::with(&[
        ("WEBHOOKS__ALLOW_PRIVATE", "true"),
        ("API__REQUESTS_PER_MINUTE", "100000"),
    ])
    .await
}

fn text<'a>(object: &'a Value, name: &str) -> &'a str {
    object[name].as_str().unwrap_or_else(|| panic!("{object}"))
}

async fn send(shop: &Shop, method: &str, path: &str, body: &str) -> (StatusCode, Value) {
    let method = method.parse().expect("a method");
    let request = shop
        .call(method, path)
        .header(header::ACCEPT, "application/json")
        .header(header::CONTENT_TYPE, "application/json");
    answer(request.body(body.to_owned()).send().await).await
}

/// Reads a stream until it has told so much.
async fn told(response: Response, enough: &str) -> String {
    let mut stream = response.bytes_stream();
    let mut told = String::new();
    let reading = async {
        while !told.contains(enough) || !told.ends_with("\n\n") {
            let part = stream.next().await.expect("more").expect("no error");
            told.push_str(std::str::from_utf8(&part).expect("text"));
        }
    };
    timeout(TIMEOUT, reading).await.expect("in time");
    told
}

#[tokio::test]
async fn every_answer_is_as_the_document_says() {
    let shop = shop().await;
    let document = Document::of(&shop.server).await;
    let receiver = Receiver::start().await;
    let check = async |name: &str, method: &str, path: &str, body: Value| {
        let (status, told) = send(&shop, method, path, &body.to_string()).await;
        document.check(name, status, &told);
        (status, told)
    };
    let hook = json!({ "url": receiver.url("/all") });
    let (_, hook) = check("createWebhook", "POST", "/api/v1/webhooks", hook).await;
    let hook = format!("/api/v1/webhooks/{}", text(&hook, "id"));
    let none = || Value::Null;
    let order = json!({ "amount_msat": "any", "expiry": 60, "metadata": { "a": null } });
    let (_, any) = check("createInvoice", "POST", "/api/v1/invoices", order).await;
    let full = json!({ "amount_sat": 5, "order_id": "7", "redirect_url": "https://shop.example/" });
    let (_, paid) = check("createInvoice", "POST", "/api/v1/invoices", full).await;
    let node = &shop.sandbox.node;
    node.pay(text(&paid, "bolt11"), None).expect("paid");
    let path = |invoice: &Value| format!("/api/v1/invoices/{}", text(invoice, "label"));
    let (_, waited) = check(
        "waitForInvoice",
        "GET",
        &format!("{}/wait", path(&paid)),
        none(),
    )
    .await;
    assert_eq!(waited["status"], "paid");
    let (status, _) = check(
        "cancelInvoice",
        "POST",
        &format!("{}/cancel", path(&paid)),
        none(),
    )
    .await;
    assert_eq!(status, StatusCode::CONFLICT);
    // Expired, and renewed by the buyer.
    node.advance(std::time::Duration::from_secs(100));
    let public = format!("/check_invoice/{}", text(&any, "label"));
    shop.server
        .json_until(&public, |invoice| invoice["status"] == "expired")
        .await;
    let renewal = shop
        .server
        .request(Method::POST, &format!("{public}/renew"));
    let renewal = Page::read(renewal.send().await).await;
    assert_eq!(renewal.status, StatusCode::SEE_OTHER);
    let taken_back = json!({ "amount_sat": 1 });
    let (_, back) = check("createInvoice", "POST", "/api/v1/invoices", taken_back).await;
    let (status, _) = check(
        "cancelInvoice",
        "POST",
        &format!("{}/cancel", path(&back)),
        none(),
    )
    .await;
    assert_eq!(status, StatusCode::OK);
    for invoice in [&any, &paid, &back] {
        let (_, read) = check("readInvoice", "GET", &path(invoice), none()).await;
        for name in [
            "renewed_by",
            "renewal_of",
            "cancelled_at",
            "paid_at",
            "stale_since",
        ] {
            assert!(read.get(name).is_some(), "{name} is absent in {read}");
        }
    }
    let (_, list) = check("listInvoices", "GET", "/api/v1/invoices", none()).await;
    assert_eq!(list["invoices"].as_array().map(Vec::len), Some(4));
    let (_, log) = check("listEvents", "GET", "/api/v1/events", none()).await;
    let log = log["events"].as_array().expect("a list").clone();
    let kinds: BTreeSet<_> = log.iter().map(|event| text(event, "type")).collect();
    assert_eq!(kinds.len(), 5, "each kind: {kinds:?}");
    for event in &log {
        let timestamp: jiff::Timestamp = text(event, "timestamp").parse().expect("RFC 3339");
        // For one release more.
        assert_eq!(event["time"], timestamp.as_second());
        assert_eq!(event["invoice"], event["data"]["invoice"]);
    }
    // Streams have the same.
    let stream = shop.call(Method::GET, "/api/v1/events/stream").send().await;
    let last = log.last().expect("an event")["sequence"].to_string();
    let streamed = told(stream.expect("an answer"), &format!("id: {last}\n")).await;
    let operation = document.operation("streamEvents");
    let schema = &operation["responses"]["200"]["content"]["text/event-stream"]["schema"];
    assert_eq!(document.resolved(schema)["type"], "object");
    let data = &document.resolved(schema)["properties"]["data"];
    assert_eq!(data["contentMediaType"], "application/json");
    let mut seen = Vec::new();
    for part in streamed.split("\n\n").filter(|part| part.contains("data:")) {
        let fields = part.lines().filter_map(|line| line.split_once(": "));
        let event: Value = fields
            .map(|(name, value)| match name {
                "retry" => (
                    name.to_owned(),
                    value.parse::<u64>().expect("a number").into(),
                ),
                _ => (name.to_owned(), Value::from(value)),
            })
            .collect::<serde_json::Map<_, _>>()
            .into();
        document.valid(schema, &event);
        let told: Value = serde_json::from_str(text(&event, "data")).expect("JSON");
        document.valid(&data["contentSchema"], &told);
        seen.push(told);
    }
    assert_eq!(seen, log);
    // So do webhooks, all of them and a test.
    check("testWebhook", "POST", &format!("{hook}/test"), none()).await;
    let received = receiver.wait_for(log.len() + 1).await;
    let messages = document.0["webhooks"].as_object().expect("an object");
    // Every kind of event, and the test.
    assert_eq!(messages.len(), 17);
    for received in &received {
        let told = received.json();
        let message = &messages[text(&told, "type")]["post"];
        let schema = &message["requestBody"]["content"]["application/json"]["schema"];
        document.valid(schema, &told);
        for parameter in message["parameters"].as_array().expect("a list") {
            if parameter["required"] == false {
                continue;
            }
            let value = json!(received.header(text(parameter, "name")));
            document.valid(&parameter["schema"], &value);
        }
        let event = log
            .iter()
            .find(|event| event["sequence"] == told["sequence"]);
        match event {
            Some(event) => {
                for name in ["type", "timestamp", "data"] {
                    assert_eq!(told[name], event[name], "{name}");
                }
            }
            None => assert_eq!(
                (&told["type"], &told["sequence"], &told["data"]),
                (
                    &json!("webhook.test"),
                    &Value::Null,
                    &json!({ "invoice": null, "payout": null })
                )
            ),
        }
    }
    // The rest of the routes.
    check("listWebhooks", "GET", "/api/v1/webhooks", none()).await;
    check("readWebhook", "GET", &hook, none()).await;
    check(
        "readWebhookSecret",
        "GET",
        &format!("{hook}/secret"),
        none(),
    )
    .await;
    check(
        "rotateWebhookSecret",
        "POST",
        &format!("{hook}/secret/rotate"),
        none(),
    )
    .await;
    let (_, deliveries) = check(
        "listDeliveries",
        "GET",
        &format!("{hook}/deliveries"),
        none(),
    )
    .await;
    let delivery = text(&deliveries["deliveries"][0], "id").to_owned();
    let delivery = format!("/api/v1/deliveries/{delivery}");
    check("readDelivery", "GET", &delivery, none()).await;
    check(
        "redeliver",
        "POST",
        &format!("{delivery}/redeliver"),
        none(),
    )
    .await;
    check(
        "redeliverAfter",
        "POST",
        &format!("{hook}/redeliver?after=0"),
        none(),
    )
    .await;
    check("readNode", "GET", "/api/v1/node", none()).await;
    for string in [
        OFFER,
        "me@shop.example",
        "bitcoin:?lno=",
        text(&any, "bolt11"),
    ] {
        let body = json!({ "string": string });
        check("decode", "POST", "/api/v1/decode", body).await;
    }
    let off = json!({ "state": "disabled", "types": ["invoice.renewed"] });
    check("changeWebhook", "PATCH", &hook, off).await;
    check("testWebhook", "POST", &format!("{hook}/test"), none()).await;
    for (name, path) in [
        ("readInvoice", format!("/api/v1/invoices/{LABEL}")),
        ("readWebhook", format!("/api/v1/webhooks/{WEBHOOK}")),
        ("readDelivery", "/api/v1/deliveries/x".to_owned()),
    ] {
        let (status, _) = check(name, "GET", &path, none()).await;
        assert_eq!(status, StatusCode::NOT_FOUND);
    }
    let gone = shop.call(Method::DELETE, &hook).send().await;
    let gone = gone.expect("an answer").status();
    assert!(!document.operation("deleteWebhook")["responses"][gone.as_str()].is_null());
}

/// What is absent is `null`: no member of an answer is ever missing.
#[tokio::test]
async fn every_member_of_every_answer_is_required() {
    let shop = Shop::open().await;
    let document = Document::of(&shop.server).await;
    let sent: BTreeSet<_> = [
        "NewInvoice",
        "NewPayout",
        "NewVouchers",
        "NewFile",
        "NewItem",
        "NewLink",
        "NewOffer",
        "NewWebhook",
        "PayoutApproval",
        "PayoutBegin",
        "PayoutOutcome",
        "Settle",
        "WebhookChange",
    ]
    .into();
    let schemas = document.0["components"]["schemas"].as_object();
    let mut checked = 0;
    for (name, schema) in schemas.expect("schemas") {
        if sent.contains(name.as_str()) {
            continue;
        }
        let mut parts = vec![schema];
        while let Some(part) = parts.pop() {
            parts.extend(part["allOf"].as_array().into_iter().flatten());
            let properties = part["properties"].as_object().into_iter().flatten();
            for (member, inner) in properties {
                let required = part["required"].as_array().into_iter().flatten();
                let required = required.into_iter().any(|one| one == member);
                assert!(required, "{name}.{member} can be absent");
                parts.push(inner);
                checked += 1;
            }
        }
    }
    assert!(checked > 50, "{checked}");
}

#[tokio::test]
async fn each_route_lists_the_codes_that_it_can_give_and_no_others() {
    let shop = shop().await;
    let document = Document::of(&shop.server).await;
    let (_, hook) = shop
        .post(
            "/api/v1/webhooks",
            &json!({ "url": "https://shop.example/" }),
        )
        .await;
    let hook = format!("/api/v1/webhooks/{}", text(&hook, "id"));
    let invoice = shop.create(&json!({ "amount_sat": 1 })).await;
    let invoice = format!("/api/v1/invoices/{}", text(&invoice, "label"));
    let long = |length: usize| "x".repeat(length);
    let invoices = "/api/v1/invoices";
    let provoked = [
        (
            "createInvoice",
            "POST",
            invoices,
            r#"{"amount_mast":1}"#.to_owned(),
            "body_invalid",
        ),
        (
            "createInvoice",
            "POST",
            invoices,
            "{}".to_owned(),
            "amount_missing",
        ),
        (
            "createInvoice",
            "POST",
            invoices,
            r#"{"amount_sat":1,"amount_msat":1}"#.to_owned(),
            "amount_ambiguous",
        ),
        (
            "createInvoice",
            "POST",
            invoices,
            r#"{"amount":"1"}"#.to_owned(),
            "currency_missing",
        ),
        (
            "createInvoice",
            "POST",
            invoices,
            r#"{"currency":"XYZ","amount":"1"}"#.to_owned(),
            "currency_unknown",
        ),
        (
            "createInvoice",
            "POST",
            invoices,
            r#"{"currency":"EUR","amount":"1.505"}"#.to_owned(),
            "amount_invalid",
        ),
        (
            "createInvoice",
            "POST",
            invoices,
            r#"{"amount_sat":1,"tip":"1"}"#.to_owned(),
            "price_missing",
        ),
        (
            "createInvoice",
            "POST",
            invoices,
            r#"{"currency":"EUR","amount":"1","tax":[{"rate":"101","net":"1","tax":"0"}]}"#.to_owned(),
            "tax_invalid",
        ),
        (
            "createInvoice",
            "POST",
            invoices,
            r#"{"currency":"EUR","amount":"1","tax":[{"rate":"0","net":"2","tax":"0"}]}"#.to_owned(),
            "tax_sum",
        ),
        (
            "createInvoice",
            "POST",
            invoices,
            r#"{"currency":"EUR","amount":"1","tip":"2"}"#.to_owned(),
            "tip_invalid",
        ),
        (
            "createInvoice",
            "POST",
            invoices,
            r#"{"currency":"EUR","amount":"1","discount":"0"}"#.to_owned(),
            "discount_invalid",
        ),
        (
            "createInvoice",
            "POST",
            invoices,
            r#"{"amount_sat":0}"#.to_owned(),
            "amount_too_small",
        ),
        (
            "createInvoice",
            "POST",
            invoices,
            r#"{"amount_sat":1e30}"#.to_owned(),
            "amount_too_large",
        ),
        (
            "createInvoice",
            "POST",
            invoices,
            r#"{"amount_sat":1,"description":"\n"}"#.to_owned(),
            "description_invalid",
        ),
        (
            "createInvoice",
            "POST",
            invoices,
            r#"{"amount_sat":1,"expiry":0}"#.to_owned(),
            "expiry_invalid",
        ),
        (
            "createInvoice",
            "POST",
            invoices,
            r#"{"amount_sat":1,"order_id":""}"#.to_owned(),
            "order_id_invalid",
        ),
        (
            "createInvoice",
            "POST",
            invoices,
            json!({ "amount_sat": 1, "metadata": long(17_000) }).to_string(),
            "metadata_too_large",
        ),
        (
            "createInvoice",
            "POST",
            invoices,
            r#"{"amount_sat":1,"redirect_url":"x"}"#.to_owned(),
            "redirect_url_invalid",
        ),
        (
            "createInvoice",
            "POST",
            invoices,
            r#"{"amount_sat":1,"webhook":"x"}"#.to_owned(),
            "webhook_url_invalid",
        ),
        (
            "createInvoice",
            "POST",
            invoices,
            r#"{"amount_sat":1,"hold":true,"payment_hash":"x"}"#.to_owned(),
            "payment_hash_invalid",
        ),
        (
            "createInvoice",
            "POST",
            invoices,
            json!({ "amount_sat": 1, "hold": true, "payment_hash": "0a".repeat(32) }).to_string(),
            "payment_hash_unavailable",
        ),
        (
            "settleInvoice",
            "POST",
            &format!("{invoice}/settle"),
            r#"{"preimage":1}"#.to_owned(),
            "body_invalid",
        ),
        (
            "settleInvoice",
            "POST",
            &format!("{invoice}/settle"),
            r#"{"preimage":"x"}"#.to_owned(),
            "preimage_invalid",
        ),
        (
            "listInvoices",
            "GET",
            "/api/v1/invoices?limit=0",
            String::new(),
            "query_invalid",
        ),
        (
            "waitForInvoice",
            "GET",
            &format!("{invoice}/wait?timeout=0"),
            String::new(),
            "timeout_invalid",
        ),
        (
            "waitForInvoice",
            "GET",
            &format!("{invoice}/wait?x=0"),
            String::new(),
            "query_invalid",
        ),
        (
            "listEvents",
            "GET",
            "/api/v1/events?types=x",
            String::new(),
            "query_invalid",
        ),
        (
            "streamEvents",
            "GET",
            "/api/v1/events/stream?after=x",
            String::new(),
            "query_invalid",
        ),
        (
            "createWebhook",
            "POST",
            "/api/v1/webhooks",
            "{}".to_owned(),
            "body_invalid",
        ),
        (
            "createWebhook",
            "POST",
            "/api/v1/webhooks",
            r#"{"url":"x"}"#.to_owned(),
            "webhook_url_invalid",
        ),
        (
            "createWebhook",
            "POST",
            "/api/v1/webhooks",
            r#"{"url":"http://abcdefghijklmnopqrstuvwxyz234567abcdefghijklmnopqrstuvwx.onion/"}"#.to_owned(),
            "webhook_url_refused",
        ),
        (
            "createInvoice",
            "POST",
            invoices,
            r#"{"amount_sat":1,"webhook":"http://abcdefghijklmnopqrstuvwxyz234567abcdefghijklmnopqrstuvwx.onion/"}"#.to_owned(),
            "webhook_url_refused",
        ),
        (
            "changeWebhook",
            "PATCH",
            &hook,
            r#"{"url":"http://abcdefghijklmnopqrstuvwxyz234567abcdefghijklmnopqrstuvwx.onion/"}"#.to_owned(),
            "webhook_url_refused",
        ),
        (
            "changeWebhook",
            "PATCH",
            &hook,
            r#"{"state":1}"#.to_owned(),
            "body_invalid",
        ),
        (
            "changeWebhook",
            "PATCH",
            &hook,
            r#"{"url":"x"}"#.to_owned(),
            "webhook_url_invalid",
        ),
        (
            "listDeliveries",
            "GET",
            &format!("{hook}/deliveries?cursor=x"),
            String::new(),
            "query_invalid",
        ),
        (
            "redeliverAfter",
            "POST",
            &format!("{hook}/redeliver"),
            String::new(),
            "query_invalid",
        ),
        (
            "decode",
            "POST",
            "/api/v1/decode",
            r#"{"string":1}"#.to_owned(),
            "body_invalid",
        ),
        (
            "decode",
            "POST",
            "/api/v1/decode",
            r#"{"string":"x"}"#.to_owned(),
            "string_invalid",
        ),
    ];
    let mut seen: BTreeSet<(String, String)> = BTreeSet::new();
    for (name, method, path, body, code) in provoked {
        let (status, error) = send(&shop, method, path, &body).await;
        assert_eq!(
            status,
            StatusCode::UNPROCESSABLE_ENTITY,
            "{name} {body}: {error}"
        );
        assert_eq!(error["error"]["code"], code, "{name} {body}: {error}");
        document.check(name, status, &error);
        seen.insert((name.to_owned(), code.to_owned()));
    }
    let keyed = shop
        .call(Method::POST, invoices)
        .header("idempotency-key", "a b");
    let (_, error) = answer(keyed.json(&json!({ "amount_sat": 1 })).send().await).await;
    assert_eq!(error["error"]["code"], "idempotency_key_invalid");
    seen.insert((
        "createInvoice".to_owned(),
        "idempotency_key_invalid".to_owned(),
    ));
    // Only where the node holds payments for any hash.
    seen.insert(("settleInvoice".to_owned(), "preimage_required".to_owned()));
    seen.insert(("createInvoice".to_owned(), "payment_hash_used".to_owned()));
    // Nothing is listed that was not seen.
    let mut listed = BTreeSet::new();
    for methods in document.0["paths"].as_object().expect("paths").values() {
        for operation in methods.as_object().expect("methods").values() {
            // Those of payouts, vouchers, items, links and offers are seen in `payouts/document.rs`, `refunds/document.rs`,
            // `reveal/items.rs`, `links/api.rs` and `offers.rs`.
            if ["Payouts", "Vouchers", "Items", "Links", "Offers"]
                .map(|tag| json!([tag]))
                .contains(&operation["tags"])
            {
                continue;
            }
            let name = text(operation, "operationId");
            for code in document.codes(operation) {
                listed.insert((name.to_owned(), code));
            }
            let has = operation["responses"].get("422").is_some();
            assert_eq!(has, !document.codes(operation).is_empty(), "{name}");
        }
    }
    // The two that take the same of another route are there, too.
    assert_eq!(listed, seen);
}

#[tokio::test]
async fn what_is_wrong_is_said_in_our_own_words() {
    let shop = shop().await;
    let (_, hook) = shop
        .post(
            "/api/v1/webhooks",
            &json!({ "url": "https://shop.example/" }),
        )
        .await;
    let hook = format!("/api/v1/webhooks/{}", text(&hook, "id"));
    let long = format!(r#"{{"{}":1}}"#, "x".repeat(5000));
    let invoices = "/api/v1/invoices";
    let amount = "must be a whole number from 1 to 1000000000000000000 or \"any\"";
    let no_long = "Unknown field xxxx";
    for (method, path, body, field, words) in [
        (
            "POST",
            invoices,
            r#"{"amount_msat":"x"}"#,
            "amount_msat",
            amount,
        ),
        (
            "POST",
            invoices,
            r#"{"amount_msat":null}"#,
            "amount_msat",
            amount,
        ),
        (
            "POST",
            invoices,
            r#"{"amount_msat":-1}"#,
            "amount_msat",
            amount,
        ),
        (
            "POST",
            invoices,
            r#"{"amount_msat":1.5}"#,
            "amount_msat",
            amount,
        ),
        (
            "POST",
            invoices,
            r#"{"amount_msat":[1]}"#,
            "amount_msat",
            amount,
        ),
        (
            "POST",
            invoices,
            r#"{"amount_sat":"5"}"#,
            "amount_sat",
            "a whole number from 1 to 1000000000000000.",
        ),
        (
            "POST",
            invoices,
            r#"{"amount_sat":1,"expiry":1.5}"#,
            "expiry",
            "a whole number from 1 to 31536000.",
        ),
        (
            "POST",
            invoices,
            r#"{"amount_sat":1,"expiry":true}"#,
            "expiry",
            "a whole number from 1 to 31536000.",
        ),
        (
            "POST",
            invoices,
            r#"{"amount_sat":1,"description":7}"#,
            "description",
            "a string of at most 639 characters.",
        ),
        (
            "POST",
            invoices,
            r#"{"amount_sat":1,"description":null}"#,
            "description",
            "a string of at most 639 characters.",
        ),
        (
            "POST",
            invoices,
            r#"{"amount_sat":1,"order_id":7}"#,
            "order_id",
            "a string of 1 to 255 characters.",
        ),
        (
            "POST",
            invoices,
            r#"{"amount_sat":1,"redirect_url":{}}"#,
            "redirect_url",
            "a string of at most 2048 characters.",
        ),
        (
            "POST",
            invoices,
            r#"{"amount_sat":1,"amount_mast":1}"#,
            "amount_mast",
            "Unknown field amount_mast. The fields are: ",
        ),
        (
            "POST",
            invoices,
            r#"{"amount_sat":1,"amount_sat":2}"#,
            "amount_sat",
            "The field amount_sat was sent more than once.",
        ),
        (
            "POST",
            invoices,
            r#"{"a`b":1}"#,
            "a`b",
            "Unknown field a`b.",
        ),
        ("POST", invoices, &long, &"x".repeat(40), no_long),
        (
            "POST",
            invoices,
            "[]",
            ".",
            "The body must be a JSON object.",
        ),
        (
            "POST",
            "/api/v1/webhooks",
            "{}",
            "url",
            "The field url is missing.",
        ),
        (
            "POST",
            "/api/v1/webhooks",
            r#"{"url":7}"#,
            "url",
            "The field url must be a string of at most 2048 characters.",
        ),
        (
            "PATCH",
            &hook,
            r#"{"state":"gone"}"#,
            "state",
            "must be one of \"enabled\", \"disabled\".",
        ),
        (
            "PATCH",
            &hook,
            r#"{"state":null}"#,
            "state",
            "must be one of \"enabled\", \"disabled\".",
        ),
        (
            "PATCH",
            &hook,
            r#"{"types":7}"#,
            "types",
            "must be an array, and each item one of \"invoice.created\", ",
        ),
        (
            "PATCH",
            &hook,
            r#"{"types":["x"]}"#,
            "types[0]",
            "must be one of \"invoice.created\", ",
        ),
        (
            "GET",
            "/api/v1/invoices?limit=x",
            "",
            "limit",
            "The parameter limit must be a whole number from 1 to 100.",
        ),
        (
            "GET",
            "/api/v1/invoices?limit=101",
            "",
            "limit",
            "The parameter limit must be a whole number from 1 to 100.",
        ),
        (
            "GET",
            "/api/v1/invoices?limit=1&limit=2",
            "",
            "limit",
            "The parameter limit was sent more than once.",
        ),
        (
            "GET",
            "/api/v1/invoices?status=open",
            "",
            "status",
            "must be one of \"unpaid\", \"accepted\", \"paid\", \"expired\", \"cancelled\".",
        ),
        (
            "GET",
            "/api/v1/invoices?created_after=now",
            "",
            "created_after",
            "must be a whole number from 0 to 253402207200.",
        ),
        (
            "GET",
            "/api/v1/invoices?x=1",
            "",
            "x",
            "Unknown parameter x. The parameters are: status, ",
        ),
        (
            "GET",
            "/api/v1/events?after=-1",
            "",
            "after",
            "must be a whole number from 0 to 9223372036854775807.",
        ),
        (
            "POST",
            &format!("{hook}/redeliver"),
            "",
            "after",
            "The parameter after is missing.",
        ),
        (
            "GET",
            &format!("/api/v1/invoices/{LABEL}/wait?timeout=x"),
            "",
            "timeout",
            "must be a whole number from 1 to 60.",
        ),
        (
            "GET",
            &format!("/api/v1/invoices/{LABEL}/wait?follow=x"),
            "",
            "follow",
            "must be true or false.",
        ),
        (
            "GET",
            &format!("/check_invoice/{LABEL}/wait?timeout=x"),
            "",
            "timeout",
            "must be a whole number from 1 to 60.",
        ),
    ] {
        let (status, error) = send(&shop, method, path, body).await;
        assert_eq!(
            status,
            StatusCode::UNPROCESSABLE_ENTITY,
            "{path} {body}: {error}"
        );
        assert_eq!(error["error"]["field"], field, "{path} {body}: {error}");
        let message = text(&error["error"], "message");
        assert!(message.contains(words), "{body}: {message}");
        for foreign in [
            "expected",
            "invalid type",
            "invalid value",
            "u64",
            "u32",
            "integer",
            " line ",
            "column",
            "variant",
        ] {
            assert!(!message.contains(foreign), "{body}: {message}");
        }
    }
    let (_, error) = shop.get("/api/v1/invoices/x").await;
    assert_eq!(error["error"]["field"], Value::Null, "there, and null");
}

#[tokio::test]
async fn the_document_says_where_the_api_is() {
    let shop = Shop::open().await;
    let Document(document) = Document::of(&shop.server).await;
    assert_eq!(document["servers"], json!([{ "url": shop.server.origin }]));
    let shop = Shop::with(&[("SERVER__PUBLIC_URL", "https://shop.example")]).await;
    let Document(document) = Document::of(&shop.server).await;
    assert_eq!(
        document["servers"],
        json!([{ "url": "https://shop.example" }])
    );
}

#[tokio::test]
async fn the_names_of_events_are_the_same_everywhere() {
    use facture_domain::EventKind;
    let shop = Shop::open().await;
    let document = Document::of(&shop.server).await;
    let all = EventKind::ALL.map(EventKind::as_str);
    for name in ["listEvents", "streamEvents"] {
        let parameters = document.operation(name)["parameters"].as_array();
        let types = parameters.expect("a list").iter();
        let types = types.into_iter().find(|one| one["name"] == "types");
        let schema = &types.expect("a parameter")["schema"];
        document.valid(schema, &json!(all.join(",")));
        let validator = document.validator(schema);
        for other in ["", "invoice.eaten", "invoice.paid,"] {
            assert!(!validator.is_valid(&json!(other)), "{other:?}");
        }
        for kind in all {
            let path = format!("/api/v1/events?types={kind}");
            assert_eq!(shop.get(&path).await.0, StatusCode::OK, "{kind}");
        }
    }
    let schemas = &document.0["components"]["schemas"];
    assert_eq!(schemas["EventType"]["enum"], json!(all));
    assert_eq!(schemas["Event"]["properties"]["type"]["enum"], json!(all));
    for old in ["time", "invoice"] {
        assert_eq!(
            schemas["Event"]["properties"][old]["deprecated"], true,
            "{old}"
        );
    }
    let hook = json!({ "url": "https://shop.example/", "types": all });
    let (status, hook) = shop.post("/api/v1/webhooks", &hook).await;
    assert_eq!((status, &hook["types"]), (StatusCode::CREATED, &json!(all)));
}

#[tokio::test]
async fn whole_numbers_are_whole_however_they_are_written() {
    let shop = Shop::open().await;
    for (body, msat, lasts) in [
        (r#"{"amount_msat":1000.0,"expiry":600.0}"#, json!(1000), 600),
        (r#"{"amount_msat":1e3,"expiry":6e2}"#, json!(1000), 600),
        (r#"{"amount_sat":1.000,"expiry":6000e-1}"#, json!(1000), 600),
        (
            r#"{"amount_msat":9007199254740993.0,"expiry":600}"#,
            json!(9_007_199_254_740_993_u64),
            600,
        ),
        (
            r#"{"amount_msat":1000000000000000000.0,"expiry":600}"#,
            json!(1_000_000_000_000_000_000_u64),
            600,
        ),
        (r#"{"amount_msat":"any","expiry":600}"#, json!("any"), 600),
        (r#"{"amount_msat":"any","expiry":null}"#, json!("any"), 3600),
    ] {
        let (status, made) = send(&shop, "POST", "/api/v1/invoices", body).await;
        assert_eq!(status, StatusCode::CREATED, "{body}: {made}");
        assert_eq!(made["amount_msat"], msat, "{body}");
        let time = |name: &str| made[name].as_i64().expect("a time");
        assert_eq!(time("expires_at") - time("created_at"), lasts, "{body}");
        let public = format!("/check_invoice/{}", text(&made, "label"));
        assert_eq!(shop.server.json(&public).await.1["amount_msat"], msat);
    }
    for body in [
        r#"{"amount_msat":1000.5}"#,
        r#"{"amount_msat":1e-3}"#,
        r#"{"amount_msat":1.0000000000000000000000000000000000001}"#,
        r#"{"amount_msat":1e99999999999999999999999}"#,
        r#"{"amount_msat":-0.0}"#,
        r#"{"amount_msat":"ANY"}"#,
        r#"{"amount_msat":"1000.0"}"#,
    ] {
        let (status, error) = send(&shop, "POST", "/api/v1/invoices", body).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{body}");
        assert_eq!(error["error"]["field"], "amount_msat", "{body}");
    }
}

#[tokio::test]
async fn streams_pass_every_proxy_and_reader() {
    let shop = Shop::open().await;
    let invoice = shop.create(&json!({ "amount_sat": 1 })).await;
    let public = format!("/check_invoice/{}/events", text(&invoice, "label"));
    let charge = shop.server.request(Method::GET, "/payment-stream");
    for (name, request) in [
        ("api", shop.call(Method::GET, "/api/v1/events/stream")),
        ("page", shop.server.request(Method::GET, &public)),
        ("charge", charge.basic_auth("api-token", Some(super::TOKEN))),
    ] {
        let response = request.header("accept-encoding", "gzip").send().await;
        let response = response.expect("an answer");
        assert_eq!(response.status(), StatusCode::OK, "{name}");
        for (header, value) in [
            ("content-type", "text/event-stream; charset=utf-8"),
            ("x-accel-buffering", "no"),
            ("cache-control", "no-cache"),
        ] {
            assert_eq!(response.headers()[header], value, "{name}");
        }
        assert!(
            response.headers().get("content-encoding").is_none(),
            "{name}"
        );
    }
}
