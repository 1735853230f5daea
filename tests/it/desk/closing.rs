//! The closing of a time: sums of what is stored, and nothing of another time.

use facture_domain::desk::Role;
use jiff::{Timestamp, ToSpan, tz::TimeZone};
use reqwest::StatusCode;
use serde_json::{Value, json};

use super::Desk;
use crate::harness::Page;

/// The cells of a table, without its head.
fn cells(page: &Page, heading: &str) -> Vec<String> {
    page.texts(&format!("[aria-labelledby={heading}] td"))
}

#[tokio::test]
async fn a_day_comes_to_what_was_paid_on_it() {
    let desk = Desk::open().await;
    let abel = desk.sign_in_as(Role::Accountant).await;
    let dinner = json!({
        "currency": "SAT", "amount": "1875", "tip": "150", "discount": "200",
        "tax": [{"rate": "19.0", "net": "1000", "tax": "190"}, {"rate": "7", "net": "500", "tax": "35"}],
    });
    let first = desk.sale(&dinner).await;
    let lunch = json!({
        "currency": "SAT", "amount": "119", "tax": [{"rate": "19", "net": "100", "tax": "19"}],
    });
    desk.sale(&lunch).await;
    let last = desk
        .sale(&json!({ "amount_msat": 1_001, "description": "tea" }))
        .await;
    desk.invoice(&json!({ "amount_sat": 6, "description": "not paid" }))
        .await;

    let today = Timestamp::now().to_zoned(TimeZone::UTC).date();
    let (from, to) = (
        today.checked_sub(1.day()).expect("a day"),
        today.checked_add(1.day()).expect("a day"),
    );
    let page = desk
        .get(&abel, &format!("/desk/closing?from={from}&to={to}"))
        .await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.text);
    let figures = page.text_of(".figures");
    for figure in ["1,995.001 sat", "150 SAT", "200 SAT"] {
        assert!(figures.contains(figure), "{figure}: {figures}");
    }
    assert_eq!(cells(&page, "channels"), ["API", "3", "1,995.001"]);
    let seven = ["7 %", "SAT", "500", "35", "535"];
    let nineteen = ["19 %", "SAT", "1,100", "209", "1,309"];
    assert_eq!(cells(&page, "taxes"), [seven, nineteen].concat());
    assert!(page.text.contains("Sales without tax lines: 1"));
    let number = |sale: &Value| {
        sale["receipt_number"]
            .as_str()
            .expect("a number")
            .to_owned()
    };
    let receipts = [number(&first), number(&last), "3".to_owned()];
    assert_eq!(cells(&page, "receipts"), receipts);

    let other = desk
        .get(&abel, "/desk/closing?from=2020-01-01&to=2020-01-31")
        .await;
    assert!(other.text_of(".figures").contains("0 sat"));
    assert!(cells(&other, "channels").is_empty());
    let today = desk.get(&abel, "/desk/closing").await;
    assert_eq!(today.status, StatusCode::OK);
    for wrong in [
        "from=2026-01-01",
        "from=2026-01-02&to=2026-01-01",
        "from=x&to=y",
        "from=9999-12-31&to=9999-12-31",
    ] {
        let page = desk.get(&abel, &format!("/desk/closing?{wrong}")).await;
        assert_eq!(page.status, StatusCode::BAD_REQUEST, "{wrong}");
    }
}
