//! The node: lightningd by its socket and by clnrest, LND; away, too old, with too few and too many rights, without channels.

use std::time::Duration;

use base64::{Engine as _, engine::general_purpose::URL_SAFE};
use facture_node::lnd;
use facture_sandbox::{Rune, Syncing};

use super::{Examined, doctor, examine};
use crate::{
    lnd::world::Lnd,
    rest::{
        tls::Good,
        transport::{ClnrestSandbox, RUNE, rune},
    },
    world::Sandbox,
};

async fn on(sandbox: &Sandbox) -> Examined {
    let directory = tempfile::tempdir().expect("a directory");
    let mut command = doctor(&[("NODE__DEADLINE_SECONDS", "5")]);
    command.arg("--data-dir").arg(directory.path());
    command.arg("--rpc-file").arg(sandbox.node.rpc_file());
    let examined = examine(command).await;
    let left = directory.path().read_dir().expect("it is there").count();
    assert_eq!(left, 0, "nothing is made");
    examined
}

#[tokio::test]
async fn a_healthy_lightningd_without_a_server() {
    let sandbox = Sandbox::start().await;
    let examined = on(&sandbox).await;
    assert!(examined.is_well);
    for check in ["configuration", "data_directory", "records", "node", "sync"] {
        examined.says(check, "ok", &[]);
    }
    examined.says("node", "ok", &["regtest", &sandbox.node.id()]);
    examined.says(
        "rights",
        "ok",
        &["socket allows everything", "facture rune"],
    );
    examined.says("clock", "ok", &["the same clock"]);
    examined.says("liquidity", "ok", &["15835709 sat"]);
    examined.says("server", "not_checked", &["no server runs"]);
    examined.says("public_url", "not_checked", &["server.public_url"]);
    // Every right was tried out, and nothing happened.
    assert_eq!(sandbox.node.invoice_count(), 0);
    let called = sandbox.node.called();
    for method in ["invoice", "delinvoice", "offer", "wait"] {
        assert!(called.iter().any(|call| call == method), "{called:?}");
    }
    assert!(
        !called.iter().any(|call| call.contains("pay")),
        "{called:?}"
    );
}

#[tokio::test]
async fn a_lightningd_that_is_away_behind_or_cannot_be_paid() {
    let sandbox = Sandbox::start().await;
    sandbox.node.set_syncing(Some(Syncing::Lightningd));
    sandbox.node.set_receivable_msat(999);
    let examined = on(&sandbox).await;
    assert!(!examined.is_well);
    examined.says("sync", "problem", &["Still loading latest blocks"]);
    examined.says(
        "liquidity",
        "problem",
        &["nobody can pay", "open a channel"],
    );

    sandbox.node.set_syncing(None);
    sandbox.node.set_receivable_msat(9_999_999);
    let examined = on(&sandbox).await;
    assert!(examined.is_well);
    examined.says("liquidity", "warning", &["9999 sat"]);

    let place = sandbox.node.rpc_file().display().to_string();
    sandbox.node.stop().await;
    let examined = on(&sandbox).await;
    assert!(!examined.is_well);
    examined.says("node", "problem", &[&place, "start the node"]);
}

/// A rune whose text is readable as one, and that allows these methods.
fn rune_of(restriction: &str, methods: &[String]) -> Rune {
    let text = [&[7; 32][..], b"=1&", restriction.as_bytes()].concat();
    Rune {
        text: URL_SAFE.encode(text),
        methods: methods.to_vec(),
    }
}

async fn by_rune(shown: &str, rune: Rune) -> Examined {
    let sandbox = Sandbox::start().await;
    let node = sandbox.node.clone();
    let behind = ClnrestSandbox::of(sandbox, Good::Always, rune).await;
    let ca_file = behind.tls.ca_file();
    let directory = tempfile::tempdir().expect("a directory");
    let mut command = doctor(&[
        ("NODE__REST_URL", &behind.tls.url()),
        ("NODE__RUNE", shown),
        ("NODE__CA_FILE", ca_file.to_str().expect("plain")),
    ]);
    command.arg("--data-dir").arg(directory.path());
    let examined = examine(command).await;
    assert_eq!(node.invoice_count(), 0);
    examined
}

#[tokio::test]
async fn a_rune_is_looked_at_from_both_sides() {
    let enough = rune().methods;
    let restriction = |methods: &[String]| {
        let alternatives: Vec<_> = methods
            .iter()
            .map(|method| format!("method={method}"))
            .collect();
        alternatives.join("|")
    };
    let just_right = rune_of(&restriction(&enough), &enough);
    let examined = by_rune(&just_right.text.clone(), just_right).await;
    assert!(examined.is_well);
    examined.says("rights", "ok", &["and no more"]);
    examined.says("liquidity", "not_checked", &["leaves that out"]);

    for (missing, state) in [
        ("invoice", "problem"),
        ("delinvoice", "problem"),
        ("wait", "problem"),
        ("waitanyinvoice", "warning"),
        ("offer", "warning"),
        ("listcurrencyrates", "warning"),
    ] {
        let mut fewer = enough.clone();
        fewer.retain(|method| method != missing);
        let too_little = rune_of(&restriction(&fewer), &fewer);
        let examined = by_rune(&too_little.text.clone(), too_little).await;
        assert_eq!(examined.is_well, state == "warning");
        let named = format!("`{missing}`");
        examined.says("rights", state, &[&named, "`facture rune`"]);
    }

    let mut more = enough.clone();
    more.push("pay".to_owned());
    let too_much = rune_of(&restriction(&more), &enough);
    let examined = by_rune(&too_much.text.clone(), too_much).await;
    examined.says("rights", "warning", &["method=pay", "cannot spend"]);

    let examined = by_rune(RUNE, rune()).await;
    examined.says("rights", "warning", &["every method"]);

    let examined = by_rune("AnotherNodesRune=", rune()).await;
    examined.says(
        "node",
        "problem",
        &["not one of this node's", "facture rune"],
    );
    assert!(!format!("{:?}", examined.findings).contains("AnotherNodesRune"));
}

#[tokio::test]
async fn a_lightningd_whose_machine_has_another_time() {
    let behind = ClnrestSandbox::start().await;
    let ca_file = behind.tls.ca_file();
    let directory = tempfile::tempdir().expect("a directory");
    let at_once = async || {
        let mut command = doctor(&[
            ("NODE__REST_URL", &behind.tls.url()),
            ("NODE__RUNE", RUNE),
            ("NODE__CA_FILE", ca_file.to_str().expect("plain")),
        ]);
        command.arg("--data-dir").arg(directory.path());
        examine(command).await
    };
    at_once().await.says("clock", "ok", &["agrees"]);
    behind.sandbox.node.advance(Duration::from_secs(3600));
    let examined = at_once().await;
    examined.says("clock", "problem", &["seconds behind the node's", "NTP"]);
}

async fn on_lnd(lnd: &Lnd) -> Examined {
    let directory = tempfile::tempdir().expect("a directory");
    let settings = lnd.settings();
    let settings: Vec<_> = settings
        .iter()
        .map(|(key, value)| (key.as_str(), value.as_str()))
        .collect();
    let mut command = doctor(&settings);
    command.arg("--data-dir").arg(directory.path());
    examine(command).await
}

#[tokio::test]
async fn a_healthy_lnd() {
    let lnd = Lnd::start().await;
    let examined = on_lnd(&lnd).await;
    assert!(examined.is_well);
    examined.says("node", "ok", &["regtest", &lnd.node.id()]);
    examined.says("credentials", "ok", &["macaroon"]);
    examined.says("rights", "ok", &["and no more"]);
    examined.says("clock", "ok", &["agrees"]);
    examined.says("liquidity", "not_checked", &["leaves that out"]);
    assert_eq!(lnd.node.invoice_count(), 0);
}

#[tokio::test]
async fn an_lnd_whose_macaroon_lacks_a_right() {
    let lnd = Lnd::start().await;
    for missing in lnd::Method::in_macaroon() {
        let rest = lnd::Method::in_macaroon().filter(|method| *method != missing);
        lnd.node
            .bake("checkout", rest.map(lnd::Method::uri))
            .expect("written");
        let examined = on_lnd(&lnd).await;
        let check = match missing {
            lnd::Method::GetInfo => "node",
            _ => "rights",
        };
        let state = match missing {
            lnd::Method::AddHoldInvoice | lnd::Method::SettleInvoice => "warning",
            _ => "problem",
        };
        let named = format!("`{missing}`");
        examined.says(check, state, &[&named, "facture lnd-macaroon"]);
    }
    assert_eq!(lnd.node.invoice_count(), 0);
}

#[tokio::test]
async fn an_lnd_with_another_macaroon_or_that_is_away() {
    let mut lnd = Lnd::start().await;
    let own = lnd.macaroon_file.clone();
    lnd.macaroon_file = lnd.node.admin_macaroon_file();
    let examined = on_lnd(&lnd).await;
    assert!(examined.is_well);
    examined.says("rights", "warning", &["offchain:write", "cannot spend"]);
    examined.says("liquidity", "ok", &["sat in all"]);

    lnd.macaroon_file = own.with_extension("nowhere");
    let examined = on_lnd(&lnd).await;
    examined.says("credentials", "problem", &["node.macaroon_file"]);

    lnd.macaroon_file = own;
    lnd.node.set_version("0.17.5-beta commit=v0.17.5-beta");
    let examined = on_lnd(&lnd).await;
    examined.says("node", "problem", &["0.17.5-beta", "upgrade"]);

    lnd.node.stop().await;
    let examined = on_lnd(&lnd).await;
    examined.says("node", "problem", &["start the node"]);
}
