//! What the sales of a day come to.

use super::worth::Worth;
use crate::channel::Channel;

/// The sales of a time.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DaySales {
    /// By hour and channel, in order.
    pub hours: Vec<HourSales>,
    /// What they were worth when they were paid.
    pub worth: Worth,
    /// How many of the invoices that were created in this time expired or were cancelled.
    pub expired: u64,
}

/// The sales of an hour by one channel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HourSales {
    /// Which hour, from 0, since the time began.
    pub hour: u32,
    /// The channel; `None`: not known.
    pub channel: Option<Channel>,
    /// How many.
    pub count: u64,
    /// What was received, in millisatoshis. A sum may be more than any one amount.
    pub msat: i128,
}

impl DaySales {
    /// How many there are.
    pub fn count(&self) -> u64 {
        self.hours.iter().map(|hour| hour.count).sum()
    }

    /// What was received, in millisatoshis.
    pub fn msat(&self) -> i128 {
        self.hours.iter().map(|hour| hour.msat).sum()
    }
}
