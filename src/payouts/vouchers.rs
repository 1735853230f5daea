//! Vouchers and refunds: issuing links that can be claimed once, and what can be refunded of a sale.

use std::time::Duration;

use jiff::Timestamp;

use super::{
    error::Error,
    request::{InBitcoin, RequestedAmount},
    service::Payouts,
};
use facture_domain::{
    BatchId, Expiry, Label, Msat, Voucher, VoucherId, VoucherSecret, VoucherState, VoucherTerms,
    payout::Reason,
};
use facture_runtime::clock;
use facture_store::{Issued, NewVouchers, Refunds, VoucherCancelled, VoucherPage};

/// A request for vouchers as it came, its fields parsed.
#[derive(Clone, Debug)]
pub struct VoucherRequest {
    /// Whose idempotency key it is: the token's id.
    pub scope: String,
    /// The key that the caller chose.
    pub key: String,
    /// A hash of the request.
    pub fingerprint: Vec<u8>,
    /// The name of the token.
    pub asked_by: String,
    /// How many.
    pub count: u32,
    /// What each of them pays.
    pub amount: RequestedAmount,
    /// The most that a payment may cost on top.
    pub max_fee: Option<Msat>,
    /// Why.
    pub reason: Option<Reason>,
    /// The sale that it refunds.
    pub invoice: Option<Label>,
    /// How long it can be claimed; `None`: 30 days.
    pub expires_in: Option<Expiry>,
}

/// How long a voucher can be claimed, when nothing was asked for.
const DEFAULT_EXPIRY: Duration = Duration::from_secs(30 * 24 * 3600);

/// The most payouts and vouchers of a sale that are listed.
const MAX_LISTED: u32 = 100;

impl Payouts {
    /// Issues vouchers. The same request is the same vouchers, however often it comes.
    ///
    /// # Errors
    /// [`Error`].
    pub async fn issue_vouchers(&self, request: VoucherRequest) -> Result<Vec<Voucher>, Error> {
        let key = &self.0.label_key;
        let batch = BatchId::of_request(key, &request.scope, &request.key);
        // What was issued stays so, whatever the rate is now.
        if let Some(known) = self.0.store.issued(&batch, &request.fingerprint).await? {
            return answer(known);
        }
        let sale = request.invoice.as_ref();
        if let Some(label) = sale {
            self.refresh(label).await?;
        }
        let InBitcoin { amount, refundable } = self.in_bitcoin(&request.amount, sale).await?;
        let vouchers = (1..=request.count).map(|number| {
            let id = VoucherId::of_batch(key, &batch, number);
            let secret = VoucherSecret::of(key, &id);
            (id, secret)
        });
        let lifetime = request.expires_in.map_or(DEFAULT_EXPIRY, |expiry| {
            Duration::from_secs(expiry.seconds().into())
        });
        let new = NewVouchers {
            vouchers: vouchers.collect(),
            batch,
            fingerprint: request.fingerprint,
            refundable,
            terms: VoucherTerms {
                amount,
                max_fee: request.max_fee,
                reason: request.reason,
                invoice: request.invoice,
                asked_by: request.asked_by,
                expires_at: clock::after(Timestamp::now(), lifetime),
            },
        };
        answer(self.0.store.issue_vouchers(new).await?)
    }

    /// What claims a voucher.
    pub fn voucher_secret(&self, id: &VoucherId) -> VoucherSecret {
        VoucherSecret::of(&self.0.label_key, id)
    }

    /// A voucher.
    ///
    /// # Errors
    /// [`Error::VoucherNotFound`], [`Error::Store`].
    pub async fn voucher(&self, id: &VoucherId) -> Result<Voucher, Error> {
        let found = self.0.store.voucher(id).await?;
        found.ok_or(Error::VoucherNotFound)
    }

    /// The voucher that this claims.
    ///
    /// # Errors
    /// [`Error::VoucherNotFound`], [`Error::Store`].
    pub async fn voucher_of(&self, secret: &VoucherSecret) -> Result<Voucher, Error> {
        let found = self.0.store.voucher_of_secret(secret).await?;
        found.ok_or(Error::VoucherNotFound)
    }

    /// Vouchers, the newest first, at most `limit`: those of this batch, if one is named, and those after the place `after`, if it is given.
    ///
    /// # Errors
    /// [`Error::Store`].
    pub async fn vouchers(
        &self,
        batch: Option<BatchId>,
        after: Option<u64>,
        limit: u32,
    ) -> Result<VoucherPage, Error> {
        Ok(self.0.store.vouchers(batch, after, limit).await?)
    }

    /// Takes a voucher back that nobody has claimed. What was taken back before is done.
    ///
    /// # Errors
    /// [`Error::VoucherState`] when it was claimed or is over.
    pub async fn cancel_voucher(&self, id: &VoucherId) -> Result<Voucher, Error> {
        let cancelled = self.0.store.cancel_voucher(id).await?;
        match cancelled.ok_or(Error::VoucherNotFound)? {
            VoucherCancelled::Done(voucher) => Ok(*voucher),
            VoucherCancelled::Refused(state) => Err(Error::VoucherState(state)),
        }
    }

    /// The refunds of a sale, as they are now.
    ///
    /// # Errors
    /// [`Error::Refund`] when there is no such sale, or it is not paid.
    pub async fn refunds(&self, label: &Label) -> Result<Refunds, Error> {
        self.refresh(label).await?;
        let refunds = self.0.store.refunds(label, MAX_LISTED).await?;
        refunds.map_err(Error::Refund)
    }

    /// Where a voucher stands now.
    pub fn voucher_state(&self, voucher: &Voucher) -> VoucherState {
        voucher.state(Timestamp::now())
    }
}

fn answer(issued: Issued) -> Result<Vec<Voucher>, Error> {
    match issued {
        Issued::New(vouchers) | Issued::Known(vouchers) => Ok(vouchers),
        Issued::OtherRequest => Err(Error::OtherRequest),
        Issued::Refused(refused) => Err(Error::Refund(refused)),
    }
}
