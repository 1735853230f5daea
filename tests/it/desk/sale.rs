//! One sale's page, and what can be done there.

use std::time::Duration;

use facture_domain::desk::Role;
use facture_sandbox::PayError;
use reqwest::{Method, StatusCode, header};
use serde_json::{Value, json};
use tokio::net::TcpListener;

use super::{Desk, Session, TOKEN, label, path};
use crate::harness::{
    Page, json as answer,
    receiver::{Receiver, Reply},
};

impl Desk {
    async fn do_with(
        &self,
        who: &Session,
        sale: &Value,
        what: &str,
        fields: &[(&str, &str)],
    ) -> Page {
        let path = path(sale);
        self.post(who, &path, &format!("{path}/{what}"), fields)
            .await
    }

    async fn audit(&self, owner: &Session) -> String {
        self.get(owner, "/desk/audit").await.text
    }
}

#[tokio::test]
async fn a_desk_of_its_own_address_leads_to_the_buyers_pages() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    let at = address.to_string();
    let desk = Desk::open_at(&[("DESK__LISTEN", &at)], Some(listener)).await;
    let ada = desk.join("ada", Role::Owner).await;
    let sale = desk
        .sale(&json!({ "amount_sat": 7, "description": "Tea" }))
        .await;
    let client = reqwest::Client::builder().no_proxy().build();
    let request = client
        .expect("a client")
        .get(format!("http://{address}{}", path(&sale)))
        .header(header::COOKIE, &ada.cookie);
    let page = Page::read(request.send().await).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.text);
    let receipt = format!("{}/check_invoice/{}", desk.server.origin, label(&sale));
    let links = page.attributes("main a", "href");
    assert!(links.contains(&receipt), "{links:?}");
}

#[tokio::test]
async fn a_sale_has_exact_amounts_what_happened_and_a_note() {
    let desk = Desk::open().await;
    let ada = desk.join("ada", Role::Owner).await;
    let order = json!({
        "amount_msat": 1_234_567, "description": "<b>Cake</b>", "order_id": "7", "metadata": { "a": 1.10 }
    });
    let invoice = desk.invoice(&order).await;
    let bolt11 = invoice["bolt11"].as_str().expect("a string");
    desk.sandbox
        .node
        .pay(bolt11, Some(1_234_999))
        .expect("paid");
    desk.until(&invoice, "paid").await;
    let page = desk.get(&ada, &path(&invoice)).await;
    assert_eq!(page.status, StatusCode::OK);
    let facts = page.texts(".facts dd");
    for exact in [
        "1,234.567 sat (1234567 msat)",
        "1,234.999 sat (1234999 msat)",
        "0.432 sat (432 msat)",
    ] {
        assert!(facts.iter().any(|fact| fact == exact), "{exact}: {facts:?}");
    }
    assert!(page.text.contains("&#34;a&#34;"), "{}", page.text);
    let happened = page.texts(".timeline li span:first-child");
    assert_eq!(happened, ["Created", "Paid"]);
    let receipt = format!("{}/check_invoice/{}", desk.server.origin, label(&invoice));
    assert!(page.attributes("main a", "href").contains(&receipt));
    // The note is text, found by the search, and empty it is gone.
    let noted = desk.do_with(
        &ada,
        &invoice,
        "note",
        &[("note", " paid by a <b>friend</b>\r\nof Bob ")],
    );
    assert_eq!(noted.await.status, StatusCode::SEE_OTHER);
    let page = desk.get(&ada, &path(&invoice)).await;
    assert_eq!(page.text_of("#note"), "paid by a <b>friend</b>\nof Bob");
    let search = desk.get(&ada, "/desk/payments?q=FRIEND").await;
    assert_eq!(search.attributes(".sales a", "href"), [path(&invoice)]);
    let long = "x".repeat(2001);
    let refused = desk
        .do_with(&ada, &invoice, "note", &[("note", &long)])
        .await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(refused.text_of("#note"), long);
    desk.do_with(&ada, &invoice, "note", &[("note", "")]).await;
    let page = desk.get(&ada, &path(&invoice)).await;
    assert_eq!(page.text_of("#note"), "");
    assert_eq!(
        desk.audit(&ada).await.matches("sale.note_written").count(),
        2
    );
}

#[tokio::test]
async fn a_cashier_sees_a_day_and_an_accountant_changes_nothing() {
    let desk = Desk::open().await;
    let sale = desk
        .sale(&json!({ "amount_sat": 5, "description": "tea" }))
        .await;
    for role in [Role::Cashier, Role::Accountant] {
        let who = desk.sign_in_as(role).await;
        let page = desk.get(&who, &path(&sale)).await;
        assert_eq!(page.status, StatusCode::OK);
        assert_eq!(page.texts("main form").len(), 0, "{role}");
    }
    // After a day it is nothing for a cashier any more.
    let day = Duration::from_secs(24 * 3600);
    desk.sandbox.node.set_back(2 * day);
    let sale = desk
        .sale(&json!({ "amount_sat": 5, "description": "old", "expiry": 600_000 }))
        .await;
    let cashier = desk.join("carl", Role::Cashier).await;
    assert_eq!(
        desk.get(&cashier, &path(&sale)).await.status,
        StatusCode::FORBIDDEN
    );
    let list = desk.get(&cashier, "/desk/payments").await;
    assert!(list.text.contains("last 24 hours") && !list.text.contains(label(&sale)));
    assert_eq!(list.texts(".sales li").len(), 1);
    let accountant = desk.join("abel", Role::Accountant).await;
    assert_eq!(
        desk.get(&accountant, &path(&sale)).await.status,
        StatusCode::OK
    );
}

#[tokio::test]
async fn an_open_invoice_is_cancelled_once() {
    let desk = Desk::open().await;
    let ada = desk.join("ada", Role::Owner).await;
    let open = desk
        .invoice(&json!({ "amount_sat": 5, "description": "tea" }))
        .await;
    let cancelled = desk.do_with(&ada, &open, "cancel", &[]).await;
    assert_eq!(cancelled.header("location"), path(&open));
    desk.until(&open, "cancelled").await;
    let bolt11 = open["bolt11"].as_str().expect("a string");
    assert!(desk.sandbox.node.pay(bolt11, None).is_err());
    // One that is paid stays so, and there is no button.
    let paid = desk
        .sale(&json!({ "amount_sat": 5, "description": "tea" }))
        .await;
    let page = desk.do_with(&ada, &paid, "cancel", &[]).await;
    assert_eq!(page.status, StatusCode::SEE_OTHER);
    desk.until(&paid, "paid").await;
    let page = desk.get(&ada, &path(&paid)).await;
    assert!(!page.text.contains("Cancel invoice"));
    assert_eq!(desk.audit(&ada).await.matches("sale.cancelled").count(), 1);
}

#[tokio::test]
async fn a_held_payment_is_taken_or_sent_back() {
    let desk = Desk::open().await;
    let max = desk.join("max", Role::Manager).await;
    for (what, state) in [("capture", "paid"), ("cancel", "cancelled")] {
        let hold = json!({ "amount_sat": 5, "description": "two nights", "hold": true });
        let hold = desk.invoice(&hold).await;
        let bolt11 = hold["bolt11"].as_str().expect("a string");
        assert_eq!(desk.sandbox.node.pay(bolt11, None), Err(PayError::Held));
        desk.until(&hold, "accepted").await;
        let page = desk.get(&max, &path(&hold)).await;
        assert!(page.text.contains("Take the payment") && page.text.contains("Send it back"));
        desk.do_with(&max, &hold, what, &[]).await;
        desk.until(&hold, state).await;
    }
}

#[tokio::test]
async fn a_delivery_is_sent_again_from_the_page_of_its_sale() {
    let desk = Desk::open().await;
    let ada = desk.join("ada", Role::Owner).await;
    let receiver = Receiver::start().await;
    receiver.answer([Reply::Status(200), Reply::Status(200)]);
    let hook = json!({ "url": receiver.url("/hook"), "types": ["invoice.paid"] });
    let request = desk.server.request(Method::POST, "/api/v1/webhooks");
    let (status, made) = answer(request.bearer_auth(TOKEN).json(&hook).send().await).await;
    assert_eq!(status, StatusCode::CREATED, "{made}");
    let sale = desk
        .sale(&json!({ "amount_sat": 5, "description": "tea" }))
        .await;
    let other = desk
        .invoice(&json!({ "amount_sat": 5, "description": "tea" }))
        .await;
    let id = receiver.wait_for(1).await[0].id().to_owned();
    let shown = || async {
        loop {
            let page = desk.get(&ada, &path(&sale)).await;
            if page.text.contains("Delivered") {
                return page;
            }
        }
    };
    let page = shown().await;
    assert_eq!(
        page.attribute("input[name=delivery]", "value"),
        Some(id.clone())
    );
    desk.do_with(&ada, &sale, "redeliver", &[("delivery", &id)])
        .await;
    assert_eq!(receiver.wait_for(2).await[1].id(), id);
    // Not from the page of another one, and nothing that is none.
    for (sale, id) in [(&other, id.as_str()), (&sale, "msg_0"), (&sale, "")] {
        let refused = desk
            .do_with(&ada, sale, "redeliver", &[("delivery", id)])
            .await;
        assert_eq!(refused.status, StatusCode::NOT_FOUND, "{id}");
    }
    assert_eq!(
        desk.audit(&ada).await.matches("delivery.repeated").count(),
        1
    );
}

#[tokio::test]
async fn a_refund_is_ordered_once_and_never_more_than_was_received() {
    let desk = Desk::open().await;
    let max = desk.join("max", Role::Manager).await;
    let sale = desk
        .sale(&json!({ "amount_sat": 1000, "description": "tea" }))
        .await;
    let page = desk.get(&max, &path(&sale)).await;
    assert_eq!(
        page.attribute("#refund-amount", "value").as_deref(),
        Some("1000")
    );
    let key = page.attribute("input[name=key]", "value").expect("a key");
    let fields = |amount, to| {
        [
            ("key", key.as_str()),
            ("amount", amount),
            ("destination", to),
            ("reason", "cold"),
        ]
    };
    for (amount, to) in [
        ("0", "bob@wallet.example"),
        ("1,5", "bob@wallet.example"),
        ("1001", "bob@wallet.example"),
        ("5", ""),
        ("5", "nobody"),
        ("5", sale["bolt11"].as_str().unwrap_or("lnbcrt1")),
    ] {
        let refused = desk
            .do_with(&max, &sale, "refund", &fields(amount, to))
            .await;
        assert_eq!(
            refused.status,
            StatusCode::UNPROCESSABLE_ENTITY,
            "{amount} {to}"
        );
        assert!(!refused.text_of("#refund-error").is_empty());
        assert_eq!(
            refused.attribute("#destination", "value").as_deref(),
            Some(to)
        );
    }
    for _ in 0..2 {
        let fields = fields("400", "bob@wallet.example");
        let ordered = desk.do_with(&max, &sale, "refund", &fields).await;
        assert_eq!(ordered.status, StatusCode::SEE_OTHER);
    }
    let page = desk.get(&max, &path(&sale)).await;
    assert_eq!(
        page.text.matches("bob@wallet.example").count(),
        1,
        "{}",
        page.text
    );
    assert!(page.text.contains("Waits for a payer") && page.text.contains("desk: max"));
    assert!(page.text.contains("600 sat (600000 msat)"));
    assert_eq!(
        page.attribute("#refund-amount", "value").as_deref(),
        Some("600")
    );
    // The same form with something else in it is another order, which needs a form of its own.
    let other = desk
        .do_with(&max, &sale, "refund", &fields("5", "bob@wallet.example"))
        .await;
    assert_eq!(other.status, StatusCode::UNPROCESSABLE_ENTITY);
    let open = desk
        .invoice(&json!({ "amount_sat": 5, "description": "tea" }))
        .await;
    let unpaid = desk
        .do_with(&max, &open, "refund", &fields("5", "bob@wallet.example"))
        .await;
    assert!(unpaid.status.is_client_error(), "{}", unpaid.status);
}
