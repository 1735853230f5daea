//! Items that a wallet buys without their page, and opens with the preimage (LUD-10).

use aes::{
    Aes256,
    cipher::{BlockDecryptMut, KeyIvInit, block_padding::Pkcs7},
};
use base64::{Engine, engine::general_purpose::STANDARD};
use cbc::Decryptor;
use facture_domain::Bolt11;
use reqwest::Method;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::{addresses::ask, api::Shop, paywall::pay};

/// An item that must be taken, for 1,000 millisatoshis.
async fn offer(shop: &Shop, id: &str, content: Value) {
    let mut body = json!({ "title": format!("The {id}"), "price_msat": 1000 });
    for (name, value) in content.as_object().expect("fields") {
        body[name] = value.clone();
    }
    let request = shop.call(Method::PUT, &format!("/api/v1/items/{id}"));
    let answer = request.json(&body).send().await.expect("an answer");
    assert!(answer.status().is_success(), "{answer:?}");
}

async fn refused(shop: &Shop, path: &str) -> String {
    let error = ask(&shop.server, path).await;
    assert_eq!(error["status"], "ERROR", "{path}: {error}");
    error["reason"].as_str().expect("words").to_owned()
}

async fn buy(shop: &Shop, id: &str) -> Value {
    let offered = ask(&shop.server, &format!("/lnurl/reveal/{id}")).await;
    let callback = offered["callback"].as_str().expect("a URL");
    ask(&shop.server, &format!("{callback}?amount=1000")).await
}

/// What a wallet makes of the success action.
fn opened(action: &Value, preimage: &str) -> Option<String> {
    let bytes = |name: &str| {
        STANDARD
            .decode(action[name].as_str().expect("text"))
            .expect("Base64")
    };
    let mut key = [0; 32];
    hex::decode_to_slice(preimage, &mut key).expect("64 digits");
    let cipher = Decryptor::<Aes256>::new_from_slices(&key, &bytes("iv")).expect("32 and 16 bytes");
    let text = cipher.decrypt_padded_vec_mut::<Pkcs7>(&bytes("ciphertext"));
    text.ok().and_then(|text| String::from_utf8(text).ok())
}

#[tokio::test]
async fn a_wallet_opens_what_it_bought_with_its_preimage() {
    let shop = Shop::open().await;
    let longest = "x".repeat(3071);
    for (id, content, sold) in [
        ("word", json!({ "word": "swordfish" }), "swordfish"),
        (
            "text",
            json!({ "text": "Roses are red ☕" }),
            "Roses are red ☕",
        ),
        ("longest", json!({ "text": longest }), &*longest),
    ] {
        offer(&shop, id, content).await;
        let offered = ask(&shop.server, &format!("/lnurl/reveal/{id}")).await;
        let metadata = format!(r#"[["text/plain","The {id}"]]"#);
        assert_eq!(
            offered,
            json!({
                "tag": "payRequest", "callback": offered["callback"], "minSendable": 1000, "maxSendable": 1000,
                "metadata": metadata,
            })
        );
        let before = shop.sandbox.node.invoice_count();
        let given = buy(&shop, id).await;
        assert_eq!(shop.sandbox.node.invoice_count(), before + 1);
        let action = &given["successAction"];
        assert_eq!(
            (&action["tag"], &action["description"]),
            (&json!("aes"), &json!(format!("The {id}")))
        );
        assert!(action["ciphertext"].as_str().expect("text").len() <= 4096);
        assert_eq!(action["iv"].as_str().expect("text").len(), 24);
        let bolt11 = given["pr"].as_str().expect("an invoice");
        let decoded = Bolt11::decode(bolt11).expect("a BOLT 11 string");
        let hash: [u8; 32] = Sha256::digest(metadata.as_bytes()).into();
        assert_eq!(decoded.description_hash, Some(hash));
        // Before the payment nobody has the key.
        assert_ne!(opened(action, &"00".repeat(32)).as_deref(), Some(sold));
        let preimage = pay(&shop.sandbox.node, bolt11).await;
        assert_eq!(opened(action, &preimage).as_deref(), Some(sold));
        // The page of the invoice has it as well, and no answer of ours has the preimage.
        let verify = given["verify"].as_str().expect("a URL");
        let verified = ask(&shop.server, verify).await;
        assert_eq!(
            (&verified["settled"], &verified["preimage"]),
            (&json!(true), &Value::Null)
        );
        let label = verify.rsplit('/').next().expect("a label");
        let page = shop.server.open(&format!("/check_invoice/{label}")).await;
        assert!(
            page.texts(".sold pre").iter().any(|shown| shown == sold),
            "{}",
            page.text
        );
        // Nobody gets the same preimage twice.
        let next = buy(&shop, id).await;
        assert_ne!(next["pr"], given["pr"]);
    }
}

#[tokio::test]
async fn what_is_too_long_for_a_wallet_is_on_the_page() {
    let shop = Shop::open().await;
    offer(&shop, "long", json!({ "text": "x".repeat(3072) })).await;
    let file = json!({ "file": { "name": "book.pdf", "base64": "YQ==" } });
    offer(&shop, "file", file).await;
    for id in ["long", "file"] {
        let given = buy(&shop, id).await;
        let action = &given["successAction"];
        assert_eq!(action["tag"], "url");
        let page = action["url"].as_str().expect("a URL");
        let path = page
            .strip_prefix(&shop.server.origin)
            .expect("our own host");
        pay(&shop.sandbox.node, given["pr"].as_str().expect("it")).await;
        shop.server
            .json_until(path, |now| now["status"] == "paid")
            .await;
        let content = shop.server.request(Method::GET, &format!("{path}/content"));
        assert!(
            content
                .send()
                .await
                .expect("an answer")
                .status()
                .is_success()
        );
    }
}

#[tokio::test]
async fn stock_is_reserved_and_bad_input_makes_nothing() {
    let shop = Shop::open().await;
    offer(
        &shop,
        "poem",
        json!({ "text": "Roses are red", "stock": 1 }),
    )
    .await;
    let offered = ask(&shop.server, "/lnurl/reveal/poem").await;
    let callback = offered["callback"].as_str().expect("a URL");
    for (query, words) in [
        ("", "The parameter amount is missing."),
        (
            "?amount=999",
            "The parameter amount must be 1000 millisatoshis.",
        ),
    ] {
        assert_eq!(refused(&shop, &format!("{callback}{query}")).await, words);
    }
    for path in [
        "/lnurl/reveal/nothing",
        "/lnurl/reveal/No",
        "/lnurl/reveal/poem/x?amount=1000",
    ] {
        assert_eq!(refused(&shop, path).await, "There is no such item here.");
    }
    assert_eq!(shop.sandbox.node.invoice_count(), 0);
    ask(&shop.server, &format!("{callback}?amount=1000")).await;
    let said = refused(&shop, "/lnurl/reveal/poem").await;
    assert!(said.starts_with("All are sold or reserved."), "{said}");
    let said = refused(&shop, &format!("{}?amount=1000", other(callback))).await;
    assert!(said.starts_with("All are sold or reserved."), "{said}");
    assert!(
        shop.server
            .open("/reveal/poem")
            .await
            .texts(".wallet")
            .is_empty()
    );
    assert_eq!(shop.sandbox.node.invoice_count(), 1);
}

/// The callback of another wallet that has read the same.
fn other(callback: &str) -> String {
    let (address, session) = callback.rsplit_once('/').expect("a session");
    let (_, shown) = session.split_at(24);
    format!("{address}/{}{shown}", "0".repeat(24))
}

#[tokio::test]
async fn what_is_held_takes_the_page() {
    let shop = Shop::open().await;
    let held = json!({ "text": "Roses are red", "stock": 1, "hold": true });
    offer(&shop, "held", held).await;
    let said = refused(&shop, "/lnurl/reveal/held").await;
    assert!(said.ends_with("/reveal/held"), "{said}");
    assert!(
        shop.server
            .open("/reveal/held")
            .await
            .texts(".wallet")
            .is_empty()
    );
}
