//! Waiting for payments: LND's stream of invoices. LND begins to answer with the first event only, so a stream that says
//! nothing may not be established yet. It is opened so that the last known payment is told once more, which shows that it
//! is established. Where there is no such payment, what can be paid is compared again and again until the stream has told
//! something: the first payment of all would not be told again.

use std::time::Duration;

use futures_util::FutureExt;
use tokio::time::{Instant, sleep_until};

use crate::{
    feed::news::News,
    listed::Listed,
    lnd::{
        client::Client,
        error::Error,
        invoice::Listed as LndListed,
        method::Method,
        state::InvoiceState,
        subscription::{Cursor, Subscription},
    },
};

/// The most payments that are told at once.
const MAX_BATCH: usize = 100;

/// How soon, and how seldom at last, what can be paid is compared while it is not known whether the stream is established.
const COMPARE_INTERVALS: (Duration, Duration) = (Duration::from_millis(50), Duration::from_secs(5));

/// Waits for payments.
pub struct Watch {
    settled: u64,
    subscription: Subscription,
    stream: Stream,
    /// To be told next.
    queued: Option<News>,
}

enum Stream {
    /// It was opened, and nothing came: it may be established or not. What can be paid is compared now and then.
    Opened(Compare),
    /// It told something.
    Established,
}

/// When what can be paid is compared.
struct Compare {
    at: Instant,
    interval: Duration,
}

impl Compare {
    fn soon() -> Self {
        let (interval, _) = COMPARE_INTERVALS;
        Self {
            at: Instant::now() + interval,
            interval,
        }
    }

    fn later(&mut self) {
        self.interval = (self.interval * 2).min(COMPARE_INTERVALS.1);
        self.at = Instant::now() + self.interval;
    }
}

impl Watch {
    /// For what comes after the payment with this index.
    ///
    /// # Errors
    /// [`Error`] when there is no connection.
    pub(super) async fn open(client: &Client, settled: u64) -> Result<Self, Error> {
        let after = Cursor {
            add_index: 0,
            // With the last known payment once more, unless it is the first of all.
            settle_index: match settled {
                0 | 1 => settled,
                settled => settled - 1,
            },
        };
        Ok(Self {
            settled,
            subscription: client.subscribe(after).await?,
            stream: Stream::Opened(Compare::soon()),
            queued: None,
        })
    }

    /// Waits for payments. Nothing is missed when the wait is given up.
    ///
    /// # Errors
    /// [`Error`] when the stream ends.
    pub(crate) async fn next(&mut self) -> Result<News, Error> {
        loop {
            if let Some(news) = self.queued.take() {
                return Ok(news);
            }
            let first = match &mut self.stream {
                Stream::Opened(compare) => {
                    let first = tokio::select! {
                        biased;
                        first = self.subscription.next() => ended(first)?,
                        () = sleep_until(compare.at), if self.settled < 2 => {
                            compare.later();
                            return Ok(News::Compare);
                        }
                    };
                    self.stream = Stream::Established;
                    if self.settled < 2 {
                        // What was paid before it was established was not told.
                        self.queued = Some(News::Compare);
                    }
                    first
                }
                Stream::Established => ended(self.subscription.next().await)?,
            };
            let payments = self.drain(first);
            if !payments.is_empty() {
                return Ok(News::Paid(payments));
            }
        }
    }

    /// The payments among what was told so far, and what comes at once after it.
    fn drain(&mut self, first: LndListed) -> Vec<Listed> {
        let mut payments = Vec::new();
        let mut told = Some(first);
        while let Some(listed) = told.take() {
            if listed.state() == InvoiceState::Settled && listed.settle_index() != self.settled {
                payments.push(Listed::from(listed));
            }
            if payments.len() >= MAX_BATCH {
                break;
            }
            if let Some(Ok(Some(next))) = self.subscription.next().now_or_never() {
                told = Some(next);
            }
        }
        payments
    }
}

fn ended(event: Result<Option<LndListed>, Error>) -> Result<LndListed, Error> {
    event?.ok_or_else(|| Error::Lost {
        method: Method::SubscribeInvoices,
        reason: "LND ended the stream, which it does when it stops".to_owned(),
    })
}
