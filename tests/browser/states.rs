//! Every state that a visitor can see, in one list, and how to bring the browser there.

use facture::web::Mode;
use facture_domain::Description;
use facture_sandbox::CapacityWarning;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::{
    chromium::Browser,
    harness::{Server, config_on},
    shop::{Face, Shop},
};

/// One state.
pub(crate) struct State {
    pub(crate) name: String,
    route: Route,
    /// There only in this state.
    pub(crate) shows: &'static str,
    /// The status of its answer.
    pub(crate) status: u64,
}

/// How to get there.
enum Route {
    Open(String),
    /// Open this, and do what leads to the next page.
    Follow(String, String),
}

/// The shops that the states are in. They must live as long as these.
pub(crate) struct Town {
    pub(crate) states: Vec<State>,
    _shops: Vec<Shop>,
    _lonely: Server,
}

/// The longest words, the largest letters, and from right to left; the rest of the list is English.
const LANGUAGES: [&str; 3] = ["de", "ja", "ar"];

pub(crate) const TOKEN: &str = "a-token-for-the-tests-of-facture";

const UNKNOWN: &str = "/check_invoice/facture_0123456789abcdef0123456789abcdef";

impl Town {
    pub(crate) async fn build() -> Self {
        let shop = Shop::open(Face::Live, &[("API_TOKEN", TOKEN)]).await;
        let hasty = Shop::open(Face::Live, &[("INVOICE__EXPIRY_SECONDS", "1")]).await;
        let sandbox = Shop::open(Face::Sandbox, &[("API_TOKEN", TOKEN)]).await;
        let away = Shop::open(Face::Live, &[]).await;
        let broken = Shop::open(Face::Live, &[]).await;

        let many = Shop::open(Face::Live, &[("SITE__ANY_WALLET", "true")]).await;
        let [offer, disabled] = offers(&sandbox).await;

        let expired = hasty.expired("1500", "Too late for tea").await;
        let renewed = renewed(&hasty).await;
        let (right, preimage) = paid_with_preimage(&shop).await;
        let cancelled = cancelled(&shop).await;
        let held = shop.hold().await;
        shop.authorise(&held).await;
        let sent_back = shop.hold().await;
        shop.authorise(&sent_back).await;
        shop.decide(&sent_back, "cancel").await;
        let tight = Shop::open(Face::Live, &[]).await;
        tight.node.set_warning(Some(CapacityWarning::Capacity));
        let order = json!({
            "amount_msat": 5_000_000, "description": "Beans", "order_id": "Nº 1234",
            "redirect_url": "https://shop.example/thanks",
        });
        let order = by_program(&shop, "/api/v1/invoices", &order).await;
        shop.pay(&order, None);
        let any = json!({ "amount_msat": "any", "description": "A tip" });
        let any = by_program(&shop, "/api/v1/invoices", &any).await;
        let (charge_paid, payreq) = charge(&shop).await;
        shop.node.pay(&payreq, None).expect("the buyer pays");
        let (charge, _) = charge(&shop).await;
        let known = away.invoice("2100", "Ordered before the storm").await;
        away.node.stop().await;
        let nowhere = away.directory.path().join("nowhere");
        let lonely = Server::start(config_on(nowhere, &[]), Mode::Live).await;
        lose_records(&broken).await;
        // One that was read or made lately is shown from memory all the same.
        let lost = broken.at("/check_invoice/facture_0123456789abcdef0123456789abcdef");

        let mut states = vec![
            open("form", shop.at("/"), "input#amount:not([aria-invalid])"),
            submit(
                "form with errors",
                shop.at("/?amount=0&description=Tea"),
                "[aria-invalid]",
                422,
            ),
            open(
                "unpaid",
                shop.invoice("1234", "One coffee").await,
                ".state.unpaid",
            ),
            open(
                "unpaid, the longest",
                shop.invoice("100000000", &longest()).await,
                ".state.unpaid",
            ),
            open(
                "unpaid, in the sandbox",
                sandbox.invoice("42", "For play").await,
                ".state.unpaid",
            ),
            open("paid", paid(&shop, None).await, ".state.paid"),
            open(
                "paid too much",
                paid(&shop, Some(30_000_000)).await,
                ".state.paid",
            ),
            proof("a proof that matches", &right, &preimage, 200),
            proof("a proof of something else", &right, &"0".repeat(64), 422),
            proof("a proof that is none", &right, "x", 422),
            open(
                "paid, on to the shop",
                shop.page_of(&order),
                ".state.paid a.onward",
            ),
            open("unpaid, any amount", shop.page_of(&any), ".state.unpaid"),
            open(
                "unpaid, for any wallet",
                many.invoice("1234", "One coffee").await,
                ".state.unpaid .ways",
            ),
            open("an offer", offer, ".state.offer"),
            open("an offer that is over", disabled, ".state.expired"),
            open("unpaid, for Charge", charge, ".state.unpaid"),
            open("paid, for Charge", charge_paid, ".state.paid"),
            open("expired", expired, ".state.expired form"),
            open("expired, another made", renewed, ".state.expired a.button"),
            open("cancelled", cancelled, ".state.cancelled"),
            open("authorised", shop.page_of(&held), ".state.accepted"),
            open(
                "cancelled while it was held",
                shop.page_of(&sent_back),
                ".state.cancelled",
            ),
            // Made when the browser is there: the page warns only of what was just created.
            submit(
                "created, with a warning",
                tight.at("/?amount=31"),
                ".notice li",
                200,
            ),
            open("node away, as it was", known, ".state.unpaid"),
            problem(
                "node away, not known",
                format!("{}{UNKNOWN}", lonely.origin),
                503,
            ),
            submit(
                "node away, no invoice",
                away.at("/?amount=5"),
                "main form",
                503,
            ),
            open("API", shop.at("/api/docs"), ".api section"),
            problem("no such invoice", shop.at(UNKNOWN), 404),
            problem("no such page", shop.at("/nowhere"), 404),
            problem("records lost", lost, 503),
        ];
        for language in LANGUAGES {
            let unpaid = shop.invoice("98765", "Zwei Brötchen, 日本語, قهوة").await;
            for (name, url, shows) in [
                ("form", shop.at("/"), "input#amount"),
                ("unpaid", unpaid, ".state.unpaid"),
                ("authorised", shop.page_of(&held), ".state.accepted"),
                ("paid", paid(&shop, None).await, ".state.paid"),
            ] {
                let name = format!("{name}, in {language}");
                states.push(open(&name, format!("{url}?lang={language}"), shows));
            }
        }
        Self {
            states,
            _shops: vec![shop, hasty, many, sandbox, away, broken, tight],
            _lonely: lonely,
        }
    }

    pub(crate) fn state(&self, name: &str) -> &State {
        let named = self.states.iter().find(|state| state.name == name);
        named.unwrap_or_else(|| panic!("no state is called {name}"))
    }
}

impl State {
    /// Brings the browser there.
    pub(crate) async fn bring(&self, browser: &Browser) {
        match &self.route {
            Route::Open(url) => browser.open(url).await,
            Route::Follow(url, act) => {
                browser.open(url).await;
                browser
                    .evaluate(&format!("window.before = true; {act}"))
                    .await;
                let next = "!window.before && document.readyState == 'complete'";
                browser.until(next).await;
            }
        }
        browser.until_there(self.shows).await;
        // Without script it may go on at once to where it is loaded again.
        let going_on = "document.querySelector('meta[http-equiv=refresh][content^=\"0;\"]')";
        browser.until(&format!("!{going_on}")).await;
        browser.until_there(self.shows).await;
    }
}

/// As many bytes as an invoice can hold, in letters of three bytes, spaces and one long word.
pub(crate) fn longest() -> String {
    let words = format!("Zwei Brötchen, 日本語のお茶, {}", "w".repeat(60));
    let rest = Description::MAX_BYTES - words.len();
    format!("{words}{}{}", " ☕".repeat(rest / 4), "x".repeat(rest % 4))
}

fn open(name: &str, url: String, shows: &'static str) -> State {
    State {
        name: name.to_owned(),
        route: Route::Open(url),
        shows,
        status: 200,
    }
}

fn problem(name: &str, url: String, status: u64) -> State {
    State {
        name: name.to_owned(),
        route: Route::Open(url),
        shows: ".state.problem",
        status,
    }
}

fn submit(name: &str, url: String, shows: &'static str, status: u64) -> State {
    State {
        name: name.to_owned(),
        route: Route::Follow(
            url,
            "document.querySelector('main form').requestSubmit()".to_owned(),
        ),
        shows,
        status,
    }
}

fn proof(name: &str, url: &str, preimage: &str, status: u64) -> State {
    let act = format!(
        "document.querySelector('#preimage').value = '{preimage}';
         document.querySelector('#proof form').requestSubmit()"
    );
    State {
        name: name.to_owned(),
        route: Route::Follow(url.to_owned(), act),
        shows: "#proof-answer",
        status,
    }
}

/// Makes an invoice as a program does.
pub(crate) async fn by_program(shop: &Shop, path: &str, body: &Value) -> Value {
    let request = shop.server.request(Method::POST, path);
    let request = match path {
        "/invoice" => request.basic_auth("api-token", Some(TOKEN)),
        _ => request.bearer_auth(TOKEN),
    };
    let made = request.json(body).send().await.expect("an answer");
    assert_eq!(made.status(), StatusCode::CREATED);
    made.json().await.expect("JSON")
}

/// The page that a shop made for Lightning Charge shows, and what its wallet pays.
async fn charge(shop: &Shop) -> (String, String) {
    let new = json!({ "msatoshi": "7000000", "description": "A book" });
    let made = by_program(shop, "/invoice", &new).await;
    let [id, payreq] = ["id", "payreq"].map(|key| made[key].as_str().expect("a text"));
    (shop.at(&format!("/checkout/{id}")), payreq.to_owned())
}

/// The page of an expired invoice that another was made for.
async fn renewed(shop: &Shop) -> String {
    let url = shop.expired("1500", "Late, and once more").await;
    let path = url.strip_prefix(&shop.server.origin).expect("its own");
    let renew = format!("{path}/renew");
    let renewed = shop.server.request(Method::POST, &renew).send().await;
    assert_eq!(renewed.expect("an answer").status(), StatusCode::SEE_OTHER);
    url
}

/// The page of an offer, and that of one that is disabled.
async fn offers(shop: &Shop) -> [String; 2] {
    let make = async |description: &str| {
        let new =
            json!({ "amount_msat": "any", "description": description, "issuer": "shop.example" });
        let made = by_program(shop, "/api/v1/offers", &new).await;
        ["page_url", "offer_id"].map(|name| made[name].as_str().expect("a text").to_owned())
    };
    let [active, _] = make("A tip").await;
    let [disabled, id] = make("A gift").await;
    let disable = format!("/api/v1/offers/{id}/disable");
    let request = shop.server.request(Method::POST, &disable);
    let done = request.bearer_auth(TOKEN).send().await.expect("an answer");
    assert_eq!(done.status(), StatusCode::OK);
    [active, disabled]
}

/// The page of an invoice that the shop took back.
async fn cancelled(shop: &Shop) -> String {
    let new = json!({ "amount_sat": 900, "description": "Sold out" });
    let made = by_program(shop, "/api/v1/invoices", &new).await;
    let label = made["label"].as_str().expect("a label");
    let cancel = format!("/api/v1/invoices/{label}/cancel");
    let cancelled = shop
        .server
        .request(Method::POST, &cancel)
        .bearer_auth(TOKEN);
    let cancelled = cancelled.json(&json!({})).send().await;
    assert_eq!(cancelled.expect("an answer").status(), StatusCode::OK);
    shop.page_of(&made)
}

async fn paid_with_preimage(shop: &Shop) -> (String, String) {
    let invoice = shop.server.create("500", "Proven").await;
    let bolt11 = invoice["bolt11"].as_str().expect("a bolt11");
    let payment = shop.node.pay(bolt11, None).expect("the buyer pays");
    (shop.page_of(&invoice), payment.payment_preimage)
}

async fn paid(shop: &Shop, amount_msat: Option<u64>) -> String {
    let invoice = shop
        .server
        .create("21000", "A pound of coffee, ground")
        .await;
    shop.pay(&invoice, amount_msat);
    shop.page_of(&invoice)
}

/// Somebody takes the tables away under a running server.
async fn lose_records(shop: &Shop) {
    let file = shop.directory.path().join("records/facture.db");
    let database = rusqlite::Connection::open(file).expect("the records");
    database
        .execute_batch("ALTER TABLE invoices RENAME TO stolen")
        .expect("they are taken");
}
