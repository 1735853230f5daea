//! The payer's own limits, and the owner's approval.

use std::{
    fs,
    os::unix::fs::PermissionsExt,
    time::{SystemTime, UNIX_EPOCH},
};

use facture_domain::payout::PayoutState;
use totp_rs::Totp;

use crate::world::World;

#[tokio::test]
async fn limits_hold_over_restarts_whatever_the_server_orders() {
    let world = World::open().await;
    world.configure("askers.bridge = 20\n");
    let invoice = world.invoice(1_000_001_000).await;
    let payer = world.pay();
    let id = world.orders.order(&invoice);
    let row = world.orders.state(&id, PayoutState::Failed).await;
    assert_eq!(row.code(), "limit_exceeded");

    let first = world
        .orders
        .order_as("bridge", &world.invoice(10_000).await, None);
    world.orders.state(&first, PayoutState::Paid).await;
    payer.kill().await;
    let _payer = world.pay();
    let second = world
        .orders
        .order_as("bridge", &world.invoice(10_000).await, None);
    let row = world.orders.state(&second, PayoutState::Failed).await;
    assert_eq!(row.code(), "limit_exceeded");
    let other = world.orders.order(&world.invoice(10_000).await);
    world.orders.state(&other, PayoutState::Paid).await;
}

#[tokio::test]
async fn above_the_threshold_the_owner_approves_on_this_machine() {
    let world = World::open().await;
    world.configure("approval_above_sat = 10\n");
    let (small, large) = (world.invoice(10_000).await, world.invoice(10_001).await);
    let _payer = world.pay();
    let id = world.orders.order(&large);
    world.orders.until(&id, |row| row.waits_for_approval).await;
    let small = world.orders.order(&small);
    world.orders.state(&small, PayoutState::Paid).await;
    assert_eq!(world.orders.row(&id).state, PayoutState::Ordered);

    let (fine, text) = world.run(&["approve"]);
    assert!(
        fine && text.contains(&id) && text.contains("10001 msat"),
        "{text}"
    );
    let (fine, text) = world.run(&["approve", &small]);
    assert!(!fine && text.contains("does not wait"), "{text}");
    // Nobody says yes.
    let (fine, text) = world.run(&["approve", &id]);
    assert!(!fine && text.contains("not approved"), "{text}");
    let (fine, text) = world.run(&["approve", &id, "--yes"]);
    assert!(fine, "{text}");
    world.orders.state(&id, PayoutState::Paid).await;
    assert!(world.is_paid(&large).await);
    let (_, text) = world.run(&["approve"]);
    assert!(text.contains("nothing waits"), "{text}");
}

/// Its destination and the node are not asked anew each time that the orders are looked at.
#[tokio::test]
async fn what_waits_for_an_approval_is_left_alone_until_one_comes() {
    let world = World::open().await;
    world.configure("approval_above_sat = 10\n");
    let _payer = world.pay();
    let id = world.orders.order(&world.invoice(11_000).await);
    world.orders.until(&id, |row| row.waits_for_approval).await;
    let before = world.node.calls("getinfo");
    world.orders.have_looked_at(40).await;
    let asked = world.node.calls("getinfo") - before;
    // Each pause is twice as long as the one before: so many take minutes.
    assert!(asked < 10, "{asked}");
    assert!(world.run(&["approve", &id, "--yes"]).0);
    world.orders.state(&id, PayoutState::Paid).await;
}

/// How long a code is good, in seconds.
const STEP: u64 = 30;

/// The authenticator app of an owner.
pub(crate) struct App(Totp);

impl App {
    /// Reads what `facture payer totp` printed.
    pub(crate) fn scan(text: &str) -> Self {
        let uri = text.lines().find(|line| line.starts_with("otpauth://"));
        Self(Totp::from_url(uri.expect("a URI")).expect("a secret"))
    }

    /// The code of this half minute, counted from the one that is now.
    pub(crate) fn code(&self, from_now: i64) -> String {
        let now = SystemTime::now().duration_since(UNIX_EPOCH);
        let now = now.expect("a time").as_secs() / STEP;
        let step = now.checked_add_signed(from_now).expect("a time");
        self.0.generate(step * STEP).to_string()
    }

    /// A code that is good at no time near this one.
    pub(crate) fn wrong(&self) -> String {
        let near: Vec<_> = (-3..=3).map(|step| self.code(step)).collect();
        let mut codes = (0..).map(|number| format!("{number:06}"));
        codes.find(|code| !near.contains(code)).expect("a code")
    }
}

async fn refused(world: &World, id: &str, code: &str) -> String {
    world.orders.approve(id, code);
    let row = world.orders.until(id, |row| row.code_refused.is_some());
    row.await.code_refused.expect("a reason")
}

#[tokio::test]
async fn the_owner_approves_with_a_code_which_is_good_once() {
    let world = World::open().await;
    let file = world.path("totp");
    world.configure(&format!(
        "approval_above_sat = 10\n[approval]\ntotp_file = {file:?}\n"
    ));
    let (fine, text) = world.run(&["totp", "--account", "shop"]);
    assert!(fine, "{text}");
    let app = App::scan(&text);
    let mode = fs::metadata(&file).expect("a file").permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    let (fine, text) = world.run(&["totp"]);
    assert!(!fine && text.contains("exists"), "{text}");

    let payer = world.pay();
    let first = world.orders.order(&world.invoice(11_000).await);
    let waits = world.orders.until(&first, |row| row.waits_for_approval);
    waits.await;
    assert!(
        refused(&world, &first, &app.wrong())
            .await
            .contains("wrong")
    );
    let code = app.code(0);
    world.orders.approve(&first, &code);
    world.orders.state(&first, PayoutState::Paid).await;

    // Not for another one, also after a restart.
    payer.kill().await;
    let _payer = world.pay();
    let second = world.orders.order(&world.invoice(12_000).await);
    let reason = refused(&world, &second, &code).await;
    assert!(reason.contains("used before"), "{reason}");
    world.orders.approve(&second, &app.code(1));
    world.orders.state(&second, PayoutState::Paid).await;
    let entries = world.entries();
    let by_code = entries.iter().filter(|name| *name == "approved_by_code");
    assert_eq!(by_code.count(), 2);
    let journal = fs::read_to_string(world.path("payer/journal.jsonl")).expect("a journal");
    assert!(!journal.contains(&code) && !world.log().contains(&code));
    assert!(world.run(&["journal", "list"]).0);
}

#[tokio::test]
async fn after_some_wrong_codes_none_is_looked_at_but_the_command_line_works() {
    let world = World::open().await;
    let file = world.path("totp");
    world.configure(&format!(
        "approval_above_sat = 10\n[approval]\ntotp_file = {file:?}\n"
    ));
    let app = App::scan(&world.run(&["totp"]).1);
    let payer = world.pay();
    let id = world.orders.order(&world.invoice(11_000).await);
    for _ in 0..5 {
        let reason = refused(&world, &id, &app.wrong()).await;
        assert!(reason.contains("wrong, or"), "{reason}");
    }
    let reason = refused(&world, &id, &app.code(0)).await;
    assert!(reason.contains("Too many"), "{reason}");
    payer.kill().await;
    let _payer = world.pay();
    let reason = refused(&world, &id, &app.code(0)).await;
    assert!(reason.contains("Too many"), "{reason}");
    assert_eq!(world.orders.row(&id).state, PayoutState::Ordered);
    assert!(world.run(&["approve", &id, "--yes"]).0);
    world.orders.state(&id, PayoutState::Paid).await;
}

#[tokio::test]
async fn a_payer_without_a_secret_takes_no_codes() {
    let world = World::open().await;
    world.configure("approval_above_sat = 10\n");
    let (fine, text) = world.run(&["totp"]);
    assert!(!fine && text.contains("approval.totp_file"), "{text}");
    let _payer = world.pay();
    let id = world.orders.order(&world.invoice(11_000).await);
    let reason = refused(&world, &id, "123456").await;
    assert!(reason.contains("facture payer approve"), "{reason}");
    assert_eq!(world.orders.row(&id).state, PayoutState::Ordered);
}
