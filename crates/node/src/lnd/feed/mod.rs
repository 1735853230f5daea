//! Following LND. It counts additions (`add_index`) and payments (`settle_index`), tells both in one stream
//! (`SubscribeInvoices`), and tells nothing of what is held, cancelled or expired. It replays payments after an index, but
//! never the first one, and after some migrations it counts from 1 again. So the stream is not relied on alone: whenever a
//! session begins, and now and then after that, what can still be paid is compared with what is pending on the node.

mod history;
pub(crate) mod watch;

use facture_domain::{OpenInvoice, PaymentHash, StoredCursor, StoredHistory};

use self::{history::History, watch::Watch};
use crate::{
    feed::{
        page::{Compared, Continuation, Continuity, Created},
        position::Position,
    },
    listed::Listed,
    lnd::{
        calls::Page,
        client::Client,
        error::Error,
        invoice::{Kind, Listed as LndListed},
    },
};

/// The most invoices that are listed at once.
const MAX_PAGE: u32 = 100;

/// A payment hash that no invoice has.
const NO_INVOICE: [u8; 32] = [0; 32];

/// How far an LND was read.
#[derive(Debug)]
pub struct Feed {
    client: Client,
    cursor: Cursor,
    history: History,
    stream: StreamCursor,
}

/// Whether the stream that is open begins where the cursor is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum StreamCursor {
    /// It does, or there is none yet.
    Valid,
    /// LND counts from 1 again: the stream tells none of its payments.
    Outdated,
}

/// How far LND's indexes were read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Cursor {
    /// The payment with the greatest index that was taken in.
    settle: u64,
    /// All invoices up to this one were read.
    add: u64,
}

impl Cursor {
    /// Two numbers, the settle index first.
    fn parse(stored: &StoredCursor) -> Option<Self> {
        let (settle, add) = stored.as_str().split_once(' ')?;
        Some(Self {
            settle: settle.parse().ok()?,
            add: add.parse().ok()?,
        })
    }
}

impl Feed {
    pub(crate) async fn resume(
        client: &Client,
        cursor: Option<&StoredCursor>,
        history: Option<&StoredHistory>,
    ) -> Result<(Self, Continuity), Error> {
        let parsed = (
            cursor.map_or(Some(Cursor::default()), Cursor::parse),
            history.map_or(Some(History::default()), History::parse),
        );
        // A right that is missing is said here; where readers' look-ups fail, the last known state is shown.
        client.lookup(PaymentHash::from_bytes(NO_INVOICE)).await?;
        let mut feed = Self {
            client: client.clone(),
            cursor: Cursor::default(),
            history: History::default(),
            stream: StreamCursor::Valid,
        };
        let continuity = match parsed {
            (Some(cursor), Some(history)) => {
                feed.cursor = cursor;
                feed.history = history;
                feed.continuity().await?
            }
            _ => {
                tracing::warn!("what is stored of how far the node was followed cannot be read");
                Continuity::Unknown
            }
        };
        if continuity != Continuity::Same {
            feed.cursor = Cursor::default();
            feed.history = History::default();
        }
        Ok((feed, continuity))
    }

    pub(crate) fn cursor(&self) -> StoredCursor {
        let Cursor { settle, add } = self.cursor;
        StoredCursor::new(format!("{settle} {add}"))
    }

    pub(crate) fn history(&self) -> StoredHistory {
        self.history.stored()
    }

    pub(crate) fn position(&self) -> Position {
        Position::new(self.cursor.settle)
    }

    /// Payments were taken in.
    pub(crate) fn advance_by(&mut self, payments: &[Listed]) {
        let indexes = payments
            .iter()
            .filter_map(|listed| listed.lnd().map(LndListed::settle_index));
        self.cursor.settle = indexes.fold(self.cursor.settle, u64::max);
    }

    pub(crate) fn created_until(&self) -> u64 {
        self.cursor.add
    }

    pub(crate) fn move_created(&mut self, add: u64) {
        self.cursor.add = add;
    }

    pub(crate) fn remember(&mut self, stored: &[Listed]) {
        self.history.remember(stored.iter().filter_map(Listed::lnd));
    }

    /// Whether LND has the last payments that were taken in, under the same indexes.
    pub(crate) async fn continuity(&self) -> Result<Continuity, Error> {
        self.history.verdict(&self.client, self.cursor.settle).await
    }

    /// What LND created, after the last page: invoices that are paid once, without those that were cancelled, which are as
    /// good as deleted.
    pub(crate) async fn created(&self) -> Result<Created, Error> {
        let page = self
            .client
            .list(Page::After(self.cursor.add), MAX_PAGE)
            .await?;
        let end = page.last().map_or(self.cursor.add, LndListed::add_index);
        let full = u32::try_from(page.len()).is_ok_and(|count| count >= MAX_PAGE);
        let ordinary = page
            .into_iter()
            .filter(|listed| listed.kind() == Kind::Ordinary && !listed.is_cancelled());
        Ok(Created {
            listed: ordinary.map(Listed::from).collect(),
            rest: match full {
                true => Continuation::More,
                false => Continuation::End,
            },
            end,
        })
    }

    pub(crate) async fn has(&self, invoice: &OpenInvoice) -> Result<bool, Error> {
        let found = self.client.lookup(invoice.payment_hash).await?;
        Ok(found.is_some_and(|found| found.add_index() == invoice.number))
    }

    pub(crate) async fn compare(&self, open: &[OpenInvoice]) -> Result<Compared, Error> {
        self.client.compare_pending(open).await
    }

    /// LND counts its payments from 1 again: those after the cursor are none of its next ones.
    pub(crate) fn restart_payments(&mut self) {
        self.cursor.settle = 0;
        self.history = History::default();
        self.stream = StreamCursor::Outdated;
    }

    pub(crate) fn is_watch_outdated(&self) -> bool {
        self.stream == StreamCursor::Outdated
    }

    pub(crate) async fn watch(&mut self) -> Result<Watch, Error> {
        let watch = Watch::open(&self.client, self.cursor.settle).await?;
        self.stream = StreamCursor::Valid;
        Ok(watch)
    }
}
