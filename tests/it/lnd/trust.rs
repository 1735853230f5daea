//! The node is there, but it is not the right one, or does not let us in, or is not ready: it is said what to do, nothing is
//! lost, and it passes without a restart.

use facture_node::lnd::Method;
use facture_sandbox::{SandboxLnd, Stage, Syncing};
use reqwest::StatusCode;
use serde_json::Value;

use super::process::{Shop, create};
use crate::contract::path_of;

/// What is wrong, and what is said of it.
struct Trouble<'a> {
    /// What is done to the node or to our files.
    wrong: &'a dyn Fn(&Shop),
    /// The code of `/readyz`, and of an invoice that cannot be made.
    code: &'a str,
    /// What is in one line of the log.
    words: &'a [&'a str],
    /// What is done when it is over.
    right: &'a dyn Fn(&Shop),
}

/// Whoever has an invoice by then can pay it, and it is shown as paid when the trouble is over.
async fn passes(trouble: Trouble<'_>) {
    let shop = Shop::open().await;
    let (running, visitor) = shop.start().await;
    let invoice = create(&visitor, "before").await;
    let known = shop.lnd.node.invoice_count();

    (trouble.wrong)(&shop);
    shop.lnd.node.close_connections().await;
    let unready = |read: &Value| read["code"] == trouble.code;
    visitor.json_until("/readyz", unready).await;
    // A connection that was open says no more than that it is closed.
    drop(visitor.submit("5", "meanwhile").await);
    let (status, refused) = visitor.submit("5", "meanwhile").await.expect("an answer");
    assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE, "{refused}");
    assert_eq!(refused["error"]["code"], trouble.code, "{refused}");
    shop.until_logged(trouble.words).await;
    assert_eq!(shop.lnd.node.invoice_count(), known, "nothing was made");
    let (status, read) = visitor.json(&path_of(&invoice)).await.expect("an answer");
    assert_eq!(
        (status, &read["status"]),
        (StatusCode::OK, &"unpaid".into())
    );
    assert!(read["stale_since"].is_i64(), "{read}");
    shop.pay(&invoice).await;

    (trouble.right)(&shop);
    let paid = |read: &Value| read["status"] == "paid" && read["stale_since"].is_null();
    visitor.json_until(&path_of(&invoice), paid).await;
    visitor.ready().await;
    create(&visitor, "after").await;
    assert!(running.terminate().await.success());
    let log = shop.log();
    assert!(!log.contains("panicked"), "{log}");
}

fn same_file_with(shop: &Shop, methods: &[Method]) {
    let uris = methods.iter().map(|method| method.uri());
    shop.lnd.node.bake("checkout", uris).expect("written");
}

fn all_rights(shop: &Shop) {
    let all: Vec<_> = Method::in_macaroon().collect();
    same_file_with(shop, &all);
}

#[tokio::test]
async fn a_certificate_that_is_not_the_nodes() {
    let other = tempfile::tempdir().expect("a directory");
    let another = SandboxLnd::start(other.path()).await.expect("another node");
    let wrong = std::fs::read(another.certificate_file()).expect("its certificate");
    passes(Trouble {
        wrong: &|shop| {
            let file = shop.lnd.node.certificate_file();
            std::fs::copy(&file, file.with_extension("right")).expect("copied");
            std::fs::write(&file, &wrong).expect("written");
        },
        code: "node_unreachable",
        words: &["node.tls_cert_file", "another certificate"],
        right: &|shop| {
            let file = shop.lnd.node.certificate_file();
            std::fs::copy(file.with_extension("right"), &file).expect("copied");
        },
    })
    .await;
}

/// `tlsautorefresh`, or a certificate that is over: the file is read again.
#[tokio::test]
async fn a_renewed_certificate_is_no_trouble() {
    let shop = Shop::open().await;
    let (_running, visitor) = shop.start().await;
    let invoice = create(&visitor, "before").await;
    shop.lnd.node.renew_certificate().expect("renewed");
    shop.lnd.node.close_connections().await;
    shop.pay(&invoice).await;
    let paid = |read: &Value| read["status"] == "paid" && read["stale_since"].is_null();
    visitor.json_until(&path_of(&invoice), paid).await;
    create(&visitor, "after").await;
}

#[tokio::test]
async fn a_macaroon_of_another_node() {
    let other = tempfile::tempdir().expect("a directory");
    let another = SandboxLnd::start(other.path()).await.expect("another node");
    let wrong = std::fs::read(another.admin_macaroon_file()).expect("its macaroon");
    passes(Trouble {
        wrong: &|shop| std::fs::write(&shop.lnd.macaroon_file, &wrong).expect("written"),
        code: "node_refused",
        words: &[
            "verification failed",
            "node.macaroon_file",
            "facture lnd-macaroon",
        ],
        right: &all_rights,
    })
    .await;
}

#[tokio::test]
async fn a_macaroon_without_the_right_to_ask_who_it_is() {
    passes(Trouble {
        wrong: &|shop| {
            let without = Method::in_macaroon().filter(|method| *method != Method::GetInfo);
            same_file_with(shop, &without.collect::<Vec<_>>());
        },
        code: "node_refused",
        words: &["`GetInfo`", "permission denied", "facture lnd-macaroon"],
        right: &all_rights,
    })
    .await;
}

/// Each right that a checkout cannot do without is named when it is missing, and it is enough to add it to the file.
#[tokio::test]
async fn each_right_that_is_missing_is_named() {
    for (missing, what) in [
        (Method::AddInvoice, "making"),
        (Method::SubscribeInvoices, "following"),
        (Method::ListInvoices, "following"),
        (Method::LookupInvoice, "following"),
    ] {
        let shop = Shop::open().await;
        let (_running, visitor) = shop.start().await;
        let invoice = create(&visitor, "before").await;
        let without = Method::in_macaroon().filter(|method| *method != missing);
        same_file_with(&shop, &without.collect::<Vec<_>>());
        shop.lnd.node.close_connections().await;
        match what {
            "making" => {
                let (status, refused) = visitor.submit("5", "now").await.expect("an answer");
                assert_eq!(
                    status,
                    StatusCode::SERVICE_UNAVAILABLE,
                    "{missing}: {refused}"
                );
                assert_eq!(refused["error"]["code"], "node_refused");
            }
            _ => {
                let unready = |read: &Value| read["code"] == "node_not_followed";
                visitor.json_until("/readyz", unready).await;
            }
        }
        let named = format!("`{missing}`");
        shop.until_logged(&[&named, "permission denied", "facture lnd-macaroon"])
            .await;
        shop.pay(&invoice).await;
        all_rights(&shop);
        let paid = |read: &Value| read["status"] == "paid" && read["stale_since"].is_null();
        visitor.json_until(&path_of(&invoice), paid).await;
        visitor.ready().await;
        create(&visitor, "after").await;
    }
}

#[tokio::test]
async fn a_locked_wallet() {
    for (stage, words) in [
        (Stage::Locked, "wallet locked, unlock it"),
        (Stage::Starting, "in the process of starting up"),
        (Stage::Waiting, "waiting to start"),
    ] {
        passes(Trouble {
            wrong: &|shop| shop.lnd.node.set_stage(stage),
            code: "node_unreachable",
            words: &[words],
            right: &|shop| shop.lnd.node.set_stage(Stage::Active),
        })
        .await;
    }
}

/// Invoices can be made: wallets try again.
#[tokio::test]
async fn a_node_that_is_not_synced() {
    let shop = Shop::open().await;
    let (_running, visitor) = shop.start().await;
    shop.lnd.node.set_syncing(Some(Syncing::Bitcoind));
    let syncing = |read: &Value| read["code"] == "node_syncing";
    visitor.json_until("/readyz", syncing).await;
    let invoice = create(&visitor, "meanwhile").await;
    shop.lnd.node.set_syncing(None);
    visitor.ready().await;
    shop.pay(&invoice).await;
    let paid = |read: &Value| read["status"] == "paid";
    visitor.json_until(&path_of(&invoice), paid).await;
}

/// LND's key depends on the network, so one of another network is another node.
#[tokio::test]
async fn another_node_or_one_of_another_network() {
    let other = format!("02{}", "22".repeat(32));
    passes(Trouble {
        wrong: &|shop| {
            shop.lnd.node.set_id(Some(&other));
            shop.lnd.node.set_network("mainnet");
        },
        code: "node_replaced",
        words: &["another node answers", &other],
        right: &|shop| {
            shop.lnd.node.set_id(None);
            shop.lnd.node.set_network("regtest");
        },
    })
    .await;
}

#[tokio::test]
async fn an_lnd_that_is_too_old() {
    let shop = Shop::open().await;
    shop.lnd.node.set_version("0.17.5-beta commit=v0.17.5-beta");
    let (_running, visitor) = shop.start_unready().await;
    let unready = |read: &Value| read["code"] == "node_refused";
    visitor.json_until("/readyz", unready).await;
    shop.until_logged(&["0.17.5-beta", "0.18"]).await;
    assert_eq!(shop.lnd.node.invoice_count(), 0);
    shop.lnd.node.set_version("0.18.0-beta commit=v0.18.0-beta");
    visitor.ready().await;
    let invoice = create(&visitor, "now").await;
    shop.pay(&invoice).await;
    let paid = |read: &Value| read["status"] == "paid";
    visitor.json_until(&path_of(&invoice), paid).await;
}
