//! The state machine, without a node.

use std::{collections::BTreeSet, time::Duration};

use super::{step::unknown, *};
use crate::{
    bytes::Bytes32,
    hold::{Held, Hold, HtlcId, Part, State},
    htlc::{Htlc, Verdict},
};

const RULES: Rules = Rules {
    mpp_timeout: Duration::from_secs(60),
    limit_blocks: 18,
    replay_window: Duration::from_secs(30),
};

const HASH: Bytes32 = Bytes32([1; 32]);
const SECRET: Bytes32 = Bytes32([2; 32]);
const EXPIRES_AT: u64 = 2_000;

fn at(uptime: u64) -> Now {
    Now {
        unix: 1_000 + uptime,
        uptime: Duration::from_secs(uptime),
    }
}

fn hold(amount_msat: Option<u64>) -> Hold {
    Hold {
        label: "a".to_owned(),
        bolt11: "lnbcrt1".to_owned(),
        payment_hash: HASH,
        payment_secret: SECRET,
        amount_msat,
        description: "d".to_owned(),
        cltv: 40,
        expires_at: EXPIRES_AT,
        change: 0,
        state: State::Unpaid,
    }
}

/// A machine with one hold invoice of 1000 msat, at height 100.
fn machine() -> Machine {
    machine_with(hold(Some(1000)))
}

fn machine_with(hold: Hold) -> Machine {
    let mut machine = Machine::new(Vec::new(), 0, RULES);
    machine.begin(&hold.label, hold.payment_hash).unwrap();
    assert_eq!(machine.create(hold).changed, ["a"]);
    machine.grow(100);
    machine
}

fn htlc(id: u64, amount_msat: u64) -> Htlc {
    Htlc {
        payment_hash: HASH,
        part: Part {
            htlc: HtlcId {
                short_channel_id: "1x1x1".to_owned(),
                id,
            },
            amount_msat,
            cltv_expiry: 150,
        },
        forward_msat: amount_msat,
        outgoing_cltv_value: 150,
        total_msat: 1000,
        payment_secret: SECRET,
    }
}

/// An HTLC comes, as a call with its own number.
fn receive(machine: &mut Machine, htlc: Htlc) -> Step {
    let call = CallId(htlc.part.htlc.id);
    machine.receive(at(1), call, htlc)
}

fn fails(step: &Step, calls: &[(u64, u64)]) {
    let wanted = calls.iter().map(|(call, amount)| {
        let height = 100;
        (CallId(*call), unknown(*amount, height))
    });
    assert_eq!(step.answers, wanted.collect::<Vec<_>>());
}

fn status(machine: &Machine) -> &'static str {
    machine.get("a").unwrap().state.name()
}

/// A machine that holds a payment of one part, with number 1.
fn holding() -> Machine {
    let mut machine = machine();
    let step = receive(&mut machine, htlc(1, 1000));
    assert_eq!(step.changed, ["a"]);
    assert!(step.answers.is_empty());
    assert_eq!(status(&machine), "accepted");
    machine
}

#[test]
fn a_payment_is_held_and_taken() {
    let mut machine = holding();
    let record = machine.get("a").unwrap().record();
    assert_eq!(
        (&record["held_msat"], &record["cltv_expiry"]),
        (&1000.into(), &150.into())
    );
    let (settle, step) = machine.settle("a", HASH).unwrap();
    assert!(matches!(settle, Settle::Capture(_)));
    assert!(
        step.answers.is_empty(),
        "before lightningd has the preimage"
    );
    assert_eq!(status(&machine), "accepted");
    let step = machine.captured("a");
    assert_eq!(step.answers, [(CallId(1), Verdict::Continue)]);
    assert_eq!(machine.paid("a").changed, ["a"]);
    assert_eq!(status(&machine), "paid");
    let (settle, _) = machine.settle("a", HASH).unwrap();
    assert!(matches!(settle, Settle::Done(_)), "again");
    assert_eq!(
        machine.cancel("a", at(2)).unwrap_err(),
        Refusal::State("paid")
    );
}

#[test]
fn parts_are_held_until_they_add_up_and_end_together() {
    let mut machine = machine();
    assert_eq!(receive(&mut machine, htlc(1, 400)), Step::default());
    assert_eq!(status(&machine), "unpaid");
    assert_eq!(receive(&mut machine, htlc(2, 600)).changed, ["a"]);
    let (_, step) = machine.cancel("a", at(2)).unwrap();
    fails(&step, &[(1, 400), (2, 600)]);
    assert_eq!(status(&machine), "cancelled");
    // Cancelled again, and paid again.
    let (hold, step) = machine.cancel("a", at(3)).unwrap();
    assert_eq!(step, Step::default());
    assert_eq!(hold.unwrap().state, State::Cancelled { at: 1_002 });
    fails(&receive(&mut machine, htlc(3, 1000)), &[(3, 1000)]);
    assert_eq!(
        machine.settle("a", HASH).unwrap_err(),
        Refusal::State("cancelled")
    );
}

#[test]
fn what_does_not_fit_is_refused() {
    let change: [fn(&mut Htlc); 9] = [
        |htlc| htlc.payment_secret = Bytes32([3; 32]),
        |htlc| htlc.total_msat = 999,
        |htlc| htlc.total_msat = 2002,
        |htlc| htlc.total_msat = u64::MAX,
        |htlc| htlc.total_msat = 0,
        |htlc| htlc.forward_msat = 1001,
        |htlc| htlc.outgoing_cltv_value = 151,
        |htlc| htlc.part.cltv_expiry = 139,
        |htlc| htlc.part.cltv_expiry = 0,
    ];
    for change in change {
        let mut machine = machine();
        let mut wrong = htlc(1, 1000);
        change(&mut wrong);
        fails(&receive(&mut machine, wrong), &[(1, 1000)]);
        assert_eq!(status(&machine), "unpaid");
        assert_eq!(
            receive(&mut machine, htlc(2, 1000)).changed,
            ["a"],
            "the right one"
        );
    }
}

#[test]
fn up_to_twice_the_amount_is_taken_and_any_amount_where_none_is_asked() {
    for (asked, total) in [(Some(1000), 2001), (None, 1), (None, 5_000_000)] {
        let mut machine = machine_with(hold(asked));
        let mut htlc = htlc(1, total);
        htlc.total_msat = total;
        assert_eq!(receive(&mut machine, htlc).changed, ["a"], "{total}");
    }
}

#[test]
fn a_part_with_another_total_is_refused_alone() {
    let mut machine = machine();
    assert_eq!(receive(&mut machine, htlc(1, 400)), Step::default());
    let mut other = htlc(2, 600);
    other.total_msat = 1001;
    fails(&receive(&mut machine, other), &[(2, 600)]);
    // The same HTLC twice does not count twice.
    fails(&receive(&mut machine, htlc(1, 400)), &[(1, 400)]);
    assert_eq!(receive(&mut machine, htlc(3, 600)).changed, ["a"]);
}

#[test]
fn superfluous_parts_fail_first() {
    let mut machine = machine();
    for (id, amount) in [(1, 500), (2, 100), (3, 200)] {
        assert_eq!(receive(&mut machine, htlc(id, amount)), Step::default());
    }
    let step = receive(&mut machine, htlc(4, 600));
    // Without them it is whole: 500 + 600.
    fails(&step, &[(2, 100), (3, 200)]);
    let (_, _) = machine.settle("a", HASH).unwrap();
    let calls: Vec<_> = machine.captured("a").answers;
    assert_eq!(
        calls,
        [
            (CallId(1), Verdict::Continue),
            (CallId(4), Verdict::Continue)
        ]
    );
}

#[test]
fn a_second_payer_is_refused_in_every_state() {
    let mut machine = holding();
    let second = |machine: &mut Machine| fails(&receive(machine, htlc(9, 1000)), &[(9, 1000)]);
    second(&mut machine);
    machine.settle("a", HASH).unwrap().1.answers.clear();
    second(&mut machine);
    let _ = machine.captured("a");
    second(&mut machine);
    let _ = machine.paid("a");
    second(&mut machine);
}

#[test]
fn foreign_payments_go_on() {
    let mut machine = machine();
    let mut foreign = htlc(1, 1000);
    foreign.payment_hash = Bytes32([9; 32]);
    let step = receive(&mut machine, foreign);
    assert_eq!(step.answers, [(CallId(1), Verdict::Continue)]);
}

#[test]
fn an_incomplete_payment_is_given_up_and_can_be_tried_again() {
    let mut machine = machine();
    assert_eq!(receive(&mut machine, htlc(1, 400)), Step::default());
    assert_eq!(machine.tick(at(60)), Step::default());
    let step = machine.tick(at(61));
    assert_eq!(step.answers, [(CallId(1), Verdict::MppTimeout)]);
    assert!(step.changed.is_empty());
    assert_eq!(receive(&mut machine, htlc(2, 1000)).changed, ["a"]);
    assert_eq!(machine.tick(at(25)), Step::default(), "it is whole");
}

#[test]
fn an_invoice_expires_but_not_while_it_is_being_paid() {
    let mut machine = machine();
    // The payment has begun in time.
    let early = Now {
        unix: EXPIRES_AT - 1,
        uptime: Duration::from_secs(1),
    };
    let late = Now {
        unix: EXPIRES_AT,
        uptime: Duration::from_secs(2),
    };
    let _ = machine.receive(early, CallId(1), htlc(1, 400));
    assert_eq!(machine.tick(late), Step::default());
    let step = machine.receive(late, CallId(2), htlc(2, 600));
    assert_eq!(step.changed, ["a"]);
    assert_eq!(
        machine.tick(late),
        Step::default(),
        "held, it does not expire"
    );

    let mut machine = self::machine();
    let step = machine.receive(late, CallId(1), htlc(1, 1000));
    fails(&step, &[(1, 1000)]);
    assert_eq!(machine.tick(late).changed, ["a"]);
    assert_eq!(status(&machine), "expired");
    assert_eq!(
        machine.cancel("a", late).unwrap_err(),
        Refusal::State("expired")
    );
}

#[test]
fn a_payment_is_sent_back_before_it_expires() {
    let mut machine = holding();
    machine.grow(131);
    assert_eq!(machine.tick(at(2)), Step::default());
    // An old block changes nothing.
    machine.grow(90);
    machine.grow(132);
    let step = machine.tick(at(3));
    assert_eq!(step.answers, [(CallId(1), unknown(1000, 132))]);
    assert_eq!(status(&machine), "cancelled");

    let mut taken = holding();
    taken.settle("a", HASH).unwrap().1.answers.clear();
    taken.grow(149);
    assert_eq!(taken.tick(at(3)), Step::default(), "it is being taken");
}

#[test]
fn a_payment_that_leaves_no_time_is_not_held() {
    let mut machine = machine();
    machine.raise_limit(60);
    fails(&receive(&mut machine, htlc(1, 1000)), &[(1, 1000)]);
    assert_eq!(status(&machine), "unpaid");
}

/// The machine after a restart, with what was in the journal.
fn restarted(machine: &Machine) -> Machine {
    let holds = machine.list(false).cloned().collect();
    let mut restarted = Machine::new(holds, machine.changes(), RULES);
    restarted.grow(100);
    restarted
}

#[test]
fn after_a_restart_the_parts_come_again() {
    let mut before = machine();
    let _ = receive(&mut before, htlc(1, 400));
    let _ = receive(&mut before, htlc(2, 600));
    let mut machine = restarted(&before);
    assert_eq!(machine.get("a"), before.get("a"));
    let later = |machine: &mut Machine| {
        let (settle, step) = machine.settle("a", HASH).unwrap();
        assert_eq!((settle, step), (Settle::Later, Step::default()));
    };
    later(&mut machine);
    // The height is behind, and less time is left than a new payment needs.
    machine.grow(125);
    assert_eq!(receive(&mut machine, htlc(1, 400)), Step::default());
    later(&mut machine);
    assert_eq!(receive(&mut machine, htlc(2, 600)), Step::default());
    assert_eq!(machine.tick(at(40)), Step::default(), "nothing is lost");
    let (settle, _) = machine.settle("a", HASH).unwrap();
    assert!(matches!(settle, Settle::Capture(_)));
}

#[test]
fn what_does_not_come_again_is_lost() {
    let mut before = machine();
    let _ = receive(&mut before, htlc(1, 400));
    let _ = receive(&mut before, htlc(2, 600));
    let mut machine = restarted(&before);
    let _ = receive(&mut machine, htlc(2, 600));
    assert_eq!(machine.tick(at(30)), Step::default());
    let step = machine.tick(at(31));
    fails(&step, &[(2, 600)]);
    assert_eq!(status(&machine), "cancelled");
    fails(&receive(&mut machine, htlc(1, 400)), &[(1, 400)]);
}

#[test]
fn a_cancelled_payment_that_comes_again_fails_again() {
    let mut before = holding();
    let _ = before.cancel("a", at(2)).unwrap();
    let mut machine = restarted(&before);
    fails(&receive(&mut machine, htlc(1, 1000)), &[(1, 1000)]);
}

#[test]
fn a_taking_that_broke_off_is_somebodys_to_go_on_with() {
    let mut before = holding();
    let _ = before.settle("a", HASH).unwrap();
    assert!(before.take_left(at(2)).is_empty(), "a call is at it");
    let mut machine = restarted(&before);
    assert!(machine.take_left(at(2)).is_empty(), "its part may come");
    assert_eq!(receive(&mut machine, htlc(1, 1000)), Step::default());
    let left = machine.take_left(at(3));
    assert!(left[0].whole);
    assert!(machine.take_left(at(3)).is_empty(), "once");
    assert_eq!(machine.settle("a", HASH).unwrap().0, Settle::Later);
    assert_eq!(machine.cancel("a", at(3)).unwrap().0, None);

    // lightningd does not know of it: it is held as before.
    assert_eq!(machine.not_captured("a").changed, ["a"]);
    assert!(matches!(
        machine.settle("a", HASH).unwrap().0,
        Settle::Capture(_)
    ));
    // It does not answer: somebody else finds out.
    machine.leave("a");
    assert_eq!(machine.take_left(at(4)).len(), 1);
    // It knows.
    let step = machine.captured("a");
    assert_eq!(step.answers, [(CallId(1), Verdict::Continue)]);
    let _ = machine.paid("a");
    assert_eq!(status(&machine), "paid");

    // Its part does not come.
    let mut machine = restarted(&before);
    let left = machine.take_left(at(31));
    assert!(!left[0].whole);
    let _ = machine.failed("a", at(31));
    assert_eq!(status(&machine), "cancelled");
}

#[test]
fn a_part_of_what_was_taken_goes_on() {
    let mut machine = holding();
    let _ = machine.settle("a", HASH).unwrap();
    let _ = machine.captured("a");
    let goes_on = |machine: &mut Machine| {
        let step = receive(machine, htlc(1, 1000));
        assert_eq!(step.answers, [(CallId(1), Verdict::Continue)]);
    };
    goes_on(&mut machine);
    let _ = machine.paid("a");
    goes_on(&mut machine);
    goes_on(&mut restarted(&machine));
}

#[test]
fn labels_and_hashes_are_used_once() {
    let mut machine = machine();
    assert_eq!(
        machine.begin("a", Bytes32([5; 32])),
        Err(Refusal::DuplicateLabel)
    );
    assert_eq!(machine.begin("b", HASH), Err(Refusal::DuplicateHash));
    machine.begin("b", Bytes32([5; 32])).unwrap();
    assert_eq!(
        machine.begin("b", Bytes32([6; 32])),
        Err(Refusal::DuplicateLabel)
    );
    assert_eq!(
        machine.begin("c", Bytes32([5; 32])),
        Err(Refusal::DuplicateHash)
    );
    machine.abandon(&Bytes32([5; 32]));
    machine.begin("c", Bytes32([5; 32])).unwrap();
    assert_eq!(machine.settle("b", HASH).unwrap_err(), Refusal::Unknown);
    assert_eq!(machine.cancel("b", at(1)).unwrap_err(), Refusal::Unknown);
    assert_eq!(
        machine.settle("a", Bytes32([5; 32])).unwrap_err(),
        Refusal::OtherPreimage
    );
    assert_eq!(
        machine.settle("a", HASH).unwrap_err(),
        Refusal::State("unpaid")
    );
}

#[test]
fn changes_are_told_in_their_order() {
    let mut machine = holding();
    let mut second = hold(None);
    (second.label, second.payment_hash) = ("b".to_owned(), Bytes32([7; 32]));
    let _ = machine.create(second);
    let label = |next| {
        let hold = machine.changed_since(next);
        hold.map(|hold| (hold.label.as_str(), hold.change))
    };
    assert_eq!(machine.changes(), 3);
    assert_eq!(label(1), Some(("a", 2)));
    assert_eq!(label(3), Some(("b", 3)));
    assert_eq!(label(4), None);
    assert_eq!(machine.list(true).count(), 2);
}

#[test]
fn a_step_can_be_taken_back() {
    let mut machine = holding();
    let saved = machine.save("a");
    let _ = machine.cancel("a", at(2)).unwrap();
    assert_eq!(machine.list(true).count(), 0);
    machine.restore("a", saved);
    assert_eq!(status(&machine), "accepted");
    assert_eq!(machine.list(true).count(), 1);
    let (_, step) = machine.cancel("a", at(3)).unwrap();
    fails(&step, &[(1, 1000)]);

    machine.restore("a", None);
    assert_eq!(machine.hashes().count(), 0);
    assert_eq!(machine.get("a"), None);
}

#[test]
fn what_ended_long_ago_is_forgotten() {
    let mut machine = holding();
    assert!(machine.prune(u64::MAX).is_empty(), "it is open");
    let _ = machine.cancel("a", at(2)).unwrap();
    assert!(machine.prune(1_002).is_empty());
    assert_eq!(machine.prune(1_003), ["a"]);
    assert_eq!(machine.hashes().count(), 0);
    assert_eq!(machine.changes(), 3, "no place is used twice");
}

#[test]
fn a_record_says_what_the_calls_promise() {
    let held = Held {
        accepted_at: 5,
        parts: vec![htlc(1, 400).part, htlc(2, 600).part],
    };
    let of = |state: State| Hold {
        state,
        ..hold(Some(1000))
    };
    let keys = |state: State| {
        let record = of(state).record();
        let keys = record.as_object().unwrap().keys().cloned();
        keys.collect::<BTreeSet<_>>()
    };
    let plain = keys(State::Unpaid);
    let with = |more: &[&str]| {
        let more = more.iter().map(|key| (*key).to_owned());
        plain.iter().cloned().chain(more).collect::<BTreeSet<_>>()
    };
    let accepted = with(&["held_msat", "accepted_at", "cltv_expiry"]);
    assert_eq!(keys(State::Accepted(held.clone())), accepted);
    assert_eq!(keys(State::Settling(held.clone())), accepted);
    assert_eq!(keys(State::Paid(held)), plain);
    assert_eq!(keys(State::Cancelled { at: 5 }), with(&["cancelled_at"]));
    assert_eq!(keys(State::Expired { at: 5 }), plain);
    assert!(!plain.contains("payment_secret"));
    assert_eq!(of(State::Unpaid).record()["amount_msat"], 1000);
}
