//! The clock of facture's machine jumping by an hour, forwards and back. The node's stays: what it says counts.

use reqwest::StatusCode;

use super::{Shop, Wishes, create};
use crate::contract::path_of;

const HOUR: i64 = 60 * 60;

#[tokio::test]
async fn whatever_the_clock_says_payments_are_seen() {
    let shop = Shop::open().await;
    let (running, visitor) = shop.start_with_shim().await;
    let old = create(&visitor, "before all").await;
    let mut shown = vec![old.clone()];
    for clock_seconds in [2 * HOUR, -2 * HOUR, 0] {
        shop.wish(Wishes {
            clock_seconds,
            ..Wishes::default()
        });
        let (status, read) = visitor.json(&path_of(&old)).await.expect("an answer");
        assert_eq!(
            (status, &read["status"]),
            (StatusCode::OK, &"unpaid".into())
        );
        let made = create(&visitor, "at that time").await;
        shop.pay(&made);
        let (status, read) = visitor.json(&path_of(&made)).await.expect("an answer");
        assert_eq!((status, &read["status"]), (StatusCode::OK, &"paid".into()));
        assert!(read["stale_since"].is_null(), "{read}");
        visitor.ready().await;
        shown.push(made);
    }
    shop.pay(&old);
    visitor
        .json_until(&path_of(&old), |read| read["status"] == "paid")
        .await;
    let compared = shop.agree(running, &shown).await;
    assert_eq!((compared.invoices, compared.paid), (4, 4));
}
