//! Killed at any moment, again and again, while the node is away, hangs, loses answers and gives up: in the end each payout
//! is paid once or not at all, and its state says which.
//!
//! `FACTURE_PAYER_ROUNDS=2000` makes it long, `FACTURE_PAYER_SEED` repeats the choices of a run, though not its timing.

use std::{env, io::Write, time::Duration};

use facture_domain::payout::PayoutState;
use facture_sandbox::{CallFault, Calls, Hanging, OutgoingPayment, OutgoingStatus};
use rand::{RngExt, SeedableRng, rngs::StdRng};
use serde_json::json;
use tokio::time::sleep;

use crate::{
    orders::{Step, Trouble},
    world::{World, call},
};

/// An attempt that failed while the payer was away is final when the node can no longer try again: some seconds more than
/// `retry_for`.
const TIMEOUT: Duration = Duration::from_secs(60);

/// How many payouts are ordered in a round.
const ORDERS: usize = 3;

/// An ordered payout, and its invoice; `None`: it is to an offer.
type Ordered = (String, Option<String>);

fn number(name: &str, otherwise: u64) -> u64 {
    env::var(name).map_or(otherwise, |text| text.parse().expect("a number"))
}

/// Something goes wrong in a round.
async fn trouble(world: &World, rng: &mut StdRng) -> Option<Hanging> {
    let xpay = || Calls::of("xpay");
    match rng.random_range(0..10) {
        0 => world.node.faults().once(xpay(), CallFault::CloseAfter),
        1 => world.node.faults().once(xpay(), CallFault::CutAnswer),
        2 => world
            .node
            .faults()
            .once(Calls::of("listpays"), CallFault::CloseAfter),
        3 => return Some(world.node.hang_payments()),
        4 => return Some(world.node.give_up_payments()),
        5 => world
            .node
            .fail_next_payment(203, "Destination said it doesn't know invoice"),
        6 => world.node.restart().await.expect("it starts"),
        7 => {
            let fetch = Calls::of("fetchinvoice");
            world.node.faults().once(fetch, CallFault::CloseAfter);
        }
        8 => {
            world.orders.trouble(Step::Begin, Trouble::LoseAnswer);
            world.orders.trouble(Step::Outcome, Trouble::LoseAnswer);
        }
        _ => {}
    }
    None
}

async fn check(world: &World, ordered: &[Ordered]) {
    for (id, invoice) in ordered {
        let ended = world
            .orders
            .until_within(TIMEOUT, id, |row| row.state.is_final());
        let row = ended.await;
        let outgoing = world.node.outgoing();
        let of_row = |payment: &&OutgoingPayment| match invoice {
            Some(invoice) => payment.bolt11 == *invoice,
            None => Some(&payment.payment_hash) == row.payment_hash.as_ref(),
        };
        let mut payments = outgoing.iter().filter(of_row);
        let (payment, second) = (payments.next(), payments.next());
        assert!(second.is_none());
        let complete = payment.is_some_and(is_complete);
        assert_eq!(
            row.state == PayoutState::Paid,
            complete,
            "{row:?}\n{}",
            world.log()
        );
        if let Some(invoice) = invoice {
            assert_eq!(world.is_paid(invoice).await, complete, "{row:?}");
        }
    }
}

fn is_complete(payment: &OutgoingPayment) -> bool {
    matches!(payment.status, OutgoingStatus::Complete(_))
}

#[tokio::test]
async fn killed_at_any_moment_each_payout_is_paid_once_or_not_at_all() {
    let rounds = number("FACTURE_PAYER_ROUNDS", 25);
    let seed = number("FACTURE_PAYER_SEED", rand::random());
    let rng = &mut StdRng::seed_from_u64(seed);
    writeln!(std::io::stderr(), "FACTURE_PAYER_SEED={seed}").expect("it is said");
    let world = World::open().await;
    let mut ordered: Vec<Ordered> = Vec::new();
    let offer = json!({ "amount": 1_000, "description": "tea" });
    let offer = call(world.merchant.rpc_file(), "offer", &offer).await;
    let offer = offer["bolt12"].as_str().expect("an offer");
    let (mut paid, mut failed) = (0, 0);
    for round in 0..rounds {
        for _ in 0..rng.random_range(0..=ORDERS) {
            ordered.push(if rng.random_range(0..3) == 0 {
                (world.orders.order_kind("offer", offer, None), None)
            } else {
                let invoice = world.invoice(1_000).await;
                (world.orders.order(&invoice), Some(invoice))
            });
        }
        let hanging = trouble(&world, rng).await;
        let payer = world.pay();
        sleep(Duration::from_millis(rng.random_range(0..120))).await;
        payer.kill().await;
        drop(hanging);
        world.node.faults().clear();
        // From time to time it may come to an end.
        if round % 20 == 19 || round + 1 == rounds {
            let mut payer = world.pay();
            payer.line().await;
            check(&world, &ordered).await;
            assert!(payer.terminate().await.success());
            for (id, _) in ordered.drain(..) {
                match world.orders.row(&id).state {
                    PayoutState::Paid => paid += 1,
                    _ => failed += 1,
                }
            }
        }
    }
    // Nothing was paid beside what was ordered: no second invoice of an offer either.
    let outgoing = world.node.outgoing();
    let complete = outgoing.iter().filter(|payment| is_complete(payment));
    assert_eq!(complete.count(), paid);
    assert!(world.run(&["journal", "verify"]).0);
    writeln!(
        std::io::stderr(),
        "{rounds} rounds: {paid} paid, {failed} failed"
    )
    .expect("it is said");
}
