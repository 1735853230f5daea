//! A wallet orders by a link without its page (LNURL-pay): it is the same order.

use facture_domain::{
    Bolt11,
    payment_string::{PaymentString, Way},
};
use reqwest::{Method, StatusCode, Url, header};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::{
    addresses::ask,
    api::{Shop, TOKEN, config_with_token},
    harness::{Server, json as answer},
    prices::server::{Rates, settings},
    world::Sandbox,
};
use facture::web::Mode;

impl Shop {
    async fn ask(&self, path: &str) -> Value {
        ask(&self.server, path).await
    }

    /// What a wallet reads that scans the link.
    async fn offered(&self, name: &str) -> Value {
        let offered = self.ask(&format!("/lnurl/l/{name}")).await;
        assert_eq!(offered["tag"], "payRequest", "{offered}");
        offered
    }

    async fn refused(&self, path: &str) -> String {
        let error = self.ask(path).await;
        assert_eq!(error["status"], "ERROR", "{path}: {error}");
        error["reason"].as_str().expect("words").to_owned()
    }

    /// The invoice of a wallet's answer, as the shop sees it.
    async fn ordered(&self, answer: &Value) -> Value {
        let verify = answer["verify"].as_str().expect("a URL");
        let label = verify.rsplit('/').next().expect("a label");
        self.get(&format!("/api/v1/invoices/{label}")).await.1
    }
}

/// A callback with these parameters.
fn call(offered: &Value, parameters: &[(&str, &str)]) -> String {
    let mut url: Url = offered["callback"].as_str().unwrap().parse().unwrap();
    url.query_pairs_mut().extend_pairs(parameters);
    url.into()
}

/// What is in an invoice in place of a description.
fn description_hash(answer: &Value) -> Option<[u8; 32]> {
    let bolt11 = answer["pr"].as_str().expect("an invoice");
    Bolt11::decode(bolt11)
        .expect("a BOLT 11 string")
        .description_hash
}

#[tokio::test]
async fn a_wallet_orders_one_piece_and_it_is_an_order_like_others() {
    let shop = Shop::open().await;
    let body = json!({
        "title": "Tea & \"cake\" ☕", "amount": "1500", "max_pieces": 3, "limit": 2, "ask_name": "optional",
        "ask_note": "optional", "thanks": "See you!",
    });
    let link = shop.link("tea", body).await;
    let read = PaymentString::parse(link["lnurl"].as_str().unwrap());
    let Way::Lnurl(lnurl) = read.unwrap().way else {
        panic!("{link}");
    };
    assert_eq!(
        lnurl.url.as_str(),
        format!("{}/lnurl/l/tea", shop.server.origin)
    );
    let offered = shop.offered("tea").await;
    let metadata = r#"[["text/plain","Tea & \"cake\" ☕"]]"#;
    assert_eq!(
        offered,
        json!({
            "tag": "payRequest", "callback": offered["callback"], "minSendable": 1_500_000,
            "maxSendable": 1_500_000, "metadata": metadata, "commentAllowed": 200,
            "payerData": { "name": { "mandatory": false } },
        })
    );
    assert_eq!(
        shop.sandbox.node.invoice_count(),
        0,
        "reading makes nothing"
    );
    assert_eq!(shop.read_link("tea").await["reserved"], 0);
    let told = r#"{"name":"Anna Bé"}"#;
    let query = [
        ("amount", "1500000"),
        ("comment", "No sugar"),
        ("payerdata", told),
    ];
    let given = shop.ask(&call(&offered, &query)).await;
    let hash: [u8; 32] = Sha256::digest(format!("{metadata}{told}")).into();
    assert_eq!(description_hash(&given), Some(hash));
    let invoice = shop.ordered(&given).await;
    assert_eq!(
        (
            &invoice["amount_msat"],
            &invoice["description"],
            &invoice["metadata"]
        ),
        (
            &json!(1_500_000),
            &json!("Tea & \"cake\" ☕"),
            &json!({ "link": "tea", "pieces": 1 })
        )
    );
    let read = shop.read_link("tea").await;
    assert_eq!(
        (&read["reserved"], &read["available"]),
        (&json!(1), &json!(1))
    );
    let action = &given["successAction"];
    assert_eq!(
        (&action["tag"], &action["description"]),
        (&json!("url"), &json!("See you!"))
    );
    let page = action["url"].as_str().unwrap();
    let page = page
        .strip_prefix(&shop.server.origin)
        .expect("our own host");
    shop.sandbox
        .node
        .pay(given["pr"].as_str().unwrap(), None)
        .unwrap();
    shop.server
        .json_until(page, |now| now["status"] == "paid")
        .await;
    assert_eq!(shop.server.open(page).await.text_of(".sold p"), "See you!");
    assert_eq!(shop.read_link("tea").await["sold"], 1);
    assert_eq!(
        shop.ask(given["verify"].as_str().unwrap()).await["settled"],
        true
    );
    // What buyers say about themselves is in no event.
    let (_, events) = shop.get("/api/v1/events").await;
    for secret in ["Anna", "sugar"] {
        assert!(!events.to_string().contains(secret), "{events}");
    }
    // The last one is sold to the next wallet, and after that there is none.
    shop.ask(&call(&shop.offered("tea").await, &[("amount", "1500000")]))
        .await;
    let said = shop.refused("/lnurl/l/tea").await;
    assert!(
        said.starts_with("Nothing can be ordered here any more"),
        "{said}"
    );
    let said = shop
        .refused(&call(&offered, &[("amount", "1500000"), ("comment", "x")]))
        .await;
    assert!(
        said.starts_with("Nothing can be ordered here any more"),
        "{said}"
    );
    assert_eq!(shop.sandbox.node.invoice_count(), 2);
}

#[tokio::test]
async fn who_asks_again_gets_the_same_invoice_and_reserves_nothing_more() {
    let shop = Shop::open().await;
    shop.link("tea", json!({ "title": "Tea", "amount": "5", "limit": 9 }))
        .await;
    let offered = shop.offered("tea").await;
    let query = call(&offered, &[("amount", "5000")]);
    // The minute may end in between.
    let (first, made) = loop {
        let before = shop.sandbox.node.invoice_count();
        let (first, again) = tokio::join!(shop.ask(&query), shop.ask(&query));
        if first == again || before > 4 {
            assert_eq!(first, again);
            break (first, shop.sandbox.node.invoice_count());
        }
    };
    assert_eq!(shop.read_link("tea").await["reserved"], made);
    let other = shop
        .ask(&call(&shop.offered("tea").await, &[("amount", "5000")]))
        .await;
    assert_ne!(other["pr"], first["pr"], "another payer");
    shop.sandbox
        .node
        .pay(first["pr"].as_str().unwrap(), None)
        .unwrap();
    let next = shop.ask(&query).await;
    assert_ne!(next["pr"], first["pr"], "that one cannot be paid again");
}

#[tokio::test]
async fn a_wallet_chooses_within_what_the_page_takes_and_to_the_millisatoshi() {
    let shop = Shop::with(&[("INVOICE__MAXIMUM_SAT", "5000")]).await;
    let range = json!({ "title": "Gift", "min_amount": "100", "max_amount": "2000" });
    shop.link("gift", range).await;
    shop.link("tip", json!({ "title": "Tip" })).await;
    for (name, least, most) in [("gift", 100_000, 2_000_000), ("tip", 1_000, 5_000_000)] {
        let offered = shop.offered(name).await;
        assert_eq!(
            (&offered["minSendable"], &offered["maxSendable"]),
            (&json!(least), &json!(most))
        );
        for wrong in [least - 1, most + 1] {
            let said = shop
                .refused(&call(&offered, &[("amount", &wrong.to_string())]))
                .await;
            let words =
                format!("The parameter amount must be from {least} to {most} millisatoshis.");
            assert_eq!(said, words);
        }
        for amount in [least, least + 1, most] {
            let given = shop
                .ask(&call(&offered, &[("amount", &amount.to_string())]))
                .await;
            assert_eq!(shop.ordered(&given).await["amount_msat"], amount, "{name}");
        }
    }
}

#[tokio::test]
async fn what_a_wallet_cannot_give_takes_the_page() {
    let shop = Shop::open().await;
    let with = |field: &str, value: &str| {
        let mut body = json!({ "title": "Ticket", "amount": "5" });
        body[field] = value.into();
        body
    };
    shop.link("note", with("ask_note", "required")).await;
    let free = json!({ "title": "Gift", "currency": "EUR" });
    shop.link("free", free).await;
    let range = json!({ "title": "Gift", "currency": "EUR", "min_amount": "1", "max_amount": "2" });
    shop.link("range", range).await;
    for name in ["note", "free", "range"] {
        assert_eq!(shop.read_link(name).await["lnurl"], Value::Null);
        let said = shop.refused(&format!("/lnurl/l/{name}")).await;
        assert!(
            said.ends_with(&format!("{}/l/{name}", shop.server.origin)),
            "{said}"
        );
        let page = shop.server.open(&format!("/l/{name}")).await;
        assert!(page.texts(".wallet").is_empty(), "{}", page.text);
    }
    // A name and a mail address can be asked for, and wallets that cannot tell them are told where to go.
    shop.link("mail", with("ask_mail", "required")).await;
    let offered = shop.offered("mail").await;
    assert_eq!(
        offered["payerData"],
        json!({ "email": { "mandatory": true } })
    );
    assert_eq!(offered.get("commentAllowed"), None);
    for told in ["", "{}", r#"{"email":null}"#] {
        let query = [("amount", "5000"), ("payerdata", told)];
        let said = shop.refused(&call(&offered, &query)).await;
        assert!(said.ends_with("/l/mail"), "{told}: {said}");
    }
    for (told, words) in [
        (r#"{"email":"ada"}"#, "The field email"),
        (
            r#"{"name":"Ada"}"#,
            "The parameter payerdata has the field name",
        ),
    ] {
        let query = [("amount", "5000"), ("payerdata", told)];
        let said = shop.refused(&call(&offered, &query)).await;
        assert!(said.starts_with(words), "{said}");
    }
    let said = shop
        .refused(&call(&offered, &[("amount", "5000"), ("comment", "Hi")]))
        .await;
    assert_eq!(
        said,
        "The parameter comment must have at most 0 characters."
    );
    assert_eq!(shop.sandbox.node.invoice_count(), 0);
    let told = r#"{"email":"ada@example.com"}"#;
    let given = shop
        .ask(&call(&offered, &[("amount", "5000"), ("payerdata", told)]))
        .await;
    assert!(given["pr"].is_string(), "{given}");
}

#[tokio::test]
async fn what_was_shown_is_what_is_ordered() {
    let shop = Shop::open().await;
    let body = |title: &str, amount: &str| json!({ "title": title, "amount": amount });
    shop.link("tea", body("Tea", "5")).await;
    let offered = shop.offered("tea").await;
    shop.put_link("tea", &body("Tea & cake", "5")).await;
    let said = shop.refused(&call(&offered, &[("amount", "5000")])).await;
    assert!(said.contains("has changed"), "{said}");
    shop.put_link("tea", &body("Tea", "6")).await;
    let said = shop.refused(&call(&offered, &[("amount", "5000")])).await;
    assert_eq!(said, "The parameter amount must be 6000 millisatoshis.");
    shop.stop_link("tea").await;
    for path in [
        "/lnurl/l/tea".to_owned(),
        call(&offered, &[("amount", "6000")]),
    ] {
        let said = shop.refused(&path).await;
        assert!(said.starts_with("Nothing can be ordered here"), "{said}");
    }
    for path in [
        "/lnurl/l/nothing",
        "/lnurl/l/Tea",
        "/lnurl/l/tea/short?amount=5000",
    ] {
        let said = shop.refused(path).await;
        assert!(said.starts_with("There is no such payment link"), "{said}");
    }
    assert_eq!(shop.sandbox.node.invoice_count(), 0);
}

/// The wallet pays what it was told for two minutes, whatever the rate does.
#[tokio::test]
async fn a_fixed_price_in_euros_is_what_the_wallet_was_told() {
    let (rates, sandbox) = (Rates::start(2).await, Sandbox::start().await);
    rates.set_all("100000");
    let sources = rates.configured(&[]);
    let settings = settings(
        &sources,
        &[
            ("PRICING__ALLOW_PRIVATE", "true"),
            ("PRICING__MAX_AGE_SECONDS", "1"),
        ],
    );
    let mode = Mode::Sandbox(sandbox.node.clone().into());
    let server = Server::start(config_with_token(&settings), mode).await;
    let shop = Shop { sandbox, server };
    let body = json!({ "title": "Coffee", "currency": "EUR", "amount": "2.50" });
    shop.link("coffee", body.clone()).await;
    let offered = shop.offered("coffee").await;
    assert_eq!(
        (&offered["minSendable"], &offered["maxSendable"]),
        (&json!(2_500_000), &json!(2_500_000))
    );
    rates.set_all("50000");
    let given = shop.ask(&call(&offered, &[("amount", "2500000")])).await;
    let invoice = shop.ordered(&given).await;
    assert_eq!(
        (
            &invoice["amount_msat"],
            &invoice["currency"],
            &invoice["amount"],
            &invoice["rate"]["price"]
        ),
        (
            &json!(2_500_000),
            &json!("EUR"),
            &json!("2.50"),
            &json!("100000")
        )
    );
    assert_eq!(
        shop.ask(&call(&offered, &[("amount", "2500000")])).await["pr"],
        given["pr"]
    );
    // The rate of now is told to the next one, as soon as the last answer of the sources is too old.
    let deadline = tokio::time::Instant::now() + crate::harness::TIMEOUT;
    let next = loop {
        let next = shop.offered("coffee").await;
        if next["minSendable"] == 5_000_000 {
            break next;
        }
        assert!(tokio::time::Instant::now() < deadline, "{next}");
        tokio::task::yield_now().await;
    };
    let said = shop.refused(&call(&next, &[("amount", "2500000")])).await;
    assert_eq!(said, "The parameter amount must be 5000000 millisatoshis.");
    // What was told of one price is not taken for another, nor what nobody was told.
    let callback = offered["callback"].as_str().unwrap();
    let parts: Vec<_> = callback.rsplitn(3, '.').collect();
    let [tag, _, before] = parts[..] else {
        panic!("{callback}");
    };
    for forged in [
        before.to_owned(),
        format!("{before}.e30.{tag}"),
        format!("{before}.x"),
    ] {
        let said = shop.refused(&format!("{forged}?amount=2500000")).await;
        assert!(said.starts_with("The price has changed"), "{said}");
    }
    let dearer = json!({ "title": "Coffee", "currency": "EUR", "amount": "3" });
    shop.put_link("coffee", &dearer).await;
    let said = shop
        .refused(&call(&offered, &[("amount", "2500000")]))
        .await;
    assert!(said.starts_with("The price has changed"), "{said}");
    assert_eq!(shop.sandbox.node.invoice_count(), 1);
}

#[tokio::test]
async fn without_a_rate_a_wallet_is_told_so() {
    let settings = [
        ("PRICING__SOURCES", "node"),
        ("PRICING__MINIMUM_SOURCES", "10"),
    ];
    let shop = Shop::with(&settings).await;
    shop.link(
        "coffee",
        json!({ "title": "Coffee", "currency": "EUR", "amount": "2.50" }),
    )
    .await;
    let said = shop.refused("/lnurl/l/coffee").await;
    assert!(!said.is_empty());
}

#[tokio::test]
async fn the_page_and_the_poster_have_the_code() {
    let shop = Shop::with(&[("SERVER__PUBLIC_URL", "https://shop.example")]).await;
    let link = shop
        .link("tea", json!({ "title": "Tea", "amount": "5", "limit": 1 }))
        .await;
    let lnurl = link["lnurl"].as_str().expect("an LNURL");
    let page = shop.server.open("/l/tea").await;
    assert_eq!(page.text_of(".wallet .hash"), lnurl);
    let wallets = page.attributes(".wallet a", "href");
    assert_eq!(
        wallets,
        [format!("lightning:{lnurl}"), format!("lightning:{lnurl}")]
    );
    assert!(page.text.len() < 30_000, "{}", page.text.len());
    let with_lnurl = shop.server.open("/l/tea/poster").await;
    shop.link(
        "mail",
        json!({ "title": "Tea", "amount": "5", "ask_mail": "required" }),
    )
    .await;
    let plain = shop.server.open("/l/mail/poster").await;
    assert_ne!(
        with_lnurl.text_of("main p:not(.hash):not(.amount)"),
        plain.text_of("main p:not(.hash):not(.amount)")
    );
    assert!(with_lnurl.text_of(".hash").ends_with("/l/tea"));
    // Whoever opens the address in the code gets the page.
    let opened = shop.server.open(&format!("/l/tea?lightning={lnurl}")).await;
    assert_eq!(opened.text_of("h1"), "Tea");
    shop.ask(&call(
        &ask_inside(&shop, "tea").await,
        &[("amount", "5000")],
    ))
    .await;
    let page = shop.server.open("/l/tea").await;
    assert!(page.texts(".wallet").is_empty(), "it is sold out");
}

/// What a wallet reads, with the callback as it is reached from here.
async fn ask_inside(shop: &Shop, name: &str) -> Value {
    let mut offered = shop.offered(name).await;
    let callback = offered["callback"].as_str().unwrap();
    let callback = callback.replace("https://shop.example", &shop.server.origin);
    offered["callback"] = callback.into();
    offered
}

#[tokio::test]
async fn a_stranger_cannot_order_more_than_by_the_page() {
    let shop = Shop::with(&[("LIMITS__INVOICES_PER_CLIENT_PER_MINUTE", "1")]).await;
    shop.link("tip", json!({ "title": "Tip" })).await;
    let offered = shop.offered("tip").await;
    shop.ask(&call(&offered, &[("amount", "5000")])).await;
    let said = shop.refused(&call(&offered, &[("amount", "6000")])).await;
    assert!(said.contains("Too many"), "{said}");
    let request = shop
        .server
        .request(Method::POST, "/l/tip")
        .bearer_auth(TOKEN);
    let request = request.header(header::ACCEPT, "application/json");
    let (status, _) = answer(request.form(&[("amount", "5")]).send().await).await;
    assert_eq!(status, StatusCode::TOO_MANY_REQUESTS);
}
