//! Vouchers as rows, each with the payout of its last claim.

use crate::{
    error::Error,
    payout_rows::payout_id,
    rows::{amount, timestamp, to_sql},
    sql::{self, Row},
};
use facture_domain::{
    BatchId, Claim, Label, Msat, Voucher, VoucherId, VoucherTerms,
    payout::{PayoutState, Reason},
};

/// The columns of a voucher, in the order of [`VoucherRow::from_row`].
pub(super) const SELECT: &str = "SELECT v.id, v.batch, v.place, v.amount_msat, v.max_fee_msat, v.reason, v.invoice, v.asked_by, \
     v.created_at, v.expires_at, v.cancelled_at, v.payout, v.claimed_at, p.state, p.payment_hash \
     FROM vouchers v LEFT JOIN payouts p ON p.id = v.payout";

/// A new voucher.
pub(super) const INSERT: &str = "INSERT INTO vouchers (id, secret_hash, batch, place, fingerprint, amount_msat, max_fee_msat, reason, invoice, asked_by, \
     created_at, expires_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)";

/// A row of [`SELECT`].
pub(super) struct VoucherRow {
    id: String,
    batch: String,
    place: i64,
    amount_msat: i64,
    max_fee_msat: Option<i64>,
    reason: Option<String>,
    invoice: Option<String>,
    asked_by: String,
    created_at: i64,
    expires_at: i64,
    cancelled_at: Option<i64>,
    payout: Option<String>,
    claimed_at: Option<i64>,
    payout_state: Option<String>,
    payment_hash: Option<String>,
}

impl VoucherRow {
    pub(super) fn from_row(row: &Row<'_>) -> sql::Result<Self> {
        Ok(Self {
            id: row.get(0)?,
            batch: row.get(1)?,
            place: row.get(2)?,
            amount_msat: row.get(3)?,
            max_fee_msat: row.get(4)?,
            reason: row.get(5)?,
            invoice: row.get(6)?,
            asked_by: row.get(7)?,
            created_at: row.get(8)?,
            expires_at: row.get(9)?,
            cancelled_at: row.get(10)?,
            payout: row.get(11)?,
            claimed_at: row.get(12)?,
            payout_state: row.get(13)?,
            payment_hash: row.get(14)?,
        })
    }

    pub(super) fn read(self) -> Result<Voucher, Error> {
        let corrupt = || Error::Corrupt("voucher");
        let claim = self.claim()?;
        Ok(Voucher {
            id: VoucherId::parse(&self.id).ok_or_else(corrupt)?,
            batch: BatchId::parse(&self.batch).ok_or_else(corrupt)?,
            number: u32::try_from(self.place).map_err(|_| corrupt())?,
            terms: VoucherTerms {
                amount: amount(self.amount_msat)?,
                max_fee: self.max_fee_msat.map(amount).transpose()?,
                reason: self
                    .reason
                    .map(|reason| Reason::parse(reason).map_err(|_| corrupt()))
                    .transpose()?,
                invoice: self.invoice.map(Label::stored),
                asked_by: self.asked_by,
                expires_at: timestamp(self.expires_at)?,
            },
            created_at: timestamp(self.created_at)?,
            cancelled_at: self.cancelled_at.map(timestamp).transpose()?,
            claim,
        })
    }

    fn claim(&self) -> Result<Option<Claim>, Error> {
        let Some(payout) = &self.payout else {
            return Ok(None);
        };
        let corrupt = || Error::Corrupt("claim of a voucher");
        let state = self.payout_state.as_deref().and_then(PayoutState::parse);
        let hash = self.payment_hash.as_ref();
        let hash = hash.and_then(|hash| hash.parse().ok());
        Ok(Some(Claim {
            payout: payout_id(payout)?,
            state: state.ok_or_else(corrupt)?,
            payment_hash: hash.ok_or_else(corrupt)?,
            claimed_at: timestamp(self.claimed_at.ok_or_else(corrupt)?)?,
        }))
    }
}

/// An optional amount for SQL.
pub(super) fn msat(amount: Option<Msat>) -> Result<Option<i64>, Error> {
    amount.map(|amount| to_sql(amount.msat())).transpose()
}
