//! Users: added, changed, reset, removed.

use facture_domain::desk::Role;
use reqwest::{Method, StatusCode};

use super::{Desk, PASSWORD, Session, is_turned_away};
use crate::harness::Page;

const USERS: &str = "/desk/users";

/// The path of the one-time link that a page shows.
fn link(page: &Page) -> String {
    let url = page.text_of(".card .hash");
    let at = url.find("/desk/welcome/").expect("a link");
    url[at..].to_owned()
}

async fn accept(desk: &Desk, link: &str, password: &str) -> Page {
    let fields = [("password", password), ("again", password)];
    let request = desk.server.request(Method::POST, link);
    Page::read(request.form(&fields).send().await).await
}

#[tokio::test]
async fn somebody_who_is_added_chooses_a_password_once() {
    let desk = Desk::open().await;
    let owner = desk.join("ada", Role::Owner).await;
    let fields = [("name", "Bob"), ("role", "accountant")];
    let page = desk.post(&owner, USERS, USERS, &fields).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.text);
    let link = link(&page);
    assert_eq!(
        desk.sign_in("bob", "", "").await.status,
        StatusCode::UNPROCESSABLE_ENTITY
    );
    // Programs that look at links use nothing up.
    for _ in 0..2 {
        let page = desk.server.open(&link).await;
        assert_eq!(
            (page.status, page.text_of("dd").as_str()),
            (StatusCode::OK, "bob")
        );
    }
    let weak = accept(&desk, &link, "short").await;
    assert_eq!(weak.status, StatusCode::UNPROCESSABLE_ENTITY);
    let bob = Session::of(&accept(&desk, &link, PASSWORD).await);
    assert_eq!(desk.get(&bob, "/desk/account").await.status, StatusCode::OK);
    for page in [
        desk.server.open(&link).await,
        accept(&desk, &link, "another password").await,
    ] {
        assert_eq!(page.status, StatusCode::GONE);
    }
    let other = link.replace(&link[link.len() - 4..], "0000");
    assert_eq!(desk.server.open(&other).await.status, StatusCode::GONE);
    Session::of(&desk.sign_in("bob", PASSWORD, "").await);
}

#[tokio::test]
async fn names_are_checked_and_given_once() {
    let desk = Desk::open().await;
    let owner = desk.join("ada", Role::Owner).await;
    for (name, typed) in [
        ("", ""),
        ("a b", "a b"),
        ("<script>", "&#60;script&#62;"),
        ("ADA", "ADA"),
    ] {
        let page = desk
            .post(&owner, USERS, USERS, &[("name", name), ("role", "cashier")])
            .await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{name}");
        assert!(!page.text_of("#name-error").is_empty());
        assert!(
            page.text.contains(&format!("value=\"{typed}\"")),
            "{}",
            page.text
        );
    }
    for role in ["", "admin", "Owner"] {
        let page = desk
            .post(&owner, USERS, USERS, &[("name", "bob"), ("role", role)])
            .await;
        assert_eq!(page.status, StatusCode::BAD_REQUEST, "{role}");
    }
    assert_eq!(desk.get(&owner, USERS).await.texts(".cards > li").len(), 1);
}

#[tokio::test]
async fn another_role_a_reset_and_being_removed_end_the_sessions() {
    let desk = Desk::open().await;
    let owner = desk.join("ada", Role::Owner).await;
    let bob = desk.join("bob", Role::Manager).await;
    let act = async |what: &str, role: &str| {
        let fields = [("name", "bob"), ("role", role)];
        desk.post(&owner, USERS, &format!("{USERS}/{what}"), &fields)
            .await
    };
    // To what it is already.
    act("role", "manager").await;
    assert_eq!(desk.get(&bob, "/desk/account").await.status, StatusCode::OK);
    act("role", "cashier").await;
    assert!(is_turned_away(&desk.get(&bob, "/desk/account").await));

    let bob = Session::of(&desk.sign_in("bob", PASSWORD, "").await);
    let link = link(&act("reset", "").await);
    assert!(is_turned_away(&desk.get(&bob, "/desk/account").await));
    assert_eq!(
        desk.sign_in("bob", PASSWORD, "").await.status,
        StatusCode::UNPROCESSABLE_ENTITY
    );
    let bob = Session::of(&accept(&desk, &link, "another password").await);

    act("remove", "").await;
    assert!(is_turned_away(&desk.get(&bob, "/desk/account").await));
    let page = desk.sign_in("bob", "another password", "").await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    // The name is free again, for somebody else.
    desk.join("bob", Role::Cashier).await;
    assert_eq!(act("remove", "").await.status, StatusCode::SEE_OTHER);
    assert_eq!(
        act("remove", "").await.status,
        StatusCode::CONFLICT,
        "there is nobody"
    );
}

#[tokio::test]
async fn the_last_owner_stays_one() {
    let desk = Desk::open().await;
    let owner = desk.join("ada", Role::Owner).await;
    // One who has not used the link yet cannot manage anything.
    desk.post(&owner, USERS, USERS, &[("name", "eve"), ("role", "owner")])
        .await;
    for (what, status) in [
        ("role", StatusCode::CONFLICT),
        ("remove", StatusCode::CONFLICT),
        ("reset", StatusCode::CONFLICT),
    ] {
        let fields = [("name", "ada"), ("role", "cashier")];
        let page = desk
            .post(&owner, USERS, &format!("{USERS}/{what}"), &fields)
            .await;
        assert_eq!(page.status, status, "{what}");
        assert!(!page.text_of("[role=alert]").is_empty());
    }
    assert_eq!(desk.get(&owner, USERS).await.status, StatusCode::OK);
    desk.join("bob", Role::Owner).await;
    let fields = [("name", "ada"), ("role", "cashier")];
    let page = desk.post(&owner, USERS, "/desk/users/role", &fields).await;
    assert_eq!(page.status, StatusCode::SEE_OTHER);
}
