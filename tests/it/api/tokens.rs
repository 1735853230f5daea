//! Tokens: who is let in, how far, and that nothing is told to the others.

use std::process::Command;

use facture::{app::Tokens, web::Mode};
use facture_domain::token::{Scopes, TokenId};
use reqwest::{Method, StatusCode, header};
use serde_json::json;

use super::{Shop, TOKEN};
use crate::{
    harness::{Server, config, json as answer},
    world::Sandbox,
};

#[tokio::test]
async fn without_a_token_nobody_learns_what_there_is() {
    let shop = Shop::open().await;
    let invoice = shop.create(&json!({ "amount_sat": 1 })).await;
    let known = format!("/api/v1/invoices/{}", invoice["label"].as_str().unwrap());
    let mut told = Vec::new();
    for (path, authorization) in [
        (known.as_str(), None),
        ("/api/v1/invoices/facture_0", None),
        (&known, Some("Bearer wrong".to_owned())),
        (&known, Some(format!("Basic {TOKEN}"))),
        (&known, Some(TOKEN.to_owned())),
        (&known, Some(format!("Bearer {TOKEN}x"))),
        (
            &known,
            Some("Bearer facture_token_0123456789abcdef_00".to_owned()),
        ),
    ] {
        let mut request = shop.server.request(Method::GET, path);
        if let Some(value) = authorization {
            request = request.header(header::AUTHORIZATION, value);
        }
        let response = request.send().await.unwrap();
        assert_eq!(
            response.headers()[header::WWW_AUTHENTICATE],
            "Bearer realm=\"facture\""
        );
        let (status, mut error) = answer(Ok(response)).await;
        assert_eq!(status, StatusCode::UNAUTHORIZED);
        error["error"]["request_id"].take();
        told.push(error);
    }
    assert!(told.windows(2).all(|pair| pair[0] == pair[1]), "{told:?}");
    assert_eq!(told[0]["error"]["code"], "unauthorized");
    let (status, _) = shop.get(&known).await;
    assert_eq!(status, StatusCode::OK);
}

#[tokio::test]
async fn a_token_goes_as_far_as_its_scopes_until_it_is_revoked() {
    let sandbox = Sandbox::start().await;
    let directory = tempfile::tempdir().unwrap();
    let data_dir = directory.path().to_str().unwrap();
    let server = Server::start(
        config(&[("STORE__DATA_DIR", data_dir)]),
        Mode::Sandbox(sandbox.node.clone().into()),
    )
    .await;
    // Beside the running server, as `facture token` does.
    let issue = async |scopes: &str| {
        let scopes: Scopes = scopes.parse().unwrap();
        let mut tokens = Tokens::open(directory.path()).await.unwrap();
        tokens.issue("test".to_owned(), scopes).await.unwrap()
    };
    let create = async |token: &facture_domain::token::Token| {
        let request = server.request(Method::POST, "/api/v1/invoices");
        let request = request.bearer_auth(token.expose());
        answer(request.json(&json!({ "amount_sat": 1 })).send().await).await
    };
    let reader = issue("invoices:read").await;
    let (status, error) = create(&reader).await;
    assert_eq!(status, StatusCode::FORBIDDEN);
    assert_eq!(error["error"]["code"], "forbidden");
    assert!(
        error["error"]["message"]
            .as_str()
            .unwrap()
            .contains("invoices:create")
    );
    assert_eq!(sandbox.node.invoice_count(), 0);

    let creator = issue("invoices:create").await;
    let (status, _) = create(&creator).await;
    assert_eq!(status, StatusCode::CREATED);
    let mut tokens = Tokens::open(directory.path()).await.unwrap();
    assert!(tokens.revoke(&creator.id().unwrap()).await.unwrap());
    assert!(
        !tokens
            .revoke(&TokenId::new("no/body 7?".to_owned()))
            .await
            .unwrap()
    );
    let listed = tokens.list().await.unwrap();
    let revoked = listed.iter().filter(|token| token.revoked_at.is_some());
    assert_eq!((listed.len(), revoked.count()), (2, 1));
    let (status, _) = create(&creator).await;
    assert_eq!(status, StatusCode::UNAUTHORIZED);
    let (status, _) = create(&issue("admin").await).await;
    assert_eq!(status, StatusCode::CREATED);
}

#[test]
fn the_command_makes_lists_and_revokes() {
    let directory = tempfile::tempdir().unwrap();
    let facture = |arguments: &[&str]| {
        let output = Command::new(env!("CARGO_BIN_EXE_facture"))
            .arg("token")
            .arg("--data-dir")
            .arg(directory.path())
            .args(arguments)
            .output()
            .unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        (
            output.status.success(),
            text(output.stdout),
            text(output.stderr),
        )
    };
    let made = facture(&[
        "create",
        "--name",
        "My shop",
        "--scope",
        "invoices:read",
        "--scope",
        "webhooks",
    ]);
    assert!(made.0, "{made:?}");
    let token = made.1.trim();
    let id = token.split('_').nth(2).unwrap();
    let (_, listed, _) = facture(&["list"]);
    for word in [id, "My shop", "invoices:read webhooks", "valid"] {
        assert!(listed.contains(word), "{listed}");
    }
    assert!(!listed.contains(token));
    assert!(facture(&["revoke", id]).0);
    assert!(facture(&["list"]).1.contains("revoked"));
    let (found, _, complaint) = facture(&["revoke", "nobody"]);
    assert!(!found && complaint.contains("nobody"), "{complaint}");
    let (made, _, complaint) = facture(&["create", "--name", "x", "--scope", "all"]);
    assert!(!made && complaint.contains("invoices:read"), "{complaint}");
}
