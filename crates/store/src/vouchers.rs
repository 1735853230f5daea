//! Vouchers: issuing, finding, cancelling and claiming them.

use crate::{
    error::Error,
    payouts::{self, Ordered},
    refund_totals,
    rows::{from_sql, to_sql},
    sql::{OptionalExtension, Params, Statements, ToSql, all},
    store::Store,
    voucher_rows::{INSERT, SELECT, VoucherRow, msat},
};
use facture_domain::{
    BatchId, Label, LabelKey, Msat, RefundRefused, Voucher, VoucherId, VoucherSecret, VoucherState,
    VoucherTerms,
    payout::{NewPayout, PayoutId},
};

/// Vouchers that are to be issued together.
#[derive(Clone, Debug)]
pub struct NewVouchers {
    /// What they are called together.
    pub batch: BatchId,
    /// A hash of the request.
    pub fingerprint: Vec<u8>,
    /// Each of them, and what claims it.
    pub vouchers: Vec<(VoucherId, VoucherSecret)>,
    /// What each of them is.
    pub terms: VoucherTerms,
    /// No more than this of the sale is refunded in all; `None`: no more than was received.
    pub refundable: Option<Msat>,
}

/// What became of a request for vouchers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Issued {
    /// They are written down.
    New(Vec<Voucher>),
    /// The same request came before: its vouchers, as they are now.
    Known(Vec<Voucher>),
    /// Another request came with the same idempotency key.
    OtherRequest,
    /// The sale cannot be refunded by this much.
    Refused(RefundRefused),
}

/// What became of a claim.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Claimed {
    /// A payout is ordered.
    New,
    /// The same invoice claimed it before.
    Known,
    /// It cannot be claimed, in this state.
    Refused(VoucherState),
    /// Another payout is for the same invoice.
    Already(PayoutId),
    /// There is no such voucher.
    Unknown,
    /// As many orders wait as may.
    TooMany,
}

/// What became of cancelling a voucher.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum VoucherCancelled {
    /// Nobody can claim it any more.
    Done(Box<Voucher>),
    /// It was claimed, or its time was over.
    Refused(VoucherState),
}

/// A part of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VoucherPage {
    /// The vouchers, the newest first.
    pub vouchers: Vec<Voucher>,
    /// The place of the last one; `None` when there is no rest.
    pub next: Option<u64>,
}

impl NewVouchers {
    /// What all of them pay together; `None` for more than there is.
    fn total(&self) -> Option<Msat> {
        let count = u64::try_from(self.vouchers.len()).ok()?;
        let total = self.terms.amount.msat().checked_mul(count)?;
        Msat::from_msat(total)
    }
}

impl Store {
    /// What became of a request for this batch before; `None`: there was none.
    ///
    /// # Errors
    /// [`Error`] when the database cannot be read.
    pub async fn issued(
        &self,
        batch: &BatchId,
        fingerprint: &[u8],
    ) -> Result<Option<Issued>, Error> {
        self.lookup(|connection| known(connection, batch, fingerprint))
    }

    /// Writes vouchers down, all or none of them, once for each batch.
    ///
    /// # Errors
    /// [`Error`] when the database cannot be written.
    pub async fn issue_vouchers(&self, new: NewVouchers) -> Result<Issued, Error> {
        self.write(move |unit| {
            if let Some(known) = known(unit, &new.batch, &new.fingerprint)? {
                return Ok(known);
            }
            let terms = &new.terms;
            if let Some(label) = &terms.invoice
                && let Err(refused) =
                    refund_totals::admit(unit, label, new.total(), new.refundable)?
            {
                return Ok(Issued::Refused(refused));
            }
            for (place, (id, secret)) in (1_i64..).zip(&new.vouchers) {
                unit.execute(
                    INSERT,
                    (
                        id.as_str(),
                        secret.hash(),
                        new.batch.as_str(),
                        place,
                        &new.fingerprint,
                        to_sql(terms.amount.msat())?,
                        msat(terms.max_fee)?,
                        terms.reason.as_ref().map(|reason| reason.as_str()),
                        terms.invoice.as_ref().map(Label::as_str),
                        &terms.asked_by,
                        unit.now().as_second(),
                        terms.expires_at.as_second(),
                    ),
                )?;
            }
            Ok(Issued::New(of_batch(unit, &new.batch)?))
        })
        .await
    }

    /// Claims a voucher: orders this payout for it, which is filled with its terms. In one unit of work, so that of many
    /// claims at the same time one is the first. No more than `most` orders that nobody has begun may wait.
    ///
    /// # Errors
    /// [`Error`] when the database cannot be written.
    pub async fn claim_voucher(
        &self,
        secret: &VoucherSecret,
        payout: NewPayout,
        fingerprint: Vec<u8>,
        label_key: LabelKey,
        most: u32,
    ) -> Result<Claimed, Error> {
        let secret = secret.hash();
        self.write(move |unit| {
            let Some(voucher) = by_secret(unit, secret)? else {
                return Ok(Claimed::Unknown);
            };
            let state = voucher.state(unit.now());
            if let Some(claim) = &voucher.claim
                && Some(claim.payment_hash) == payout.payment_hash
                && matches!(state, VoucherState::Claimed | VoucherState::Paid)
            {
                return Ok(Claimed::Known);
            }
            if state != VoucherState::Open {
                return Ok(Claimed::Refused(state));
            }
            if payouts::count_waiting(unit)? >= most {
                return Ok(Claimed::TooMany);
            }
            let failed: u32 = unit
                .prepare("SELECT claims FROM vouchers WHERE id = ?1")?
                .query_row([voucher.id.as_str()], |row| row.get(0))?;
            let id = voucher.id.payout(&label_key, failed);
            let terms = voucher.terms;
            let order = NewPayout {
                amount: Some(terms.amount),
                max_fee: terms.max_fee,
                reason: terms.reason,
                invoice: terms.invoice,
                asked_by: terms.asked_by,
                ..payout.clone()
            };
            // What the voucher reserved of its sale is now reserved by the payout: nothing is to be counted.
            match payouts::write_order(unit, &id, &fingerprint, order)? {
                Ordered::New(_) => {}
                Ordered::Already(other) => return Ok(Claimed::Already(other)),
                _ => return Err(Error::Corrupt("claim of a voucher")),
            }
            unit.execute(
                "UPDATE vouchers SET payout = ?1, claimed_at = ?2, claims = claims + 1 WHERE id = ?3",
                (id.as_str(), unit.now().as_second(), voucher.id.as_str()),
            )?;
            Ok(Claimed::New)
        })
        .await
    }

    /// Takes a voucher back, if it was not claimed; `None` when there is no such voucher.
    ///
    /// # Errors
    /// [`Error`] when the database cannot be written.
    pub async fn cancel_voucher(&self, id: &VoucherId) -> Result<Option<VoucherCancelled>, Error> {
        let id = id.clone();
        self.write(move |unit| {
            let Some(voucher) = find(unit, &id)? else {
                return Ok(None);
            };
            match voucher.state(unit.now()) {
                VoucherState::Open => {}
                VoucherState::Cancelled => {
                    return Ok(Some(VoucherCancelled::Done(Box::new(voucher))));
                }
                state => return Ok(Some(VoucherCancelled::Refused(state))),
            }
            unit.execute(
                "UPDATE vouchers SET cancelled_at = ?1 WHERE id = ?2",
                (unit.now().as_second(), id.as_str()),
            )?;
            let cancelled = find(unit, &id)?.ok_or(Error::Corrupt("voucher"))?;
            Ok(Some(VoucherCancelled::Done(Box::new(cancelled))))
        })
        .await
    }

    /// A voucher; `None` when there is none with this id.
    ///
    /// # Errors
    /// [`Error`] when the database cannot be read.
    pub async fn voucher(&self, id: &VoucherId) -> Result<Option<Voucher>, Error> {
        self.lookup(|connection| find(connection, id))
    }

    /// The voucher that this claims.
    ///
    /// # Errors
    /// [`Error`] when the database cannot be read.
    pub async fn voucher_of_secret(
        &self,
        secret: &VoucherSecret,
    ) -> Result<Option<Voucher>, Error> {
        self.lookup(|connection| by_secret(connection, secret.hash()))
    }

    /// Vouchers, the newest first, at most `limit`: those of this batch, if one is named, and those after the place `after`, if it is given.
    ///
    /// # Errors
    /// [`Error`] when the database cannot be read.
    pub async fn vouchers(
        &self,
        batch: Option<BatchId>,
        after: Option<u64>,
        limit: u32,
    ) -> Result<VoucherPage, Error> {
        // Of places that no voucher can have, the highest stands for all.
        let after = after.map_or(i64::MAX, |after| i64::try_from(after).unwrap_or(i64::MAX));
        let batch = batch.map(|batch| batch.as_str().to_owned());
        self.query(move |connection| {
            let rows = i64::from(limit) + 1;
            let mut parameters: Vec<&dyn ToSql> = vec![&after, &rows];
            let mut which = "WHERE v.number < ?1".to_owned();
            if let Some(batch) = &batch {
                parameters.push(batch);
                which.push_str(" AND v.batch = ?3");
            }
            which.push_str(" ORDER BY v.number DESC LIMIT ?2");
            let mut vouchers = select(connection, &which, parameters)?;
            let limit = usize::try_from(limit).unwrap_or(usize::MAX);
            let has_more = vouchers.len() > limit;
            vouchers.truncate(limit);
            let next = match vouchers.last().filter(|_| has_more) {
                Some(last) => Some(number(connection, &last.id)?),
                None => None,
            };
            Ok(VoucherPage { vouchers, next })
        })
        .await
    }
}

/// What was issued as this batch, if anything was.
fn known(
    database: &impl Statements,
    batch: &BatchId,
    fingerprint: &[u8],
) -> Result<Option<Issued>, Error> {
    let sql = "SELECT fingerprint IS NOT DISTINCT FROM ?2 FROM vouchers WHERE batch = ?1 LIMIT 1";
    let same: Option<bool> = database
        .prepare_cached(sql)?
        .query_row((batch.as_str(), fingerprint), |row| row.get(0))
        .optional()?;
    Ok(match same {
        None => None,
        Some(false) => Some(Issued::OtherRequest),
        Some(true) => Some(Issued::Known(of_batch(database, batch)?)),
    })
}

fn of_batch(database: &impl Statements, batch: &BatchId) -> Result<Vec<Voucher>, Error> {
    select(
        database,
        "WHERE v.batch = ?1 ORDER BY v.place",
        [batch.as_str()],
    )
}

/// The vouchers for a sale, the newest first.
pub(super) fn of_invoice(
    database: &impl Statements,
    label: &Label,
    limit: u32,
) -> Result<Vec<Voucher>, Error> {
    let which = "WHERE v.invoice = ?1 ORDER BY v.number DESC LIMIT ?2";
    select(database, which, (label.as_str(), limit))
}

fn find(database: &impl Statements, id: &VoucherId) -> Result<Option<Voucher>, Error> {
    let found = select(database, "WHERE v.id = ?1", [id.as_str()])?;
    Ok(found.into_iter().next())
}

fn by_secret(database: &impl Statements, hash: [u8; 32]) -> Result<Option<Voucher>, Error> {
    let found = select(database, "WHERE v.secret_hash = ?1", [hash])?;
    Ok(found.into_iter().next())
}

fn number(database: &impl Statements, id: &VoucherId) -> Result<u64, Error> {
    let number = database
        .prepare_cached("SELECT number FROM vouchers WHERE id = ?1")?
        .query_row([id.as_str()], |row| row.get(0))
        .optional()?;
    from_sql(number.ok_or(Error::Corrupt("voucher"))?)
}

fn select(
    database: &impl Statements,
    which: &str,
    parameters: impl Params,
) -> Result<Vec<Voucher>, Error> {
    let sql = format!("{SELECT} {which}");
    all(
        database,
        &sql,
        parameters,
        VoucherRow::from_row,
        VoucherRow::read,
    )
}
