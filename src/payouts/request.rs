//! What is asked for.

use std::time::Duration;

use facture_domain::{CurrencyRefund, Expiry, Label, Msat, payout::Reason};

/// An order as it came, its fields parsed.
#[derive(Clone, Debug)]
pub struct OrderRequest {
    /// Whose idempotency key it is: the token's id.
    pub scope: String,
    /// The key that the caller chose.
    pub key: String,
    /// A hash of the request: another one under the same key is refused.
    pub fingerprint: Vec<u8>,
    /// The name of the token.
    pub asked_by: String,
    /// Who is to be paid.
    pub destination: String,
    /// How much; `None`: what the destination asks for.
    pub amount: Option<RequestedAmount>,
    /// The most that it may cost on top.
    pub max_fee: Option<Msat>,
    /// Why.
    pub reason: Option<Reason>,
    /// The sale that it refunds.
    pub invoice: Option<Label>,
    /// How long a payer may take until it begins; `None`: a day.
    pub expires_in: Option<Expiry>,
}

/// How much is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RequestedAmount {
    /// So much.
    Msat(Msat),
    /// A refund in the currency of the sale's price.
    InCurrency(CurrencyRefund),
}

/// How long a payer may take until it begins, when nothing was asked for.
const DEFAULT_EXPIRY: Duration = Duration::from_secs(24 * 3600);

impl OrderRequest {
    /// How long a payer may take until it begins.
    pub(super) fn lifetime(&self) -> Duration {
        let asked = self.expires_in;
        asked.map_or(DEFAULT_EXPIRY, |expiry| {
            Duration::from_secs(expiry.seconds().into())
        })
    }
}

/// What is asked for, in bitcoin.
#[derive(Clone, Copy, Debug)]
pub(super) struct InBitcoin {
    pub(super) amount: Msat,
    /// No more than this of the sale may be refunded in all; `None`: no more than was received.
    pub(super) refundable: Option<Msat>,
}

impl InBitcoin {
    /// An amount that no rate decides.
    pub(super) fn fixed(amount: Msat) -> Self {
        Self {
            amount,
            refundable: None,
        }
    }
}
