//! What each role may do: every route of the desk is in the table, with those who may use it.

use std::{collections::BTreeSet, fs};

use facture_domain::desk::Role::{self, Accountant, Cashier, Manager, Owner};
use reqwest::{Method, StatusCode};

use super::{Desk, is_turned_away};
use crate::harness::Page;

/// Who may use a route.
pub(super) enum Who {
    /// Also somebody who is not signed in.
    Anybody,
    Only(&'static [Role]),
}

const ALL: Who = Who::Only(&[Owner, Manager, Cashier, Accountant]);
const READERS: Who = Who::Only(&[Owner, Manager, Accountant]);
const SELLERS: Who = Who::Only(&[Owner, Manager, Cashier]);
const MANAGERS: Who = Who::Only(&[Owner, Manager]);
const OWNER: Who = Who::Only(&[Owner]);

pub(super) const TABLE: &[(&str, &str, Who)] = &[
    ("GET", "/desk", ALL),
    ("GET", "/desk/events", ALL),
    ("GET", "/desk/login", Who::Anybody),
    ("POST", "/desk/login", Who::Anybody),
    ("POST", "/desk/login/demo", Who::Anybody),
    ("POST", "/desk/login/pin", Who::Anybody),
    ("POST", "/desk/logout", ALL),
    ("GET", "/desk/device/{link}", Who::Anybody),
    ("POST", "/desk/device/{link}", Who::Anybody),
    ("GET", "/desk/welcome/{link}", Who::Anybody),
    ("POST", "/desk/welcome/{link}", Who::Anybody),
    ("GET", "/desk/payments", ALL),
    ("GET", "/desk/payments/{label}", ALL),
    ("POST", "/desk/payments/{label}/note", MANAGERS),
    ("POST", "/desk/payments/{label}/cancel", MANAGERS),
    ("POST", "/desk/payments/{label}/capture", MANAGERS),
    ("POST", "/desk/payments/{label}/redeliver", MANAGERS),
    ("POST", "/desk/payments/{label}/refund", MANAGERS),
    ("GET", "/desk/closing", READERS),
    ("GET", "/desk/exports", READERS),
    ("GET", "/desk/exports/sales.csv", READERS),
    ("GET", "/desk/exports/koinly.csv", READERS),
    ("GET", "/desk/exports/datev.csv", READERS),
    ("GET", "/desk/exports/sales.xlsx", READERS),
    ("GET", "/desk/items", MANAGERS),
    ("POST", "/desk/items", MANAGERS),
    ("POST", "/desk/items/withdraw", MANAGERS),
    ("GET", "/desk/links", MANAGERS),
    ("POST", "/desk/links", MANAGERS),
    ("GET", "/desk/links/{slug}", MANAGERS),
    ("POST", "/desk/links/{slug}", MANAGERS),
    ("POST", "/desk/links/{slug}/stop", MANAGERS),
    ("POST", "/desk/links/{slug}/open", MANAGERS),
    ("GET", "/desk/notices", MANAGERS),
    ("POST", "/desk/notices", MANAGERS),
    ("POST", "/desk/notices/test", MANAGERS),
    ("POST", "/desk/notices/remove", MANAGERS),
    ("GET", "/desk/counter", SELLERS),
    ("POST", "/desk/counter", SELLERS),
    ("GET", "/desk/counter/sales/{label}", SELLERS),
    ("GET", "/desk/counter/sales/{label}/events", SELLERS),
    ("POST", "/desk/counter/sales/{label}/cancel", SELLERS),
    ("GET", "/desk/counter/items", MANAGERS),
    ("POST", "/desk/counter/items", MANAGERS),
    ("POST", "/desk/counter/items/remove", MANAGERS),
    ("GET", "/desk/counter.webmanifest", Who::Anybody),
    ("GET", "/desk/counter-worker.js", Who::Anybody),
    ("GET", "/desk/counter-offline", Who::Anybody),
    ("GET", "/desk/account", ALL),
    ("POST", "/desk/account/password", ALL),
    ("POST", "/desk/account/session", ALL),
    ("POST", "/desk/account/second-factor", ALL),
    ("POST", "/desk/account/second-factor/on", ALL),
    ("POST", "/desk/account/second-factor/off", ALL),
    ("GET", "/desk/users", OWNER),
    ("POST", "/desk/users", OWNER),
    ("POST", "/desk/users/role", OWNER),
    ("POST", "/desk/users/device", OWNER),
    ("POST", "/desk/users/device/revoke", OWNER),
    ("POST", "/desk/users/reset", OWNER),
    ("POST", "/desk/users/remove", OWNER),
    ("GET", "/desk/tokens", OWNER),
    ("POST", "/desk/tokens", OWNER),
    ("POST", "/desk/tokens/revoke", OWNER),
    ("GET", "/desk/audit", OWNER),
];

#[test]
fn every_route_is_in_the_table() {
    let router = format!("{}/src/web/desk/mod.rs", env!("CARGO_MANIFEST_DIR"));
    let router = fs::read_to_string(router).expect("readable");
    let mut routes = BTreeSet::new();
    for route in router.split(".route(").skip(1) {
        let mut quoted = route.split('"');
        let path = quoted.nth(1).expect("a path");
        if path.starts_with("/static/") {
            continue;
        }
        let handlers = quoted.next().expect("handlers");
        let end = handlers.find(".route(").unwrap_or(handlers.len());
        let handlers = &handlers[..end];
        for (call, method) in [("get(", "GET"), ("post(", "POST")] {
            let times = handlers.matches(call).count();
            assert!(times <= 1, "{path}: {handlers}");
            if times == 1 {
                routes.insert((method, path.to_owned()));
            }
        }
        for other in ["put(", "patch(", "delete(", "any("] {
            assert!(
                !handlers.contains(other),
                "{path}: forms send GET and POST only"
            );
        }
    }
    let table: BTreeSet<_> = TABLE
        .iter()
        .map(|(method, path, _)| (*method, (*path).to_owned()))
        .collect();
    assert_eq!(routes, table);
}

#[tokio::test]
async fn a_role_does_what_it_may_and_nothing_else() {
    let desk = Desk::open().await;
    for role in Role::ALL {
        let session = desk.sign_in_as(role).await;
        let token = desk.form_token(&session, "/desk/account").await;
        for (method, path, who) in TABLE {
            let (Who::Only(roles), false) = (who, *path == "/desk/logout") else {
                continue;
            };
            let method: Method = method.parse().expect("a method");
            let mut request = desk.request(&session, method.clone(), path);
            if method == Method::POST {
                request = request.form(&[("form_token", token.as_str())]);
            }
            let allowed = roles.contains(&role);
            // A stream that is let in has no end (`today.rs`).
            if *path == "/desk/events" {
                let status = request.send().await.expect("an answer").status();
                assert_eq!(status != StatusCode::FORBIDDEN, allowed, "{role}");
                continue;
            }
            let page = Page::read(request.send().await).await;
            assert_eq!(
                page.status != StatusCode::FORBIDDEN,
                allowed,
                "{role}: {method} {path}: {}",
                page.status
            );
            assert!(!is_turned_away(&page), "{role}: {path}");
            assert!(page.status.as_u16() < 500, "{role}: {path}: {}", page.text);
        }
    }
}

#[tokio::test]
async fn a_stranger_is_led_to_the_login_and_nothing_happens() {
    let desk = Desk::open().await;
    for (method, path, who) in TABLE {
        if let Who::Anybody = who {
            continue;
        }
        let request = desk.server.request(method.parse().expect("a method"), path);
        let request = match *method {
            "POST" => request.form(&[("name", "ada"), ("role", "owner")]),
            _ => request,
        };
        assert!(
            is_turned_away(&Page::read(request.send().await).await),
            "{path}"
        );
    }
    assert_eq!(desk.users.members().await.expect("readable"), []);
}

#[tokio::test]
async fn every_form_needs_the_token_of_its_session() {
    let desk = Desk::open().await;
    let owner = desk.join("ada", Owner).await;
    let other = desk.join("bob", Owner).await;
    let of_other = desk.form_token(&other, "/desk/account").await;
    for (method, path, who) in TABLE {
        if let ("GET", _) | (_, Who::Anybody) = (*method, who) {
            continue;
        }
        for token in ["", "0", of_other.as_str()] {
            let fields = [("form_token", token), ("name", "bob"), ("role", "cashier")];
            let request = desk.request(&owner, Method::POST, path).form(&fields);
            let page = Page::read(request.send().await).await;
            assert_eq!(page.status, StatusCode::FORBIDDEN, "{path} {token}");
        }
        // The right token from a page of another site.
        let token = desk.form_token(&owner, "/desk/account").await;
        let request = desk.request(&owner, Method::POST, path);
        let request = request.header("origin", "https://evil.example");
        let page = Page::read(request.form(&[("form_token", token)]).send().await).await;
        assert_eq!(page.status, StatusCode::FORBIDDEN, "{path}");
    }
    assert_eq!(
        desk.get(&other, "/desk/account").await.status,
        StatusCode::OK
    );
}

/// The desk orders nothing that spends, and gives nobody a right to: no part of it names what does.
#[test]
fn nothing_of_the_desk_can_spend() {
    let mut folders = vec![format!("{}/src/web/desk", env!("CARGO_MANIFEST_DIR"))];
    folders.push(format!("{}/src/users", env!("CARGO_MANIFEST_DIR")));
    for file in folders
        .iter()
        .flat_map(|folder| fs::read_dir(folder).expect("a folder"))
    {
        let path = file.expect("a file").path();
        let text = fs::read_to_string(&path).expect("readable");
        for word in [
            "facture_payer",
            ".approve(",
            "PayoutsApprove",
            "PayoutsExecute",
            "begin_payout",
        ] {
            assert!(!text.contains(word), "{}: {word}", path.display());
        }
    }
}
