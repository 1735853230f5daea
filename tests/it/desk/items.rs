//! What is sold by pay to reveal: offered, bought, changed and withdrawn at the desk. No page of it has what is sold.

use facture_domain::desk::Role;
use reqwest::{Method, StatusCode, header};
use serde_json::Value;

use super::{Desk, Session};
use crate::harness::{Page, json as answer};

const PATH: &str = "/desk/items";

const POEM: [(&str, &str); 6] = [
    ("id", "poem"),
    ("title", "A poem"),
    ("price", "1 000"),
    ("kind", "text"),
    ("text", "Roses are red,\r\nviolets are blue"),
    ("stock", "2"),
];

/// The same with other fields.
fn with<'a>(others: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let given = |name| others.iter().find(|(other, _)| *other == name).copied();
    let mut fields: Vec<_> = POEM.map(|field| given(field.0).unwrap_or(field)).into();
    let added = others
        .iter()
        .filter(|(name, _)| POEM.iter().all(|field| field.0 != *name));
    fields.extend(added);
    fields
}

impl Desk {
    async fn offer(&self, who: &Session, others: &[(&str, &str)]) -> Page {
        self.post(who, PATH, PATH, &with(others)).await
    }

    /// Buys it as a program does, pays, and reads what was bought.
    async fn bought(&self, item: &str) -> String {
        let request = self
            .server
            .request(Method::POST, &format!("/reveal/{item}"));
        let request = request.header(header::ACCEPT, "application/json");
        let (status, sale): (_, Value) = answer(request.send().await).await;
        assert_eq!(status, StatusCode::CREATED, "{sale}");
        let bolt11 = sale["bolt11"].as_str().expect("a string");
        self.sandbox.node.pay(bolt11, None).expect("paid");
        self.until(&sale, "paid").await;
        let label = sale["label"].as_str().expect("a string");
        let path = format!("/check_invoice/{label}/content");
        let request = self.server.request(Method::GET, &path);
        let answer = request.send().await.expect("an answer");
        answer.text().await.expect("a text")
    }
}

#[tokio::test]
async fn an_item_is_offered_bought_changed_and_withdrawn() {
    let desk = Desk::open().await;
    let max = desk.join("max", Role::Manager).await;
    let page = desk.offer(&max, &[]).await;
    assert_eq!(page.status, StatusCode::SEE_OTHER, "{}", page.text);
    assert_eq!(
        desk.bought("poem").await,
        "Roses are red,\nviolets are blue"
    );
    let page = desk.get(&max, PATH).await;
    assert_eq!(page.texts(".cards strong"), ["A poem"]);
    assert_eq!(page.texts(".cards dd"), ["1", "1"]);
    assert!(page.text.contains("1,000 sat"), "{}", page.text);

    // To change it, everything is there but what is sold.
    let form = desk.get(&max, "/desk/items?item=poem").await;
    let value = |name: &str| form.attribute(&format!("input[name={name}]"), "value");
    for (name, expected) in [
        ("changed", "poem"),
        ("title", "A poem"),
        ("price", "1000"),
        ("stock", "2"),
    ] {
        assert_eq!(value(name).as_deref(), Some(expected), "{name}");
    }
    assert_eq!(form.text_of("textarea").trim(), "");
    let fields = [
        ("changed", "poem"),
        ("id", "other"),
        ("text", "Other words"),
        ("stock", ""),
    ];
    let page = desk.offer(&max, &fields).await;
    assert_eq!(page.status, StatusCode::SEE_OTHER, "{}", page.text);
    assert_eq!(desk.bought("poem").await, "Other words");
    assert_eq!(desk.get(&max, PATH).await.texts(".cards dd"), ["2"]);

    for _ in 0..2 {
        let page = desk
            .post(&max, PATH, "/desk/items/withdraw", &[("item", "poem")])
            .await;
        assert_eq!(page.status, StatusCode::SEE_OTHER);
    }
    assert!(desk.get(&max, PATH).await.texts(".cards li").is_empty());
    assert_eq!(
        desk.server.open("/reveal/poem").await.status,
        StatusCode::NOT_FOUND
    );

    let ada = desk.join("ada", Role::Owner).await;
    let audit = desk.get(&ada, "/desk/audit").await.text;
    for action in ["item.offered", "item.changed", "item.withdrawn"] {
        assert_eq!(audit.matches(action).count(), 1, "{action}");
    }
    for page in [form.text, audit] {
        assert!(!page.contains("Roses") && !page.contains("Other words"));
    }
}

#[tokio::test]
async fn a_word_is_offered_too() {
    let desk = Desk::open().await;
    let ada = desk.join("ada", Role::Owner).await;
    let fields = [("id", "word"), ("kind", "word"), ("text", "swordfish")];
    assert_eq!(
        desk.offer(&ada, &fields).await.status,
        StatusCode::SEE_OTHER
    );
    assert!(!desk.get(&ada, PATH).await.text.contains("swordfish"));
    let page = desk.server.open("/reveal/word").await;
    assert_eq!(page.status, StatusCode::OK);
}

#[tokio::test]
async fn what_is_wrong_is_said_beside_its_field_and_nothing_is_offered() {
    let desk = Desk::open().await;
    let ada = desk.join("ada", Role::Owner).await;
    let (long, large) = ("x".repeat(65), "1000000001");
    for (field, fields) in [
        ("id", vec![("id", "")]),
        ("id", vec![("id", "Poem")]),
        ("id", vec![("id", "../a")]),
        ("id", vec![("id", long.as_str())]),
        ("title", vec![("title", " ")]),
        ("title", vec![("title", "a\u{7}b")]),
        ("price", vec![("price", "")]),
        ("price", vec![("price", "0")]),
        ("price", vec![("price", "1.5")]),
        ("price", vec![("price", "-1")]),
        ("price", vec![("price", "2100000000000000")]),
        ("text", vec![("text", "")]),
        (
            "text",
            vec![("kind", "word"), ("text", "more than what fits into it")],
        ),
        ("text", vec![("kind", "word"), ("text", " ")]),
        ("stock", vec![("stock", "many")]),
        ("stock", vec![("stock", "+1")]),
        ("stock", vec![("stock", large)]),
    ] {
        let page = desk.offer(&ada, &fields).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{fields:?}");
        let wrong = page.attributes("[aria-invalid=true]", "name");
        assert_eq!(wrong, [field], "{fields:?}");
        assert!(!page.text_of(&format!("#{field}-error")).is_empty());
    }
    assert!(desk.get(&ada, PATH).await.texts(".cards li").is_empty());
    // A name is given once, unless that item is to be changed.
    desk.offer(&ada, &[]).await;
    let page = desk.offer(&ada, &[("text", "Another")]).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(page.attributes("[aria-invalid=true]", "name"), ["id"]);
    assert_eq!(
        desk.bought("poem").await,
        "Roses are red,\nviolets are blue"
    );
}
