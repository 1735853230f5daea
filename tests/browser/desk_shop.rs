//! A shop with a desk, and a morning's sales.

use facture::{
    app::{Checkout, make_sample_links},
    users::NewPassword,
    web::Mode,
};
use facture_domain::desk::{Actor, Role, SecretText, UserName};
use facture_sandbox::SandboxNode;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::{
    chromium::Browser,
    harness::{Server, config_on, json as answer},
    shop::Shop,
    states::TOKEN,
};

/// The shop, and the cookie of its owner's session.
pub(crate) struct Desk {
    pub(crate) shop: Shop,
    cookie: SecretText,
}

impl Desk {
    pub(crate) async fn open() -> Self {
        let directory = tempfile::Builder::new().prefix("facture-").tempdir();
        let directory = directory.expect("a directory");
        let socket = directory.path().join("lightning-rpc");
        let node = SandboxNode::start(&socket).await.expect("a sandbox node");
        let settings = [
            ("DESK__ENABLED", "true"),
            ("SITE__NAME", "Corner shop"),
            ("API_TOKEN", TOKEN),
        ];
        let config = config_on(socket, &settings);
        let records = tempfile::tempdir().expect("a directory");
        let opened = Checkout::open(&config, records.path(), Mode::Live).await;
        let checkout = opened.expect("it opens");
        let made = make_sample_links(checkout.links()).await;
        made.expect("the links are made");

        let users = checkout.users().clone();
        let name = UserName::parse("ada").expect("a name");
        let password = NewPassword::parse("correct horse battery".to_owned(), &name);
        let Ok(password) = password else {
            panic!("a good password");
        };
        let link = users.add(name, Role::Owner, &Actor::Console).await;
        let link = link.expect("a link").secret;
        let here = ("127.0.0.1".to_owned(), "browser".to_owned());
        let accepted = users.accept(&link, password, here.0, here.1).await;
        let cookie = accepted.expect("readable").expect("a session").cookie;
        let server = Server::serve(async { Ok((checkout, records)) }).await;
        Self {
            shop: Shop {
                server,
                node,
                directory,
            },
            cookie,
        }
    }

    /// The owner's session goes on in this browser.
    pub(crate) async fn sign_in(&self, browser: &Browser) {
        let cookie = json!({
            "name": "facture_desk", "value": self.cookie.expose(), "url": self.shop.at("/desk"),
        });
        browser.command("Network.setCookie", cookie).await;
    }

    /// Sells this and that; the path of one sale's page.
    pub(crate) async fn morning(&self) -> String {
        let taxed = json!({
            "currency": "EUR", "amount": "9.90", "description": "Two coffees, one cake", "order_id": "2026-7",
            "tip": "0.90", "tax": [{ "rate": "7", "net": "8.41", "tax": "0.59" }],
        });
        self.sell(&taxed).await;
        for (amount, description) in [("14.50", "Beans, 500 g"), ("3.20", "Espresso")] {
            let priced = json!({ "currency": "EUR", "amount": amount, "description": description });
            self.sell(&priced).await;
        }
        let form = self.shop.server.create("2100", "Table 4").await;
        self.pay(&form).await;
        self.shop.server.create("5000", "Table 2").await;
        let plain = json!({ "amount_sat": 8500, "description": "Coffee", "order_id": "2026-8" });
        let sale = self.sell(&plain).await;
        format!("/desk/payments/{}", label(&sale))
    }

    /// Orders a refund by the sale's page.
    pub(crate) async fn refund(&self, browser: &Browser, sale: &str) {
        browser.open(&self.shop.at(sale)).await;
        let order = "(form => {
            form.elements.destination.value = 'alice@wallet.example';
            form.elements.amount.value = '2000';
            form.elements.reason.value = 'One cup was cold';
            form.submit();
        })(document.querySelector('form[action*=\"/refund\"]'))";
        browser.evaluate(order).await;
        browser.until_there(".cards .state").await;
    }

    async fn sell(&self, body: &Value) -> Value {
        let request = self.shop.server.request(Method::POST, "/api/v1/invoices");
        let (status, invoice) = answer(request.bearer_auth(TOKEN).json(body).send().await).await;
        assert_eq!(status, StatusCode::CREATED, "{invoice}");
        self.pay(&invoice).await;
        invoice
    }

    async fn pay(&self, invoice: &Value) {
        self.shop.pay(invoice, None);
        let path = format!("/check_invoice/{}", label(invoice));
        let paid = |now: &Value| now["status"] == "paid";
        self.shop.server.json_until(&path, paid).await;
    }
}

fn label(invoice: &Value) -> &str {
    invoice["label"].as_str().expect("a label")
}
