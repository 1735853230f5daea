//! Bad input and abuse: nobody is let in, and what makes no sense makes nothing.

use reqwest::{StatusCode, header};

use super::{Site, server};
use crate::{contract::World, harness::config, world::Sandbox};

#[tokio::test]
async fn what_is_forged_replayed_or_for_something_else_lets_nobody_in() {
    let site = Site::open(&[]).await;
    let offer = site.offer("resource=article").await;
    let preimage = site.pay(&offer).await;
    let (token, payment) = (offer.l402(&preimage), offer.payment(&preimage));
    let archive = site.offer("resource=archive").await;
    let mut forged = token.clone();
    // The last character but two of the macaroon: of its signature.
    let at = forged.find(':').unwrap() - 4;
    let other = if forged[at..].starts_with('A') {
        "B"
    } else {
        "A"
    };
    forged.replace_range(at..=at, other);
    for (resource, credential, problem) in [
        ("article", forged.clone(), "unknown-challenge"),
        ("article", archive.l402(&preimage), "invalid-preimage"),
        ("article", "L402 :".to_owned(), "malformed-credential"),
        (
            "article",
            format!("L402 {}", "A".repeat(5000)),
            "malformed-credential",
        ),
        ("article", "Payment e30".to_owned(), "malformed-credential"),
        ("article", "Payment !".to_owned(), "malformed-credential"),
        (
            "article",
            format!("Payment {}", "A".repeat(9000)),
            "malformed-credential",
        ),
        (
            "article",
            offer.payment(&"00".repeat(32)),
            "invalid-preimage",
        ),
        // Not one of our schemes.
        ("article", "Bearer token".to_owned(), "payment-required"),
        ("article", "L402".to_owned(), "payment-required"),
        ("archive", token.clone(), "unknown-challenge"),
        // The archive offers no single visits.
        ("archive", payment.clone(), "payment-required"),
    ] {
        let query = format!("resource={resource}");
        let answer = site.check(&query, Some(&credential)).await;
        assert_eq!(answer.status, StatusCode::PAYMENT_REQUIRED, "{credential}");
        assert_eq!(answer.problem(), problem, "{credential}");
        assert!(
            answer.body["invoice"].is_string(),
            "there is something to pay"
        );
    }
    // Another facture's.
    let elsewhere = Site::open(&[]).await;
    for credential in [&token, &payment] {
        let answer = elsewhere.check("resource=article", Some(credential)).await;
        assert_eq!(answer.problem(), "unknown-challenge");
    }
    // A forged one beside a good one is refused, as all headers are that may occur only once.
    let both = site.request("resource=article");
    let both = both.header(header::AUTHORIZATION, forged);
    let both = both.header(header::AUTHORIZATION, token).send().await;
    assert_eq!(both.unwrap().status(), StatusCode::BAD_REQUEST);
    // And none of this has used the payment up.
    let once = site.check("resource=article", Some(&payment)).await;
    assert_eq!(once.status, StatusCode::OK);
}

#[tokio::test]
async fn what_is_not_asked_right_makes_nothing() {
    let site = Site::open(&[]).await;
    for (query, field) in [
        ("", "resource"),
        ("resource=", "resource"),
        ("resource=nothing", "resource"),
        ("resource=article&resource=archive", "resource"),
        ("resource=../article", "resource"),
        ("resource=%FF", "resource"),
        ("resource=article&price_sat=1", "price_sat"),
        ("resource=nothing&price_sat=1", "price_sat"),
        ("resource=article&status=200", "status"),
    ] {
        let request = site
            .request(query)
            .header(header::ACCEPT, "application/json");
        let answer = super::Answer::read(request.send().await).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{query}");
        let text = answer.body.to_string();
        assert!(text.contains(&format!("The parameter {field}")), "{text}");
    }
    let denied = site.check("resource=article&status=401", None).await;
    assert_eq!(denied.status, StatusCode::UNAUTHORIZED);
    assert_eq!(denied.body.get("invoice"), None);
    assert_eq!(site.sandbox.invoices().await, 0);
}

#[tokio::test]
async fn a_stranger_cannot_make_more_than_the_form_would() {
    let site = Site::open(&[("LIMITS__INVOICES_PER_CLIENT_PER_MINUTE", "2")]).await;
    let offer = site.offer("resource=article").await;
    let preimage = site.pay(&offer).await;
    site.offer("resource=article").await;
    let refused = site.check("resource=article", None).await;
    assert_eq!(refused.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(site.sandbox.invoices().await, 2);
    let paid = site
        .check("resource=article", Some(&offer.l402(&preimage)))
        .await;
    assert_eq!(paid.status, StatusCode::OK, "who has paid is let in");
}

#[tokio::test]
async fn a_price_in_the_query_is_for_the_sandbox() {
    let sandbox = Sandbox::start().await;
    let site = Site {
        server: sandbox.sandbox_server().await,
        sandbox,
    };
    let offer = site.offer("resource=anything&price_sat=7").await;
    assert_eq!(super::parameters(&offer)["amount"], "7");
    let preimage = site.pay(&offer).await;
    for (query, expected) in [
        ("resource=anything&price_sat=7", StatusCode::OK),
        ("resource=anything&price_sat=6", StatusCode::OK),
        (
            "resource=anything&price_sat=8",
            StatusCode::PAYMENT_REQUIRED,
        ),
        ("resource=another&price_sat=7", StatusCode::PAYMENT_REQUIRED),
    ] {
        let answer = site.check(query, Some(&offer.l402(&preimage))).await;
        assert_eq!(answer.status, expected, "{query}");
    }
    let payment = offer.payment(&preimage);
    let dearer = site.check("resource=anything&price_sat=8", Some(&payment));
    assert_eq!(dearer.await.status, StatusCode::PAYMENT_REQUIRED);
}

#[tokio::test]
async fn a_price_that_was_raised_leaves_what_was_sold_before() {
    let sandbox = Sandbox::start().await;
    let records = tempfile::tempdir().unwrap();
    let data_dir = records.path().join("records");
    let settings = [("STORE__DATA_DIR", data_dir.to_str().unwrap())];
    let before = server(&sandbox.node, &settings, super::RESOURCES).await;
    let site = Site {
        sandbox,
        server: before,
    };
    let offer = site.offer("resource=article").await;
    let preimage = site.pay(&offer).await;
    site.server.stop().await.unwrap();
    let dearer = super::RESOURCES.replace("price_sat = 5\n", "price_sat = 500\n");
    let site = Site {
        server: server(&site.sandbox.node, &settings, &dearer).await,
        sandbox: site.sandbox,
    };
    let paid = site
        .check("resource=article", Some(&offer.l402(&preimage)))
        .await;
    assert_eq!(paid.status, StatusCode::OK);
    let once = site
        .check("resource=article", Some(&offer.payment(&preimage)))
        .await;
    assert_eq!(once.status, StatusCode::OK);
    let new = site.offer("resource=article").await;
    assert_eq!(super::parameters(&new)["amount"], "500");
}

#[test]
fn a_configuration_that_makes_no_sense_is_refused() {
    for (resources, reason) in [
        ("resource = \"A\"\ntitle = \"a\"\nprice_sat = 1", "a-z"),
        (
            "resource = \"a\"\ntitle = \"\"\nprice_sat = 1",
            "title must not be empty",
        ),
        (
            "resource = \"a\"\ntitle = \"a\"\nprice_sat = 0",
            "price_sat",
        ),
        (
            "resource = \"a\"\ntitle = \"a\"\nprice_sat = 1\nschemes = []",
            "schemes must not be empty",
        ),
        (
            "resource = \"a\"\ntitle = \"a\"\nprice_sat = 1\nschemes = [\"x402\"]",
            "must be \"l402\" or \"payment\"",
        ),
        (
            "resource = \"a\"\ntitle = \"a\"\nprice_sat = 1\n[[paywall]]\nresource = \"a\"\ntitle = \"b\"\nprice_sat = 2",
            "two with this name",
        ),
    ] {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), format!("[[paywall]]\n{resources}\n")).unwrap();
        let loaded = facture::config::Config::load(Some(file.path()), Default::default());
        let error = loaded.unwrap_err().to_string();
        assert!(error.contains(reason), "{error}");
    }
    assert_eq!(config(&[]).paywall, []);
}
