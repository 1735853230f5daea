//! Which attempts are under way, and how many may be. Slow receivers do not hold up the others: the shop's own endpoints,
//! those of single invoices, and of both the receivers that failed last have lanes of their own, and in a lane each receiver
//! has few attempts.

use std::{
    collections::{HashMap, HashSet},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use facture_store::{Audience, Lane, ReceiverHealth};

/// The most attempts under way at one receiver. When half of a lane's places are taken each receiver has one, and so it
/// always is with one that failed last.
const MAX_PER_RECEIVER: usize = 4;

/// As many deliveries of one receiver as may be under way, and as many that could follow.
pub(super) const MAX_DUE_PER_RECEIVER: usize = 2 * MAX_PER_RECEIVER;

/// The most concurrent attempts overall.
pub(super) const MAX_ATTEMPTS: usize = 128;

/// By its place among all deliveries. It is in memory only: one server uses a data directory.
#[derive(Clone, Debug, Default)]
pub(super) struct Claims(Arc<Mutex<Claimed>>);

#[derive(Debug, Default)]
struct Claimed {
    /// Until what came of it is written: the lane and the receiver of each.
    in_flight: HashMap<u64, (Lane, String)>,
    /// Those of which that was written since the present list of what waits was asked for: it may have them as they were.
    outdated: HashSet<u64>,
}

/// The most concurrent attempts in a lane: [`MAX_ATTEMPTS`] in all.
pub(super) fn max_attempts(lane: Lane) -> usize {
    match (lane.audience, lane.health) {
        (Audience::Shop | Audience::Invoice, ReceiverHealth::Healthy) => 32,
        (Audience::Shop | Audience::Invoice, ReceiverHealth::New | ReceiverHealth::Failing) => 16,
    }
}

impl Claims {
    /// Call this before reading the list of waiting deliveries.
    pub(super) fn begin_round(&self) {
        self.claimed().outdated.clear();
    }

    pub(super) fn has_room(&self, lane: Lane) -> bool {
        self.claimed().busy(|of, _| *of == lane) < max_attempts(lane)
    }

    /// False when it is in progress already, or was when the list was asked for, or there is no room.
    pub(super) fn take(&self, place: u64, lane: Lane, receiver: &str) -> bool {
        let mut claimed = self.claimed();
        let known = claimed.in_flight.contains_key(&place) || claimed.outdated.contains(&place);
        let in_lane = claimed.busy(|of, _| *of == lane);
        let share = match lane.health {
            ReceiverHealth::Failing => 1,
            _ if in_lane < max_attempts(lane) / 2 => MAX_PER_RECEIVER,
            _ => 1,
        };
        // A receiver may have moved to another lane since.
        let at_receiver = claimed.busy(|of, busy| of.audience == lane.audience && busy == receiver);
        if known || in_lane >= max_attempts(lane) || at_receiver >= share {
            return false;
        }
        claimed.in_flight.insert(place, (lane, receiver.to_owned()));
        true
    }

    /// Frees what was taken. The caller wakes the dispatcher afterwards.
    pub(super) fn release(&self, place: u64) {
        let mut claimed = self.claimed();
        claimed.in_flight.remove(&place);
        claimed.outdated.insert(place);
    }

    pub(super) fn clear(&self) {
        *self.claimed() = Claimed::default();
    }

    fn claimed(&self) -> MutexGuard<'_, Claimed> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Claimed {
    fn busy(&self, is: impl Fn(&Lane, &str) -> bool) -> usize {
        let in_flight = self.in_flight.values();
        in_flight
            .filter(|(lane, receiver)| is(lane, receiver))
            .count()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn lane(audience: Audience, health: ReceiverHealth) -> Lane {
        Lane { audience, health }
    }

    const NEW: Lane = lane(Audience::Invoice, ReceiverHealth::New);

    #[test]
    fn what_came_of_it_since_the_list_was_asked_for_is_not_on_it() {
        let claims = Claims::default();
        claims.begin_round();
        assert!(claims.take(1, NEW, "receiver"));
        claims.begin_round();
        claims.release(1);
        assert!(!claims.take(1, NEW, "receiver"));
        claims.begin_round();
        assert!(claims.take(1, NEW, "receiver"));
    }

    #[test]
    fn a_crowd_of_receivers_that_hang_leaves_room_for_others() {
        let claims = Claims::default();
        let mut place = 0;
        // Four of them with four each would have every place.
        for round in 0..MAX_PER_RECEIVER {
            for receiver in 0..4 {
                place += 1;
                let taken = claims.take(place, NEW, &format!("slow{receiver}"));
                assert_eq!(taken, round < 2, "{round} {receiver}");
            }
        }
        for receiver in 0..max_attempts(NEW) / 2 {
            place += 1;
            assert!(claims.take(place, NEW, &format!("quick{receiver}")));
        }
        assert!(!claims.take(place + 1, NEW, "one more"));
        assert!(!claims.has_room(NEW));
        claims.release(1);
        assert!(claims.take(place + 1, NEW, "one more"));
    }

    #[test]
    fn every_lane_has_places_that_the_others_cannot_take() {
        let claims = Claims::default();
        let mut place = 0;
        for lane in Lane::ALL {
            assert!(claims.has_room(lane));
            for receiver in 0..max_attempts(lane) {
                place += 1;
                assert!(claims.take(place, lane, &format!("{lane:?} {receiver}")));
            }
            assert!(!claims.take(place + 1, lane, "one more"));
        }
        assert_eq!(usize::try_from(place).unwrap(), MAX_ATTEMPTS);
    }

    #[test]
    fn who_failed_last_has_one_place() {
        let claims = Claims::default();
        let failing = lane(Audience::Shop, ReceiverHealth::Failing);
        assert!(claims.take(1, failing, "receiver"));
        assert!(!claims.take(2, failing, "receiver"));
        // The same host, named for one invoice, is another queue.
        assert!(claims.take(3, NEW, "receiver"));
    }
}
