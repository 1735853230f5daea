//! `up --checkout`: facture on Bob, and Alice's wallet page.

use reqwest::{Client, StatusCode, header, redirect::Policy};
use serde_json::Value;

use crate::home::{Home, is_running, pid};

#[tokio::test]
#[ignore = "needs bitcoind, bitcoin-cli, lightningd and lightning-cli on PATH"]
async fn alice_pays_at_bobs_checkout_on_core_lightning() {
    alice_pays_at_bobs_checkout("cln").await;
}

#[tokio::test]
#[ignore = "needs bitcoind, bitcoin-cli, lnd and lncli on PATH"]
async fn alice_pays_at_bobs_checkout_on_lnd() {
    alice_pays_at_bobs_checkout("lnd").await;
}

async fn alice_pays_at_bobs_checkout(kind: &str) {
    let home = Home::new();
    let up = home.lab(&["up", "--node", kind, "--checkout"]);
    let checkout = url(&up, "Checkout on Bob:");
    let wallet = url(&up, "Alice's wallet:");
    let client = Client::builder().redirect(Policy::none()).build().unwrap();

    let created = client.post(format!("{checkout}/create_invoice"));
    let created = created.form(&[("amount", "2100"), ("description", "Soap")]);
    let created = created.header(header::ACCEPT, "application/json");
    let created = created.send().await.unwrap();
    assert_eq!(created.status(), StatusCode::CREATED);
    let invoice: Value = created.json().await.unwrap();
    let bolt11 = invoice["bolt11"].as_str().unwrap();

    let page = client.get(wallet).send().await.unwrap();
    let policy = page.headers()["content-security-policy"].to_str().unwrap();
    assert!(policy.starts_with("default-src 'none'"), "{policy}");
    let page = page.text().await.unwrap();
    let has = match kind {
        "lnd" => "Alice has 9,996,530 sat",
        _ => "Alice has 10,000,000 sat",
    };
    assert!(page.contains(has), "{page}");
    assert!(!page.contains("<script"), "{page}");

    // Another site can neither have Alice pay nor read her page under a name of its own.
    let pay = || {
        let request = client.post(format!("{wallet}/pay"));
        request.form(&[("invoice", bolt11)])
    };
    for (name, value) in [
        ("origin", "http://evil.example"),
        ("origin", "null"),
        ("sec-fetch-site", "cross-site"),
        ("host", "evil.example"),
    ] {
        let refused = pay().header(name, value).send().await.unwrap();
        assert_eq!(refused.status(), StatusCode::FORBIDDEN, "{name}: {value}");
    }
    let rebound = client.get(wallet).header("host", "evil.example");
    assert_eq!(
        rebound.send().await.unwrap().status(),
        StatusCode::FORBIDDEN
    );

    for (typed, words) in [("", "Not an invoice"), ("<b>", "&#60;b&#62;")] {
        let refused = client.post(format!("{wallet}/pay"));
        let refused = refused.form(&[("invoice", typed)]).send().await.unwrap();
        assert_eq!(refused.status(), StatusCode::UNPROCESSABLE_ENTITY);
        let refused = refused.text().await.unwrap();
        assert!(refused.contains(words), "{refused}");
    }

    let paid = pay()
        .header("origin", wallet)
        .header("sec-fetch-site", "same-origin")
        .send()
        .await
        .unwrap();
    assert_eq!(paid.status(), StatusCode::SEE_OTHER);
    let result = format!("{wallet}{}", paid.headers()["location"].to_str().unwrap());
    let page = until(&client, &result, "<h1>Paid</h1>").await;
    for words in ["2,100 sat", "Soap", "Preimage"] {
        assert!(page.contains(words), "{words}: {page}");
    }
    let status = invoice["status_url"].as_str().unwrap();
    until(&client, status, "Paid").await;

    let again = pay().send().await.unwrap();
    let result = format!("{wallet}{}", again.headers()["location"].to_str().unwrap());
    until(&client, &result, "<h1>Not paid</h1>").await;

    // Both come back with the lab, at the same addresses, and end with it.
    let lab = home.usual_lab();
    home.lab(&["down", "--keep"]);
    assert!(client.get(wallet).send().await.is_err());
    let up = home.lab(&["up"]);
    assert!(up.contains(&format!("{checkout}/")), "{up}");
    let pids = ["facture", "wallet"].map(|name| pid(&lab, name));
    let down = home.lab(&["down"]);
    assert!(
        down.starts_with("Stopped wallet, facture, alice, bob, bitcoind;"),
        "{down}"
    );
    assert!(pids.iter().all(|pid| !is_running(*pid)));
    assert!(!lab.exists());
}

/// An address that `up` printed, without the slash at its end.
fn url<'a>(printed: &'a str, name: &str) -> &'a str {
    let mut lines = printed.lines();
    let url = lines.find_map(|line| line.strip_prefix(name));
    url.expect("an address").trim().trim_end_matches('/')
}

/// Asks for a page until it has these words.
async fn until(client: &Client, url: &str, words: &str) -> String {
    let began = std::time::Instant::now();
    loop {
        let page = client.get(url).send().await.expect("an answer");
        let page = page.text().await.expect("a page");
        if page.contains(words) {
            return page;
        }
        assert!(
            began.elapsed() < crate::home::DEADLINE,
            "no {words}: {page}"
        );
    }
}
