//! Each command on each kind of lab. The workshop's document has the same steps for people (`workshop.rs`).

use crate::home::{Beside, Home, value};

#[test]
#[ignore = "needs bitcoind, bitcoin-cli, lightningd and lightning-cli on PATH"]
fn every_command_works_on_core_lightning() {
    let home = Home::new();
    every_command(&home, "cln");
    let refused = home.run(&["hold", "1000"]);
    assert!(!refused.succeeded);
    assert!(refused.error.contains("no hold invoices"), "{refused:?}");
    close(&home);
}

#[test]
#[ignore = "needs bitcoind, bitcoin-cli, lnd and lncli on PATH"]
fn every_command_works_on_lnd() {
    let home = Home::new();
    every_command(&home, "lnd");
    holds(&home);
    close(&home);
}

#[test]
#[ignore = "needs bitcoind, bitcoin-cli, lightningd, lightning-cli, lnd and lncli on PATH"]
fn every_command_works_on_a_mixed_lab() {
    let home = Home::new();
    every_command(&home, "mixed");
    holds(&home);
    close(&home);
}

fn every_command(home: &Home, kind: &str) {
    let up = home.lab(&["up", "--node", kind]);
    assert!(up.starts_with("The lab is up in"), "{up}");
    let balances = home.lab(&["balances"]);
    // LND takes off what the transaction that closes the channel would cost.
    let of_alice = match kind {
        "lnd" => " 9,996,530 sat",
        _ => " 10,000,000 sat",
    };
    assert!(balances.contains(of_alice), "{balances}");
    let watch = Beside::start(home.command(&["watch"]));
    assert!(watch.line().starts_with("Watching"));

    let made = home.lab(&["invoice", "1000", "Tea & cake"]);
    let (invoice, hash) = (value(&made, "invoice"), value(&made, "payment hash"));
    assert!(invoice.starts_with("lnbcrt10u1"), "{invoice}");
    let decoded = home.lab(&["decode", invoice]);
    for row in [
        "amount        1,000 sat",
        "description   Tea & cake",
        " (Bob)",
        hash,
    ] {
        assert!(decoded.contains(row), "{row}: {decoded}");
    }
    let unpaid = home.lab(&["lookup", invoice]);
    assert!(unpaid.contains("status        unpaid"), "{unpaid}");
    assert!(!unpaid.contains("preimage"), "{unpaid}");
    let paid = home.lab(&["pay", &format!("lightning:{}", invoice.to_uppercase())]);
    assert!(paid.contains("paid      1,000 sat"), "{paid}");
    let preimage = value(&paid, "preimage");
    let looked = home.lab(&["lookup", hash]);
    for row in ["status        paid", "received      1,000 sat", preimage] {
        assert!(looked.contains(row), "{row}: {looked}");
    }
    for event in ["created", "paid"] {
        let line = watch.line();
        assert!(line.starts_with(event), "{line}");
        for part in ["1,000 sat", "Tea & cake", hash] {
            assert!(line.contains(part), "{line}");
        }
    }
    drop(watch);

    // The payer chooses.
    let made = home.lab(&["invoice", "any", "Tip"]);
    let tip = value(&made, "invoice");
    assert!(!home.run(&["pay", tip]).succeeded, "how much?");
    let paid = home.lab(&["pay", tip, "7"]);
    assert!(paid.contains("paid      7 sat"), "{paid}");

    // Nothing is paid twice, and what Alice does not have is not paid at all.
    let again = home.run(&["pay", invoice]);
    assert!(!again.succeeded, "{again:?}");
    assert!(
        again.error.to_lowercase().contains("already paid"),
        "{again:?}"
    );
    let too_much = home.run(&["pay", "10000000"]);
    assert!(!too_much.succeeded, "{too_much:?}");
    let lines = too_much.error.lines().count();
    assert_eq!(lines, 1, "in words: {too_much:?}");
    assert!(!home.run(&["decode", &invoice[..60]]).succeeded);
    let unknown = home.run(&["lookup", &"ab".repeat(32)]);
    assert!(!unknown.succeeded, "{unknown:?}");

    home.lab(&["pay", "2500"]);
    home.until(&["balances"], "3,507 sat");
    let mined = home.lab(&["mine", "2"]);
    assert!(mined.starts_with("The newest block is "), "{mined}");
    let logs = home.lab(&["logs"]);
    for name in ["bitcoind.log", "alice.log", "bob.log"] {
        assert!(logs.contains(name), "{logs}");
    }
    assert!(!home.lab(&["logs", "bob"]).contains("alice.log"));
}

fn holds(home: &Home) {
    let held = home.lab(&["hold", "5000", "Coat"]);
    let (invoice, hash) = (value(&held, "invoice"), value(&held, "payment hash"));
    let paying = Beside::start(home.command(&["pay", invoice]));
    let accepted = home.until(&["lookup", hash], "status        accepted");
    assert!(accepted.contains("held          5,000 sat"), "{accepted}");
    home.lab(&["settle", hash]);
    let (paid, succeeded) = paying.rest();
    assert!(succeeded, "{paid}");
    let looked = home.lab(&["lookup", invoice]);
    assert!(looked.contains(value(&paid, "preimage")), "{looked}");

    let held = home.lab(&["hold", "6000", "Hat"]);
    let invoice = value(&held, "invoice");
    let paying = Beside::start(home.command(&["pay", invoice]));
    home.until(&["lookup", invoice], "status        accepted");
    let close = home.run(&["close"]);
    assert!(close.error.contains("facture lab cancel"), "{close:?}");
    home.lab(&["cancel", invoice]);
    let (refused, succeeded) = paying.rest();
    assert!(!succeeded, "{refused}");
    let looked = home.lab(&["lookup", invoice]);
    assert!(looked.contains("status        cancelled"), "{looked}");
    assert!(!home.run(&["settle", invoice]).succeeded);
    assert!(!home.run(&["settle", &"ab".repeat(32)]).succeeded);
}

fn close(home: &Home) {
    let closed = home.lab(&["close"]);
    assert_eq!(closed.matches("no channel").count(), 2, "{closed}");
    assert!(!home.run(&["close"]).succeeded, "there is none");
    assert!(!home.run(&["pay", "5"]).succeeded, "there is no way");
    let up = home.lab(&["up"]);
    assert!(up.starts_with("The lab is up in"), "{up}");
    home.lab(&["pay", "5"]);
    let down = home.lab(&["down"]);
    assert!(down.starts_with("Stopped alice, bob, bitcoind;"), "{down}");
    assert!(!home.usual_lab().exists());
    let down = home.lab(&["down"]);
    assert!(down.starts_with("There is no lab"), "{down}");
}
