//! Following lightningd: its `updated` index counts the changes, its `created` index the invoices, its `deleted` index the
//! deletions. What the first two list, the last one explains the gaps in.

mod history;
pub(crate) mod news;
mod pages;

use std::collections::{BTreeMap, HashSet};

use facture_domain::{OpenInvoice, StatusName, StoredCursor, StoredHistory};

use self::{
    history::{History, Verdict},
    news::{Waiters, Watch},
    pages::{Page, PageContinuation},
};
use crate::{
    cln::{client::Client, error::Error, listed::Listed as ClnListed},
    feed::{
        news::DeletionNews,
        page::{Changes, Compared, Continuation, Continuity, Created, Deletion, Deletions, Gaps},
        position::Position,
    },
    listed::Listed,
};

/// The most invoices that one call looks up.
const MAX_SPAN: u64 = 100;

/// The most payments that are buffered before their turn.
const MAX_BUFFERED_PAYMENTS: usize = 64;

/// How far a lightningd was read.
#[derive(Debug)]
pub struct Feed {
    client: Client,
    cursor: Cursor,
    history: History,
    /// Payments that were told whole, by their place among the updates, before it was their turn.
    early: BTreeMap<u64, ClnListed>,
    /// Opened before the node was asked how far it is, so that nothing that happens after that is missed.
    waiters: Option<Waiters>,
}

/// How far lightningd's indexes were read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Cursor {
    /// All updates up to this one are taken in.
    updated: u64,
    /// All invoices up to this one were read.
    created: u64,
}

/// What is stored of how far a node was followed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stored {
    /// It can be read, or there is nothing yet.
    Readable,
    /// It cannot.
    Corrupt,
}

impl Cursor {
    /// Two numbers, the `updated` index first.
    fn parse(stored: &StoredCursor) -> Option<Self> {
        let (updated, created) = stored.as_str().split_once(' ')?;
        Some(Self {
            updated: updated.parse().ok()?,
            created: created.parse().ok()?,
        })
    }
}

impl Feed {
    pub(crate) async fn resume(
        client: &Client,
        cursor: Option<&StoredCursor>,
        history: Option<&StoredHistory>,
    ) -> Result<(Self, Continuity, Position), Error> {
        let parsed = (
            cursor.map_or(Some(Cursor::default()), Cursor::parse),
            history.map_or(Some(History::default()), History::parse),
        );
        let (stored, cursor, history) = match parsed {
            (Some(cursor), Some(history)) => (Stored::Readable, cursor, history),
            _ => (Stored::Corrupt, Cursor::default(), History::default()),
        };
        let waiters = Waiters::open(client).await?;
        let mut feed = Self {
            client: client.clone(),
            waiters: Some(waiters),
            cursor,
            history,
            early: BTreeMap::new(),
        };
        let mut now = client.updated_index().await?;
        if now < cursor.updated {
            // It has to say so twice.
            now = client.updated_index().await?;
        }
        let continuity = match stored {
            Stored::Corrupt => {
                tracing::warn!("what is stored of how far the node was followed cannot be read");
                Continuity::Unknown
            }
            Stored::Readable if now < cursor.updated => Continuity::Restored,
            Stored::Readable => feed.resume_at_remembered().await?,
        };
        if continuity != Continuity::Same {
            feed.cursor = Cursor::default();
            feed.history = History::default();
        }
        Ok((feed, continuity, Position::new(now)))
    }

    pub(crate) fn cursor(&self) -> StoredCursor {
        let Cursor { updated, created } = self.cursor;
        StoredCursor::new(format!("{updated} {created}"))
    }

    pub(crate) fn history(&self) -> StoredHistory {
        self.history.stored()
    }

    pub(crate) fn position(&self) -> Position {
        Position::new(self.cursor.updated)
    }

    pub(crate) fn move_to(&mut self, position: Position) {
        self.cursor.updated = position.number();
        self.early = self.early.split_off(&(self.cursor.updated + 1));
    }

    /// Payments were taken in, each of which was the next change.
    pub(crate) fn advance_by(&mut self, payments: &[Listed]) {
        let last = payments.iter().filter_map(Listed::changed_at).max();
        self.move_to(last.unwrap_or_default().max(self.position()));
    }

    pub(crate) fn created_until(&self) -> u64 {
        self.cursor.created
    }

    pub(crate) fn move_created(&mut self, created: u64) {
        self.cursor.created = created;
    }

    pub(crate) fn remember(&mut self, stored: &[Listed]) {
        self.history.remember(stored.iter().filter_map(Listed::cln));
    }

    pub(crate) fn pause_remembering(&mut self) {
        self.history.pause();
    }

    /// Goes on where the node is known to be as it was, which may be before the cursor.
    async fn resume_at_remembered(&mut self) -> Result<Continuity, Error> {
        let verdict = self.verdict().await?;
        if let Verdict::Same { until } = verdict {
            self.cursor.updated = self.cursor.updated.min(until);
        }
        Ok(verdict.into())
    }

    pub(crate) async fn continuity(&self) -> Result<(Continuity, Position), Error> {
        let now = self.client.updated_index().await?;
        let continuity = match now < self.cursor.updated {
            true => Continuity::Restored,
            false => self.verdict().await?.into(),
        };
        Ok((continuity, Position::new(now)))
    }

    async fn verdict(&self) -> Result<Verdict, Error> {
        let updated = self.cursor.updated;
        self.history.verdict(&self.client, updated).await
    }

    /// The next page of updates. What is missing in it is asked for again, and must have a reason.
    pub(crate) async fn changes(&mut self, target: Position) -> Result<Changes, Error> {
        let target = target.number();
        let start = self.cursor.updated + 1;
        let mut page = pages::updated(&self.client, start).await?;
        if page.missing(start, target) > 0 {
            let early = std::mem::take(&mut self.early).into_iter();
            let told = early.filter(|(index, _)| (start..=target).contains(index));
            page.add(told.map(|(_, paid)| paid));
            page = page.and(pages::updated(&self.client, start).await?);
        }
        let gaps = self.gaps(page.missing(start, target), target).await?;
        let (rest, end) = match page.end {
            PageContinuation::More { next } => (Continuation::More, next - 1),
            // An update at the end of the index is not listed when its invoice was deleted since.
            PageContinuation::None { last } => {
                let end = last.unwrap_or(0).max(target).max(self.cursor.updated);
                (Continuation::End, end)
            }
        };
        Ok(Changes {
            listed: neutral(page),
            rest,
            gaps,
            end: Position::new(end),
        })
    }

    async fn gaps(&self, missing: u64, target: u64) -> Result<Gaps, Error> {
        if missing == 0 {
            return Ok(Gaps::None);
        }
        let now = self.client.updated_index().await?;
        if now < target {
            return Err(Error::Contradiction { said: target, now });
        }
        let Some(seen) = self.history.deleted() else {
            // Everything that can still be paid is looked up anyway.
            return Ok(Gaps::None);
        };
        let deleted = self.client.deleted_index().await?.saturating_sub(seen);
        Ok(match missing > deleted {
            true => Gaps::Unexplained(missing),
            false => Gaps::None,
        })
    }

    pub(crate) async fn created(&self) -> Result<Created, Error> {
        let page = pages::created(&self.client, self.cursor.created + 1).await?;
        let (rest, end) = match page.end {
            PageContinuation::More { next } => (Continuation::More, next - 1),
            PageContinuation::None { last } => {
                (Continuation::End, last.unwrap_or(self.cursor.created))
            }
        };
        Ok(Created {
            listed: neutral(page),
            rest,
            end,
        })
    }

    pub(crate) fn buffer_payments(&mut self, payments: Vec<Listed>) {
        for paid in payments.into_iter().filter_map(Listed::into_cln) {
            if let Some(index) = paid.updated_index() {
                self.early.insert(index, paid);
            }
        }
        while self.early.len() > MAX_BUFFERED_PAYMENTS {
            self.early.pop_first();
        }
    }

    pub(crate) async fn deletions(&self) -> Result<Deletions, Error> {
        Ok(Deletions(self.client.deleted_index().await?))
    }

    pub(crate) fn acknowledged_deletions(&self) -> Option<Deletions> {
        self.history.deleted().map(Deletions)
    }

    pub(crate) fn acknowledge_deletions(&mut self, Deletions(deletions): Deletions) {
        self.history.set_deleted(deletions);
    }

    pub(crate) async fn acknowledge_own_deletions(&mut self, count: u64) -> Result<(), Error> {
        if let (1.., Some(seen)) = (count, self.history.deleted())
            && self.client.deleted_index().await? == seen + count
        {
            self.history.set_deleted(seen + count);
        }
        Ok(())
    }

    pub(crate) fn deletion(&self, news: DeletionNews) -> Deletion {
        let DeletionNews::Cln(news) = news;
        let seen = self.history.deleted().unwrap_or_default();
        match news.last {
            _ if news.reached <= seen => Deletion::Known,
            Some(gone) if news.reached == seen + 1 => Deletion::One {
                label: gone.label,
                status: StatusName::from(gone.status),
                deletions: Deletions(news.reached),
            },
            _ => Deletion::Several,
        }
    }

    pub(crate) async fn has(&self, invoice: &OpenInvoice) -> Result<bool, Error> {
        let listed = self.list_created(invoice.number, 1).await?;
        let label = invoice.label.as_str();
        Ok(listed.iter().any(|listed| listed.label() == label))
    }

    pub(crate) async fn compare(&self, open: &[OpenInvoice]) -> Result<Compared, Error> {
        let Some(first) = open.first().map(|first| first.number) else {
            return Ok(Compared::default());
        };
        let near = open
            .iter()
            .take_while(|invoice| invoice.number - first < MAX_SPAN);
        let (count, last) = near.fold((0, first), |(count, _), near| (count + 1, near.number));
        // There are at most so many until the last one.
        let limit = u32::try_from(last - first + 1).unwrap_or(u32::MAX);
        let listed = self.list_created(first, limit).await?;
        let labels: HashSet<_> = listed.iter().map(ClnListed::label).collect();
        let missing = open[..count]
            .iter()
            .filter(|invoice| !labels.contains(invoice.label.as_str()));
        Ok(Compared {
            count,
            missing: missing.cloned().collect(),
            listed: listed.into_iter().map(Listed::from).collect(),
        })
    }

    /// Invoices from this number on; none where one of them, another program's, cannot be read.
    async fn list_created(&self, start: u64, limit: u32) -> Result<Vec<ClnListed>, Error> {
        match self.client.created_invoices(start, limit).await {
            Err(Error::Unreadable { .. }) => Ok(Vec::new()),
            listed => listed,
        }
    }

    /// On the connections that are open since [`Feed::resume`], or on new ones.
    pub(crate) async fn watch(&mut self) -> Result<Watch, Error> {
        let waiters = match self.waiters.take() {
            Some(waiters) => waiters,
            None => Waiters::open(&self.client).await?,
        };
        let deleted = self.history.deleted().unwrap_or_default();
        Ok(waiters.wait(self.cursor.updated, deleted))
    }
}

fn neutral(page: Page) -> Vec<Listed> {
    page.listed.into_iter().map(Listed::from).collect()
}
