//! The first page: figures, warnings, and what makes it live.

use std::time::Duration;

use facture_domain::desk::Role;
use reqwest::{Method, StatusCode};
use serde_json::json;
use tokio::time::timeout;

use super::{Desk, Session, path};
use crate::harness::{Page, TIMEOUT};

/// A figure by its name.
fn figure(page: &Page, name: &str) -> String {
    let names = page.texts(".figures dt");
    let place = names.iter().position(|one| one == name);
    let place = place.unwrap_or_else(|| panic!("no {name} in {names:?}"));
    page.texts(".figures dd").swap_remove(place)
}

#[tokio::test]
async fn the_day_is_added_up_exactly_and_its_bars_have_a_table() {
    let desk = Desk::open().await;
    let ada = desk.sign_in_as(Role::Accountant).await;
    let page = desk.get(&ada, "/desk").await;
    assert_eq!(page.status, StatusCode::OK);
    assert_eq!(
        (figure(&page, "Sales"), figure(&page, "Received")),
        ("0".into(), "0 sat".into())
    );
    assert!(page.texts("svg.chart rect").is_empty());
    for msat in [1_234_567, 1] {
        desk.sale(&json!({ "amount_msat": msat, "description": "tea" }))
            .await;
    }
    let form = desk.server.create("5", "by the form").await;
    let open = form["bolt11"].as_str().expect("a string");
    desk.sandbox.node.pay(open, None).expect("paid");
    desk.until(&form, "paid").await;
    let unpaid = desk
        .invoice(&json!({ "amount_sat": 1, "description": "open" }))
        .await;
    let page = desk.get(&ada, "/desk").await;
    assert_eq!(
        (figure(&page, "Sales"), figure(&page, "Received")),
        ("3".into(), "1,239.568 sat".into())
    );
    assert_eq!(figure(&page, "Open invoices"), "1");
    assert!(
        figure(&page, "Lightning node").starts_with("Connected"),
        "{}",
        page.text
    );
    // Two channels in one hour, or in two at the turn of it.
    let bars = page.texts("svg.chart rect").len();
    assert!((2..=4).contains(&bars), "{bars}");
    assert_eq!(page.texts(".legend li"), ["API", "Form"]);
    let cells = page.texts("tbody td.number");
    assert!(cells.iter().any(|cell| cell == "5"), "{cells:?}");
    assert_eq!(page.texts("svg.chart title").len(), 1);
    assert_eq!(page.texts("svg.chart desc").len(), 1);
    let latest = page.attributes(".sales a", "href");
    assert_eq!(latest.len(), 3);
    assert!(latest.contains(&path(&form)) && !latest.contains(&path(&unpaid)));
}

#[tokio::test]
async fn a_shop_that_nobody_can_pay_is_told() {
    let desk = Desk::open().await;
    let ada = desk.sign_in_as(Role::Owner).await;
    let page = desk.get(&ada, "/desk").await;
    assert!(!page.text.contains("Nobody can pay"), "{}", page.text);
    desk.sandbox.node.set_receivable_msat(999);
    let page = desk.get(&ada, "/desk").await;
    assert!(page.text_of(".notice").starts_with("Nobody can pay"));
    // A node that is away: what is known is shown, and since when.
    desk.sandbox.node.stop().await;
    let page = desk.get(&ada, "/desk").await;
    assert_eq!(page.status, StatusCode::OK);
    assert_eq!(figure(&page, "Lightning node"), "Not reachable");
    assert_eq!(figure(&page, "Can be received"), "Not known");
    assert!(page.text_of(".notice").contains("can’t be reached"));
}

#[tokio::test]
async fn the_stream_says_that_something_happened_until_the_session_ends() {
    let desk = Desk::open().await;
    let ada = desk.sign_in_as(Role::Manager).await;
    let request = desk.request(&ada, Method::GET, "/desk/events");
    let mut stream = request.send().await.expect("an answer");
    assert_eq!(stream.status(), StatusCode::OK);
    let mut until = async |wanted: &str| {
        let mut said = String::new();
        let reading = async {
            while let Some(piece) = stream.chunk().await.expect("it goes on") {
                said += std::str::from_utf8(&piece).expect("text");
                if !wanted.is_empty() && said.contains(wanted) {
                    return true;
                }
            }
            false
        };
        let met = timeout(TIMEOUT + Duration::from_secs(5), reading).await;
        (met.expect("in time"), said)
    };
    desk.sale(&json!({ "amount_sat": 1, "description": "tea" }))
        .await;
    let (met, said) = until("event: changed").await;
    assert!(met, "{said}");
    // It says nothing of what happened.
    assert!(
        !said.contains("tea") && !said.contains("facture_"),
        "{said}"
    );
    let left = desk.post(&ada, "/desk/account", "/desk/logout", &[]).await;
    assert_eq!(left.status, StatusCode::SEE_OTHER);
    desk.sale(&json!({ "amount_sat": 1, "description": "tea" }))
        .await;
    let (met, said) = until("").await;
    assert!(!met, "{said}");
    let nobody = Session {
        cookie: ada.cookie.clone(),
    };
    let refused = desk
        .request(&nobody, Method::GET, "/desk/events")
        .send()
        .await;
    assert_eq!(refused.expect("an answer").status(), StatusCode::SEE_OTHER);
}
