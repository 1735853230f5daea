//! What goes wrong meanwhile: one thing after the other, with pauses in which all recovers.

use std::{ops::Range, path::Path, time::Duration};

use cln_rpc::ClnRpc;
use facture_sandbox::{CallFault, Calls, Hold};
use rand::{RngExt, rngs::StdRng, seq::IndexedRandom};
use serde_json::{Value, json};
use tokio::time::{Instant, sleep, sleep_until};

use crate::{program::Running, shop::Shop};

#[derive(Clone, Copy, Debug)]
enum Trouble {
    NodeSlow,
    NodeHung,
    NodeDown,
    NodeFlapping,
    NodeGarbage,
    AnswersCut,
    AnswersLost,
    ForeignInvoices,
    DatabaseLocked,
    ReceiverDown,
    Killed,
    Terminated,
}

/// What is not about facture's own process.
const OUTSIDE: [Trouble; 10] = [
    Trouble::NodeSlow,
    Trouble::NodeHung,
    Trouble::NodeDown,
    Trouble::NodeFlapping,
    Trouble::NodeGarbage,
    Trouble::AnswersCut,
    Trouble::AnswersLost,
    Trouble::ForeignInvoices,
    Trouble::DatabaseLocked,
    Trouble::ReceiverDown,
];

/// Makes trouble of every kind until then; facture is killed and started again among others.
pub(crate) async fn of_all_kinds(
    shop: &Shop,
    mut running: Running,
    rng: &mut StdRng,
    end: Instant,
) -> Running {
    while Instant::now() < end {
        pause(rng, end).await;
        let trouble = match rng.random_range(0..10) {
            0..3 => Trouble::Killed,
            3 => Trouble::Terminated,
            _ => *OUTSIDE.choose(rng).expect("not empty"),
        };
        shop.tally.count("trouble", format!("{trouble:?}"));
        match trouble {
            Trouble::Killed => {
                running.kill().await;
                sleep(millis(rng, 0..500)).await;
                running = shop.start().await;
            }
            Trouble::Terminated => running = again(shop, running).await,
            other => outside(shop, other, rng).await,
        }
    }
    running
}

/// Makes trouble around facture until then.
pub(crate) async fn around(shop: &Shop, rng: &mut StdRng, end: Instant) {
    while Instant::now() < end {
        pause(rng, end).await;
        let trouble = *OUTSIDE.choose(rng).expect("not empty");
        shop.tally.count("trouble", format!("{trouble:?}"));
        outside(shop, trouble, rng).await;
    }
}

/// Ends it in order, and starts it again.
pub(crate) async fn again(shop: &Shop, running: Running) -> Running {
    let ended = running.terminate().await;
    if !ended.success() {
        shop.tally.wrong(format!("SIGTERM ended in {ended}"));
    }
    shop.start().await
}

async fn pause(rng: &mut StdRng, end: Instant) {
    sleep_until((Instant::now() + millis(rng, 1000..6000)).min(end)).await;
}

async fn outside(shop: &Shop, trouble: Trouble, rng: &mut StdRng) {
    let (node, faults) = (&shop.node, shop.node.faults());
    let lasting = millis(rng, 500..5000);
    match trouble {
        Trouble::NodeSlow => {
            faults.slow(Calls::All, millis(rng, 20..1500));
            sleep(lasting).await;
        }
        Trouble::NodeHung => {
            let hold = *[Hold::Call, Hold::Answer].choose(rng).expect("two");
            let hanging = faults.hang(Calls::All, hold);
            sleep(lasting).await;
            hanging.release();
        }
        Trouble::NodeDown => {
            node.stop().await;
            sleep(lasting).await;
            node.restart().await.expect("it starts");
        }
        Trouble::NodeFlapping => {
            for _ in 0..rng.random_range(3..15) {
                node.refuse_connections().await;
                node.close_connections().await;
                sleep(millis(rng, 0..200)).await;
                node.accept_connections().await.expect("it listens");
                sleep(millis(rng, 0..300)).await;
            }
        }
        Trouble::NodeGarbage => {
            let faulty = [CallFault::NotJson, CallFault::NoResult];
            once(shop, &faulty, lasting, rng).await;
        }
        Trouble::AnswersCut => once(shop, &[CallFault::CutAnswer], lasting, rng).await,
        Trouble::AnswersLost => {
            let faulty = [CallFault::CloseBefore, CallFault::CloseAfter];
            once(shop, &faulty, lasting, rng).await;
        }
        Trouble::ForeignInvoices => strangers(node.rpc_file(), rng).await,
        Trouble::DatabaseLocked => locked(&shop.records(), millis(rng, 100..7000)).await,
        Trouble::ReceiverDown => {
            shop.receiver.down().await;
            sleep(lasting.min(Duration::from_secs(4))).await;
            shop.receiver.up().await;
        }
        Trouble::Killed | Trouble::Terminated => {}
    }
    faults.clear();
}

/// Some of the next calls go wrong.
async fn once(shop: &Shop, faulty: &[CallFault], lasting: Duration, rng: &mut StdRng) {
    for _ in 0..rng.random_range(1..30) {
        let fault = faulty.choose(rng).expect("at least one").clone();
        let calls = match rng.random_ratio(1, 2) {
            true => Calls::of("invoice"),
            false => Calls::All,
        };
        shop.node.faults().once(calls, fault);
    }
    sleep(lasting).await;
}

/// Another program makes many invoices on the node, as fast as it can.
async fn strangers(rpc_file: &Path, rng: &mut StdRng) {
    let mut client = ClnRpc::new(rpc_file).await.expect("a connection");
    for _ in 0..rng.random_range(100..1000) {
        let label = format!("other-{:032x}", rng.random::<u128>());
        let invoice = json!({ "amount_msat": 1000, "label": label, "description": "not ours",
                              "expiry": rng.random_range(1..600) });
        let _: Value = client.call_raw("invoice", &invoice).await.expect("made");
    }
}

/// Another process writes to the database for so long.
async fn locked(records: &Path, lasting: Duration) {
    let other = rusqlite::Connection::open(records.join("facture.db")).expect("a connection");
    other
        .busy_timeout(Duration::from_secs(30))
        .expect("it waits");
    other.execute_batch("BEGIN IMMEDIATE").expect("the lock");
    sleep(lasting).await;
    other.execute_batch("ROLLBACK").expect("the end");
}

fn millis(rng: &mut StdRng, range: Range<u64>) -> Duration {
    Duration::from_millis(rng.random_range(range))
}
