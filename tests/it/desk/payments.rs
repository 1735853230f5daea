//! The list of payments: its search, its filters, its pages.

use facture_domain::desk::Role;
use reqwest::StatusCode;
use serde_json::{Value, json};

use super::{Desk, Session, label, path};
use crate::harness::Page;

async fn found(desk: &Desk, session: &Session, query: &str) -> (Page, Vec<String>) {
    let page = desk.get(session, &format!("/desk/payments?{query}")).await;
    assert_eq!(page.status, StatusCode::OK, "{query}");
    let links = page.attributes(".sales a", "href");
    let labels = links.iter().map(|link| {
        let (_, label) = link.rsplit_once('/').expect("a path");
        label.to_owned()
    });
    let labels = labels.collect();
    (page, labels)
}

fn encoded(text: &str) -> String {
    url::form_urlencoded::byte_serialize(text.as_bytes()).collect()
}

#[tokio::test]
async fn one_search_box_finds_a_sale_by_all_that_is_known_of_it() {
    let desk = Desk::open().await;
    let ada = desk.sign_in_as(Role::Owner).await;
    let order = json!({
        "amount_sat": 4200, "description": "Flat white & cake", "order_id": "2026-7", "metadata": { "table": "by the window" }
    });
    let coffee = desk.sale(&order).await;
    let other = json!({ "amount_sat": 100, "description": "Tea", "order_id": "4200" });
    let tea = desk.invoice(&other).await;
    for typed in [
        "2026-7",
        "flat WHITE",
        "by the window",
        "4201",
        "4200.5 sat",
        coffee["payment_hash"].as_str().expect("a hash"),
    ] {
        let (page, labels) = found(&desk, &ada, &format!("q={}", encoded(typed))).await;
        assert_eq!(labels, [label(&coffee)], "{typed}: {}", page.text);
    }
    let made = desk
        .invoice(&json!({ "amount_sat": 9, "description": "x" }))
        .await;
    let bolt11 = made["bolt11"].as_str().expect("a string");
    for typed in [
        bolt11.to_owned(),
        format!("LIGHTNING:{}", bolt11.to_uppercase()),
    ] {
        let (_, labels) = found(&desk, &ada, &format!("q={}", encoded(&typed))).await;
        assert_eq!(labels, [label(&made)], "{typed}");
    }
    // An order's number is more likely than an amount; the page says so, and has a link for the other.
    let (page, labels) = found(&desk, &ada, "q=4200").await;
    assert_eq!(labels, [label(&tea)]);
    assert!(page.text.contains("The order “4200”"), "{}", page.text);
    let links = page.attributes("main p a", "href");
    let amount = links.iter().find(|link| link.contains("by=amount"));
    let (_, query) = amount.expect("a link").split_once('?').expect("a query");
    assert_eq!(found(&desk, &ada, query).await.1, [label(&coffee)]);
    // Labels and the addresses of buyers' pages lead to the sale itself.
    let address = format!("https://shop.example/check_invoice/{}?lang=de", label(&tea));
    for typed in [label(&tea).to_owned(), address] {
        let page = desk
            .get(&ada, &format!("/desk/payments?q={}", encoded(&typed)))
            .await;
        assert_eq!(page.status, StatusCode::SEE_OTHER);
        assert_eq!(page.header("location"), path(&tea));
    }
    let (page, labels) = found(&desk, &ada, "q=nothing+of+that").await;
    assert!(labels.is_empty() && page.text.contains("Nothing found."));
    let (page, labels) = found(&desk, &ada, &format!("q={}", "x".repeat(300))).await;
    assert!(labels.is_empty() && page.text.contains("too long"));
}

#[tokio::test]
async fn filters_are_in_the_address_and_the_form_shows_them() {
    let desk = Desk::open_with(&[("DESK__TIME_ZONE", "Pacific/Auckland")]).await;
    let ada = desk.sign_in_as(Role::Accountant).await;
    let paid = desk
        .sale(&json!({ "amount_sat": 1, "description": "paid" }))
        .await;
    let open = desk
        .invoice(&json!({ "amount_sat": 2, "description": "open" }))
        .await;
    let form = desk.server.create("3", "by the form").await;
    let label_of_form = |form: &Value| {
        let page = form["label"].as_str().map(str::to_owned);
        page.expect("a label")
    };
    for (query, expected) in [
        ("state=paid", vec![label(&paid).to_owned()]),
        (
            "state=unpaid",
            vec![label_of_form(&form), label(&open).to_owned()],
        ),
        ("channel=form", vec![label_of_form(&form)]),
        ("channel=api&state=paid", vec![label(&paid).to_owned()]),
        ("state=cancelled", vec![]),
        ("state=expired", vec![]),
        ("state=accepted", vec![]),
        ("to=2026-01-01", vec![]),
        ("from=2026-01-01&to=2026-01-02", vec![]),
        ("from=9999-12-31", vec![]),
        (
            "from=2026-01-01&state=eaten",
            vec![
                label_of_form(&form),
                label(&open).to_owned(),
                label(&paid).to_owned(),
            ],
        ),
    ] {
        let (page, labels) = found(&desk, &ada, query).await;
        assert_eq!(labels, expected, "{query}: {}", page.text);
    }
    let (page, _) = found(
        &desk,
        &ada,
        "state=paid&channel=api&from=2026-01-02&q=a%22b&lang=de",
    )
    .await;
    assert_eq!(
        page.attribute("#state option[selected]", "value")
            .as_deref(),
        Some("paid")
    );
    assert_eq!(
        page.attribute("#channel option[selected]", "value")
            .as_deref(),
        Some("api")
    );
    assert_eq!(
        page.attribute("#from", "value").as_deref(),
        Some("2026-01-02")
    );
    assert_eq!(page.attribute("#q", "value").as_deref(), Some("a\"b"));
    assert_eq!(
        page.attribute("input[name=lang]", "value").as_deref(),
        Some("de")
    );
}

#[tokio::test]
async fn pages_go_on_where_the_last_one_ended() {
    let desk = Desk::open().await;
    let ada = desk.sign_in_as(Role::Manager).await;
    for number in 0..53 {
        let order = json!({ "amount_sat": 5, "description": format!("cup {number}") });
        desk.invoice(&order).await;
    }
    let (page, first) = found(&desk, &ada, "q=cup").await;
    let next = page.attribute("a[rel=next]", "href").expect("a link");
    let (_, query) = next.split_once('?').expect("a query");
    let (page, second) = found(&desk, &ada, query).await;
    assert_eq!((first.len(), second.len()), (50, 3));
    assert!(second.iter().all(|label| !first.contains(label)));
    assert_eq!(page.attribute("a[rel=next]", "href"), None);
}

#[tokio::test]
async fn a_list_says_when_the_node_cannot_confirm_it() {
    let desk = Desk::open().await;
    let ada = desk.sign_in_as(Role::Owner).await;
    desk.sale(&json!({ "amount_sat": 5, "description": "before" }))
        .await;
    desk.sandbox.node.stop().await;
    let (page, labels) = found(&desk, &ada, "").await;
    assert_eq!(labels.len(), 1);
    assert!(
        page.text_of(".notice").contains("can’t be reached"),
        "{}",
        page.text
    );
}
