//! The disk slow or read-only, the database held by another process. A full disk is in `crate::disk`.

use std::time::Duration;

use futures_util::future::join_all;
use reqwest::StatusCode;
use serde_json::Value;

use super::{ShimSettings, Shop, assert_said, create, other_writer};
use crate::contract::path_of;

/// EROFS of Linux.
const READ_ONLY: i64 = 30;

#[tokio::test]
async fn a_slow_disk_is_waited_for() {
    let shop = Shop::open().await;
    let (running, visitor) = shop.start_with_shim().await;
    let sync_us = i64::try_from(Duration::from_millis(500).as_micros()).expect("a number");
    shop.wish(ShimSettings {
        sync_us,
        ..ShimSettings::default()
    });
    let made = join_all((0..20).map(|_| create(&visitor, "patience"))).await;
    shop.pay(&made[0]);
    visitor
        .json_until(&path_of(&made[0]), |read| read["status"] == "paid")
        .await;
    let compared = shop.agree(running, &made).await;
    assert_eq!((compared.invoices, compared.paid), (20, 1));
}

#[tokio::test]
async fn on_a_read_only_disk_what_is_stored_is_shown() {
    let shop = Shop::open().await;
    let (running, visitor) = shop.start_with_shim().await;
    let made = create(&visitor, "before").await;
    shop.wish(ShimSettings {
        write_errno: READ_ONLY,
        ..ShimSettings::default()
    });
    let (status, refused) = visitor.submit("5", "now?").await.expect("an answer");
    assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(refused["error"]["code"], "store_failed");
    shop.pay(&made);
    let (status, read) = visitor.json(&path_of(&made)).await.expect("an answer");
    assert_eq!(
        (status, &read["status"]),
        (StatusCode::OK, &"unpaid".into())
    );
    assert!(read["stale_since"].is_i64(), "it does not know: {read}");
    assert_said(&shop.log(), "disk I/O error");

    shop.wish(ShimSettings::default());
    visitor
        .json_until(&path_of(&made), |read| read["status"] == "paid")
        .await;
    visitor.ready().await;
    let after = create(&visitor, "after").await;
    assert!(running.terminate().await.success());
    // What nobody was shown is adopted at the next start.
    let (running, _) = shop.start(shop.command()).await;
    let compared = shop.agree(running, &[made, after]).await;
    assert_eq!((compared.invoices, compared.paid), (3, 1));
}

#[tokio::test]
async fn a_database_that_another_process_holds() {
    let shop = Shop::open().await;
    let (running, visitor) = shop.start(shop.command()).await;
    let made = create(&visitor, "before").await;
    let other = other_writer(&shop.records());
    other.execute_batch("BEGIN IMMEDIATE").expect("the lock");
    // It waits for a while, then says so; readers are not held up.
    let (status, refused) = visitor.submit("5", "now?").await.expect("an answer");
    assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(refused["error"]["code"], "store_failed");
    shop.pay(&made);
    let (status, read) = visitor.json(&path_of(&made)).await.expect("an answer");
    assert_eq!(status, StatusCode::OK);
    assert!(read["stale_since"].is_i64(), "it does not know: {read}");
    assert_said(&shop.log(), "database is locked");

    other.execute_batch("ROLLBACK").expect("let go");
    let paid = visitor
        .json_until(&path_of(&made), |read| read["status"] == "paid")
        .await;
    assert_eq!(paid["stale_since"], Value::Null);
    let after = create(&visitor, "after").await;
    assert!(running.terminate().await.success());
    let (running, _) = shop.start(shop.command()).await;
    let compared = shop.agree(running, &[made, after]).await;
    assert_eq!(compared.paid, 1);
}
