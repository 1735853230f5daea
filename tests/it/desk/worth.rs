//! What sales were worth when they were paid: on the first page, in the list, and looked for.

use facture_domain::desk::Role;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use tokio::time::{Duration, interval, timeout};

use super::{Desk, Session, TOKEN, label};
use crate::{
    harness::{Page, TIMEOUT, json as answer},
    prices::server::Rates,
};

impl Desk {
    /// A desk whose shop knows that a bitcoin costs 100,000 EUR.
    async fn with_rates() -> (Self, Rates) {
        let rates = Rates::start(2).await;
        rates.set_all("100000");
        let sources = rates.configured(&[]);
        let desk = Self::open_with(&[
            ("PRICING__SOURCES", &sources),
            ("PRICING__ALLOW_PRIVATE", "true"),
        ])
        .await;
        (desk, rates)
    }

    /// A sale whose worth is written down.
    pub(super) async fn valued_sale(&self, body: &Value) -> Value {
        let sale = self.sale(body).await;
        self.valued(&sale).await
    }

    /// It, once its worth is written down.
    pub(super) async fn valued(&self, sale: &Value) -> Value {
        let path = format!("/api/v1/invoices/{}", label(sale));
        let mut ticks = interval(Duration::from_millis(50));
        let valued = async {
            loop {
                ticks.tick().await;
                let request = self.server.request(Method::GET, &path);
                let (status, sale) = answer(request.bearer_auth(TOKEN).send().await).await;
                assert_eq!(status, StatusCode::OK);
                if !sale["valuation"].is_null() {
                    break sale;
                }
            }
        };
        timeout(TIMEOUT, valued).await.expect("its worth")
    }

    async fn found(&self, session: &Session, typed: &str) -> Page {
        let query = url::form_urlencoded::Serializer::new(String::new())
            .append_pair("q", typed)
            .append_pair("by", "worth")
            .finish();
        self.get(session, &format!("/desk/payments?{query}")).await
    }
}

/// The figures of a page: names and what stands there.
fn figures(page: &Page) -> Vec<(String, String)> {
    let names = page.texts(".figures dt");
    names.into_iter().zip(page.texts(".figures dd")).collect()
}

fn figure(name: &str, text: &str) -> (String, String) {
    (name.to_owned(), text.to_owned())
}

#[tokio::test]
async fn what_was_received_is_added_up_in_euros_and_what_is_not_known_is_counted() {
    let (desk, _rates) = Desk::with_rates().await;
    let ada = desk.sign_in_as(Role::Owner).await;
    for amount in ["10.10", "0.20"] {
        desk.valued_sale(&json!({ "amount": amount, "currency": "EUR", "description": "tea" }))
            .await;
    }
    desk.sale(&json!({ "amount_sat": 5, "description": "a gift" }))
        .await;
    for path in ["/desk", "/desk/payments"] {
        let figures = figures(&desk.get(&ada, path).await);
        for expected in [
            figure("Worth when paid", "10.30 EUR · 2"),
            figure("Sales whose worth is not known", "1"),
        ] {
            assert!(figures.contains(&expected), "{path}: {figures:?}");
        }
    }
    let gifts = desk.get(&ada, "/desk/payments?q=gift").await;
    assert_eq!(
        figures(&gifts),
        [
            figure("Received", "5 sat · 1"),
            figure("Sales whose worth is not known", "1"),
        ]
    );
    let expired = desk.get(&ada, "/desk/payments?state=expired").await;
    assert_eq!(figures(&expired), []);
    // What it comes to is not for cashiers.
    let carla = desk.sign_in_as(Role::Cashier).await;
    assert_eq!(figures(&desk.get(&carla, "/desk/payments").await), []);
}

#[tokio::test]
async fn a_payment_is_found_by_what_it_was_worth() {
    let (desk, _rates) = Desk::with_rates().await;
    let ada = desk.sign_in_as(Role::Owner).await;
    for amount in ["12.50", "12.60", "12.70"] {
        desk.valued_sale(&json!({ "amount": amount, "currency": "EUR", "description": amount }))
            .await;
    }
    let what = |page: &Page| {
        let mut found = page.texts(".sales .what");
        found.sort();
        found
    };
    for typed in ["12.50 EUR", "€12,50", "12.5eur"] {
        let page = desk.found(&ada, typed).await;
        assert_eq!(what(&page), ["12.50", "12.60"], "{typed}");
        assert!(page.text.contains("Payments worth 12.37 EUR to 12.63 EUR"));
    }
    assert!(what(&desk.found(&ada, "12.50 USD").await).is_empty());
    // Without being told so: there is no order of this name.
    let page = desk.get(&ada, "/desk/payments?q=12.70+EUR").await;
    assert_eq!(what(&page), ["12.60", "12.70"]);
}
