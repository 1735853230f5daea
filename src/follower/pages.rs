//! Pages of the node's invoices, and the way around those that cannot be read.
//!
//! A label of another program may hold a raw control byte. lightningd then writes answers that are not JSON. Our labels
//! are plain, so such an invoice is never ours and can be passed over; but only when it is certain that it is the invoice
//! and not the connection that cannot be read.

use std::time::Duration;

use tokio::time::sleep;

use crate::lightning::{Client, Error, Listed};

/// How many invoices are asked for at once: 3 to 6 ms of lightningd's time.
const LIMIT: u32 = 100;

/// So many times an invoice must be unreadable before it is passed over, and how far apart.
const CERTAIN: u32 = 3;
const PAUSE: Duration = Duration::from_millis(20);

/// A page of one of lightningd's indexes.
#[derive(Debug)]
pub(super) struct Page {
    pub(super) listed: Vec<Listed>,
    pub(super) rest: Rest,
}

/// What comes after a page.
#[derive(Debug)]
pub(super) enum Rest {
    /// More, from this index on.
    More { next: u64 },
    /// Nothing; this was the last index, if there was any.
    None { last: Option<u64> },
}

/// Which index.
#[derive(Clone, Copy)]
enum Index {
    Updated,
    Created,
}

/// What was updated, from `start` on.
pub(super) async fn updated(node: &Client, start: u64) -> Result<Page, Error> {
    read(node, Index::Updated, start).await
}

/// What was created, from `start` on.
pub(super) async fn created(node: &Client, start: u64) -> Result<Page, Error> {
    read(node, Index::Created, start).await
}

async fn read(node: &Client, index: Index, start: u64) -> Result<Page, Error> {
    match ask(node, index, start, LIMIT).await {
        Ok(listed) => {
            let last = listed.last().and_then(|listed| index.of(listed));
            let full = u32::try_from(listed.len()).is_ok_and(|count| count >= LIMIT);
            let rest = match last {
                Some(last) if full => Rest::More { next: last + 1 },
                last => Rest::None { last },
            };
            Ok(Page { listed, rest })
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
                let rest = match listed.last().and_then(|listed| index.of(listed)) {
                    Some(last) => Rest::More { next: last + 1 },
                    None => Rest::None { last: None },
                };
                return Ok(Page { listed, rest });
            }
            // A cut answer looks the same, but not time and again.
            Err(Error::Unreadable { .. }) => sleep(PAUSE).await,
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
        rest: Rest::More { next: start + 1 },
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
