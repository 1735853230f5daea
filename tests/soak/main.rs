//! A soak: mixed traffic and random faults for minutes, then everything is compared with everything.
//!
//! ```sh
//! FACTURE_SOAK_MINUTES=30 cargo test --release --test soak -- --ignored --nocapture
//! ```
//!
//! `FACTURE_SOAK_SEED` repeats the choices of a run, though not its timing. During the first third facture is killed and
//! restarted among other faults; the last two thirds are one life of its process, whose caches are filled first, and in
//! whose second half memory and open files must stay as they are; that is judged from 23 minutes on.

#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "a test's helper fails by panicking, as the test does"
)]

#[path = "../it/agreement.rs"]
mod agreement;
mod compare;
mod events;
#[allow(dead_code, reason = "other tests need more of it")]
#[path = "../harness/mod.rs"]
mod harness;
mod life;
mod overdue;
#[allow(dead_code, reason = "other tests need more of it")]
#[path = "../it/program.rs"]
mod program;
mod receiver;
mod shop;
mod tally;
mod traffic;
mod trouble;

use std::{env, fs, io::Write, sync::Arc, time::Duration};

use futures_util::future::join_all;
use rand::{RngExt, SeedableRng, rngs::StdRng};
use reqwest::Method;
use serde_json::json;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use self::{life::Life, shop::Shop};

/// How many visitors there are at once.
const VISITORS: usize = 12;

async fn soak(seed: u64, minutes: u32) -> Arc<Shop> {
    let rng = &mut StdRng::seed_from_u64(seed);
    let shop = Arc::new(Shop::open().await);
    let whole = Duration::from_secs(60) * minutes;
    let running = shop.start().await;
    let hook = json!({ "url": shop.receiver.url("/all") });
    let hook = shop.call(Method::POST, "/api/v1/webhooks").json(&hook);
    assert_eq!(hook.send().await.expect("an answer").status(), 201);

    let (closing, end) = (CancellationToken::new(), CancellationToken::new());
    let follower = tokio::spawn(events::follow(Arc::clone(&shop), end.clone()));
    let visitors: Vec<_> = (0..VISITORS)
        .map(|_| traffic::visit(Arc::clone(&shop), rng.random(), closing.clone()))
        .map(tokio::spawn)
        .collect();
    let began = Instant::now();
    let running = trouble::of_all_kinds(&shop, running, rng, began + whole / 3).await;
    let mut running = trouble::again(&shop, running).await;
    let watching = life::watch(Arc::clone(&shop), running.id(), closing.clone());
    let watching = tokio::spawn(watching);
    traffic::fill(&shop, rng).await;
    trouble::around(&shop, rng, began + whole).await;
    closing.cancel();
    for visitor in join_all(visitors).await {
        visitor.expect("no panic");
    }
    let life = Life::of(&watching.await.expect("no panic"));
    if let Some(growth) = life.growth() {
        shop.tally.wrong(growth);
    }

    compare::settle(&shop).await;
    end.cancel();
    let streamed = follower.await.expect("no panic");
    running = trouble::again(&shop, running).await;
    assert!(running.terminate().await.success());
    let log = fs::read_to_string(shop.log()).expect("a log");
    for level in ["ERROR", "WARN"] {
        let word = format!(" {level} ");
        let lines = log.lines().filter(|line| line.contains(&word)).count();
        let lines = u64::try_from(lines).expect("not so many");
        shop.tally.add("lines of the log", level, lines);
    }
    for line in log.lines().filter(|line| line.contains(" ERROR ")).take(3) {
        say(line);
    }
    if let Some(line) = log.lines().find(|line| line.contains("panicked")) {
        shop.tally.wrong(line.to_owned());
    }
    // What was wrong so far is of use if comparing panics.
    say(&format!("wrong: {:#?}", shop.tally.wrongs()));
    compare::compare(&shop, &streamed).await;
    let (tally, table) = (&shop.tally, life.table());
    say(&format!(
        "\nseed {seed}, {minutes} minutes\n\n{tally}\n{table}"
    ));
    shop
}

fn say(text: &str) {
    writeln!(std::io::stderr(), "{text}").expect("written");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "takes minutes: FACTURE_SOAK_MINUTES=30 cargo test --release --test soak -- --ignored --nocapture"]
async fn under_all_faults_for_long_nothing_is_lost_or_done_twice() {
    let number = |name: &str| env::var(name).ok().map(|value| value.parse().expect(name));
    let seed = number("FACTURE_SOAK_SEED").unwrap_or_else(rand::random);
    let minutes = number("FACTURE_SOAK_MINUTES").unwrap_or(3);
    say(&format!("FACTURE_SOAK_SEED={seed}"));
    let shop = soak(seed, u32::try_from(minutes).expect("not so many")).await;
    assert_eq!(shop.tally.wrongs(), Vec::<String>::new(), "seed {seed}");
}
