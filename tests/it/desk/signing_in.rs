//! Signing in and out: what a session is, and what does not make one.

use facture::web::Mode;
use facture_domain::desk::Role;
use reqwest::{Method, StatusCode, header};

use super::{Desk, PASSWORD, Session, is_turned_away};
use crate::{
    harness::{Page, Server, config},
    world::Sandbox,
};

#[tokio::test]
async fn there_is_no_desk_unless_it_is_configured() {
    let sandbox = Sandbox::start().await;
    let server = sandbox.sandbox_server().await;
    for path in ["/desk", "/desk/login", "/desk/users"] {
        let page = server.open(path).await;
        assert_eq!(page.status, StatusCode::NOT_FOUND, "{path}");
    }
}

#[tokio::test]
async fn somebody_signs_in_and_out() {
    let desk = Desk::open().await;
    desk.join("ada", Role::Owner).await;
    let page = desk.server.open("/desk/users?before=1").await;
    assert!(is_turned_away(&page));
    assert_eq!(
        page.header("location"),
        "/desk/login?next=%2Fdesk%2Fusers%3Fbefore%3D1"
    );
    let login = desk.server.open(page.header("location")).await;
    assert_eq!(login.status, StatusCode::OK);
    assert_eq!(
        login.attribute("input[name=next]", "value").as_deref(),
        Some("/desk/users?before=1")
    );
    let fields = [
        ("name", " ADA "),
        ("password", PASSWORD),
        ("code", ""),
        ("next", "/desk/users"),
    ];
    let request = desk.server.request(Method::POST, "/desk/login");
    let entered = Page::read(request.form(&fields).send().await).await;
    assert_eq!(entered.header("location"), "/desk/users");
    let cookie = entered.header("set-cookie").to_owned();
    assert!(
        cookie.ends_with("; Path=/; HttpOnly; SameSite=Lax"),
        "{cookie}"
    );
    let session = Session::of(&entered);
    let page = desk.get(&session, "/desk/users").await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.text);
    assert_eq!(page.header("cache-control"), "no-store");
    assert!(
        page.header("content-security-policy")
            .ends_with("frame-ancestors 'none'")
    );

    let left = desk
        .post(&session, "/desk/account", "/desk/logout", &[])
        .await;
    assert!(is_turned_away(&left));
    assert!(left.header("set-cookie").contains("Max-Age=0"));
    assert!(
        is_turned_away(&desk.get(&session, "/desk/users").await),
        "the session is over"
    );
}

#[tokio::test]
async fn what_is_wrong_is_not_said() {
    let desk = Desk::open().await;
    desk.join("ada", Role::Owner).await;
    let mut answers = Vec::new();
    for (name, password, code) in [
        ("ada", "wrong password", ""),
        ("nobody", PASSWORD, ""),
        ("", "", ""),
        ("a b", "x", "y"),
        ("ada", &"x".repeat(10_000), ""),
    ] {
        let page = desk.sign_in(name, password, code).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{name}");
        assert_eq!(page.header("set-cookie"), "");
        assert!(
            !page.text.contains("wrong password"),
            "passwords are not shown again"
        );
        answers.push(page.text_of("[role=alert]"));
    }
    answers.dedup();
    assert_eq!(answers, ["User name, password or code is wrong."]);
}

#[tokio::test]
async fn a_session_that_a_client_brings_is_never_taken_over() {
    let desk = Desk::open().await;
    desk.join("ada", Role::Owner).await;
    let planted = "facture_desk=0000000000000000000000000000000000000000000000000000000000000000";
    let fields = [("name", "ada"), ("password", PASSWORD)];
    let request = desk
        .server
        .request(Method::POST, "/desk/login")
        .header(header::COOKIE, planted);
    let session = Session::of(&Page::read(request.form(&fields).send().await).await);
    assert_ne!(session.cookie, planted);
    let planted = Session {
        cookie: planted.to_owned(),
    };
    assert!(is_turned_away(&desk.get(&planted, "/desk/account").await));
    // Each time another one.
    let again = Session::of(&desk.sign_in("ada", PASSWORD, "").await);
    assert_ne!(again.cookie, session.cookie);
}

#[tokio::test]
async fn tries_are_limited_by_account_and_by_client() {
    for (key, names) in [
        ("DESK__TRIES_PER_ACCOUNT_PER_MINUTE", ["ada", "ADA", "ada"]),
        ("DESK__TRIES_PER_CLIENT_PER_MINUTE", ["ada", "bob", "eve"]),
    ] {
        let desk = Desk::open_with(&[(key, "2")]).await;
        desk.join("ada", Role::Owner).await;
        for name in &names[..2] {
            let page = desk.sign_in(name, "wrong", "").await;
            assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
        }
        let page = desk.sign_in(names[2], PASSWORD, "").await;
        assert_eq!(page.status, StatusCode::TOO_MANY_REQUESTS, "{key}");
        assert!(!page.header("retry-after").is_empty());
    }
}

#[tokio::test]
async fn forms_of_other_sites_are_refused_before_anything_else() {
    let desk = Desk::open_with(&[("EMBED__ORIGINS", "https://shop.example")]).await;
    desk.join("ada", Role::Owner).await;
    for (name, value) in [
        ("origin", "https://evil.example"),
        // It may show the buyer's pages in a frame, and has no business here.
        ("origin", "https://shop.example"),
        ("sec-fetch-site", "cross-site"),
        ("sec-fetch-site", "same-site"),
    ] {
        let fields = [("name", "ada"), ("password", PASSWORD)];
        let request = desk.server.request(Method::POST, "/desk/login");
        let page = Page::read(request.header(name, value).form(&fields).send().await).await;
        assert_eq!(page.status, StatusCode::FORBIDDEN, "{name} {value}");
        assert_eq!(page.header("set-cookie"), "");
    }
}

#[tokio::test]
async fn over_https_the_cookie_is_for_this_host_alone() {
    let desk = Desk::open_with(&[("SERVER__PUBLIC_URL", "https://shop.example")]).await;
    desk.join("ada", Role::Owner).await;
    let page = desk.sign_in("ada", PASSWORD, "").await;
    let cookie = page.header("set-cookie");
    assert!(cookie.starts_with("__Host-facture_desk="), "{cookie}");
    assert!(
        cookie.ends_with("; Path=/; HttpOnly; SameSite=Lax; Secure"),
        "{cookie}"
    );
    assert_eq!(
        desk.get(&Session::of(&page), "/desk/account").await.status,
        StatusCode::OK
    );
}

#[tokio::test]
async fn a_sandbox_has_a_demo_owner_until_there_is_a_real_one() {
    let sandbox = Sandbox::start().await;
    let mode = Mode::Sandbox(sandbox.node.clone().into());
    let server = Server::start(config(&[("DESK__ENABLED", "true")]), mode).await;
    let login = server.open("/desk/login").await;
    assert!(
        login.text.contains("action=\"/desk/login/demo\""),
        "{}",
        login.text
    );
    // There is no user in these records: `main` adds one.
    let request = server.request(Method::POST, "/desk/login/demo");
    let page = Page::read(request.send().await).await;
    assert!(is_turned_away(&page), "{}", page.text);
    // And in a live server the route does not exist.
    let desk = Desk::open().await;
    let request = desk.server.request(Method::POST, "/desk/login/demo");
    assert_eq!(
        request.send().await.expect("an answer").status(),
        StatusCode::NOT_FOUND
    );
}
