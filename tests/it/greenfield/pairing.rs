//! A plug-in gets its key from an owner at the desk.

use facture::{app::Tokens, users::NewPassword, web::Mode};
use facture_domain::desk::{Actor, Role, UserName};
use reqwest::{Method, RequestBuilder, StatusCode, header};
use serde_json::{Value, json};

use super::WebShop;
use crate::{
    harness::{Page, Server, config, json as read},
    world::Sandbox,
};

const PATH: &str = "/api-keys/authorize";

/// As WooCommerce's plug-in asks.
const ASKED: &str = "permissions=btcpay.store.canviewinvoices&permissions=btcpay.store.cancreateinvoice\
    &permissions=btcpay.store.canviewstoresettings&permissions=btcpay.store.canmodifyinvoices\
    &permissions=btcpay.store.webhooks.canmodifywebhooks&applicationName=WooCommerce&strict=true&selectiveStores=true\
    &redirect=https%3A%2F%2Fshop.example%3Fbtcpay-settings-callback";

/// A facture with a desk, where somebody is signed in.
pub(super) struct Pairing {
    shop: WebShop,
    cookie: String,
}

impl Pairing {
    pub(super) async fn open_as(role: Role) -> Self {
        Self::open_with(role, &[]).await
    }

    async fn open_with(role: Role, settings: &[(&str, &str)]) -> Self {
        let own = [("DESK__ENABLED", "true")];
        let shop = WebShop::with(&[&own, settings].concat()).await;
        let name = UserName::parse("ada").expect("a name");
        let users = &shop.users;
        let link = users.add(name.clone(), role, &Actor::Console).await;
        let password = NewPassword::parse("correct horse battery".to_owned(), &name);
        let Ok(password) = password else {
            panic!("a good password");
        };
        let link = link.expect("a link").secret;
        let here = "127.0.0.1".to_owned();
        let accepted = users.accept(&link, password, here, "test".to_owned()).await;
        let signed_in = accepted.expect("readable").expect("a session");
        Self {
            shop,
            cookie: format!("facture_desk={}", signed_in.cookie.expose()),
        }
    }

    pub(super) fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let request = self.shop.server.request(method, path);
        request
            .header(header::COOKIE, &self.cookie)
            .header(header::ACCEPT, "text/html")
    }

    async fn get(&self, query: &str) -> Page {
        let request = self.request(Method::GET, &format!("{PATH}?{query}"));
        Page::read(request.send().await).await
    }

    /// The fields of the page's form, as a browser would send them.
    async fn form(&self, query: &str) -> Vec<(String, String)> {
        let page = self.get(query).await;
        assert_eq!(page.status, StatusCode::OK, "{}", page.text);
        fields(&page, "form[action='/api-keys/authorize'] input")
    }

    pub(super) async fn post(&self, fields: &[(String, String)]) -> Page {
        let request = self.request(Method::POST, PATH).form(fields);
        Page::read(request.send().await).await
    }

    async fn tokens(&self) -> usize {
        let mut tokens = Tokens::open(self.shop.records.path())
            .await
            .expect("records");
        tokens.list().await.expect("readable").len()
    }

    pub(super) async fn ask(
        &self,
        key: &str,
        method: Method,
        path: &str,
        body: &Value,
    ) -> (StatusCode, Value) {
        let request = self.shop.call_with(key, method, &format!("/api/v1{path}"));
        read(request.json(body).send().await).await
    }
}

pub(super) fn fields(page: &Page, selector: &str) -> Vec<(String, String)> {
    let names = page.attributes(selector, "name");
    let values = page.attributes(selector, "value");
    assert_eq!(names.len(), values.len());
    names.into_iter().zip(values).collect()
}

pub(super) fn set(fields: &mut [(String, String)], name: &str, value: &str) {
    for field in fields.iter_mut().filter(|(field, _)| field == name) {
        value.clone_into(&mut field.1);
    }
}

fn is_turned_away(page: &Page) -> bool {
    page.status == StatusCode::SEE_OTHER && page.header("location").starts_with("/desk/login")
}

#[tokio::test]
async fn a_plug_in_gets_exactly_what_it_asked_for() {
    let pairing = Pairing::open_as(Role::Owner).await;
    let page = pairing.get(ASKED).await;
    assert_eq!(page.text_of(".host"), "shop.example");
    assert!(page.text.contains("WooCommerce"));
    let policy = page.header("content-security-policy");
    assert!(policy.contains("form-action 'self'"), "{policy}");
    assert!(policy.ends_with("frame-ancestors 'none'"), "{policy}");
    let before = pairing.tokens().await;
    let mut form = pairing.form(ASKED).await;
    assert_eq!(pairing.tokens().await, before, "a GET makes nothing");
    set(&mut form, "shop", "coffee");

    let paired = pairing.post(&form).await;
    assert_eq!(paired.status, StatusCode::OK, "{}", paired.text);
    assert_eq!(paired.header("cache-control"), "no-store");
    let policy = paired.header("content-security-policy");
    assert!(
        policy.contains("form-action https://shop.example;"),
        "{policy}"
    );
    assert!(policy.ends_with("frame-ancestors 'none'"), "{policy}");
    assert_eq!(
        paired.attribute("form[data-continue]", "action").as_deref(),
        Some("https://shop.example/?btcpay-settings-callback")
    );
    let sent = fields(&paired, "form[data-continue] input");
    let of = |name: &str| -> Vec<&str> {
        let named = sent.iter().filter(|(field, _)| field == name);
        named.map(|(_, value)| value.as_str()).collect()
    };
    let expected = [
        "btcpay.store.canviewinvoices:coffee",
        "btcpay.store.cancreateinvoice:coffee",
        "btcpay.store.canviewstoresettings:coffee",
        "btcpay.store.canmodifyinvoices:coffee",
        "btcpay.store.webhooks.canmodifywebhooks:coffee",
    ];
    assert_eq!(of("permissions[]"), expected);
    assert_eq!(of("userId").len(), 1);
    let [key] = of("apiKey")[..] else {
        panic!("one key: {sent:?}");
    };
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    assert!(key.bytes().all(plain), "{key}");

    let (status, current) = pairing
        .ask(key, Method::GET, "/api-keys/current", &json!({}))
        .await;
    assert_eq!(
        (status, &current["label"]),
        (StatusCode::OK, &json!("shop.example"))
    );
    let mut held: Vec<_> = current["permissions"].as_array().expect("some").clone();
    let mut expected = expected.map(Value::from);
    held.sort_by_key(Value::to_string);
    expected.sort_by_key(Value::to_string);
    assert_eq!(held, expected);
    let body = json!({"amount": 5, "currency": "SATS"});
    let (status, made) = pairing
        .ask(key, Method::POST, "/stores/coffee/invoices", &body)
        .await;
    assert_eq!(
        (status, &made["storeId"]),
        (StatusCode::OK, &json!("coffee"))
    );
    let (status, _) = pairing
        .ask(key, Method::GET, "/stores/tea", &json!({}))
        .await;
    assert_eq!(status, StatusCode::FORBIDDEN);
    // It is written down, without the key.
    let log = Page::read(pairing.request(Method::GET, "/desk/audit").send().await).await;
    assert!(log.text.contains("shop.paired") && log.text.contains("shop.example"));
    assert!(!log.text.contains(key));
}

#[tokio::test]
async fn a_form_works_once() {
    let pairing = Pairing::open_as(Role::Owner).await;
    let form = pairing.form(ASKED).await;
    let before = pairing.tokens().await;
    assert_eq!(pairing.post(&form).await.status, StatusCode::OK);
    let again = pairing.post(&form).await;
    assert_eq!(again.status, StatusCode::CONFLICT);
    assert!(!again.text.contains("facture_token_"), "{}", again.text);
    assert_eq!(pairing.tokens().await, before + 1);
    let another = pairing.form(ASKED).await;
    assert_eq!(pairing.post(&another).await.status, StatusCode::OK);
}

#[tokio::test]
async fn only_an_owner_who_is_signed_in_may() {
    let pairing = Pairing::open_as(Role::Owner).await;
    let form = pairing.form(ASKED).await;
    for path in [format!("{PATH}?{ASKED}"), format!("{PATH}/?{ASKED}")] {
        let page = pairing.shop.page(&path).await;
        assert!(is_turned_away(&page), "{path}");
        let login = pairing.shop.page(page.header("location")).await;
        let next = login.attribute("input[name=next]", "value");
        assert_eq!(next.as_deref(), Some(path.as_str()), "and is led back");
    }
    let stranger = pairing.shop.server.request(Method::POST, PATH).form(&form);
    assert!(is_turned_away(&Page::read(stranger.send().await).await));
    for role in [Role::Manager, Role::Cashier, Role::Accountant] {
        let pairing = Pairing::open_as(role).await;
        assert_eq!(pairing.get(ASKED).await.status, StatusCode::FORBIDDEN);
        assert_eq!(pairing.post(&form).await.status, StatusCode::FORBIDDEN);
    }
}

#[tokio::test]
async fn a_form_that_is_not_this_sessions_is_refused() {
    let pairing = Pairing::open_as(Role::Owner).await;
    let form = pairing.form(ASKED).await;
    let before = pairing.tokens().await;
    let other = Pairing::open_as(Role::Owner).await.form(ASKED).await;
    let foreign = other.iter().find(|(name, _)| name == "form_token");
    let (_, foreign) = foreign.expect("a token");
    for token in ["", "0", foreign] {
        let mut forged = form.clone();
        set(&mut forged, "form_token", token);
        let page = pairing.post(&forged).await;
        assert_eq!(page.status, StatusCode::FORBIDDEN, "{token}");
    }
    for (name, value) in [
        ("origin", "https://shop.example"),
        ("sec-fetch-site", "cross-site"),
    ] {
        let request = pairing.request(Method::POST, PATH).header(name, value);
        let page = Page::read(request.form(&form).send().await).await;
        assert_eq!(page.status, StatusCode::FORBIDDEN, "{name}");
    }
    assert_eq!(pairing.tokens().await, before);
}

#[tokio::test]
async fn a_key_is_sent_to_a_web_address_only() {
    let pairing = Pairing::open_as(Role::Owner).await;
    let before = pairing.tokens().await;
    for target in [
        "",
        "javascript:alert(document.cookie)",
        "data:text/html,x",
        "http://shop.example/",
        "/desk",
        "https://user:secret@shop.example/",
    ] {
        let query = format!("permissions=btcpay.store.canviewinvoices&redirect={target}");
        let page = pairing.get(&query).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{target}");
        assert!(!page.text.contains("alert("), "{target}");
        let mut form = pairing.form(ASKED).await;
        set(&mut form, "redirect", target);
        let page = pairing.post(&form).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{target}");
        assert!(!page.text.contains("facture_token_"), "{target}");
    }
    assert_eq!(pairing.tokens().await, before);
    let local = ASKED.replace("https%3A%2F%2Fshop.example", "http://192.168.1.5:8080/");
    assert_eq!(
        pairing.get(&local).await.text_of(".host"),
        "192.168.1.5:8080"
    );
}

#[tokio::test]
async fn permissions_that_there_are_not_are_never_given() {
    let pairing = Pairing::open_as(Role::Owner).await;
    let unknown = "&permissions=btcpay.server.canmodifyserversettings";
    let strict = pairing.get(&format!("{ASKED}{unknown}")).await;
    assert_eq!(strict.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        strict
            .text
            .contains("btcpay.server.canmodifyserversettings")
    );
    let lax = format!("{}{unknown}", ASKED.replace("strict=true", "strict=false"));
    let form = pairing.form(&lax).await;
    assert!(
        form.iter()
            .all(|(_, value)| !value.starts_with("btcpay.server"))
    );
    for query in [
        "redirect=https://shop.example/".to_owned(),
        "redirect=https://shop.example/&permissions=unrestricted".to_owned(),
    ] {
        let page = pairing.get(&query).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{query}");
    }
    let mut form = form;
    set(&mut form, "shop", "a shop");
    let page = pairing.post(&form).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(
        page.attribute("#shop", "aria-invalid").as_deref(),
        Some("true")
    );
}

#[tokio::test]
async fn a_key_opens_the_routes_of_its_permissions_only() {
    let pairing = Pairing::open_as(Role::Owner).await;
    let body = json!({"amount": 5, "currency": "SATS"});
    let made = pairing.shop.create(&body).await;
    let invoice = format!("/invoices/{}", made["id"].as_str().expect("an id"));
    let routes = [
        (Method::GET, String::new(), "canviewstoresettings"),
        (
            Method::GET,
            "/payment-methods".to_owned(),
            "canviewstoresettings",
        ),
        (Method::GET, "/invoices".to_owned(), "canviewinvoices"),
        (Method::GET, invoice.clone(), "canviewinvoices"),
        (
            Method::GET,
            format!("{invoice}/payment-methods"),
            "canviewinvoices",
        ),
        (Method::POST, "/invoices".to_owned(), "cancreateinvoice"),
        (Method::PUT, invoice.clone(), "canmodifyinvoices"),
        (
            Method::POST,
            format!("{invoice}/status"),
            "canmodifyinvoices",
        ),
        (
            Method::GET,
            "/webhooks".to_owned(),
            "webhooks.canmodifywebhooks",
        ),
        (
            Method::POST,
            "/webhooks".to_owned(),
            "webhooks.canmodifywebhooks",
        ),
        (
            Method::POST,
            "/pull-payments".to_owned(),
            "cancreatenonapprovedpullpayments",
        ),
    ];
    let includes = |held: &str, needed: &str| match held {
        "canmodifystoresettings" => needed != "cancreatenonapprovedpullpayments",
        "canmodifyinvoices" => needed.ends_with("invoices") || needed == "cancreateinvoice",
        "canviewstoresettings" => needed == held || needed == "canviewinvoices",
        _ => held == needed,
    };
    for held in [
        "canviewinvoices",
        "cancreateinvoice",
        "canmodifyinvoices",
        "canviewstoresettings",
        "canmodifystoresettings",
        "webhooks.canmodifywebhooks",
    ] {
        let query = format!("permissions=btcpay.store.{held}&redirect=https://shop.example/");
        let mut form = pairing.form(&query).await;
        set(&mut form, "shop", "tea");
        let paired = pairing.post(&form).await;
        let key = paired
            .attribute("input[name=apiKey]", "value")
            .expect("a key");
        for (method, path, needed) in &routes {
            let path = format!("/stores/tea{path}");
            let (status, answer) = pairing.ask(&key, method.clone(), &path, &json!({})).await;
            let told = format!("{held}: {method} {path}: {status} {answer}");
            match includes(held, needed) {
                true => assert_ne!(status, StatusCode::FORBIDDEN, "{told}"),
                false => {
                    assert_eq!(status, StatusCode::FORBIDDEN, "{told}");
                    let missing = format!("btcpay.store.{needed}");
                    assert_eq!(answer["missingPermission"], missing, "{told}");
                }
            }
        }
        let (status, _) = pairing.ask(&key, Method::GET, "/stores", &json!({})).await;
        let may = includes(held, "canviewstoresettings");
        assert_eq!(status == StatusCode::OK, may, "{held}");
        let (status, _) = pairing
            .ask(&key, Method::GET, "/server/info", &json!({}))
            .await;
        assert_eq!(status, StatusCode::OK, "{held}");
        let request = pairing.shop.server.request(Method::GET, "/api/v1/invoices");
        let (status, _) = read(request.bearer_auth(&key).send().await).await;
        assert_eq!(status, StatusCode::FORBIDDEN, "{held}");
    }
}

#[tokio::test]
async fn without_a_desk_the_page_says_what_to_do() {
    let shop = WebShop::open().await;
    for path in [PATH, "/api-keys/authorize/"] {
        let page = shop.page(&format!("{path}?{ASKED}")).await;
        assert_eq!(page.status, StatusCode::NOT_FOUND);
        assert!(page.text.contains("facture token create"), "{}", page.text);
    }
    let apart = [("DESK__ENABLED", "true"), ("DESK__LISTEN", "127.0.0.1:0")];
    let shop = WebShop::with(&apart).await;
    let page = shop.page(&format!("{PATH}?{ASKED}")).await;
    assert_eq!(page.status, StatusCode::NOT_FOUND);
    assert!(page.text.contains("address of its own"), "{}", page.text);
    let sandbox = Sandbox::start().await;
    let mode = Mode::Sandbox(sandbox.node.clone().into());
    let server = Server::start(config(&[("DESK__ENABLED", "true")]), mode).await;
    let page = server.open(PATH).await;
    assert_eq!(page.status, StatusCode::NOT_FOUND, "nor without Greenfield");
}
