//! The DATEV export: every column as DATEV describes it, sums to the cent, and no file that lacks something unsaid.

use std::{path::Path, process::Command};

use facture_domain::desk::Role;
use facture_test_support::report::skipped;
use reqwest::StatusCode;
use serde_json::{Value, json};

use super::{Desk, Session, exports::period};
use crate::{harness::Page, prices::server::Rates};

const SETTINGS: [(&str, &str); 9] = [
    ("DATEV__ADVISER", "29098"),
    ("DATEV__CLIENT", "55003"),
    ("DATEV__BITCOIN_ACCOUNT", "1460"),
    ("DATEV__REVENUE_ACCOUNTS", "19=8400 7=8300"),
    ("DATEV__UNTAXED_ACCOUNT", "8200"),
    ("DATEV__TIP_ACCOUNT", "1370"),
    ("DATEV__DIFFERENCE_ACCOUNT", "2660"),
    ("DATEV__FEE_ACCOUNT", "4970"),
    // So that the days around today are of one year.
    ("DATEV__FISCAL_YEAR_START", "07-15"),
];

impl Desk {
    /// A desk that knows a rate, with these settings and a DATEV export.
    async fn with_datev(more: &[(&str, &str)]) -> (Self, Rates, Session) {
        let rates = Rates::start(2).await;
        rates.set_all("100000");
        let sources = rates.configured(&[]);
        let mut settings = vec![
            ("PRICING__SOURCES", sources.as_str()),
            ("PRICING__ALLOW_PRIVATE", "true"),
        ];
        settings.extend(SETTINGS);
        settings.extend(more);
        let desk = Self::open_with(&settings).await;
        let abel = desk.sign_in_as(Role::Accountant).await;
        (desk, rates, abel)
    }

    async fn datev(&self, session: &Session, more: &str) -> Page {
        let path = format!("/desk/exports/datev.csv?{}{more}", period());
        self.get(session, &path).await
    }

    /// The file as it is sent.
    async fn datev_bytes(&self, session: &Session) -> Vec<u8> {
        let path = format!("/desk/exports/datev.csv?{}", period());
        let request = self.request(session, reqwest::Method::GET, &path);
        let answer = request.send().await.expect("an answer");
        assert_eq!(answer.status(), StatusCode::OK);
        let name = answer.headers()["content-disposition"]
            .to_str()
            .expect("text");
        assert!(name.contains("filename=\"EXTF_Buchungsstapel-"), "{name}");
        let media = answer.headers()["content-type"].to_str().expect("text");
        assert_eq!(media, "text/csv; charset=windows-1252");
        answer.bytes().await.expect("a file").to_vec()
    }
}

/// What `tests/datev/check.py` finds in a file; `None` where there is no Python.
fn checked(bytes: &[u8]) -> Option<Value> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    let directory = tempfile::tempdir().expect("a directory");
    let file = directory.path().join("EXTF_Buchungsstapel.csv");
    std::fs::write(&file, bytes).expect("it is written");
    let own = folder.join("target/datev/bin/python");
    let python = if own.exists() { own } else { "python3".into() };
    let script = folder.join("tests/datev/check.py");
    let Ok(checked) = Command::new(python).arg(script).arg(&file).output() else {
        skipped("there is no python3 to check the DATEV export");
        return None;
    };
    let error = String::from_utf8_lossy(&checked.stderr);
    assert!(checked.status.success(), "{error}");
    let found: Value = serde_json::from_slice(&checked.stdout).expect("JSON");
    if found["reader"] == false {
        skipped(
            "mloda-community-german-ledger is not in target/datev (.ci/requirements-datev.txt)",
        );
    }
    Some(found)
}

#[tokio::test]
async fn each_account_gets_its_part_to_the_cent() {
    let (desk, _rates, abel) = Desk::with_datev(&[]).await;
    for sale in [
        json!({
            "amount": "12.90", "currency": "EUR", "description": "=Käse; \"jung\" 日本", "tip": "1.00",
            "tax": [{ "rate": "19", "net": "5.00", "tax": "0.95" }, { "rate": "7.0", "net": "5.56", "tax": "0.39" }],
        }),
        json!({ "amount": "5.00", "currency": "EUR", "description": "a gift" }),
    ] {
        desk.valued_sale(&sale).await;
    }
    let bytes = desk.datev_bytes(&abel).await;
    let text = String::from_utf8_lossy(&bytes);
    assert!(
        text.starts_with("\"EXTF\";700;21;\"Buchungsstapel\";13;"),
        "{text}"
    );
    assert!(bytes.windows(6).any(|part| part == b"'=K\xe4se"), "{text}");
    assert!(text.contains("\"\"jung\"\" ??\""), "{text}");
    let Some(found) = checked(&bytes) else { return };
    assert_eq!(found["bookings"], 4);
    assert_eq!(
        found["accounts"],
        json!({ "1370": "-1.00", "1460": "17.90", "8200": "-5.00", "8300": "-5.95", "8400": "-5.95" })
    );
}

#[tokio::test]
async fn bitcoin_is_booked_at_what_it_was_worth() {
    let (desk, _rates, abel) = Desk::with_datev(&[]).await;
    let tea = json!({ "amount": "10.00", "currency": "EUR", "description": "tea" });
    let invoice = desk.invoice(&tea).await;
    let bolt11 = invoice["bolt11"].as_str().expect("a string");
    // At 100,000 EUR these are ten cents more than was asked for.
    desk.sandbox
        .node
        .pay(bolt11, Some(10_100_000))
        .expect("paid");
    desk.valued(&invoice).await;
    let Some(found) = checked(&desk.datev_bytes(&abel).await) else {
        return;
    };
    assert_eq!(
        found["accounts"],
        json!({ "1460": "10.10", "2660": "-0.10", "8200": "-10.00" })
    );
}

#[tokio::test]
async fn there_is_no_file_that_lacks_something_unsaid() {
    let (desk, _rates, abel) = Desk::with_datev(&[("DATEV__REVENUE_ACCOUNTS", "7=8300")]).await;
    let page = desk.get(&abel, "/desk/exports").await;
    let targets = page.attributes("button[formaction]", "formaction");
    assert!(targets.contains(&"/desk/exports/datev.csv".to_owned()));
    desk.sale(&json!({ "amount_sat": 5, "description": "in sat" }))
        .await;
    let refused = desk.datev(&abel, "").await;
    assert_eq!(refused.status, StatusCode::CONFLICT);
    assert!(
        refused
            .text_of("[role=alert]")
            .contains("1 sales or refunds")
    );
    let left = desk.datev(&abel, "&rest=leave").await;
    assert_eq!(
        (left.status, left.text.lines().count()),
        (StatusCode::OK, 2)
    );
    desk.valued_sale(&json!({
        "amount": "11.90", "currency": "EUR", "description": "tea", "tax": [{ "rate": "19", "net": "10.00", "tax": "1.90" }],
    }))
    .await;
    let refused = desk.datev(&abel, "&rest=leave").await;
    assert_eq!(refused.status, StatusCode::CONFLICT);
    assert!(refused.text_of("[role=alert]").contains("19 %"));
    let years = "/desk/exports/datev.csv?from=2026-07-14&to=2026-07-15";
    let refused = desk.get(&abel, years).await;
    assert_eq!(refused.status, StatusCode::CONFLICT);
    assert!(refused.text_of("[role=alert]").contains("two fiscal years"));
    // Where it is not configured, there is none.
    let desk = Desk::open().await;
    let abel = desk.sign_in_as(Role::Accountant).await;
    assert_eq!(desk.datev(&abel, "").await.status, StatusCode::NOT_FOUND);
    assert!(
        !desk
            .get(&abel, "/desk/exports")
            .await
            .text
            .contains("DATEV")
    );
}
