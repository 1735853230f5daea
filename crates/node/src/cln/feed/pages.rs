//! Pages of the node's invoices, and the way around those that cannot be read.
//!
//! A label of another program may hold a raw control byte. lightningd then writes answers that are not JSON. Our labels
//! are plain, so such an invoice is never ours and can be passed over; but only when it is certain that it is the invoice
//! and not the connection that cannot be read.

use std::{collections::BTreeMap, time::Duration};

use tokio::time::sleep;

use crate::cln::{client::Client, error::Error, listed::Listed};

/// The number of invoices requested at once: 3 to 6 ms of lightningd's time.
const LIMIT: u32 = 100;

/// So many times an invoice must be unreadable before it is passed over, and how far apart.
const CERTAIN: u32 = 3;
const PAUSE: Duration = Duration::from_millis(20);

/// A page of one of lightningd's indexes.
#[derive(Debug)]
pub(super) struct Page {
    pub(super) listed: Vec<Listed>,
    pub(super) end: PageContinuation,
    /// Whether what is at the first index is another program's and cannot be read.
    passed: u64,
    index: Index,
}

/// What follows a page.
#[derive(Debug)]
pub(super) enum PageContinuation {
    /// More, from this index on.
    More { next: u64 },
    /// Nothing; this was the last index, if there was any.
    None { last: Option<u64> },
}

/// Which index.
#[derive(Clone, Copy, Debug)]
enum Index {
    Updated,
    Created,
}

/// What was updated, from `start` on.
pub(super) async fn updated(node: &Client, start: u64) -> Result<Page, Error> {
    read(node, Index::Updated, start).await
}

/// What was created, from `start` on. A page that ends or has gaps is asked for twice: there is no telling whether it has
/// everything.
pub(super) async fn created(node: &Client, start: u64) -> Result<Page, Error> {
    let page = read(node, Index::Created, start).await?;
    if matches!(page.end, PageContinuation::More { .. }) && page.missing(start, 0) == 0 {
        return Ok(page);
    }
    Ok(page.and(read(node, Index::Created, start).await?))
}

impl Page {
    /// How many of the indexes from `start` to the end of the page it does not list; it should reach `target`.
    pub(super) fn missing(&self, start: u64, target: u64) -> u64 {
        let end = match self.end {
            PageContinuation::More { next } => next - 1,
            PageContinuation::None { last } => last.unwrap_or_default().max(target),
        };
        let indexes = self
            .listed
            .iter()
            .filter_map(|listed| self.index.of(listed));
        let listed = indexes.filter(|index| (start..=end).contains(index));
        let there = u64::try_from(listed.count()).unwrap_or(u64::MAX);
        (end + 1)
            .saturating_sub(start)
            .saturating_sub(there + self.passed)
    }

    /// The page with what it does not list.
    pub(super) fn add(&mut self, more: impl IntoIterator<Item = Listed>) {
        let index = self.index;
        let all = self.listed.drain(..).chain(more);
        let sorted: BTreeMap<_, _> = all.filter_map(|one| Some((index.of(&one)?, one))).collect();
        self.listed = sorted.into_values().collect();
    }

    /// All that is in two answers to the same question.
    pub(super) fn and(mut self, again: Self) -> Self {
        let next = |page: &Self| match page.end {
            PageContinuation::More { next } => Some(next),
            PageContinuation::None { .. } => None,
        };
        let end = next(&self).max(next(&again));
        self.add(again.listed);
        self.passed = self.passed.min(again.passed);
        let last = self.listed.last().and_then(|listed| self.index.of(listed));
        self.end = match end {
            Some(next) => PageContinuation::More {
                next: last.map_or(next, |last| next.max(last + 1)),
            },
            None => PageContinuation::None { last },
        };
        self
    }
}

async fn read(node: &Client, index: Index, start: u64) -> Result<Page, Error> {
    match ask(node, index, start, LIMIT).await {
        Ok(listed) => {
            let last = listed.last().and_then(|listed| index.of(listed));
            let full = u32::try_from(listed.len()).is_ok_and(|count| count >= LIMIT);
            let end = match last {
                Some(last) if full => PageContinuation::More { next: last + 1 },
                last => PageContinuation::None { last },
            };
            Ok(Page {
                listed,
                end,
                passed: 0,
                index,
            })
        }
        Err(Error::Unreadable { .. }) => read_one(node, index, start).await,
        Err(error) => Err(error),
    }
}

/// The page cannot be read. One invoice at a time, asked for several times, shows whether it is the one at `start`.
async fn read_one(node: &Client, index: Index, start: u64) -> Result<Page, Error> {
    for _again in 0..CERTAIN {
        match ask(node, index, start, 1).await {
            Ok(listed) => {
                let end = match listed.last().and_then(|listed| index.of(listed)) {
                    Some(last) => PageContinuation::More { next: last + 1 },
                    None => PageContinuation::None { last: None },
                };
                return Ok(Page {
                    listed,
                    end,
                    passed: 0,
                    index,
                });
            }
            // A cut answer looks the same, but not time and again, and a node that is not well cuts others too.
            Err(Error::Unreadable { .. }) => {
                node.updated_index().await?;
                sleep(PAUSE).await;
            }
            Err(error) => return Err(error),
        }
    }
    // It may stand behind a gap; then this is asked again, one further.
    tracing::info!(
        start,
        "another program's invoice cannot be read and is passed over"
    );
    Ok(Page {
        listed: Vec::new(),
        end: PageContinuation::More { next: start + 1 },
        passed: 1,
        index,
    })
}

async fn ask(node: &Client, index: Index, start: u64, limit: u32) -> Result<Vec<Listed>, Error> {
    match index {
        Index::Updated => node.updated_invoices(start, limit).await,
        Index::Created => node.created_invoices(start, limit).await,
    }
}

impl Index {
    fn of(self, listed: &Listed) -> Option<u64> {
        match self {
            Self::Updated => listed.updated_index(),
            Self::Created => Some(listed.created_index()),
        }
    }
}
