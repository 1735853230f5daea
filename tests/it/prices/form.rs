//! The form with a choice of currencies: decimals as the language writes them, the shop's limits, no invoice without a rate.

use reqwest::{Method, StatusCode, header};
use serde_json::Value;

use super::server::{Rates, Says, settings};
use crate::{
    contract::World,
    harness::{Page, Server},
    world::Sandbox,
};

/// A form in euros, dollars and yen, with a bitcoin at 100,000 of each.
async fn open(rates: &Rates, sandbox: &Sandbox) -> Server {
    rates.set_all("100000");
    let sources = rates.configured(&[]);
    let settings = settings(
        &sources,
        &[
            ("FORM__CURRENCIES", "EUR USD JPY"),
            ("PRICING__ALLOW_PRIVATE", "true"),
            ("PRICING__MAX_AGE_SECONDS", "1"),
        ],
    );
    sandbox.server(&settings).await
}

async fn send(server: &Server, language: &str, fields: &[(&str, &str)]) -> Page {
    let request = server
        .request(Method::POST, "/create_invoice")
        .header(header::ACCEPT_LANGUAGE, language);
    Page::read(request.form(fields).send().await).await
}

/// The invoice that the form led to.
async fn made(server: &Server, answer: &Page) -> Value {
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    server.json(answer.header("location")).await.1
}

#[tokio::test]
async fn visitors_choose_a_currency() {
    let (rates, sandbox) = (Rates::start(2).await, Sandbox::start().await);
    let server = open(&rates, &sandbox).await;
    let form = server.open("/").await;
    assert_eq!(form.texts("option"), ["EUR", "USD", "JPY", "sat"]);
    assert_eq!(form.texts("option[selected]"), ["EUR"]);
    // Links from before there were currencies mean satoshis.
    for (link, chosen) in [
        ("/?amount=500", "sat"),
        ("/?amount=5&currency=USD", "USD"),
        ("/?currency=jpy", "JPY"),
        ("/?amount=5&currency=GBP", "sat"),
        ("/?amount=5&currency=%3Cb%3E", "sat"),
    ] {
        assert_eq!(server.open(link).await.texts("option[selected]"), [chosen]);
    }
    let answer = send(&server, "de", &[("amount", "9,90"), ("currency", "EUR")]).await;
    let invoice = made(&server, &answer).await;
    assert_eq!(invoice["amount_msat"], 9_900_000);
    assert_eq!(
        (&invoice["currency"], &invoice["amount"]),
        (&"EUR".into(), &"9.90".into())
    );
    assert_eq!(invoice["rate"]["price"], "100000");
    let lasts = invoice["expires_at"]
        .as_i64()
        .zip(invoice["created_at"].as_i64());
    assert_eq!(lasts.map(|(until, since)| until - since), Some(900));
    let page = server.open(answer.header("location")).await;
    assert!(page.text_of(".price").contains("9.90"), "{}", page.text);
    let sat = send(&server, "de", &[("amount", "500"), ("currency", "SAT")]).await;
    assert_eq!(made(&server, &sat).await["amount_msat"], 500_000);
    // Programs of before name none.
    let (status, old) = server.submit_json(&[("amount", "500")]).await;
    assert_eq!(status, StatusCode::CREATED);
    assert_eq!(
        (&old["amount_msat"], &old["currency"]),
        (&500_000.into(), &Value::Null)
    );
}

#[tokio::test]
async fn without_currencies_the_form_is_as_it_was() {
    let sandbox = Sandbox::start().await;
    let server = sandbox.server(&[]).await;
    assert_eq!(server.open("/").await.texts("select"), [""; 0]);
    let (status, refused) = server
        .submit_json(&[("amount", "5"), ("currency", "EUR")])
        .await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(refused["error"]["field"], "currency");
    assert_eq!(refused["error"]["code"], "currency_unknown");
    let fixed = sandbox
        .server(&[("FORM__FIXED_SAT", "21"), ("FORM__CURRENCIES", "EUR")])
        .await;
    assert_eq!(fixed.open("/").await.texts("select"), [""; 0]);
    let (_, refused) = fixed
        .submit_json(&[("amount", "21"), ("currency", "EUR")])
        .await;
    assert_eq!(refused["error"]["code"], "amount_fixed");
}

#[tokio::test]
async fn a_bad_amount_is_told_beside_the_form_and_nothing_is_asked() {
    let (rates, sandbox) = (Rates::start(2).await, Sandbox::start().await);
    let server = open(&rates, &sandbox).await;
    for (amount, currency, code) in [
        ("", "EUR", "amount_missing"),
        ("ten", "EUR", "amount_invalid"),
        ("-1", "EUR", "amount_invalid"),
        ("0", "EUR", "amount_invalid"),
        ("1.234", "EUR", "amount_invalid"),
        ("1.5", "JPY", "amount_invalid"),
        ("99999999999999999999", "EUR", "amount_invalid"),
        ("1", "GBP", "currency_unknown"),
        ("1", "EUR\u{0}", "currency_unknown"),
    ] {
        let fields = [("amount", amount), ("currency", currency)];
        let (status, refused) = server.submit_json(&fields).await;
        assert_eq!(
            status,
            StatusCode::UNPROCESSABLE_ENTITY,
            "{amount}: {refused}"
        );
        assert_eq!(refused["error"]["code"], code, "{amount} {currency}");
    }
    let again = send(&server, "de", &[("amount", "1,2345"), ("currency", "USD")]).await;
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        again.text_of("#amount-error").contains("12,50"),
        "{}",
        again.text
    );
    assert_eq!(
        again.attribute("#amount", "value").as_deref(),
        Some("1,2345")
    );
    assert_eq!(again.texts("option[selected]"), ["USD"]);
    assert!(rates.asked(0).is_empty());
    // Within the shop's limits by the rate of now.
    for (amount, code) in [
        ("0.0001", "amount_invalid"),
        ("99999999", "amount_too_large"),
    ] {
        let (_, refused) = server
            .submit_json(&[("amount", amount), ("currency", "EUR")])
            .await;
        assert_eq!(refused["error"]["code"], code, "{amount}: {refused}");
        assert_eq!(refused["error"]["field"], "amount");
    }
    assert_eq!(sandbox.node.calls("invoice"), 0);
}

#[tokio::test]
async fn pressed_twice_it_is_one_invoice_and_without_a_rate_none() {
    let (rates, sandbox) = (Rates::start(2).await, Sandbox::start().await);
    let server = open(&rates, &sandbox).await;
    let once = server
        .open("/")
        .await
        .attribute("[name=once]", "value")
        .expect("a key");
    let fields = [("once", &*once), ("amount", "10"), ("currency", "EUR")];
    let first = send(&server, "en", &fields).await;
    let label = made(&server, &first).await["label"].clone();
    for source in 0..2 {
        rates.set(source, Says::Status(500));
    }
    // The same request needs no rate.
    let again = send(&server, "en", &fields).await;
    assert_eq!(made(&server, &again).await["label"], label);
    let fields = [("amount", "10"), ("currency", "USD")];
    let none = send(&server, "fr", &fields).await;
    assert_eq!(none.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(none.header("retry-after"), "60");
    assert!(
        none.text_of(".notice").contains("taux de change"),
        "{}",
        none.text
    );
    assert_eq!(none.attribute("#amount", "value").as_deref(), Some("10"));
    let (_, error) = server.submit_json(&fields).await;
    assert_eq!(error["error"]["code"], "no_rate");
    assert_eq!(sandbox.node.calls("invoice"), 1);
}
