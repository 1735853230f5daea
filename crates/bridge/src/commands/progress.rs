//! How far each partition has come: what may be committed is what has no command under way before it.

use std::collections::{BTreeSet, HashMap};

/// A command that was taken, of one assignment of its partition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Ticket {
    partition: i32,
    offset: i64,
    assignment: u64,
}

/// The partitions that are assigned.
#[derive(Debug, Default)]
pub(super) struct Progress {
    partitions: HashMap<i32, Partition>,
    assignments: u64,
}

#[derive(Debug)]
struct Partition {
    assignment: u64,
    under_way: BTreeSet<i64>,
    /// Behind the last one that was taken.
    next: i64,
    committed: Option<i64>,
}

impl Progress {
    /// Takes a command. Offsets of a partition rise.
    pub(super) fn take(&mut self, partition: i32, offset: i64) -> Ticket {
        let assignments = &mut self.assignments;
        let state = self.partitions.entry(partition).or_insert_with(|| {
            *assignments += 1;
            Partition {
                assignment: *assignments,
                under_way: BTreeSet::new(),
                next: offset,
                committed: None,
            }
        });
        state.under_way.insert(offset);
        state.next = offset + 1;
        Ticket {
            partition,
            offset,
            assignment: state.assignment,
        }
    }

    /// It is answered. Of a partition that was taken away meanwhile, this is not noted: it may belong to another bridge, or to
    /// this one again, from an earlier offset.
    pub(super) fn finish(&mut self, ticket: Ticket) {
        if let Some(state) = self.partitions.get_mut(&ticket.partition)
            && state.assignment == ticket.assignment
        {
            state.under_way.remove(&ticket.offset);
        }
    }

    /// The partitions were taken away.
    pub(super) fn forget(&mut self, partitions: impl IntoIterator<Item = i32>) {
        for partition in partitions {
            self.partitions.remove(&partition);
        }
    }

    /// What can be committed and is not: the offset of the next command to read.
    pub(super) fn uncommitted(&self) -> Vec<(i32, i64)> {
        let each = self.partitions.iter().map(|(number, state)| {
            let first = state.under_way.first().copied().unwrap_or(state.next);
            (*number, first, state.committed)
        });
        each.filter(|(_, first, committed)| *committed != Some(*first))
            .map(|(number, first, _)| (number, first))
            .collect()
    }

    /// These were committed.
    pub(super) fn committed(&mut self, offsets: &[(i32, i64)]) {
        for (partition, offset) in offsets {
            if let Some(state) = self.partitions.get_mut(partition) {
                state.committed = Some(*offset);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_committed_behind_what_is_under_way() {
        let mut progress = Progress::default();
        let tickets: Vec<_> = [5, 6, 9].map(|offset| progress.take(0, offset)).into();
        assert_eq!(progress.uncommitted(), [(0, 5)]);
        progress.finish(tickets[2]);
        progress.finish(tickets[1]);
        assert_eq!(progress.uncommitted(), [(0, 5)]);
        progress.finish(tickets[0]);
        assert_eq!(progress.uncommitted(), [(0, 10)]);
        progress.committed(&[(0, 10)]);
        assert_eq!(progress.uncommitted(), []);
    }

    #[test]
    fn what_ends_after_its_partition_was_taken_away_is_not_noted() {
        let mut progress = Progress::default();
        let old = progress.take(0, 5);
        progress.forget([0]);
        let again = progress.take(0, 5);
        progress.finish(old);
        assert_eq!(progress.uncommitted(), [(0, 5)]);
        progress.finish(again);
        assert_eq!(progress.uncommitted(), [(0, 6)]);
    }
}
