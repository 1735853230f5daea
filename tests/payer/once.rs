//! A payout is paid at most once, and its state is true in the end, whatever happens between two steps.

use facture_domain::payout::PayoutState;
use facture_sandbox::{CallFault, Calls, Hold};

use crate::{
    orders::{Step, Trouble},
    world::World,
};

#[tokio::test]
async fn killed_before_each_step_it_goes_on_where_it_was() {
    let world = World::open().await;
    for step in 0..7 {
        let invoice = world.invoice(5_000).await;
        let payer = world.pay();
        let (mut hanging, mut orders) = (None, None);
        match step {
            // The server has not heard that it is begun; it has, and the answer is missing.
            0 => orders = Some(world.orders.hang(Step::Begin)),
            1 => orders = Some(world.orders.hang_answer(Step::Begin)),
            // The node has not heard of it; it has paid, and the answer is missing; it is under way.
            2 => hanging = Some(world.node.faults().hang(Calls::of("xpay"), Hold::Call)),
            3 => hanging = Some(world.node.faults().hang(Calls::of("xpay"), Hold::Answer)),
            4 => hanging = Some(world.node.hang_payments()),
            // It is written that it is paid.
            5 => orders = Some(world.orders.hang(Step::Outcome)),
            _ => orders = Some(world.orders.hang_answer(Step::Outcome)),
        }
        let id = world.orders.order(&invoice);
        match &hanging {
            Some(hanging) => hanging.reached(1).await,
            None => {
                world
                    .written(&id, if step < 2 { "begun" } else { "paid" })
                    .await
            }
        }
        payer.kill().await;
        drop(hanging);
        if let Some(orders) = orders {
            orders.cancel();
        }
        let mut payer = world.pay();
        payer.line().await;
        world.orders.state(&id, PayoutState::Paid).await;
        assert!(world.is_paid(&invoice).await, "step {step}");
        assert!(payer.terminate().await.success());
        world.node.faults().clear();
    }
    assert_eq!(world.node.outgoing().len(), 7);
    assert!(world.run(&["journal", "verify"]).0);
}

#[tokio::test]
async fn a_lost_answer_of_the_node_is_asked_for() {
    let world = World::open().await;
    let _payer = world.pay();
    for fault in [
        CallFault::CloseBefore,
        CallFault::CloseAfter,
        CallFault::CutAnswer,
        CallFault::NotJson,
        CallFault::NoResult,
        CallFault::Result("{}".to_owned()),
    ] {
        world.node.faults().once(Calls::of("xpay"), fault.clone());
        let invoice = world.invoice(5_000).await;
        let id = world.orders.order(&invoice);
        world.orders.state(&id, PayoutState::Paid).await;
        assert!(world.is_paid(&invoice).await, "{fault:?}");
    }
    for payment in world.node.outgoing() {
        assert_eq!(payment.attempts, 1);
    }
}

#[tokio::test]
async fn a_lost_answer_of_the_server_is_no_second_payment() {
    let world = World::open().await;
    let _payer = world.pay();
    for step in [Step::Work, Step::Begin, Step::Outcome] {
        world.orders.trouble(step, Trouble::LoseAnswer);
        let id = world.orders.order(&world.invoice(5_000).await);
        world.orders.state(&id, PayoutState::Paid).await;
    }
    assert_eq!(world.node.calls("xpay"), 3);
}

#[tokio::test]
async fn error_209_is_unknown_until_listpays_says_more() {
    let world = World::open().await;
    let _payer = world.pay();
    let hanging = world.node.give_up_payments();
    let (paid, unpaid) = (world.invoice(5_000).await, world.invoice(5_000).await);
    let paid_id = world.orders.order(&paid);
    world.orders.state(&paid_id, PayoutState::Unknown).await;
    hanging.release();
    world.orders.state(&paid_id, PayoutState::Paid).await;
    assert!(world.is_paid(&paid).await);

    let hanging = world.node.give_up_payments();
    let failed_id = world.orders.order(&unpaid);
    world.orders.state(&failed_id, PayoutState::Unknown).await;
    assert_eq!(world.orders.row(&failed_id).code(), "timeout");
    world.node.fail_next_payment(203, "no");
    hanging.release();
    let row = world.orders.state(&failed_id, PayoutState::Failed).await;
    assert_eq!(row.code(), "timeout");
    assert!(!world.is_paid(&unpaid).await);
}

#[tokio::test]
async fn the_same_invoice_of_two_payouts_is_paid_for_one() {
    let world = World::open().await;
    let invoice = world.invoice(5_000).await;
    let hanging = world.node.hang_payments();
    let _payer = world.pay();
    let first = world.orders.order(&invoice);
    hanging.reached(1).await;
    let second = world.orders.order(&invoice.to_uppercase());
    let row = world.orders.state(&second, PayoutState::Failed).await;
    assert_eq!(row.code(), "already_paid");
    hanging.release();
    world.orders.state(&first, PayoutState::Paid).await;
    let third = world.orders.order(&invoice);
    let row = world.orders.state(&third, PayoutState::Failed).await;
    assert_eq!(row.code(), "already_paid");
    assert_eq!(world.node.calls("xpay"), 1);
}

#[tokio::test]
async fn two_payers_with_one_journal_are_one_and_with_two_each_payout_is_one_payers() {
    let world = World::open().await;
    let payer = world.pay();
    world
        .orders
        .state(
            &world.orders.order(&world.invoice(5_000).await),
            PayoutState::Paid,
        )
        .await;
    let (fine, text) = world.run(&[]);
    assert!(!fine && text.contains("another payer is using"), "{text}");

    world.configure_as("other", &world.sections(), "");
    let other = world.pay_as("other");
    let mut ids = Vec::new();
    for _ in 0..20 {
        ids.push(world.orders.order(&world.invoice(5_000).await));
    }
    for id in &ids {
        world.orders.state(id, PayoutState::Paid).await;
    }
    assert_eq!(world.node.outgoing().len(), 21);
    assert!(
        world
            .node
            .outgoing()
            .iter()
            .all(|payment| payment.attempts == 1)
    );
    for running in [payer, other] {
        assert!(running.terminate().await.success());
    }
}

#[tokio::test]
async fn what_is_cancelled_before_it_is_begun_is_not_paid() {
    let world = World::open().await;
    let invoice = world.invoice(5_000).await;
    let begin = world.orders.hang(Step::Begin);
    let id = world.orders.order(&invoice);
    let payer = world.pay();
    world.written(&id, "begun").await;
    world.orders.cancel(&id);
    begin.cancel();
    let next = world.orders.order(&world.invoice(5_000).await);
    world.orders.state(&next, PayoutState::Paid).await;
    assert!(payer.terminate().await.success());
    assert!(!world.is_paid(&invoice).await);
    assert!(world.entries().contains(&"abandoned".to_owned()));
}

#[tokio::test]
async fn a_payer_without_its_journal_pays_nothing_that_it_had_begun() {
    let world = World::open().await;
    let hanging = world.node.hang_payments();
    let payer = world.pay();
    let invoice = world.invoice(5_000).await;
    let id = world.orders.order(&invoice);
    hanging.reached(1).await;
    payer.kill().await;
    let directory = world.directory.path().join("payer");
    let journal = std::fs::read_to_string(directory.join("journal.jsonl")).expect("a journal");
    std::fs::remove_file(directory.join("journal.jsonl")).expect("it goes");
    let (fine, text) = world.run(&[]);
    assert!(!fine && text.contains("put it back"), "{text}");

    // An old copy of it is no help, and no harm.
    let first = journal.lines().next().expect("a line");
    std::fs::write(directory.join("journal.jsonl"), format!("{first}\n")).expect("it is back");
    let _payer = world.pay();
    world.orders.state(&id, PayoutState::Unknown).await;
    hanging.release();
    world.orders.state(&id, PayoutState::Paid).await;
    assert_eq!(world.node.calls("xpay"), 1);
}

/// A payout that is under way, whose payer was killed and has lost everything.
async fn lost(world: &World) -> (String, facture_sandbox::Hanging) {
    let hanging = world.node.hang_payments();
    let payer = world.pay();
    let id = world.orders.order(&world.invoice(5_000).await);
    hanging.reached(1).await;
    payer.kill().await;
    std::fs::remove_dir_all(world.path("payer")).expect("it goes");
    (id, hanging)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_lost_payer_began_is_resolved_by_asking_the_node() {
    let world = World::open().await;
    let (paid, hanging) = lost(&world).await;
    let mut payer = world.pay();
    payer.line().await;
    let (fine, text) = world.run(&["resolve"]);
    assert!(!fine && text.contains("another payer is using"), "{text}");
    assert!(payer.terminate().await.success());
    let (fine, text) = world.run(&["resolve", &paid, "--yes"]);
    assert!(!fine && text.contains("may still be paid"), "{text}");
    hanging.release();
    let settled = async {
        loop {
            let outgoing = world.node.outgoing();
            if matches!(
                outgoing[0].status,
                facture_sandbox::OutgoingStatus::Complete(_)
            ) {
                return;
            }
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(crate::harness::TIMEOUT, settled)
        .await
        .expect("it arrives");
    let (fine, text) = world.run(&["resolve"]);
    assert!(
        fine && text.contains(&paid) && text.contains("paid, fee 0 msat"),
        "{text}"
    );
    // Nobody says yes.
    let (fine, text) = world.run(&["resolve", &paid]);
    assert!(!fine && text.contains("nothing was told"), "{text}");
    let not_paid = ["resolve", &paid, "--not-paid", "--yes"];
    let (fine, text) = world.run(&not_paid);
    assert!(!fine && text.contains("--not-paid is for"), "{text}");
    let (fine, text) = world.run(&["resolve", &paid, "--yes"]);
    assert!(fine, "{text}");
    world.orders.state(&paid, PayoutState::Paid).await;
    let (fine, text) = world.run(&["resolve"]);
    assert!(fine && text.contains("every payout"), "{text}");

    // One that failed, once lightningd no longer tries.
    let (failed, hanging) = lost(&world).await;
    world.node.fail_next_payment(203, "no");
    hanging.release();
    let (fine, text) = world.run(&["resolve", &failed, "--yes"]);
    assert!(!fine && text.contains("may still be paid"), "{text}");
    world.orders.grow_old(&failed);
    let failed_now = async {
        while !world.run(&["resolve", &failed, "--yes"]).0 {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(crate::harness::TIMEOUT, failed_now)
        .await
        .expect("it fails");
    world.orders.state(&failed, PayoutState::Failed).await;

    // One that the node knows nothing of: its owner has to know.
    let begin = world.orders.hang_answer(Step::Begin);
    let payer = world.pay();
    let unsent = world.orders.order(&world.invoice(5_000).await);
    world.orders.state(&unsent, PayoutState::Paying).await;
    payer.kill().await;
    begin.cancel();
    std::fs::remove_dir_all(world.path("payer")).expect("it goes");
    let (fine, text) = world.run(&["resolve", &unsent, "--yes"]);
    assert!(!fine && text.contains("--not-paid"), "{text}");
    let not_paid = ["resolve", &unsent, "--not-paid", "--yes"];
    let (fine, text) = world.run(&not_paid);
    assert!(!fine && text.contains("15 minutes"), "{text}");
    world.orders.grow_old(&unsent);
    let (fine, text) = world.run(&not_paid);
    assert!(fine, "{text}");
    let row = world.orders.state(&unsent, PayoutState::Failed).await;
    assert_eq!(row.code(), "timeout");
    assert_eq!(world.node.calls("xpay"), 2);
    assert!(world.entries().contains(&"resolved".to_owned()));
}

/// The payer stopped between writing that it sends and sending, and was away for long.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_in_the_journal_and_unknown_for_good_is_resolved_by_its_owner() {
    let world = World::open().await;
    let hanging = world.node.faults().hang(Calls::of("xpay"), Hold::Call);
    let payer = world.pay();
    let invoice = world.invoice(5_000).await;
    let id = world.orders.order(&invoice);
    hanging.reached(1).await;
    payer.kill().await;
    // That call stays where it is; the next ones do not.
    world.node.faults().clear();
    let not_paid = ["resolve", &id, "--not-paid", "--yes"];
    let (fine, text) = world.run(&not_paid);
    assert!(!fine && text.contains("15 minutes"), "{text}");
    world.backdate_journal();
    let (fine, text) = world.run(&["resolve"]);
    assert!(
        fine && text.contains(&id) && text.contains("nothing"),
        "{text}"
    );
    let (fine, text) = world.run(&["resolve", &id, "--yes"]);
    assert!(!fine && text.contains("--not-paid"), "{text}");

    // The payer itself never sends it again.
    let payer = world.pay();
    world.orders.state(&id, PayoutState::Unknown).await;
    assert!(payer.terminate().await.success());
    let (fine, text) = world.run(&not_paid);
    assert!(fine, "{text}");
    let row = world.orders.state(&id, PayoutState::Failed).await;
    assert_eq!(row.code(), "timeout");
    assert_eq!(world.entries().last().map(String::as_str), Some("failed"));
    assert!(!world.is_paid(&invoice).await);
    // The invoice may be ordered anew.
    let _payer = world.pay();
    let again = world.orders.order(&invoice);
    world.orders.state(&again, PayoutState::Paid).await;
    drop(hanging);
}
