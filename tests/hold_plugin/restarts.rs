//! The plugin, the node or both end, in order or not: what is held is held again, and nothing is taken that nobody decided to
//! take.

use std::time::Duration;

use facture_test_support::report::measured;
use futures_util::future::join_all;
use serde_json::json;

use crate::shop::{Shop, refused, succeeded, until};

/// R11, R13 and R17 of the notes on lightningd: what is held outlives a stop and a crash, and the deadline is not mistaken while
/// lightningd reads the last blocks again.
#[tokio::test]
#[ignore = "needs bitcoind, bitcoin-cli, lightningd and lightning-cli on PATH"]
async fn what_is_held_outlives_a_stop_and_a_crash_of_the_node() {
    let mut shop = Shop::start(&[]).await;
    let (stopped, paying_stopped) = shop.held("stopped").await;
    let (back, paying_back) = shop.held("back").await;
    let before = shop.find("stopped").await;
    shop.pair.stop_merchant().await.expect("a stop in order");
    shop.pair.start_merchant().await.expect("a start");
    assert_eq!(shop.find("stopped").await, before);
    shop.restart_killed().await;
    assert_eq!(shop.find("stopped").await, before);
    assert_eq!(shop.settle(&stopped).await.unwrap()["status"], "paid");
    succeeded(paying_stopped, &stopped).await;
    shop.cancel(&back).await.unwrap();
    refused(paying_back).await;
    // What has ended has ended.
    shop.restart_killed().await;
    assert_eq!(shop.find("stopped").await["status"], "paid");
    assert_eq!(shop.find("back").await["status"], "cancelled");
    refused(shop.pay(&back)).await;
}

/// R8: without the plugin, lightningd cannot take the payment. After the next start the plugin knows that it is gone.
#[tokio::test]
#[ignore = "needs bitcoind, bitcoin-cli, lightningd and lightning-cli on PATH"]
async fn when_the_plugin_is_killed_the_payer_has_the_money_back() {
    let mut shop = Shop::start(&[]).await;
    let (hold, paying) = shop.held("a").await;
    shop.kill_plugin();
    refused(paying).await;
    assert!(shop.listed("a").await.is_null());
    let unknown = shop.settle(&hold).await.unwrap_err();
    assert!(format!("{unknown:#}").contains("-32601"), "{unknown}");
    refused(shop.pay(&hold)).await;
    shop.restart_killed().await;
    // A decision that comes now waits until it is known.
    let late = shop.settle(&hold).await.unwrap_err();
    assert!(format!("{late:#}").contains("cancelled"), "{late}");
    assert_eq!(shop.find("a").await["status"], "cancelled");
    let (hold, paying) = shop.held("b").await;
    shop.settle(&hold).await.unwrap();
    succeeded(paying, &hold).await;
}

/// The plugin or the node is killed at each point of the taking of a payment.
#[tokio::test]
#[ignore = "needs bitcoind, bitcoin-cli, lightningd and lightning-cli on PATH"]
async fn a_kill_at_each_point_of_a_taking() {
    let mut shop = Shop::start(&[]).await;
    for point in ["SettlingWritten", "InvoiceCreated", "PartsReleased"] {
        let label = format!("node-{point}");
        let (hold, paying) = shop.held(&label).await;
        shop.fault(&format!("node {point}"));
        shop.settle(&hold).await.unwrap_err();
        shop.restart_killed().await;
        // Once lightningd has the preimage, the payment is taken without another word; before, it is still held.
        if point == "SettlingWritten" {
            shop.until(&label, "accepted").await;
            assert!(shop.listed(&label).await.is_null());
        }
        assert_eq!(
            shop.settle(&hold).await.unwrap()["status"],
            "paid",
            "{label}"
        );
        succeeded(paying, &hold).await;
        assert_eq!(shop.listed(&label).await["status"], "paid");

        let label = format!("plugin-{point}");
        let (hold, paying) = shop.held(&label).await;
        shop.fault(&format!("plugin {point}"));
        shop.settle(&hold).await.unwrap_err();
        // R20: once lightningd has the preimage, the payment is taken; before, it is returned.
        if point == "SettlingWritten" {
            refused(paying).await;
            shop.restart_killed().await;
            shop.until(&label, "cancelled").await;
            assert!(shop.listed(&label).await.is_null());
        } else {
            succeeded(paying, &hold).await;
            shop.restart_killed().await;
            shop.until(&label, "paid").await;
            assert_eq!(shop.listed(&label).await["status"], "paid");
        }
    }
}

/// The plugin or the node is killed at each point of a cancellation.
#[tokio::test]
#[ignore = "needs bitcoind, bitcoin-cli, lightningd and lightning-cli on PATH"]
async fn a_kill_at_each_point_of_a_cancellation() {
    let mut shop = Shop::start(&[]).await;
    for victim in ["node", "plugin"] {
        for point in ["CancelWritten", "PartsFailed"] {
            let label = format!("{victim}-{point}");
            let (hold, paying) = shop.held(&label).await;
            shop.fault(&format!("{victim} {point}"));
            shop.cancel(&hold).await.unwrap_err();
            shop.restart_killed().await;
            refused(paying).await;
            assert_eq!(shop.find(&label).await["status"], "cancelled");
            assert_eq!(shop.cancel(&hold).await.unwrap()["status"], "cancelled");
        }
    }
}

/// The plugin or the node is killed while an invoice is made or paid: no invoice is left behind that lightningd would take a
/// payment for by itself.
#[tokio::test]
#[ignore = "needs bitcoind, bitcoin-cli, lightningd and lightning-cli on PATH"]
async fn a_kill_at_each_point_of_a_making() {
    let mut shop = Shop::start(&[]).await;
    for victim in ["node", "plugin"] {
        for point in ["TemporaryNoted", "InvoiceMade", "InvoiceDeleted"] {
            let label = format!("{victim}-{point}");
            shop.fault(&format!("{victim} {point}"));
            shop.try_hold(&label, &[]).await.unwrap_err();
            shop.restart_killed().await;
            until("an empty list", async || {
                let listed = shop.pair.merchant_cli(&["listinvoices"]).await.unwrap();
                (listed["invoices"] == json!([])).then_some(())
            })
            .await;
            assert!(shop.find(&label).await.is_null());
            // The same again works.
            shop.hold(&label).await;
        }
    }
    let hold = shop.hold("accepted").await;
    shop.fault("node AcceptedWritten");
    let paying = shop.pay(&hold);
    until("the end of the node", async || {
        shop.pair
            .merchant_cli(&["getinfo"])
            .await
            .is_err()
            .then_some(())
    })
    .await;
    shop.restart_killed().await;
    shop.until("accepted", "accepted").await;
    shop.settle(&hold).await.unwrap();
    succeeded(paying, &hold).await;
}

/// Ten times the node or the plugin is killed while payments are taken and sent back. In the end every payment is where its
/// record says.
#[tokio::test]
#[ignore = "needs bitcoind, bitcoin-cli, lightningd and lightning-cli on PATH"]
async fn ten_kills_under_load() {
    let mut shop = Shop::start(&[]).await;
    let mut all = Vec::new();
    for round in 0..10 {
        let labels: Vec<_> = (0..6).map(|number| format!("{round}-{number}")).collect();
        let held = join_all(labels.iter().map(|label| shop.held(label))).await;
        let decisions = held.iter().enumerate().map(async |(number, (hold, _))| {
            // Refused, lost or done.
            drop(match number % 2 {
                0 => shop.settle(hold).await,
                _ => shop.cancel(hold).await,
            });
        });
        let kill = async {
            // Earlier and later among the calls.
            tokio::time::sleep(Duration::from_millis(round * 15)).await;
            match round % 2 {
                0 => shop.crash_node(),
                _ => shop.kill_plugin(),
            }
        };
        tokio::join!(join_all(decisions), kill);
        shop.restart_killed().await;
        all.extend(held);
    }
    let mut taken = 0;
    for (number, (hold, paying)) in all.into_iter().enumerate() {
        let wanted = number % 6 % 2 == 0;
        // Decided again, as facture would; too late if the plugin was killed before.
        match wanted {
            true => drop(shop.settle(&hold).await),
            false => drop(shop.cancel(&hold).await.expect("it can be cancelled")),
        }
        let record = shop.find(&hold.label).await;
        let listed = shop.listed(&hold.label).await;
        if record["status"] == "paid" {
            assert!(wanted, "{record}");
            assert_eq!(listed["status"], "paid", "{record}");
            succeeded(paying, &hold).await;
            taken += 1;
        } else {
            assert_eq!(record["status"], "cancelled", "{record}");
            assert!(listed.is_null(), "{listed}");
            refused(paying).await;
        }
    }
    measured(&format!(
        "ten kills under load: {taken} of 30 decisions to take a payment were carried out"
    ));
    assert!(
        taken >= 15,
        "all of the rounds in which the node was killed"
    );
}
