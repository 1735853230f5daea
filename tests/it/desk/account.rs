//! One's own account.

use facture::users::SecondFactor;
use facture_domain::desk::{Role, UserName};
use jiff::Timestamp;
use reqwest::StatusCode;
use totp_rs::{Builder, Secret};

use super::{Desk, PASSWORD, Session, is_turned_away};

const ACCOUNT: &str = "/desk/account";

/// What an app shows, so many half minutes from now.
fn code(secret: &str, later: u64) -> String {
    let secret = Secret::try_from_base32(secret).expect("a secret");
    let totp = Builder::new()
        .with_secret(secret)
        .with_account_name("ada")
        .build()
        .expect("sound");
    let now = u64::try_from(Timestamp::now().as_second()).expect("after 1970");
    totp.generate(now + later * 30).to_string()
}

#[tokio::test]
async fn a_new_password_ends_all_sessions() {
    let desk = Desk::open().await;
    let session = desk.join("ada", Role::Cashier).await;
    let other = Session::of(&desk.sign_in("ada", PASSWORD, "").await);
    let change = async |present, new, again| {
        let fields = [("present", present), ("password", new), ("again", again)];
        desk.post(&session, ACCOUNT, "/desk/account/password", &fields)
            .await
    };
    for (present, new, again, error) in [
        (
            "wrong password",
            "another password",
            "another password",
            "present-error",
        ),
        (
            PASSWORD,
            "another password",
            "an other password",
            "password-error",
        ),
        (PASSWORD, "sesame", "sesame", "password-error"),
        (PASSWORD, "ada ada ada", "ada ada ada", "password-error"),
    ] {
        let page = change(present, new, again).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(!page.text_of(&format!("#{error}")).is_empty());
        assert!(!page.text.contains(new), "passwords are not shown again");
    }
    assert!(is_turned_away(
        &change(PASSWORD, "another password", "another password").await
    ));
    for session in [&session, &other] {
        assert!(is_turned_away(&desk.get(session, ACCOUNT).await));
    }
    assert_eq!(
        desk.sign_in("ada", PASSWORD, "").await.status,
        StatusCode::UNPROCESSABLE_ENTITY
    );
    Session::of(&desk.sign_in("ada", "another password", "").await);
}

#[tokio::test]
async fn sessions_are_listed_and_ended() {
    let desk = Desk::open().await;
    let session = desk.join("ada", Role::Cashier).await;
    let other = Session::of(&desk.sign_in("ada", PASSWORD, "").await);
    let eve = desk.join("eve", Role::Cashier).await;
    let page = desk.get(&session, ACCOUNT).await;
    let ids = page.attributes("input[name=session]", "value");
    assert_eq!(ids.len(), 1, "the own one is not among them");
    // Somebody else cannot.
    desk.post(
        &eve,
        ACCOUNT,
        "/desk/account/session",
        &[("session", &ids[0])],
    )
    .await;
    assert_eq!(desk.get(&other, ACCOUNT).await.status, StatusCode::OK);
    desk.post(
        &session,
        ACCOUNT,
        "/desk/account/session",
        &[("session", &ids[0])],
    )
    .await;
    assert!(is_turned_away(&desk.get(&other, ACCOUNT).await));
    assert_eq!(desk.get(&session, ACCOUNT).await.status, StatusCode::OK);
}

#[tokio::test]
async fn the_second_factor_is_asked_for_and_each_code_is_good_once() {
    let desk = Desk::open().await;
    let session = desk.join("ada", Role::Owner).await;
    let offered = desk
        .post(&session, ACCOUNT, "/desk/account/second-factor", &[])
        .await;
    let secret = offered
        .attribute("input[name=secret]", "value")
        .expect("a secret");
    assert!(offered.text.contains("<svg"), "a QR code");
    let on = async |code: &str| {
        let fields = [("secret", secret.as_str()), ("code", code)];
        desk.post(&session, ACCOUNT, "/desk/account/second-factor/on", &fields)
            .await
    };
    let wrong = on("000000x").await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(
        wrong.attribute("input[name=secret]", "value"),
        Some(secret.clone())
    );
    let page = on(&code(&secret, 0)).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.text);
    let codes = page.texts(".codes li");
    assert_eq!(codes.len(), 8);

    let sign_in = async |code: &str| desk.sign_in("ada", PASSWORD, code).await;
    let used = code(&secret, 0);
    for wrong in ["", "123456", &used] {
        let page = sign_in(wrong).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{wrong}");
    }
    // The app's next one is good already: clocks differ a little.
    let next = code(&secret, 1);
    Session::of(&sign_in(&next).await);
    assert_eq!(
        sign_in(&next).await.status,
        StatusCode::UNPROCESSABLE_ENTITY,
        "once"
    );
    let capitals = codes[3].to_uppercase();
    Session::of(&sign_in(&capitals).await);
    assert_eq!(
        sign_in(&codes[3]).await.status,
        StatusCode::UNPROCESSABLE_ENTITY,
        "once"
    );
    let page = desk.get(&session, ACCOUNT).await;
    assert!(page.text.contains("7 recovery codes left"), "{}", page.text);
    // Nobody else's.
    desk.join("eve", Role::Cashier).await;
    assert_eq!(
        desk.sign_in("eve", PASSWORD, "").await.status,
        StatusCode::SEE_OTHER
    );

    let off = async |password| {
        let fields = [("password", password)];
        desk.post(
            &session,
            ACCOUNT,
            "/desk/account/second-factor/off",
            &fields,
        )
        .await
    };
    assert_eq!(
        off("wrong password").await.status,
        StatusCode::UNPROCESSABLE_ENTITY
    );
    assert_eq!(off(PASSWORD).await.status, StatusCode::SEE_OTHER);
    Session::of(&sign_in("").await);
}

#[tokio::test]
async fn what_was_done_is_in_the_audit_log_without_secrets() {
    let desk = Desk::open().await;
    let session = desk.join("ada", Role::Owner).await;
    desk.sign_in("ada", "wrong password", "").await;
    desk.sign_in("no such user", "x", "").await;
    let fields = [("name", "bob"), ("role", "cashier")];
    let added = desk
        .post(&session, "/desk/users", "/desk/users", &fields)
        .await;
    let link = added.text_of(".card .hash");
    let page = desk.get(&session, "/desk/audit").await;
    let actions = page.texts("tbody code");
    assert_eq!(
        actions,
        [
            "user.added",
            "session.refused",
            "session.started",
            "password.set",
            "user.added"
        ]
    );
    let who = page.texts("tbody td:nth-child(2)");
    assert_eq!(who, ["ada", "–", "ada", "ada", "(console)"]);
    for secret in [
        link.rsplit('/').next().unwrap_or_default(),
        PASSWORD,
        "wrong password",
    ] {
        assert!(!page.text.contains(secret));
    }
}

#[test]
fn the_name_of_the_account_is_in_the_app() {
    let ada = UserName::parse("ada").expect("a name");
    let factor = SecondFactor::generate(&ada).expect("a secret");
    assert!(factor.uri().expect("an address").contains("facture:ada"));
}
