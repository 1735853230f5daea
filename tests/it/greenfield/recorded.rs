//! The exchanges of the plug-ins, replayed.

use facture_domain::desk::Role;
use reqwest::{Method, StatusCode};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{
    WebShop,
    pairing::{Pairing, fields, set},
    refunds,
};
use crate::harness::Page;

const EXCHANGES: &str = include_str!("../../fixtures/greenfield/exchanges.json");

#[derive(Deserialize)]
struct Recorded {
    plug_ins: Vec<PlugIn>,
}

#[derive(Deserialize)]
struct PlugIn {
    name: String,
    /// Whether there is one, and the key may order refunds.
    #[serde(default)]
    payer: bool,
    exchanges: Vec<Exchange>,
}

#[derive(Deserialize)]
struct Exchange {
    method: String,
    path: String,
    body: Option<Value>,
    status: u16,
    reads: Vec<Read>,
    then: Option<Then>,
}

/// What happens after an exchange.
#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum Then {
    /// The buyer pays the invoice.
    Paid,
}

#[derive(Deserialize)]
struct Read {
    at: String,
    is: Option<Value>,
}

#[tokio::test]
async fn the_plug_ins_find_what_they_read() {
    let recorded: Recorded = serde_json::from_str(EXCHANGES).expect("JSON");
    for plug_in in recorded.plug_ins {
        let PlugIn {
            name, exchanges, ..
        } = plug_in;
        let shop = if plug_in.payer {
            refunds::open().await.0
        } else {
            WebShop::open().await
        };
        let (mut invoice, mut webhook) = (String::new(), String::new());
        for exchange in exchanges {
            let path = exchange.path.replace("{invoice}", &invoice);
            let path = format!("/api/v1{}", path.replace("{webhook}", &webhook));
            let method: Method = exchange.method.parse().expect("a method");
            let request = shop.call(method.clone(), &path);
            let request = match &exchange.body {
                Some(body) => request.json(body),
                None => request,
            };
            let answer = Page::read(request.send().await).await;
            let told = format!("{name}: {method} {path}: {}", answer.text);
            let expected = StatusCode::from_u16(exchange.status).expect("a status");
            assert_eq!(answer.status, expected, "{told}");
            let answer: Value = serde_json::from_str(&answer.text).unwrap_or_default();
            for Read { at, is } in exchange.reads {
                let found = answer.pointer(&at);
                assert!(found.is_some_and(|found| !found.is_null()), "{at} {told}");
                if is.is_some() {
                    assert_eq!(found, is.as_ref(), "{at} {told}");
                }
            }
            if method == Method::POST && exchange.status == 200 {
                let id = answer["id"].as_str().unwrap_or_default().to_owned();
                match path.rsplit('/').next() {
                    Some("invoices") => invoice = id,
                    Some("webhooks") => webhook = id,
                    _ => {}
                }
            }
            if let Some(Then::Paid) = exchange.then {
                let made = json!({ "id": invoice });
                shop.pay(&made, None).await;
                shop.until(&made, "Settled").await;
            }
        }
    }
}

const PAIRINGS: &str = include_str!("../../fixtures/greenfield/pairings.json");

#[derive(Deserialize)]
struct Pairings {
    plug_ins: Vec<Asked>,
}

/// How a plug-in asks for a key.
#[derive(Deserialize)]
struct Asked {
    name: String,
    path: String,
    redirect: String,
    permissions: Vec<String>,
    first: Vec<String>,
}

#[tokio::test]
async fn the_buttons_of_the_plug_ins_get_the_key_that_they_insist_on() {
    let recorded: Pairings = serde_json::from_str(PAIRINGS).expect("JSON");
    let pairing = Pairing::open_as(Role::Owner).await;
    for asked in recorded.plug_ins {
        let name = asked.name;
        let page = pairing.request(Method::GET, &asked.path).send().await;
        let page = Page::read(page).await;
        assert_eq!(page.status, StatusCode::OK, "{name}: {}", page.text);
        assert_eq!(page.text_of(".host"), "shop.example", "{name}");
        let mut form = fields(&page, "form[action='/api-keys/authorize'] input");
        set(&mut form, "shop", "tea");
        let paired = pairing.post(&form).await;
        let action = paired.attribute("form[data-continue]", "action");
        assert_eq!(action, Some(asked.redirect), "{name}: {}", paired.text);
        let sent = fields(&paired, "form[data-continue] input");
        let of = |field: &str| -> Vec<&str> {
            let named = sent.iter().filter(|(name, _)| name == field);
            named.map(|(_, value)| value.as_str()).collect()
        };
        let mut permissions = of("permissions[]");
        let of_tea = |permission: &String| format!("{permission}:tea");
        let mut expected: Vec<_> = asked.permissions.iter().map(of_tea).collect();
        permissions.sort_unstable();
        expected.sort_unstable();
        assert_eq!(permissions, expected, "{name}");
        let [key] = of("apiKey")[..] else {
            panic!("{name}: one key: {sent:?}");
        };
        for path in asked.first {
            let (status, found) = pairing.ask(key, Method::GET, &path, &json!({})).await;
            assert_eq!(status, StatusCode::OK, "{name}: {path}: {found}");
        }
    }
}
