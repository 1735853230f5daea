//! Signing in by a PIN at a device that was paired.

use facture_domain::desk::Role;
use futures_util::future::join_all;
use reqwest::{Method, StatusCode, header};

use super::{
    Desk, PASSWORD, Session, is_turned_away,
    roles::{TABLE, Who},
};
use crate::harness::Page;

const USERS: &str = "/desk/users";
const COUNTER: &str = "/desk/counter";

/// The cookies that an answer sets, as a browser sends them: `a=b; c=d`.
fn cookies(page: &Page) -> String {
    let lines = page.headers.get_all(header::SET_COOKIE).iter();
    let pairs = lines.filter_map(|line| line.to_str().ok()?.split(';').next());
    pairs.collect::<Vec<_>>().join("; ")
}

/// One of them.
fn cookie(page: &Page, name: &str) -> String {
    let all = cookies(page);
    let own = all
        .split("; ")
        .find(|pair| pair.starts_with(&format!("{name}=")));
    own.expect("a cookie").to_owned()
}

/// What a device remembers.
fn till(page: &Page) -> String {
    cookie(page, "facture_till")
}

fn session(page: &Page) -> Session {
    Session {
        cookie: cookie(page, "facture_desk"),
    }
}

impl Desk {
    /// A desk with an owner and a cashier, `carla`.
    async fn with_carla(settings: &[(&str, &str)]) -> (Self, Session) {
        let desk = Self::open_with(settings).await;
        let owner = desk.sign_in_as(Role::Owner).await;
        desk.join("carla", Role::Cashier).await;
        (desk, owner)
    }

    /// The path behind the code on the owner's screen.
    async fn device_link(&self, owner: &Session, name: &str) -> String {
        let fields = [("name", name)];
        let page = self.post(owner, USERS, "/desk/users/device", &fields).await;
        assert_eq!(page.status, StatusCode::OK, "{}", page.text);
        assert_eq!(page.texts(".card svg[role=img]").len(), 1);
        let url = page.text_of(".card .hash");
        let at = url.find("/desk/device/").expect("a link");
        url[at..].to_owned()
    }

    /// Sends a form from a browser with these cookies.
    async fn send(&self, path: &str, cookie: &str, fields: &[(&str, &str)]) -> Page {
        let request = self.server.request(Method::POST, path);
        let request = request.header(header::COOKIE, cookie);
        Page::read(request.form(fields).send().await).await
    }

    async fn pair(&self, owner: &Session, name: &str, pin: &str, cookie: &str) -> Page {
        let link = self.device_link(owner, name).await;
        let paired = self
            .send(&link, cookie, &[("pin", pin), ("again", pin)])
            .await;
        assert_eq!(paired.header("location"), COUNTER, "{}", paired.text);
        paired
    }

    async fn pin(&self, till: &str, name: &str, pin: &str) -> Page {
        let fields = [("name", name), ("pin", pin)];
        self.send("/desk/login/pin", till, &fields).await
    }

    /// The page for signing in, at a device.
    async fn login(&self, till: &str) -> Page {
        let request = self.server.request(Method::GET, "/desk/login");
        let request = request.header(header::COOKIE, till);
        Page::read(request.header(header::ACCEPT, "text/html").send().await).await
    }
}

#[tokio::test]
async fn a_cashier_scans_a_code_once_and_signs_in_by_a_pin_from_then_on() {
    let (desk, owner) = Desk::with_carla(&[]).await;
    let link = desk.device_link(&owner, "carla").await;
    let form = desk.server.open(&link).await;
    assert!(form.text.contains("carla"), "{}", form.text);
    for (pin, again) in [
        ("258", "258"),
        ("1111", "1111"),
        ("1234", "1234"),
        ("2580", "2581"),
    ] {
        let fields = [("pin", pin), ("again", again)];
        let refused = desk.send(&link, "", &fields).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{pin}");
        assert!(!refused.text_of("#pin-error").is_empty());
        assert_eq!(cookies(&refused), "");
    }
    let fields = [("pin", "2580"), ("again", "2580")];
    let paired = desk.send(&link, "", &fields).await;
    assert_eq!(paired.header("location"), COUNTER);
    let first = session(&paired);
    assert_eq!(desk.get(&first, COUNTER).await.status, StatusCode::OK);
    // The link is used up.
    assert_eq!(desk.server.open(&link).await.status, StatusCode::GONE);
    let again = desk.send(&link, "", &fields).await;
    assert_eq!(
        (again.status, cookies(&again)),
        (StatusCode::GONE, String::new())
    );
    // The device is remembered, the session is not.
    let lines = paired.headers.get_all(header::SET_COOKIE).iter();
    let long: Vec<_> = lines
        .filter_map(|line| line.to_str().ok())
        .filter(|line| line.contains("Max-Age="))
        .collect();
    assert_eq!(long.len(), 1, "{long:?}");
    assert!(long[0].starts_with("facture_till=") && long[0].contains("HttpOnly"));

    let till = till(&paired);
    let login = desk.login(&till).await;
    assert_eq!(login.attributes("#pin", "type"), ["password"]);
    assert!(login.text_of("label[for=pin]").contains("carla"));
    let wrong = desk.pin(&till, "carla", "0852").await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(cookies(&wrong), "");
    let entered = desk.pin(&till, "carla", "2580").await;
    assert_eq!(entered.header("location"), COUNTER);
    let second = session(&entered);
    assert_eq!(desk.get(&second, COUNTER).await.status, StatusCode::OK);
    let left = desk.post(&second, COUNTER, "/desk/logout", &[]).await;
    assert!(is_turned_away(&left));
    assert!(is_turned_away(&desk.get(&second, COUNTER).await));
    // The PIN is of no use without its device, for somebody else, or as a password.
    for (till, name) in [
        ("", "carla"),
        ("facture_till=00", "carla"),
        (&till, "owner"),
    ] {
        let refused = desk.pin(till, name, "2580").await;
        assert_eq!(cookies(&refused), "", "{till} {name}");
    }
    let password = desk.sign_in("carla", "2580", "").await;
    assert_eq!(password.status, StatusCode::UNPROCESSABLE_ENTITY);
    let audit = desk.get(&owner, "/desk/audit").await.text;
    for action in ["device.invited", "device.paired", "session.refused"] {
        assert!(audit.contains(action), "{action}");
    }
}

#[tokio::test]
async fn after_a_wrong_password_the_form_for_a_pin_is_still_there() {
    let (desk, owner) = Desk::with_carla(&[]).await;
    let till = till(&desk.pair(&owner, "carla", "2580", "").await);
    let fields = [("name", "carla"), ("password", "not this one")];
    for (cookie, forms) in [(&*till, 1), ("", 0)] {
        let refused = desk.send("/desk/login", cookie, &fields).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(refused.texts("#pin").len(), forms, "{}", refused.text);
    }
}

#[tokio::test]
async fn a_pin_opens_the_counter_and_nothing_else() {
    let (desk, owner) = Desk::with_carla(&[]).await;
    let carla = session(&desk.pair(&owner, "carla", "2580", "").await);
    let page = desk.get(&carla, COUNTER).await;
    assert_eq!(page.attributes("nav.sections a", "href"), [COUNTER]);
    assert_eq!(page.attributes("header > a", "href"), [COUNTER]);
    let token = desk.form_token(&carla, COUNTER).await;
    let mut allowed = Vec::new();
    for (method, path, who) in TABLE {
        if matches!(who, Who::Anybody) || *path == "/desk/logout" {
            continue;
        }
        let method: Method = method.parse().expect("a method");
        let mut request = desk.request(&carla, method.clone(), path);
        if method == Method::POST {
            request = request.form(&[("form_token", token.as_str())]);
        }
        if request.send().await.expect("an answer").status() != StatusCode::FORBIDDEN {
            allowed.push(*path);
        }
    }
    assert_eq!(
        allowed,
        [
            COUNTER,
            COUNTER,
            "/desk/counter/sales/{label}",
            "/desk/counter/sales/{label}/events",
            "/desk/counter/sales/{label}/cancel",
        ]
    );
}

#[tokio::test]
async fn a_device_forgets_its_cashier_after_five_wrong_pins() {
    let (desk, owner) = Desk::with_carla(&[]).await;
    let paired = desk.pair(&owner, "carla", "2580", "").await;
    let (carla, first) = (session(&paired), till(&paired));
    // A right one in between begins anew.
    for pin in ["1", "2", "3", "4", "2580", "1", "2", "3", "4"] {
        let page = desk.pin(&first, "carla", pin).await;
        assert_eq!(page.status == StatusCode::SEE_OTHER, pin == "2580", "{pin}");
        assert_eq!(page.texts("#pin").len(), usize::from(pin != "2580"));
    }
    assert_eq!(desk.get(&carla, COUNTER).await.status, StatusCode::OK);
    let fifth = desk.pin(&first, "carla", "5").await;
    assert_eq!(fifth.texts("#pin").len(), 0, "{}", fifth.text);
    assert!(is_turned_away(&desk.get(&carla, COUNTER).await));
    assert_eq!(cookies(&desk.pin(&first, "carla", "2580").await), "");
    assert!(desk.login(&first).await.texts("#pin").is_empty());
    // As many at the same moment are as many tries. Some may be refused because there is no time to look at them: those do not count.
    let second = till(&desk.pair(&owner, "carla", "2580", "").await);
    let tries = (0..8).map(|pin| {
        let (desk, second) = (&desk, &second);
        async move { desk.pin(second, "carla", &format!("9{pin:03}")).await }
    });
    join_all(tries).await;
    while !desk.login(&second).await.texts("#pin").is_empty() {
        desk.pin(&second, "carla", "1").await;
    }
    assert_eq!(cookies(&desk.pin(&second, "carla", "2580").await), "");
    let audit = desk.get(&owner, "/desk/audit").await.text;
    assert_eq!(audit.matches("device.forgotten").count(), 2);
    assert_eq!(audit.matches("session.refused").count(), 4 + 4 + 1 + 5);
}

#[tokio::test]
async fn tries_are_limited_for_a_client_but_strangers_do_not_close_the_counter() {
    let desk = [("DESK__TRIES_PER_ACCOUNT_PER_MINUTE", "2")];
    let (desk, owner) = Desk::with_carla(&desk).await;
    let carla = till(&desk.pair(&owner, "carla", "2580", "").await);
    for _ in 0..3 {
        desk.sign_in("carla", "guessed", "").await;
    }
    let refused = desk.sign_in("carla", PASSWORD, "").await;
    assert_eq!(refused.status, StatusCode::TOO_MANY_REQUESTS);
    session(&desk.pin(&carla, "carla", "2580").await);

    let desk = [("DESK__TRIES_PER_CLIENT_PER_MINUTE", "3")];
    let (desk, owner) = Desk::with_carla(&desk).await;
    let carla = till(&desk.pair(&owner, "carla", "2580", "").await);
    for _ in 0..2 {
        session(&desk.pin(&carla, "carla", "2580").await);
    }
    let refused = desk.pin(&carla, "carla", "2580").await;
    assert_eq!(refused.status, StatusCode::TOO_MANY_REQUESTS);
}

#[tokio::test]
async fn several_cashiers_share_a_device_and_each_has_a_pin() {
    let (desk, owner) = Desk::with_carla(&[]).await;
    desk.join("carlo", Role::Cashier).await;
    let first = till(&desk.pair(&owner, "carla", "2580", "").await);
    let both = till(&desk.pair(&owner, "carlo", "1470", &first).await);
    assert_ne!(
        first, both,
        "a new secret, as whoever knew the one before need not"
    );
    assert!(desk.login(&first).await.texts("#pin").is_empty());
    let login = desk.login(&both).await;
    assert_eq!(
        login.attributes("#cashier option", "value"),
        ["carla", "carlo"]
    );
    session(&desk.pin(&both, "carla", "2580").await);
    session(&desk.pin(&both, "carlo", "1470").await);
    let wrong = desk.pin(&both, "carlo", "2580").await;
    assert_eq!(wrong.attributes("#cashier [selected]", "value"), ["carlo"]);
    // One who is set up again there has a new PIN, and one device.
    let again = till(&desk.pair(&owner, "carla", "3690", &both).await);
    assert_eq!(cookies(&desk.pin(&again, "carla", "2580").await), "");
    session(&desk.pin(&again, "carla", "3690").await);
    assert_eq!(desk.get(&owner, USERS).await.texts(".device").len(), 2);
}

#[tokio::test]
async fn an_owner_sees_devices_and_revokes_one_with_its_session() {
    let (desk, owner) = Desk::with_carla(&[]).await;
    let pairs = [
        desk.pair(&owner, "carla", "2580", "").await,
        desk.pair(&owner, "carla", "1470", "").await,
    ];
    let page = desk.get(&owner, USERS).await;
    assert_eq!(page.texts(".device").len(), 2);
    assert!(page.texts(".device")[0].contains("127.0.0.1"));
    let devices = page.attributes("[name=device]", "value");
    let fields = [("device", devices[0].as_str())];
    let revoked = desk
        .post(&owner, USERS, "/desk/users/device/revoke", &fields)
        .await;
    assert_eq!(revoked.header("location"), USERS);
    let rest = desk.get(&owner, USERS).await;
    assert_eq!(rest.attributes("[name=device]", "value"), devices[1..]);
    let mut open = Vec::new();
    for (paired, pin) in pairs.iter().zip(["2580", "1470"]) {
        let till = till(paired);
        let is_open = desk.get(&session(paired), COUNTER).await.status == StatusCode::OK;
        let enters = !cookies(&desk.pin(&till, "carla", pin).await).is_empty();
        assert_eq!(is_open, enters);
        open.push(enters);
    }
    open.sort_unstable();
    assert_eq!(open, [false, true], "that one and no other");
    assert!(
        desk.get(&owner, "/desk/audit")
            .await
            .text
            .contains("device.revoked")
    );
}

#[tokio::test]
async fn only_cashiers_have_pins_and_what_ends_their_sessions_ends_these() {
    let (desk, owner) = Desk::with_carla(&[]).await;
    desk.join("mona", Role::Manager).await;
    let fields = [("name", "mona")];
    let refused = desk
        .post(&owner, USERS, "/desk/users/device", &fields)
        .await;
    assert_eq!(refused.status, StatusCode::CONFLICT);
    for (path, more) in [
        ("/desk/users/role", ("role", "manager")),
        ("/desk/users/reset", ("", "")),
        ("/desk/users/remove", ("", "")),
    ] {
        let paired = desk.pair(&owner, "carla", "2580", "").await;
        // Also a code that nobody has scanned yet.
        let open = desk.device_link(&owner, "carla").await;
        desk.post(&owner, USERS, path, &[("name", "carla"), more])
            .await;
        assert!(
            is_turned_away(&desk.get(&session(&paired), COUNTER).await),
            "{path}"
        );
        assert_eq!(
            cookies(&desk.pin(&till(&paired), "carla", "2580").await),
            "",
            "{path}"
        );
        assert_eq!(
            desk.server.open(&open).await.status,
            StatusCode::GONE,
            "{path}"
        );
        let fields = [("name", "carla"), ("role", "cashier")];
        desk.post(&owner, USERS, "/desk/users/role", &fields).await;
    }
}
