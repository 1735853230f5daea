//! Offers: what is paid by one is a sale, stored once it is paid and not before, whatever becomes of our records.

mod pages;

use std::{collections::BTreeSet, fs, path::Path};

use cln_rpc::ClnRpc;
use facture::web::Mode;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::{
    api::shapes::Document,
    harness::json as answer,
    lnd::world::Lnd,
    payouts::{Merchant, issue},
};

const OFFERS: &str = "/api/v1/offers";

struct Shop {
    merchant: Merchant,
    token: String,
}

impl Shop {
    async fn open() -> Self {
        let merchant = Merchant::open().await;
        let token = issue(&merchant.records, "invoices:create invoices:read").await;
        Self { merchant, token }
    }

    async fn post(&self, path: &str, body: &Value) -> (StatusCode, Value) {
        self.merchant.post(&self.token, path, body).await
    }

    async fn get(&self, path: &str) -> Value {
        let (status, found) = self.merchant.get(&self.token, path).await;
        assert_eq!(status, StatusCode::OK, "{found}");
        found
    }

    async fn offer(&self, description: &str) -> Value {
        let body = json!({ "amount_msat": "any", "description": description });
        let (status, offer) = self.post(OFFERS, &body).await;
        assert_eq!(status, StatusCode::CREATED, "{offer}");
        offer
    }

    /// What somebody asks the node itself.
    async fn call(&self, method: &str, params: Value) -> Result<Value, cln_rpc::RpcError> {
        let node = &self.merchant.sandbox.node;
        let mut rpc = ClnRpc::new(node.rpc_file()).await.unwrap();
        rpc.call_raw(method, &params).await
    }

    /// An invoice that somebody asks an offer for.
    async fn ask(&self, offer: &Value, amount_msat: u64, note: &str) -> String {
        let params =
            json!({ "offer": offer["bolt12"], "amount_msat": amount_msat, "payer_note": note });
        let fetched = self.call("fetchinvoice", params).await.unwrap();
        fetched["invoice"].as_str().unwrap().to_owned()
    }

    async fn buy(&self, offer: &Value, amount_msat: u64, note: &str) {
        let invoice = self.ask(offer, amount_msat, note).await;
        self.merchant.sandbox.node.pay(&invoice, None).unwrap();
    }

    /// The payments of an offer, the newest first.
    async fn paid(&self, offer: &Value) -> Vec<Value> {
        let id = offer["offer_id"].as_str().unwrap();
        let listed = self.get(&format!("/api/v1/invoices?offer_id={id}")).await;
        assert_eq!(listed["stale_since"], Value::Null);
        listed["invoices"].as_array().unwrap().clone()
    }

    /// The events about an invoice.
    async fn events(&self, label: &Value) -> Vec<String> {
        let listed = self.get("/api/v1/events?limit=100").await;
        let events = listed["events"].as_array().unwrap().iter();
        let about = events.filter(|event| event["data"]["invoice"]["label"] == *label);
        about
            .map(|event| event["type"].as_str().unwrap().to_owned())
            .collect()
    }

    async fn restart(self, between: impl FnOnce(&Path)) -> Self {
        let merchant = self.merchant.restart(between).await;
        let token = issue(&merchant.records, "invoices:create invoices:read").await;
        Self { merchant, token }
    }
}

fn labels(payments: &[Value]) -> BTreeSet<String> {
    let labels = payments.iter().map(|paid| paid["label"].as_str().unwrap());
    labels.map(str::to_owned).collect()
}

#[tokio::test]
async fn each_payment_of_an_offer_is_a_sale_with_its_note_events_and_page() {
    let shop = Shop::open().await;
    let offer = shop.offer("a gift").await;
    assert_eq!(
        (&offer["status"], &offer["amount_msat"]),
        (&json!("active"), &json!("any"))
    );
    for (amount_msat, note) in [(5_000, "for table 7"), (7_000, "again")] {
        shop.buy(&offer, amount_msat, note).await;
    }
    let payments = shop.paid(&offer).await;
    let seen: BTreeSet<_> = payments
        .iter()
        .map(|paid| {
            assert_eq!(paid["status"], "paid");
            assert_eq!(paid["bolt11"], Value::Null);
            assert_eq!(paid["description"], "a gift");
            assert_eq!(paid["offer"]["offer_id"], offer["offer_id"]);
            (
                paid["amount_received_msat"].as_u64().unwrap(),
                paid["offer"]["payer_note"].as_str().unwrap().to_owned(),
            )
        })
        .collect();
    let all = [
        (5_000, "for table 7".to_owned()),
        (7_000, "again".to_owned()),
    ];
    assert_eq!(seen, BTreeSet::from(all));
    assert_eq!(labels(&payments).len(), 2);
    for paid in &payments {
        let label = paid["label"].as_str().unwrap();
        assert_eq!(
            shop.events(&paid["label"]).await,
            ["invoice.created", "invoice.paid"]
        );
        let read = shop.get(&format!("/api/v1/invoices/{label}")).await;
        assert_eq!(read["payment_hash"], paid["payment_hash"]);
        let page = shop
            .merchant
            .server
            .request(Method::GET, &format!("/check_invoice/{label}"));
        let page = page.header("accept", "text/html").send().await.unwrap();
        assert_eq!(page.status(), StatusCode::OK);
        let page = page.text().await.unwrap();
        assert!(page.contains("state paid"), "{page}");
    }
}

#[tokio::test]
async fn what_nobody_paid_is_not_stored_and_disabling_ends_it_without_a_word() {
    let shop = Shop::open().await;
    let offer = shop.offer("a gift").await;
    let mut asked = Vec::new();
    for number in 0..20 {
        asked.push(shop.ask(&offer, 1_000, &format!("{number}")).await);
    }
    shop.buy(&offer, 2_000, "paid").await;
    assert_eq!(shop.paid(&offer).await.len(), 1);
    let all = shop.get("/api/v1/invoices").await;
    assert_eq!(all["invoices"].as_array().unwrap().len(), 1);

    let id = offer["offer_id"].as_str().unwrap();
    let index = json!({ "subsystem": "invoices", "indexname": "updated", "nextvalue": 0 });
    let before = shop.call("wait", index.clone()).await.unwrap();
    for _ in 0..2 {
        let (status, disabled) = shop
            .post(&format!("{OFFERS}/{id}/disable"), &json!({}))
            .await;
        assert_eq!(status, StatusCode::OK, "{disabled}");
        assert_eq!(disabled["status"], "disabled");
    }
    assert_eq!(shop.call("wait", index).await.unwrap(), before);
    let node = &shop.merchant.sandbox.node;
    assert!(asked.iter().all(|invoice| node.pay(invoice, None).is_err()));
    let fetch = json!({ "offer": offer["bolt12"], "amount_msat": 1_000 });
    assert_eq!(
        shop.call("fetchinvoice", fetch).await.unwrap_err().code,
        Some(1004)
    );
    let listed = shop.call("listinvoices", json!({ "offer_id": id })).await;
    assert_eq!(listed.unwrap()["invoices"].as_array().unwrap().len(), 21);

    let shop = shop.restart(|_| {}).await;
    assert_eq!(shop.paid(&offer).await.len(), 1);
    assert_eq!(
        shop.get(&format!("{OFFERS}/{id}")).await["status"],
        "disabled"
    );
    // The same again would be the same offer.
    let body = json!({ "amount_msat": "any", "description": "a gift" });
    let (status, refused) = shop.post(OFFERS, &body).await;
    assert_eq!(status, StatusCode::CONFLICT);
    assert_eq!(refused["error"]["code"], "offer_disabled");
}

#[tokio::test]
async fn a_payment_is_neither_lost_nor_shown_twice_when_we_were_down_or_lost_our_records() {
    let shop = Shop::open().await;
    let offer = shop.offer("a gift").await;
    shop.buy(&offer, 1_000, "before").await;
    let first = shop.paid(&offer).await;
    let late = shop.ask(&offer, 2_000, "while down").await;
    let node = shop.merchant.sandbox.node.clone();
    let shop = shop
        .restart(move |_| drop(node.pay(&late, None).unwrap()))
        .await;
    let both = shop.paid(&offer).await;
    assert_eq!(both.len(), 2);
    assert!(labels(&both).is_superset(&labels(&first)));

    // All but the label key is lost.
    let shop = shop
        .restart(|records| {
            for entry in fs::read_dir(records).unwrap() {
                let path = entry.unwrap().path();
                let name = path.file_name().unwrap().to_str().unwrap();
                if name.starts_with("facture.db") {
                    fs::remove_file(path).unwrap();
                }
            }
        })
        .await;
    let rebuilt = shop.paid(&offer).await;
    assert_eq!(labels(&rebuilt), labels(&both));
    for paid in &rebuilt {
        assert_eq!(
            shop.events(&paid["label"]).await,
            ["invoice.created", "invoice.paid"]
        );
    }
    let offers = shop.get(OFFERS).await;
    assert_eq!(offers["offers"][0]["bolt12"], offer["bolt12"]);
}

#[tokio::test]
async fn a_request_with_a_key_makes_one_offer() {
    let shop = Shop::open().await;
    let send = async |key: &str, description: &str| {
        let request = shop.merchant.request(&shop.token, Method::POST, OFFERS);
        let body =
            json!({ "amount_sat": 21, "description": description, "issuer": "shop.example" });
        let request = request.header("idempotency-key", key).json(&body);
        answer(request.send().await).await
    };
    let (status, first) = send("1", "tea").await;
    assert_eq!(status, StatusCode::CREATED, "{first}");
    assert_eq!(
        (&first["amount_msat"], &first["issuer"]),
        (&json!(21_000), &json!("shop.example"))
    );
    let (status, again) = send("1", "tea").await;
    assert_eq!((status, &again), (StatusCode::CREATED, &first));
    let (status, other) = send("1", "coffee").await;
    assert_eq!(status, StatusCode::CONFLICT);
    assert_eq!(other["error"]["code"], "idempotency_key_reused");
    assert_eq!(shop.merchant.sandbox.node.calls("offer"), 1);
}

#[tokio::test]
async fn offers_of_other_programs_are_none_of_our_business() {
    let shop = Shop::open().await;
    let theirs = json!({ "amount": "any", "description": "theirs" });
    let theirs = shop.call("offer", theirs).await.unwrap();
    shop.buy(&theirs, 1_000, "not for us").await;
    shop.buy(&theirs, 2_000, "not for us").await;
    assert!(shop.paid(&theirs).await.is_empty());
    assert!(
        shop.get(OFFERS).await["offers"]
            .as_array()
            .unwrap()
            .is_empty()
    );
    let id = theirs["offer_id"].as_str().unwrap();
    let (status, _) = shop
        .post(&format!("{OFFERS}/{id}/disable"), &json!({}))
        .await;
    assert_eq!(status, StatusCode::NOT_FOUND);
    let body = json!({ "amount_msat": "any", "description": "theirs" });
    let (status, refused) = shop.post(OFFERS, &body).await;
    assert_eq!(status, StatusCode::CONFLICT);
    assert_eq!(refused["error"]["code"], "offer_taken");
}

#[tokio::test]
async fn bad_input_names_the_field_and_does_not_reach_the_node() {
    let shop = Shop::open().await;
    let document = Document::of(&shop.merchant.server).await;
    let tea = |amount: Value| json!({ "amount_sat": amount, "description": "tea" });
    let mut seen = BTreeSet::new();
    for (body, field, code) in [
        (
            json!({ "description": "tea" }),
            "amount_msat",
            "amount_missing",
        ),
        (
            json!({ "amount_sat": 1, "amount_msat": 1000, "description": "tea" }),
            "amount_sat",
            "amount_ambiguous",
        ),
        (tea(json!(0)), "amount_sat", "amount_too_small"),
        (
            tea(json!(1_000_000_000_000_001_u64)),
            "amount_sat",
            "amount_too_large",
        ),
        (tea(json!("a lot")), "amount_sat", "body_invalid"),
        (
            json!({ "amount_sat": 1, "description": "" }),
            "description",
            "description_invalid",
        ),
        (
            json!({ "amount_sat": 1, "description": "a\nb" }),
            "description",
            "description_invalid",
        ),
        (
            json!({ "amount_sat": 1, "description": "tea", "issuer": "x".repeat(640) }),
            "issuer",
            "issuer_invalid",
        ),
    ] {
        let (status, refused) = shop.post(OFFERS, &body).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{refused}");
        assert_eq!(refused["error"]["code"], code, "{refused}");
        assert_eq!(refused["error"]["field"], field, "{refused}");
        document.check("createOffer", status, &refused);
        seen.insert(code.to_owned());
    }
    let keyed = shop
        .merchant
        .request(&shop.token, Method::POST, OFFERS)
        .header("idempotency-key", "a b")
        .json(&tea(json!(1)));
    let (_, refused) = answer(keyed.send().await).await;
    assert_eq!(refused["error"]["code"], "idempotency_key_invalid");
    seen.insert("idempotency_key_invalid".to_owned());
    // Nothing is listed that was not seen.
    let listed = document.codes(document.operation("createOffer"));
    assert_eq!(listed, seen);
    for id in ["x", &"0".repeat(63), &"0".repeat(64)] {
        let (status, refused) = shop
            .merchant
            .get(&shop.token, &format!("{OFFERS}/{id}"))
            .await;
        assert_eq!(status, StatusCode::NOT_FOUND, "{refused}");
        assert_eq!(refused["error"]["code"], "offer_not_found");
    }
    assert_eq!(shop.merchant.sandbox.node.calls("offer"), 0);
}

#[tokio::test]
async fn lnd_has_none() {
    let lnd = Lnd::start().await;
    let mode = Mode::Sandbox(lnd.node.clone().into());
    let merchant = Merchant::on(lnd, mode, &[]).await;
    let token = issue(&merchant.records, "invoices:create invoices:read").await;
    let body = json!({ "amount_msat": "any", "description": "a gift" });
    let made = merchant.post(&token, OFFERS, &body).await;
    let listed = merchant.get(&token, OFFERS).await;
    for (status, refused) in [made, listed] {
        assert_eq!(status, StatusCode::NOT_IMPLEMENTED, "{refused}");
        assert_eq!(refused["error"]["code"], "offers_unavailable");
    }
    let path = format!("/offer/{}", "0".repeat(64));
    let page = merchant.server.open(&path).await;
    assert_eq!(page.status, StatusCode::NOT_FOUND);
}
