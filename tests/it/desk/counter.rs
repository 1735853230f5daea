//! The counter: what its buttons sell, a sale from the form to the receipt, and what makes an app of it.

use facture_domain::desk::Role;
use reqwest::{Method, StatusCode, header};
use serde_json::Value;

use super::{Desk, Session, exports::period};
use crate::{
    harness::{Page, json},
    prices::server::Rates,
};

const COUNTER: &str = "/desk/counter";
const ITEMS: &str = "/desk/counter/items";

impl Desk {
    async fn add_item(&self, owner: &Session, fields: &[(&str, &str)]) -> Page {
        self.post(owner, ITEMS, ITEMS, fields).await
    }

    /// A counter that sells espresso and cake in satoshis.
    async fn cafe(settings: &[(&str, &str)]) -> (Self, Session) {
        let desk = Self::open_with(settings).await;
        let owner = desk.sign_in_as(Role::Owner).await;
        for (name, category, price, tax) in [
            ("Espresso", "Drinks", "2500", "19"),
            ("Cake", "Bakery", "3900", "7"),
        ] {
            let fields = [
                ("name", name),
                ("category", category),
                ("price", price),
                ("tax", tax),
            ];
            let added = desk.add_item(&owner, &fields).await;
            assert_eq!(added.status, StatusCode::SEE_OTHER, "{}", added.text);
        }
        (desk, owner)
    }

    async fn charge(&self, session: &Session, fields: &[(&str, &str)]) -> Page {
        self.post(session, COUNTER, COUNTER, fields).await
    }

    /// The path of the sale that an answer leads to, and its invoice, as the API has it.
    async fn sold(&self, answer: &Page) -> (String, Value) {
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
        let path = answer.header("location").to_owned();
        let label = path.strip_prefix("/desk/counter/sales/").expect("a sale");
        let request = self
            .server
            .request(Method::GET, &format!("/api/v1/invoices/{label}"));
        let (status, invoice) = json(request.bearer_auth(super::TOKEN).send().await).await;
        assert_eq!(status, StatusCode::OK, "{invoice}");
        (path, invoice)
    }

    async fn paid(&self, invoice: &Value) -> Value {
        let bolt11 = invoice["bolt11"].as_str().expect("a string");
        self.sandbox.node.pay(bolt11, None).expect("paid");
        self.until(invoice, "paid").await
    }
}

#[tokio::test]
async fn a_cashier_sells_with_taxes_and_a_tip_apart() {
    let (desk, owner) = Desk::cafe(&[]).await;
    let cashier = desk.join("carla", Role::Cashier).await;
    let page = desk.get(&cashier, COUNTER).await;
    assert_eq!(page.texts("legend"), ["Bakery", "Drinks", "Tip"]);
    assert_eq!(page.texts(".buttons label bdi"), ["Cake", "Espresso"]);
    assert!(
        page.attributes("main a", "href").is_empty(),
        "items are not for cashiers"
    );
    let ids = page.attributes(".buttons input", "name");
    let fields = [
        (ids[1].as_str(), "2"),
        (ids[0].as_str(), "1"),
        ("amount", ""),
        ("tip", "10"),
    ];
    let (path, invoice) = desk.sold(&desk.charge(&cashier, &fields).await).await;
    // 2 × 2,500 + 3,900, and 890 for the tip.
    assert_eq!(invoice["amount_msat"], 9_790_000);
    assert_eq!(invoice["description"], "Cake, 2 × Espresso");
    assert_eq!(invoice["channel"], "pos");
    assert_eq!(invoice["tip"], "890");
    assert_eq!(
        invoice["tax"],
        serde_json::json!([
            { "rate": "7", "net": "3645", "tax": "255" },
            { "rate": "19", "net": "4202", "tax": "798" },
        ])
    );
    let open = desk.get(&cashier, &path).await;
    assert_eq!(open.text_of("h1"), "9,790 sat");
    assert_eq!(open.texts(".code svg[role=img]").len(), 1);
    assert_eq!(open.attributes(".green", "hidden").len(), 1, "not paid yet");

    let paid = desk.paid(&invoice).await;
    let green = desk.get(&cashier, &path).await;
    assert_eq!(green.text_of(".green h1"), "Paid");
    assert!(green.attributes(".green", "hidden").is_empty());
    assert!(green.attributes("[data-events]", "data-events").is_empty());
    let receipt = desk
        .server
        .open(&format!("/check_invoice/{}", super::label(&paid)))
        .await;
    assert_eq!(
        receipt.texts(".sold-lines li"),
        ["1 × Cake 3,900", "2 × Espresso 2,500"]
    );
    assert_eq!(receipt.texts(".taxes tbody tr").len(), 2);
    assert!(receipt.text.contains("890 SAT"), "the tip is apart");

    let latest = desk.get(&cashier, COUNTER).await;
    assert_eq!(latest.texts(".latest li").len(), 1);
    assert!(latest.text_of(".latest li").contains("carla"));
    let sale = desk.get(&owner, &super::path(&paid)).await;
    assert!(sale.texts(".facts dd").contains(&"carla".to_owned()));
    let closing = desk.get(&owner, "/desk/closing").await;
    assert_eq!(
        closing.texts("[aria-labelledby=cashiers] td"),
        ["carla", "1", "9,790"]
    );
    let csv = desk
        .get(&owner, &format!("/desk/exports/sales.csv?{}", period()))
        .await;
    assert!(csv.text.contains(",pos,carla,"), "{}", csv.text);
}

#[tokio::test]
async fn a_price_in_euros_is_asked_for_at_the_rate_of_now_or_not_at_all() {
    let rates = Rates::start(2).await;
    rates.set_all("100000");
    let sources = rates.configured(&[]);
    let desk = Desk::open_with(&[
        ("COUNTER__CURRENCY", "EUR"),
        ("COUNTER__TAX_PERCENT", "19"),
        ("PRICING__SOURCES", &sources),
        ("PRICING__ALLOW_PRIVATE", "true"),
        ("PRICING__MAX_AGE_SECONDS", "1"),
    ])
    .await;
    let owner = desk.sign_in_as(Role::Owner).await;
    let fields = [
        ("amount", "11,90"),
        ("tip", "other"),
        ("tip_amount", "0.50"),
    ];
    let (path, invoice) = desk.sold(&desk.charge(&owner, &fields).await).await;
    assert_eq!(invoice["amount_msat"], 12_400_000);
    assert_eq!(
        (&invoice["amount"], &invoice["currency"]),
        (&"12.40".into(), &"EUR".into())
    );
    assert_eq!(invoice["tax"][0]["tax"], "1.90");
    assert_eq!(
        invoice["description"], "facture",
        "there is nothing else to say"
    );
    let open = desk.get(&owner, &path).await;
    assert_eq!(open.text_of("h1"), "12.40 EUR");
    assert!(open.text.contains("12,400 sat"));
}

#[tokio::test]
async fn without_a_rate_a_sale_in_euros_makes_nothing() {
    let desk = Desk::open_with(&[
        ("COUNTER__CURRENCY", "EUR"),
        ("PRICING__SOURCES", "node"),
        ("PRICING__MINIMUM_SOURCES", "10"),
    ])
    .await;
    let owner = desk.sign_in_as(Role::Owner).await;
    let refused = desk.charge(&owner, &[("amount", "3"), ("tip", "")]).await;
    assert_eq!(
        refused.status,
        StatusCode::SERVICE_UNAVAILABLE,
        "{}",
        refused.text
    );
    assert!(!refused.texts(".notice[role=alert]").is_empty());
    assert_eq!(refused.attribute("#amount", "value").as_deref(), Some("3"));
    assert_eq!(desk.sandbox.node.invoice_count(), 0);
}

#[tokio::test]
async fn what_cannot_be_sold_is_said_and_makes_nothing() {
    let (desk, _) = Desk::cafe(&[]).await;
    let cashier = desk.sign_in_as(Role::Cashier).await;
    let ids = desk.get(&cashier, COUNTER).await;
    let ids = ids.attributes(".buttons input", "name");
    let cake = ids[0].as_str();
    for fields in [
        &[][..],
        &[("amount", "1.5")],
        &[("amount", "0")],
        &[("amount", "-5")],
        &[("amount", "5"), ("tip", "11")],
        &[("amount", "5"), ("tip", "other"), ("tip_amount", "x")],
        &[(cake, "1000")],
        &[(cake, "-1")],
        &[(cake, "1.5")],
        &[("item-99", "1")],
        &[("amount", "99999999999999999999")],
    ] {
        let refused = desk.charge(&cashier, fields).await;
        assert_eq!(
            refused.status,
            StatusCode::UNPROCESSABLE_ENTITY,
            "{fields:?}"
        );
        assert!(!refused.texts("#error").is_empty(), "{fields:?}");
    }
    assert_eq!(desk.sandbox.node.invoice_count(), 0);
    // What was typed is still there.
    let refused = desk.charge(&cashier, &[(cake, "2"), ("amount", "x")]).await;
    assert_eq!(
        refused.attribute(&format!("#{cake}"), "value").as_deref(),
        Some("2")
    );
}

#[tokio::test]
async fn a_form_makes_one_sale_and_none_for_the_next_customer() {
    let (desk, _) = Desk::cafe(&[]).await;
    let cashier = desk.sign_in_as(Role::Cashier).await;
    let token = desk.form_token(&cashier, COUNTER).await;
    let press = async || {
        let fields = [("form_token", token.as_str()), ("amount", "21")];
        let request = desk.request(&cashier, Method::POST, COUNTER).form(&fields);
        Page::read(request.send().await).await
    };
    let (one, two) = tokio::join!(press(), press());
    assert_eq!(one.header("location"), two.header("location"));
    assert_eq!(desk.sandbox.node.invoice_count(), 1);
    let (_, invoice) = desk.sold(&one).await;
    desk.paid(&invoice).await;
    // Back to the page of before, and once more: that is another customer.
    let again = press().await;
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        again
            .text_of("#error")
            .starts_with("This sale is done already")
    );
    assert_eq!(again.attribute("#amount", "value").as_deref(), Some(""));
    assert_eq!(desk.sandbox.node.invoice_count(), 1);
}

#[tokio::test]
async fn a_cashier_cancels_a_sale_of_the_counter_and_nothing_else() {
    let (desk, owner) = Desk::cafe(&[]).await;
    let cashier = desk.sign_in_as(Role::Cashier).await;
    let (path, invoice) = desk
        .sold(&desk.charge(&cashier, &[("amount", "21")]).await)
        .await;
    let cancelled = desk
        .post(&cashier, &path, &format!("{path}/cancel"), &[])
        .await;
    assert_eq!(cancelled.header("location"), COUNTER);
    desk.until(&invoice, "cancelled").await;
    assert_eq!(desk.get(&cashier, &path).await.text_of("h1"), "Cancelled");
    let audit = desk.get(&owner, "/desk/audit").await.text;
    for action in ["sale.cancelled", "counter_item.saved"] {
        assert!(audit.contains(action), "{action}");
    }
    // One that is paid stays paid.
    let (path, invoice) = desk
        .sold(&desk.charge(&cashier, &[("amount", "21")]).await)
        .await;
    desk.paid(&invoice).await;
    let late = desk
        .post(&cashier, COUNTER, &format!("{path}/cancel"), &[])
        .await;
    assert_eq!(late.header("location"), path);
    assert_eq!(desk.until(&invoice, "paid").await["status"], "paid");
    // An invoice of the shop's program is not the counter's.
    let other = desk
        .invoice(&serde_json::json!({ "amount_sat": 5, "description": "tea" }))
        .await;
    let foreign = format!("{COUNTER}/sales/{}", super::label(&other));
    assert_eq!(
        desk.get(&cashier, &foreign).await.status,
        StatusCode::NOT_FOUND
    );
    let refused = desk
        .post(&cashier, COUNTER, &format!("{foreign}/cancel"), &[])
        .await;
    assert_eq!(refused.status, StatusCode::NOT_FOUND);
    desk.until(&other, "unpaid").await;
}

#[tokio::test]
async fn items_are_changed_and_removed_and_bad_ones_are_named_by_field() {
    let (desk, owner) = Desk::cafe(&[]).await;
    let shown = desk.get(&owner, ITEMS).await;
    let change = shown.attributes(".cards a", "href");
    let form = desk.get(&owner, &change[0]).await;
    assert_eq!(form.attribute("#name", "value").as_deref(), Some("Cake"));
    assert_eq!(form.attribute("#tax", "value").as_deref(), Some("7"));
    let number = form
        .attribute("form.narrow input[name=item]", "value")
        .expect("a number");
    let fields = [
        ("item", number.as_str()),
        ("name", "Carrot cake"),
        ("price", "4100"),
    ];
    let changed = desk.add_item(&owner, &fields).await;
    assert_eq!(changed.status, StatusCode::SEE_OTHER, "{}", changed.text);
    let counter = desk.get(&owner, COUNTER).await;
    assert_eq!(
        counter.texts(".buttons label bdi"),
        ["Espresso", "Carrot cake"]
    );
    for (field, value) in [
        ("name", ""),
        ("name", &"x".repeat(61)),
        ("category", &"x".repeat(61)),
        ("price", "0"),
        ("price", "1.5"),
        ("tax", "101"),
        ("tax", "x"),
    ] {
        let mut fields = vec![("name", "Tea"), ("price", "5"), ("tax", "7")];
        fields.retain(|(name, _)| *name != field);
        fields.push((field, value));
        let refused = desk.add_item(&owner, &fields).await;
        assert_eq!(
            refused.status,
            StatusCode::UNPROCESSABLE_ENTITY,
            "{field}={value}"
        );
        assert!(
            !refused.texts(&format!("#{field}-error")).is_empty(),
            "{field}={value}"
        );
    }
    let removed = desk
        .post(
            &owner,
            ITEMS,
            &format!("{ITEMS}/remove"),
            &[("item", &number)],
        )
        .await;
    assert_eq!(removed.status, StatusCode::SEE_OTHER);
    // The page of before the removal sells nothing else.
    let stale = desk
        .charge(&owner, &[(&format!("item-{number}"), "1")])
        .await;
    assert!(
        stale
            .text_of("#error")
            .starts_with("This is no longer sold")
    );
    let added = desk
        .add_item(&owner, &[("name", "Tea"), ("price", "5")])
        .await;
    assert_eq!(added.status, StatusCode::SEE_OTHER);
    let counter = desk.get(&owner, COUNTER).await;
    let numbers = counter.attributes(".buttons input", "name");
    assert!(
        !numbers.contains(&format!("item-{number}")),
        "no number is given twice"
    );
}

#[tokio::test]
async fn a_phone_can_install_it_and_keeps_nothing_of_a_sale() {
    let desk = Desk::open().await;
    let manifest = desk.server.open("/desk/counter.webmanifest").await;
    assert_eq!(manifest.header("content-type"), "application/manifest+json");
    let read: Value = serde_json::from_str(&manifest.text).expect("JSON");
    assert_eq!(
        (&read["start_url"], &read["display"]),
        (&COUNTER.into(), &"standalone".into())
    );
    let worker = desk.server.open("/desk/counter-worker.js").await;
    assert_eq!(
        worker.header("content-type"),
        "text/javascript; charset=utf-8"
    );
    assert_eq!(worker.header("cache-control"), "no-cache");
    let shell = worker.text.lines().next().expect("a line");
    let shell = shell
        .trim_start_matches("const SHELL = ")
        .trim_end_matches(';');
    let shell: Vec<String> = serde_json::from_str(shell).expect("a list");
    assert_eq!(shell[0], "/desk/counter-offline");
    for path in &shell {
        let part = desk.server.open(path).await;
        assert_eq!(part.status, StatusCode::OK, "{path}");
        assert!(part.header("set-cookie").is_empty(), "{path}");
    }
    let owner = desk.sign_in_as(Role::Owner).await;
    let page = desk.get(&owner, COUNTER).await;
    assert_eq!(page.header(header::CACHE_CONTROL.as_str()), "no-store");
    assert!(
        page.header("content-security-policy")
            .contains("manifest-src 'self'")
    );
}
