//! Alice's wallet page of `facture lab up --checkout`, on every screen, without script; its payment is a real one.

use std::{
    env, fs,
    path::Path,
    process::{Command, Output},
};

use facture_lab::{Kind, missing};
use facture_test_support::report::skipped;
use serde_json::json;
use tempfile::TempDir;

use crate::{
    audit::{self, Axe},
    chromium::{Browser, Scheme, Screen, Scripts},
};

/// A lab in a directory of its own. Dropping it ends it.
struct Lab(TempDir);

impl Lab {
    fn run(&self, args: &[&str]) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_facture"));
        command
            .args(["lab", "--dir"])
            .arg(self.0.path().join("lab"));
        command.args(args).output().expect("it runs")
    }

    fn lab(&self, args: &[&str]) -> String {
        let output = self.run(args);
        assert!(output.status.success(), "{output:?}");
        String::from_utf8(output.stdout).expect("text")
    }

    /// The invoice that a command creates.
    fn invoice(&self, args: &[&str]) -> String {
        let printed = self.lab(args);
        let (_, invoice) = printed.split_once("invoice ").expect("an invoice");
        let invoice = invoice.split_whitespace().next();
        invoice.expect("an invoice").to_owned()
    }
}

impl Drop for Lab {
    fn drop(&mut self) {
        self.run(&["down"]);
    }
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs bitcoind, bitcoin-cli, lightningd, lightning-cli, and for one state lnd and lncli on PATH"]
async fn alices_wallet_pays_on_a_real_node() {
    let Some(browser) = Browser::start().await else {
        return;
    };
    // Only an LND holds a payment, which then is under way.
    let is_mixed = missing(Kind::Mixed).is_ok();
    if !is_mixed {
        skipped("a payment under way: lnd and lncli not on PATH");
    }
    let lab = Lab(tempfile::tempdir().expect("a directory"));
    lab.lab(&["up", "--node", if is_mixed { "mixed" } else { "cln" }]);
    // With an LND, too, the page is the same: only the checkout beside it is not needed.
    let up = lab.lab(&["up", "--checkout"]);
    let (_, wallet) = up.split_once("Alice's wallet:").expect("its address");
    let wallet = wallet.split_whitespace().next().expect("its address");
    let axe = Axe::find();
    let mut complaints = Vec::new();
    browser.scripts(Scripts::Off).await;

    browser.open(wallet).await;
    look(&browser, &axe, "form", &mut complaints).await;
    let invoice = lab.invoice(&["invoice", "2100", "Soap & towels"]);
    for (typed, state, name) in [
        ("tea", "[aria-invalid]", "error"),
        (invoice.as_str(), ".paid h1", "paid"),
        (invoice.as_str(), ".problem h1", "failed"),
    ] {
        browser.open(wallet).await;
        pay(&browser, typed).await;
        browser.until_there(state).await;
        look(&browser, &axe, name, &mut complaints).await;
    }
    if is_mixed {
        let held = lab.invoice(&["hold", "5000", "Coat"]);
        browser.open(wallet).await;
        pay(&browser, &held).await;
        browser.until_there(".state [role=status]").await;
        let stop = json!({});
        browser.command("Page.stopLoading", stop).await;
        look(&browser, &axe, "pending", &mut complaints).await;
        lab.lab(&["settle", &held]);
        browser.reload().await;
        // It loads itself again, without script.
        browser.until_there(".paid h1").await;
    }
    assert!(complaints.is_empty(), "{complaints:#?}");
}

async fn pay(browser: &Browser, invoice: &str) {
    browser.click("textarea").await;
    browser.insert(invoice).await;
    browser.click("button[type=submit]").await;
}

async fn look(browser: &Browser, axe: &Axe, name: &str, complaints: &mut Vec<String>) {
    browser.scripts(Scripts::On).await;
    axe.enter(browser).await;
    for screen in [Screen::PHONE, Screen::DESKTOP] {
        for scheme in [Scheme::Light, Scheme::Dark] {
            browser.look(screen.scheme(scheme)).await;
            let mut found = audit::layout(browser).await;
            found.extend(axe.complaints(browser).await);
            let about = |what| format!("{name}, {}: {what}", screen.scheme(scheme));
            complaints.extend(found.into_iter().map(about));
            if let Some(directory) = env::var_os("FACTURE_PICTURES") {
                let picture = browser.picture(json!({ "format": "png" })).await;
                let file = format!("{name}-{}-{scheme:?}.png", screen.width);
                fs::write(Path::new(&directory).join(file), picture).expect("it is written");
            }
        }
    }
    let said = browser.log("browser").await;
    let said = said.into_iter().map(|entry| entry.message);
    // The answer to a form with an error is 422.
    complaints.extend(said.filter(|line| !line.contains("status of 422")));
    browser.scripts(Scripts::Off).await;
}
