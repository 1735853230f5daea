//! Exports: every sale of the time is there, exact, and no text is a formula.

use facture_domain::desk::Role;
use reqwest::{Method, StatusCode};
use serde_json::json;

use super::{Desk, label, path};

fn rows(text: &str, separator: u8) -> Vec<Vec<String>> {
    let text = text.trim_start_matches('\u{feff}');
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(separator)
        .has_headers(false)
        .from_reader(text.as_bytes());
    let rows = reader.records().map(|row| {
        let row = row.expect("a row");
        row.iter().map(str::to_owned).collect()
    });
    rows.collect()
}

/// Days around today, wherever midnight is.
pub(super) fn period() -> String {
    let today = jiff::Timestamp::now()
        .to_zoned(jiff::tz::TimeZone::UTC)
        .date();
    let (before, after) = (
        today.yesterday().expect("a day"),
        today.tomorrow().expect("a day"),
    );
    format!("from={before}&to={after}")
}

#[tokio::test]
async fn a_file_has_every_payment_of_the_time_to_the_last_digit() {
    let desk = Desk::open_with(&[("DESK__TIME_ZONE", "Asia/Kolkata")]).await;
    let abel = desk.sign_in_as(Role::Accountant).await;
    let max = desk.sign_in_as(Role::Manager).await;
    let order = json!({
        "amount_msat": 1_234_567, "description": "=HYPERLINK(\"http://evil\")", "order_id": "+7;8,9", "metadata": {"a": "x"}
    });
    let cake = desk.sale(&order).await;
    desk.post(
        &max,
        &path(&cake),
        &format!("{}/note", path(&cake)),
        &[("note", "two\nlines")],
    )
    .await;
    desk.sale(&json!({ "amount_sat": 5, "description": "tea" }))
        .await;
    desk.invoice(&json!({ "amount_sat": 6, "description": "not paid" }))
        .await;
    let page = desk
        .get(&abel, &format!("/desk/exports/sales.csv?{}", period()))
        .await;
    assert_eq!(page.status, StatusCode::OK);
    assert_eq!(page.header("content-type"), "text/csv; charset=utf-8");
    assert!(
        page.header("content-disposition")
            .starts_with("attachment; filename=\"sales-")
    );
    assert!(page.text.starts_with("\u{feff}type,paid_at_utc,"));
    let table = rows(&page.text, b',');
    assert_eq!(table.len(), 3, "{table:?}");
    let column = |name: &str| {
        table[0]
            .iter()
            .position(|one| one == name)
            .expect("a column")
    };
    // Both may have been paid in the same second: then they are in the order of their labels.
    let own = |row: &Vec<String>| row[column("label")] == label(&cake);
    let place = table.iter().position(own).expect("a row");
    let cell = |name: &str| table[place][column(name)].as_str();
    assert_eq!(cell("label"), label(&cake));
    assert_eq!(
        (cell("amount_msat"), cell("amount_sat")),
        ("1234567", "1234.567")
    );
    assert_eq!((cell("over_paid_msat"), cell("refunded_msat")), ("0", "0"));
    assert_eq!((cell("channel"), cell("type")), ("api", "sale"));
    assert_eq!(
        cell("receipt_number"),
        cake["receipt_number"].as_str().expect("a number")
    );
    assert_eq!(cell("description"), "'=HYPERLINK(\"http://evil\")");
    assert_eq!(cell("order_id"), "'+7;8,9");
    assert_eq!(cell("note"), "two\nlines");
    assert_ne!(cell("paid_at_utc"), cell("paid_at_local"));
    // Nothing is known of a price in another currency: empty, not 0.
    assert_eq!((cell("price_amount"), cell("worth_when_paid")), ("", ""));
    let semicolon = format!("/desk/exports/sales.csv?separator=semicolon&{}", period());
    let table = rows(&desk.get(&abel, &semicolon).await.text, b';');
    assert_eq!(table[place][column("amount_sat")], "1234,567");
    // A time without sales is a file with a head.
    let old = desk
        .get(
            &abel,
            "/desk/exports/sales.csv?from=2020-01-01&to=2020-12-31",
        )
        .await;
    assert_eq!(rows(&old.text, b',').len(), 1);
    for wrong in [
        "",
        "from=2026-01-01",
        "from=2026-01-02&to=2026-01-01",
        "from=x&to=y",
        "from=9999-12-31&to=9999-12-31",
    ] {
        let page = desk
            .get(&abel, &format!("/desk/exports/sales.csv?{wrong}"))
            .await;
        assert_eq!(page.status, StatusCode::BAD_REQUEST, "{wrong}");
    }
}

#[tokio::test]
async fn koinly_gets_bitcoin_and_nothing_that_is_not_known() {
    let desk = Desk::open().await;
    let abel = desk.sign_in_as(Role::Accountant).await;
    let cake = desk
        .sale(&json!({ "amount_msat": 1_234_567, "description": "cake" }))
        .await;
    let page = desk
        .get(&abel, &format!("/desk/exports/koinly.csv?{}", period()))
        .await;
    let table = rows(&page.text, b',');
    assert_eq!(
        table[0][..5],
        [
            "Date",
            "Sent Amount",
            "Sent Currency",
            "Received Amount",
            "Received Currency"
        ]
    );
    let row = &table[1];
    assert!(row[0].ends_with(" UTC") && row[0].len() == 20, "{row:?}");
    assert_eq!(row[1..7], ["", "", "0.00001234567", "BTC", "", ""]);
    assert_eq!(row[7..11], ["", "", "income", "cake"]);
    assert_eq!(row[11], cake["payment_hash"].as_str().expect("a hash"));
}

#[tokio::test]
async fn there_is_no_file_of_which_nobody_knows_whether_it_is_whole() {
    let desk = Desk::open().await;
    let abel = desk.sign_in_as(Role::Accountant).await;
    desk.sale(&json!({ "amount_sat": 5, "description": "tea" }))
        .await;
    desk.sandbox.node.stop().await;
    let page = desk
        .get(&abel, &format!("/desk/exports/sales.csv?{}", period()))
        .await;
    assert_eq!(page.status, StatusCode::SERVICE_UNAVAILABLE);
    // What was confirmed before is whole.
    let old = desk
        .get(
            &abel,
            "/desk/exports/sales.csv?from=2020-01-01&to=2020-12-31",
        )
        .await;
    assert_eq!(old.status, StatusCode::OK);
}

#[cfg(feature = "xlsx")]
#[tokio::test]
async fn a_workbook_is_one() {
    let desk = Desk::open().await;
    let abel = desk.sign_in_as(Role::Accountant).await;
    desk.sale(&json!({ "amount_msat": 1_234_567, "description": "=1+1" }))
        .await;
    let path = format!("/desk/exports/sales.xlsx?{}", period());
    let request = desk.request(&abel, Method::GET, &path);
    let answer = request.send().await.expect("an answer");
    assert_eq!(answer.status(), StatusCode::OK);
    let media = answer.headers()["content-type"].to_str().expect("text");
    assert!(media.ends_with("spreadsheetml.sheet"), "{media}");
    let bytes = answer.bytes().await.expect("a file");
    assert!(bytes.starts_with(b"PK"));
}

/// More than are read at once.
#[tokio::test]
async fn a_long_file_has_each_payment_once() {
    let desk = Desk::open().await;
    let abel = desk.sign_in_as(Role::Accountant).await;
    let mut labels = Vec::new();
    for number in 0..1001 {
        let invoice = desk
            .invoice(&json!({ "amount_sat": 1, "description": number.to_string() }))
            .await;
        let bolt11 = invoice["bolt11"].as_str().expect("a string");
        desk.sandbox.node.pay(bolt11, None).expect("paid");
        labels.push(invoice);
    }
    for invoice in labels.iter().rev().take(1) {
        desk.until(invoice, "paid").await;
    }
    let page = desk
        .get(&abel, &format!("/desk/exports/sales.csv?{}", period()))
        .await;
    let table = rows(&page.text, b',');
    let mut found: Vec<_> = table[1..].iter().map(|row| row[3].clone()).collect();
    found.sort();
    let mut expected: Vec<_> = labels
        .iter()
        .map(|invoice| label(invoice).to_owned())
        .collect();
    expected.sort();
    assert_eq!(found, expected);
}
