//! Old deliveries are forgotten, but for those that wait.

use std::time::Duration;

use facture_domain::hook::Queued;
use facture_domain::hook::{Attempt, Delivery, Kinds, NewEndpoint, Outcome};
use facture_store::{AttemptRecord, Audience, Disposition, Lane, ReceiverHealth, Store};
use jiff::Timestamp;

use super::hook;

#[tokio::test]
async fn what_is_old_and_over_is_forgotten_with_its_attempts() {
    let directory = tempfile::tempdir().expect("a directory");
    let store = Store::open(directory.path()).await.expect("the records");
    let new = NewEndpoint {
        hook: hook("https://shop.example/"),
        kinds: Kinds::All,
    };
    let endpoint = store.create_endpoint(new).await.expect("written").id;
    let mut deliveries: Vec<Delivery> = Vec::new();
    for _ in 0..3 {
        let Queued::Due(delivery) = store.test_delivery(&endpoint).await.expect("written") else {
            panic!("it is enabled");
        };
        deliveries.push(delivery);
    }
    let tomorrow = Timestamp::now() + Duration::from_secs(24 * 60 * 60);
    let attempted = |delivery: &Delivery, disposition| AttemptRecord {
        place: delivery.place,
        target: None,
        attempt: Attempt {
            started_at: delivery.created_at,
            duration: Duration::from_millis(7),
            outcome: Outcome::Answered(204),
            excerpt: "thanks".to_owned(),
        },
        disposition,
    };
    let recorded = [
        attempted(&deliveries[0], Disposition::Delivered),
        attempted(&deliveries[1], Disposition::Retry(tomorrow)),
    ];
    store.record(&recorded).await.expect("written");

    let long_ago = Timestamp::UNIX_EPOCH;
    let forgotten = store.forget_deliveries(long_ago, 10).await;
    assert_eq!(forgotten.expect("written"), 0, "nothing is that old");
    let forgotten = store.forget_deliveries(tomorrow, 10).await;
    assert_eq!(forgotten.expect("written"), 1);
    let gone = store.delivery(&deliveries[0].id).await;
    assert_eq!(gone.expect("readable"), None);
    let kept = store.delivery(&deliveries[1].id).await.expect("readable");
    let (_, attempts) = kept.expect("it waits");
    assert_eq!(attempts, [recorded[1].attempt.clone()]);

    // It took one and refused to take another: nothing is due there but what was never tried, until tomorrow.
    let lane = Lane {
        audience: Audience::Shop,
        health: ReceiverHealth::Healthy,
    };
    let due = async |at, each| store.due(lane, at, 8, each).await.expect("readable");
    let now = Timestamp::now();
    let first = due(now, 8).await;
    assert_eq!(first.len(), 1);
    assert_eq!(first[0].place, deliveries[2].place);
    assert_eq!(store.next_due(now).await.expect("readable"), None);
    assert_eq!(due(tomorrow, 1).await, first);
    assert_eq!(due(tomorrow, 8).await.len(), 2);
    // A receiver for whom something waits is not forgotten.
    store.forget_receivers(tomorrow, 10).await.expect("written");
    assert_eq!(due(tomorrow, 8).await.len(), 2);
}
