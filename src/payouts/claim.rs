//! Claiming a voucher by LNURL-withdraw (LUD-03): whoever has its link brings an invoice, and a payout is ordered for it.

use jiff::Timestamp;
use sha2::{Digest, Sha256};

use super::{
    destination::Readable,
    error::{Error, OrderRefused},
    service::{MAX_WAITING, Payouts},
};
use facture_domain::{
    Amount, Voucher, VoucherSecret, VoucherState,
    payment_string::{PaymentRequest, PaymentString, Way},
    payout::NewPayout,
};
use facture_runtime::clock;
use facture_store::Claimed;

/// Why a claim is refused.
#[derive(Debug, thiserror::Error)]
pub enum ClaimRefused {
    /// There is no such voucher.
    #[error("there is no such voucher")]
    Unknown,
    /// It is claimed already, or over.
    #[error("the voucher is not open")]
    State(VoucherState),
    /// What was brought is no BOLT 11 invoice.
    #[error("this is no BOLT 11 invoice")]
    NoInvoice,
    /// The invoice is not for exactly the voucher's amount.
    #[error("the invoice is for another amount")]
    OtherAmount(Box<Voucher>),
    /// The invoice cannot be paid.
    #[error(transparent)]
    Invoice(OrderRefused),
    /// The invoice is paid by something else.
    #[error("another payout is for this invoice")]
    AlreadyOrdered,
    /// Too many payouts wait: the same may work later.
    #[error("too many payouts are waiting")]
    TooMany,
    /// It could not be looked at.
    #[error(transparent)]
    Failed(Error),
}

/// How long a payer may take until it begins, in seconds, unless the invoice expires before.
const MAX_WAIT: u64 = 24 * 3600;

impl Payouts {
    /// The voucher that this claims, which it does not.
    ///
    /// # Errors
    /// [`ClaimRefused::Unknown`], [`ClaimRefused::Failed`]; [`ClaimRefused::State`] when it cannot be claimed.
    pub async fn claimable(&self, secret: &VoucherSecret) -> Result<Voucher, ClaimRefused> {
        let voucher = self.claimed(secret).await?;
        match voucher.state(Timestamp::now()) {
            VoucherState::Open => Ok(voucher),
            state => Err(ClaimRefused::State(state)),
        }
    }

    async fn claimed(&self, secret: &VoucherSecret) -> Result<Voucher, ClaimRefused> {
        let found = self.0.store.voucher_of_secret(secret).await;
        let found = found.map_err(|error| ClaimRefused::Failed(error.into()))?;
        found.ok_or(ClaimRefused::Unknown)
    }

    /// Claims a voucher with this invoice: its payout is ordered when this returns. With the same invoice, it does so once.
    ///
    /// # Errors
    /// [`ClaimRefused`]: then the voucher is as it was.
    pub async fn claim(&self, secret: &VoucherSecret, invoice: &str) -> Result<(), ClaimRefused> {
        let voucher = self.claimed(secret).await?;
        let request = match PaymentString::parse(invoice) {
            Ok(PaymentString {
                way: Way::Bolt11(request),
                ..
            }) => request,
            _ => return Err(ClaimRefused::NoInvoice),
        };
        let now = Timestamp::now();
        if is_known(&voucher, &request, now) {
            return Ok(());
        }
        match voucher.state(now) {
            VoucherState::Open => {}
            state => return Err(ClaimRefused::State(state)),
        }
        if request.decoded.amount != Amount::Exact(voucher.terms.amount) {
            return Err(ClaimRefused::OtherAmount(Box::new(voucher)));
        }
        let expires_at = request.expires_at;
        let readable = Readable::of(Way::Bolt11(request), invoice, None, now);
        let readable = readable.map_err(ClaimRefused::Invoice)?;
        let node = self.paying_node().await.map_err(ClaimRefused::Failed)?;
        readable
            .check_payable_by(node)
            .map_err(ClaimRefused::Invoice)?;
        let latest = clock::after(now, std::time::Duration::from_secs(MAX_WAIT));
        let payout = NewPayout {
            payment_hash: readable.payment_hash(),
            expires_at: expires_at.min(latest),
            destination: readable.destination,
            // The rest is the voucher's.
            amount: None,
            max_fee: None,
            reason: None,
            invoice: None,
            asked_by: String::new(),
        };
        let fingerprint = Sha256::digest(payout.destination.text.as_bytes()).to_vec();
        let key = self.0.label_key.clone();
        let claimed = self
            .0
            .store
            .claim_voucher(secret, payout, fingerprint, key, MAX_WAITING);
        match claimed
            .await
            .map_err(|error| ClaimRefused::Failed(error.into()))?
        {
            Claimed::New => {
                self.0.has_new_order.notify_one();
                Ok(())
            }
            Claimed::Known => Ok(()),
            Claimed::Refused(state) => Err(ClaimRefused::State(state)),
            Claimed::Already(_) => Err(ClaimRefused::AlreadyOrdered),
            Claimed::Unknown => Err(ClaimRefused::Unknown),
            Claimed::TooMany => Err(ClaimRefused::TooMany),
        }
    }
}

/// Whether this very invoice claimed the voucher before, and is paid or will be: the wallet has missed the answer.
fn is_known(voucher: &Voucher, request: &PaymentRequest, now: Timestamp) -> bool {
    let claimed_by = voucher.claim.as_ref().map(|claim| claim.payment_hash);
    claimed_by == Some(request.decoded.payment_hash)
        && matches!(
            voucher.state(now),
            VoucherState::Claimed | VoucherState::Paid
        )
}
