//! Payment links: made at the desk, ordered by buyers.

use facture_domain::desk::Role;
use reqwest::{Method, StatusCode, header};
use serde_json::Value;

use super::{Desk, Session};
use crate::harness::{Page, json};

/// What a browser sends of the form for a new link, with these fields in place of its own.
fn form<'a>(fields: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let mut all = vec![
        ("slug", "ticket"),
        ("title", "Ticket"),
        ("text", "Doors open\r\nat eight"),
        ("kind", "fixed"),
        ("currency", "SAT"),
        ("least", "1500"),
        ("most", ""),
        ("pieces", "3"),
        ("name", "optional"),
        ("mail", "required"),
        ("note", "no"),
        ("limit", "4"),
        ("last_day", "2099-12-31"),
        ("thanks", "See you there!"),
    ];
    for (name, value) in fields {
        all.retain(|(known, _)| known != name);
        all.push((name, value));
    }
    all
}

impl Desk {
    async fn make_link(&self, session: &Session, fields: &[(&str, &str)]) -> Page {
        let path = "/desk/links";
        self.post(session, path, path, &form(fields)).await
    }

    /// Sends the form of a link's page as a buyer without script.
    async fn order(&self, path: &str, fields: &[(&str, &str)]) -> Page {
        let page = self.server.open(path).await;
        let once = page.attribute("input[name=once]", "value");
        let once = once.unwrap_or_default();
        let mut all = vec![("once", once.as_str())];
        all.extend(fields);
        let request = self.server.request(Method::POST, path).form(&all);
        let request = request.header(header::ACCEPT, "text/html");
        Page::read(request.send().await).await
    }

    /// The invoice that an order led to.
    async fn invoice_of(&self, answer: &Page) -> Value {
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
        self.server.json(answer.header("location")).await.1
    }
}

#[tokio::test]
async fn from_the_desk_to_the_paid_order() {
    let desk = Desk::open().await;
    let manager = desk.sign_in_as(Role::Manager).await;
    let made = desk.make_link(&manager, &[]).await;
    assert_eq!(made.status, StatusCode::SEE_OTHER, "{}", made.text);
    assert_eq!(made.header("location"), "/desk/links/ticket");
    // Looking makes nothing, whoever looks.
    let page = desk.server.open("/l/ticket").await;
    assert_eq!(page.text_of("h1"), "Ticket");
    assert_eq!(page.text_of(".amount"), "1,500 sat");
    assert!(page.text.contains("Doors open\nat eight"), "{}", page.text);
    let head = desk.server.request(Method::HEAD, "/l/ticket").send().await;
    assert_eq!(head.expect("an answer").status(), StatusCode::OK);
    assert_eq!(desk.sandbox.node.invoice_count(), 0);
    // What is missing is said beside its field, and nothing is made.
    let refused = desk
        .order("/l/ticket", &[("mail", ""), ("pieces", "4")])
        .await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(!refused.texts("#mail-error").is_empty(), "{}", refused.text);
    assert_eq!(
        refused.text_of("#pieces-error"),
        "Enter a number from 1 to 3."
    );
    assert_eq!(desk.sandbox.node.invoice_count(), 0);
    let said = [
        ("mail", "ada@example.com"),
        ("pieces", "2"),
        ("note", "not asked for"),
    ];
    let ordered = desk.order("/l/ticket", &said).await;
    let invoice = desk.invoice_of(&ordered).await;
    assert_eq!(invoice["amount_msat"], 3_000_000);
    assert_eq!(invoice["description"], "Ticket × 2");
    let path = format!("/api/v1/invoices/{}", super::label(&invoice));
    let request = desk.server.request(Method::GET, &path);
    let (_, full) = json(request.bearer_auth(super::TOKEN).send().await).await;
    assert_eq!(
        full["metadata"],
        serde_json::json!({ "link": "ticket", "pieces": 2 })
    );
    let bolt11 = invoice["bolt11"].as_str().expect("a string");
    desk.sandbox.node.pay(bolt11, None).expect("paid");
    desk.until(&invoice, "paid").await;
    let paid = desk.server.open(ordered.header("location")).await;
    assert_eq!(paid.text_of(".sold p"), "See you there!");
    // What buyers say about themselves is at the desk, and in no event.
    let shown = desk.get(&manager, "/desk/links/ticket").await;
    assert!(shown.text.contains("ada@example.com") && shown.text.contains("Paid"));
    assert!(!shown.text.contains("not asked for"));
    let events = desk.server.request(Method::GET, "/api/v1/events");
    let (_, events) = json(events.bearer_auth(super::TOKEN).send().await).await;
    assert!(!events.to_string().contains("ada@example.com"), "{events}");
    let sale = desk.get(&manager, &super::path(&invoice)).await;
    assert!(sale.text.contains("Payment links"), "{}", sale.text);
}

#[tokio::test]
async fn pressing_twice_makes_one_and_no_more_is_sold_than_there_is() {
    let desk = Desk::open().await;
    let owner = desk.sign_in_as(Role::Owner).await;
    desk.make_link(&owner, &[("mail", "no")]).await;
    let page = desk.server.open("/l/ticket").await;
    let once = page.attribute("input[name=once]", "value").expect("a key");
    let fields = [("once", once.as_str()), ("pieces", "3")];
    let press = async || {
        let request = desk.server.request(Method::POST, "/l/ticket").form(&fields);
        Page::read(request.header(header::ACCEPT, "text/html").send().await).await
    };
    let (one, two) = tokio::join!(press(), press());
    assert_eq!(one.status, StatusCode::SEE_OTHER, "{}", one.text);
    assert_eq!(one.header("location"), two.header("location"));
    assert_eq!(desk.sandbox.node.invoice_count(), 1);
    // One of four is left.
    let much = desk.order("/l/ticket", &[("pieces", "2")]).await;
    assert_eq!(much.status, StatusCode::CONFLICT);
    assert_eq!(much.text_of(".notice"), "Sold out");
    desk.invoice_of(&desk.order("/l/ticket", &[]).await).await;
    let closed = desk.server.open("/l/ticket").await;
    assert_eq!(closed.text_of(".notice"), "Sold out");
    assert!(closed.texts("form").is_empty());
    let late = desk.order("/l/ticket", &[]).await;
    assert_eq!(late.status, StatusCode::CONFLICT);
    // There is no sheet to print for what nobody can order.
    let poster = desk.server.open("/l/ticket/poster").await;
    assert_eq!(poster.status, StatusCode::CONFLICT);
    let shown = desk.get(&owner, "/desk/links/ticket").await;
    assert!(!shown.text.contains("/l/ticket/poster"), "{}", shown.text);
    assert_eq!(desk.sandbox.node.invoice_count(), 2);
}

#[tokio::test]
async fn a_buyer_chooses_an_amount_within_what_is_taken() {
    let desk = Desk::open_with(&[("INVOICE__MAXIMUM_SAT", "5000")]).await;
    let owner = desk.sign_in_as(Role::Owner).await;
    let base = [("pieces", "1"), ("mail", "no"), ("limit", "")];
    for (kind, slug) in [("between", "range"), ("free", "tip")] {
        let mut fields = base.to_vec();
        fields.extend([
            ("kind", kind),
            ("slug", slug),
            ("least", "100"),
            ("most", "2000"),
        ]);
        let made = desk.make_link(&owner, &fields).await;
        assert_eq!(made.status, StatusCode::SEE_OTHER, "{}", made.text);
    }
    for (slug, amount, taken) in [
        ("range", "99", false),
        ("range", "2001", false),
        ("range", "", false),
        ("range", "1.5", false),
        ("range", "2000", true),
        ("tip", "0", false),
        ("tip", "5001", false),
        ("tip", "5000", true),
    ] {
        let before = desk.sandbox.node.invoice_count();
        let answer = desk
            .order(&format!("/l/{slug}"), &[("amount", amount)])
            .await;
        let expected = match taken {
            true => StatusCode::SEE_OTHER,
            false => StatusCode::UNPROCESSABLE_ENTITY,
        };
        assert_eq!(answer.status, expected, "{slug} {amount}: {}", answer.text);
        assert_eq!(
            answer.texts("#amount-error").is_empty(),
            taken,
            "{slug} {amount}"
        );
        let made = desk.sandbox.node.invoice_count() - before;
        assert_eq!(made, usize::from(taken), "{slug} {amount}");
    }
}

#[tokio::test]
async fn a_link_is_changed_stopped_and_opened_again_and_all_of_it_is_in_the_audit_log() {
    let desk = Desk::open().await;
    let owner = desk.sign_in_as(Role::Owner).await;
    desk.make_link(&owner, &[]).await;
    let path = "/desk/links/ticket";
    let shown = desk.get(&owner, path).await;
    assert_eq!(
        shown.attribute("#last_day", "value").as_deref(),
        Some("2099-12-31")
    );
    assert_eq!(shown.attribute("#least", "value").as_deref(), Some("1500"));
    let changed = desk
        .post(
            &owner,
            path,
            path,
            &form(&[("least", "2000"), ("title", "A <b> & c")]),
        )
        .await;
    assert_eq!(changed.status, StatusCode::SEE_OTHER, "{}", changed.text);
    assert_eq!(
        desk.server.open("/l/ticket").await.text_of(".amount"),
        "2,000 sat"
    );
    let shown = desk.get(&owner, path).await;
    let snippet = shown.text_of("#html");
    assert!(
        snippet.contains("/l/ticket\">A &lt;b> &amp; c</a>"),
        "{snippet}"
    );
    desk.post(&owner, path, "/desk/links/ticket/stop", &[])
        .await;
    let over = desk.server.open("/l/ticket").await;
    assert_eq!(
        over.text_of(".notice"),
        "This can no longer be ordered here."
    );
    assert!(over.texts("form").is_empty());
    let stopped = desk.get(&owner, path).await;
    assert!(!stopped.text.contains("/l/ticket/poster"));
    desk.post(&owner, path, "/desk/links/ticket/open", &[])
        .await;
    assert!(!desk.server.open("/l/ticket").await.texts("form").is_empty());
    let audit = desk.get(&owner, "/desk/audit").await.text;
    for action in ["link.saved", "link.stopped", "link.reopened"] {
        assert!(audit.contains(action), "{action}");
    }
    let shown = desk.get(&owner, path).await;
    assert!(shown.text.contains("/l/ticket/poster"));
    let poster = desk.server.open("/l/ticket/poster").await;
    assert_eq!(poster.status, StatusCode::OK);
    assert!(poster.text_of(".hash").ends_with("/l/ticket"));
    for path in ["/l/other", "/l/Ticket", "/l/other/poster"] {
        assert_eq!(desk.server.open(path).await.status, StatusCode::NOT_FOUND);
    }
}

#[tokio::test]
async fn what_cannot_be_a_link_is_said_beside_its_field() {
    let desk = Desk::open().await;
    let owner = desk.sign_in_as(Role::Owner).await;
    let long = "x".repeat(700);
    for (field, value, kind) in [
        ("slug", "Ticket", "fixed"),
        ("slug", "", "fixed"),
        ("title", "", "fixed"),
        ("title", long.as_str(), "fixed"),
        ("text", "a\u{7}b", "fixed"),
        ("currency", "XYZ", "fixed"),
        ("least", "0", "fixed"),
        ("least", "1.5", "fixed"),
        ("most", "1", "between"),
        ("most", "", "between"),
        ("pieces", "0", "fixed"),
        ("pieces", "1001", "fixed"),
        ("pieces", "2", "free"),
        ("limit", "-1", "fixed"),
        ("last_day", "tomorrow", "fixed"),
    ] {
        let page = desk
            .make_link(&owner, &[("kind", kind), (field, value)])
            .await;
        assert_eq!(
            page.status,
            StatusCode::UNPROCESSABLE_ENTITY,
            "{field}={value}"
        );
        assert!(
            !page.texts(&format!("#{field}-error")).is_empty(),
            "{field}={value}"
        );
    }
    assert_eq!(
        desk.make_link(&owner, &[]).await.status,
        StatusCode::SEE_OTHER
    );
    let twice = desk.make_link(&owner, &[]).await;
    assert_eq!(twice.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(!twice.texts("#slug-error").is_empty());
}

#[tokio::test]
async fn without_a_form_the_front_page_is_the_shops_links() {
    let desk = Desk::open_with(&[("FORM__ENABLED", "false")]).await;
    let owner = desk.sign_in_as(Role::Owner).await;
    let empty = desk.server.open("/").await;
    assert_eq!(empty.text_of("h1"), "There is no form here");
    desk.make_link(&owner, &[]).await;
    desk.make_link(&owner, &[("slug", "tea"), ("title", "Tea")])
        .await;
    let front = desk.server.open("/").await;
    assert_eq!(front.text_of("h1"), "What we offer");
    assert_eq!(front.attributes(".shop a", "href"), ["/l/ticket", "/l/tea"]);
    desk.post(&owner, "/desk/links/tea", "/desk/links/tea/stop", &[])
        .await;
    assert_eq!(
        desk.server.open("/").await.attributes(".shop a", "href"),
        ["/l/ticket"]
    );
}

#[tokio::test]
async fn without_a_rate_a_price_in_euros_makes_nothing() {
    let settings = [
        ("PRICING__SOURCES", "node"),
        ("PRICING__MINIMUM_SOURCES", "10"),
    ];
    let desk = Desk::open_with(&settings).await;
    let owner = desk.sign_in_as(Role::Owner).await;
    let fields = [
        ("currency", "EUR"),
        ("least", "2.50"),
        ("mail", "no"),
        ("limit", "1"),
    ];
    desk.make_link(&owner, &fields).await;
    assert_eq!(
        desk.server.open("/l/ticket").await.text_of(".amount"),
        "2.50 EUR"
    );
    let answer = desk.order("/l/ticket", &[]).await;
    assert_eq!(
        answer.status,
        StatusCode::SERVICE_UNAVAILABLE,
        "{}",
        answer.text
    );
    assert!(!answer.texts(".notice").is_empty());
    assert_eq!(desk.sandbox.node.invoice_count(), 0);
    // Nothing is reserved by it.
    assert!(!desk.server.open("/l/ticket").await.texts("form").is_empty());
}
