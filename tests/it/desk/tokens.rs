//! API tokens: made, used and revoked, and none of them spends.

use facture_domain::desk::Role;
use reqwest::{Method, StatusCode};

use super::Desk;

impl Desk {
    async fn may_read(&self, token: &str) -> StatusCode {
        let request = self.server.request(Method::GET, "/api/v1/invoices");
        let answer = request.bearer_auth(token).send().await;
        answer.expect("an answer").status()
    }
}

#[tokio::test]
async fn a_token_is_shown_once_works_and_is_revoked() {
    let desk = Desk::open().await;
    let ada = desk.join("ada", Role::Owner).await;
    let path = "/desk/tokens";
    let fields = [
        ("name", "web shop"),
        ("invoices:read", "on"),
        ("webhooks", "on"),
    ];
    let page = desk.post(&ada, path, path, &fields).await;
    assert_eq!(page.status, StatusCode::OK);
    let token = page.text_of(".card .hash");
    assert_eq!(desk.may_read(&token).await, StatusCode::OK);
    let page = desk.get(&ada, path).await;
    assert!(!page.text.contains(&token));
    assert_eq!(page.text_of(".cards strong"), "web shop");
    assert_eq!(page.text_of(".cards code"), "invoices:read webhooks");
    let id = page.attribute("input[name=token]", "value").expect("an id");
    for _ in 0..2 {
        let page = desk
            .post(&ada, path, "/desk/tokens/revoke", &[("token", &id)])
            .await;
        assert_eq!(page.status, StatusCode::SEE_OTHER);
        assert_eq!(desk.may_read(&token).await, StatusCode::UNAUTHORIZED);
    }
    let page = desk.get(&ada, path).await;
    assert!(
        page.text.contains("Revoked") && page.attribute("input[name=token]", "value").is_none()
    );
    let audit = desk.get(&ada, "/desk/audit").await.text;
    assert_eq!(audit.matches("token.made").count(), 1);
    assert!(!audit.contains(&token));
}

#[tokio::test]
async fn a_token_needs_a_name_and_a_scope_and_none_is_of_payouts() {
    let desk = Desk::open().await;
    let ada = desk.join("ada", Role::Owner).await;
    let path = "/desk/tokens";
    let long = "x".repeat(101);
    for fields in [
        [("name", ""), ("admin", "on")],
        [("name", long.as_str()), ("admin", "on")],
        [("name", "a\u{7}b"), ("admin", "on")],
        [("name", "shop"), ("admin", "")],
        [("name", "shop"), ("payouts:order", "on")],
        [("name", "shop"), ("payouts:execute", "on")],
    ] {
        let page = desk.post(&ada, path, path, &fields).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{fields:?}");
        assert!(page.texts(".card .hash").is_empty());
    }
    assert!(desk.get(&ada, path).await.texts(".cards li").is_empty());
    assert!(!desk.get(&ada, path).await.text.contains("payouts:"));
}
