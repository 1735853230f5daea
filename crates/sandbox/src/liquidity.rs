//! What the sandbox node reports about its one channel, and about the chain. No funds move in either: a test sets what the node
//! reports.

/// What `invoice` and `listpeerchannels` report.
#[derive(Debug, Clone, Copy)]
pub(super) struct Liquidity {
    /// How much the channel can receive.
    pub(super) receivable_msat: u64,
    /// The warning that `invoice` gives.
    pub(super) warning: Option<CapacityWarning>,
    /// The warning that `getinfo` gives.
    pub(super) syncing: Option<Syncing>,
    /// What `invoice` does about addresses on the chain.
    pub(super) onchain: OnchainFallback,
}

/// lightningd's option `invoices-onchain-fallback`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum OnchainFallback {
    /// An invoice has the addresses that it is asked for with.
    #[default]
    Off,
    /// An invoice that is asked for without a list of addresses gets one of the node's own. With a list, the node warns that it
    /// does not watch those (`warning_custom_fallbacks`).
    On,
}

impl OnchainFallback {
    /// The member of `invoice`'s answer when it was asked with a list, and its text.
    pub(super) const WARNING: (&str, &str) = (
        "warning_custom_fallbacks",
        "WARNING: Not tracking on-chain payments for custom fallback addresses",
    );
}

/// What the node does not know yet. The words are lightningd's (`lightningd/peer_control.c`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Syncing {
    /// `warning_bitcoind_sync`: bitcoind is behind the chain.
    Bitcoind,
    /// `warning_lightningd_sync`: lightningd is behind bitcoind.
    Lightningd,
}

impl Syncing {
    /// The member of `getinfo`'s answer.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Bitcoind => "warning_bitcoind_sync",
            Self::Lightningd => "warning_lightningd_sync",
        }
    }

    /// The text of the warning.
    pub(super) fn text(self) -> &'static str {
        match self {
            Self::Bitcoind => "Bitcoind is not up-to-date with network.",
            Self::Lightningd => "Still loading latest blocks from bitcoind.",
        }
    }
}

/// Why an invoice that `invoice` makes may be hard to pay. The words are lightningd's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CapacityWarning {
    /// `warning_capacity`: the channels cannot receive as much.
    Capacity,
    /// `warning_deadends`: they could, but nobody can reach them.
    DeadEnds,
}

impl CapacityWarning {
    /// The member of `invoice`'s answer.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Capacity => "warning_capacity",
            Self::DeadEnds => "warning_deadends",
        }
    }

    /// The text of the warning.
    pub(super) fn text(self) -> &'static str {
        match self {
            Self::Capacity => "Insufficient incoming channel capacity to pay invoice",
            Self::DeadEnds => "Insufficient incoming capacity, once dead-end peers were excluded",
        }
    }
}

/// As it was recorded: enough for every demo, and no warning.
impl Default for Liquidity {
    fn default() -> Self {
        Self {
            receivable_msat: 15_835_709_000,
            warning: None,
            syncing: None,
            onchain: OnchainFallback::Off,
        }
    }
}
