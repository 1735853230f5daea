//! Payouts: what was ordered, and what has become of it. They exist in this store only: no node can tell of them.

use jiff::Timestamp;

use crate::{
    audit,
    error::Error,
    payout_rows::{PayoutRow, payout_id, waiting_name},
    refund_totals,
    rows::{from_sql, timestamp},
    sql::{OptionalExtension, Params, Statements, ToSql, all},
    store::Store,
    unit::UnitOfWork,
};
use facture_domain::{
    Label, Msat, PaymentHash, RefundRefused,
    desk::NewAudit,
    payout::{
        MoveRefused, NewPayout, PayerId, Payout, PayoutId, PayoutMove, PayoutState, PayoutStatus,
        Step, Waiting,
    },
};

/// What became of an order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ordered {
    /// It is written down.
    New(Payout),
    /// The same request came before: its payout, as it is now.
    Known(Payout),
    /// Another request came with the same idempotency key.
    OtherRequest,
    /// The same invoice was ordered before, by this payout, which may pay it.
    Already(PayoutId),
    /// The sale cannot be refunded by this much.
    Refused(RefundRefused),
    /// As many orders wait as may.
    TooMany,
}

/// What became of a move.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Moved {
    /// It is done, or was done before.
    Done(Payout),
    /// It is not done: the payout, as it is.
    Refused(Payout, MoveRefused),
    /// It is not begun, because another payout pays the same invoice.
    HashTaken(PayoutId),
}

/// A part of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PayoutPage {
    /// The payouts, the newest first.
    pub payouts: Vec<Payout>,
    /// The place of the last one; `None` when there is no rest.
    pub next: Option<u64>,
}

impl Store {
    /// Writes an order down, once for each id, with its event. No more than `most` orders that nobody has begun may wait. If it
    /// refunds a sale, no more than `refundable` of that is refunded in all, and never more than was received.
    /// With its entry in the audit log, if it has one.
    ///
    /// # Errors
    /// [`Error`] when the database cannot be written.
    pub async fn order_payout(
        &self,
        id: PayoutId,
        fingerprint: Vec<u8>,
        order: NewPayout,
        refundable: Option<Msat>,
        most: u32,
        entry: Option<NewAudit>,
    ) -> Result<Ordered, Error> {
        self.write(move |unit| {
            if let Some(known) = known(unit, &id, &fingerprint)? {
                return Ok(known);
            }
            if let Some(label) = &order.invoice
                && let Err(refused) = refund_totals::admit(unit, label, order.amount, refundable)?
            {
                return Ok(Ordered::Refused(refused));
            }
            if count_waiting(unit)? >= most {
                return Ok(Ordered::TooMany);
            }
            let ordered = write_order(unit, &id, &fingerprint, order.clone())?;
            if let Ordered::New(_) = ordered {
                audit::write_if(unit, entry.as_ref())?;
            }
            Ok(ordered)
        })
        .await
    }

    /// What became of an order with this id before; `None`: there was none.
    ///
    /// # Errors
    /// [`Error`] when the database cannot be read.
    pub async fn ordered(
        &self,
        id: &PayoutId,
        fingerprint: &[u8],
    ) -> Result<Option<Ordered>, Error> {
        self.lookup(|connection| known(connection, id, fingerprint))
    }

    /// Whether a payout has paid the invoice with this hash.
    ///
    /// # Errors
    /// [`Error`] when the database cannot be read.
    pub async fn has_paid(&self, hash: PaymentHash) -> Result<bool, Error> {
        self.lookup(|connection| {
            let Some(payout) = pays(connection, hash)? else {
                return Ok(false);
            };
            let payout = find(connection, &payout)?;
            Ok(payout.is_some_and(|payout| payout.state() == PayoutState::Paid))
        })
    }

    /// Does this with a payout, with the event if it is in another state then; `None` when there is no such payout.
    ///
    /// # Errors
    /// [`Error`] when the database cannot be written.
    pub async fn move_payout(
        &self,
        id: &PayoutId,
        step: PayoutMove,
    ) -> Result<Option<Moved>, Error> {
        let id = id.clone();
        self.write(move |unit| {
            let Some(payout) = find(unit, &id)? else {
                return Ok(None);
            };
            make(unit, payout, &step).map(Some)
        })
        .await
    }

    /// Ends the orders that nobody began in their time, at most `limit` of them. Returns how many there were.
    ///
    /// # Errors
    /// [`Error`] when the database cannot be written.
    pub async fn expire_payouts(&self, limit: u32) -> Result<usize, Error> {
        self.write(move |unit| {
            let which = "WHERE state IN ('ordered', 'approved') AND expires_at <= ?1 ORDER BY expires_at LIMIT ?2";
            let overdue = select(unit, which, (unit.now().as_second(), limit))?;
            let count = overdue.len();
            for payout in overdue {
                make(unit, payout, &PayoutMove::Expire)?;
            }
            Ok(count)
        })
        .await
    }

    /// When the first of the orders that nobody began expires; `None`: there are none.
    ///
    /// # Errors
    /// [`Error`] when the database cannot be read.
    pub async fn next_payout_expiry(&self) -> Result<Option<Timestamp>, Error> {
        self.lookup(|connection| {
            let first: Option<i64> = connection
                .prepare_cached(
                    "SELECT min(expires_at) FROM payouts WHERE state IN ('ordered', 'approved')",
                )?
                .query_row([], |row| row.get(0))?;
            first.map(timestamp).transpose()
        })
    }

    /// A payout; `None` when there is none with this id.
    ///
    /// # Errors
    /// [`Error`] when the database cannot be read.
    pub async fn payout(&self, id: &PayoutId) -> Result<Option<Payout>, Error> {
        self.lookup(|connection| find(connection, id))
    }

    /// Payouts, the newest first, at most `limit`: those in this state, if one is named, and those after the place
    /// `after`, if it is given.
    ///
    /// # Errors
    /// [`Error`] when the database cannot be read.
    pub async fn payouts(
        &self,
        state: Option<PayoutState>,
        after: Option<u64>,
        limit: u32,
    ) -> Result<PayoutPage, Error> {
        // Of places that no payout can have, the highest stands for all.
        let after = after.map_or(i64::MAX, |after| i64::try_from(after).unwrap_or(i64::MAX));
        let state = state.map(PayoutState::as_str);
        self.query(move |connection| {
            let rows = i64::from(limit) + 1;
            let mut parameters: Vec<&dyn ToSql> = vec![&after, &rows];
            let mut which = "WHERE number < ?1".to_owned();
            if let Some(state) = &state {
                which.push_str(" AND state = ?3");
                parameters.push(state);
            }
            which.push_str(" ORDER BY number DESC LIMIT ?2");
            let mut payouts = select(connection, &which, parameters)?;
            let limit = usize::try_from(limit).unwrap_or(usize::MAX);
            let has_more = payouts.len() > limit;
            payouts.truncate(limit);
            let next = match payouts.last().filter(|_| has_more) {
                Some(last) => Some(number(connection, &last.id)?),
                None => None,
            };
            Ok(PayoutPage { payouts, next })
        })
        .await
    }

    /// What a payer has to do: what it began and has not ended, and the orders that nobody began and whose time is not over,
    /// those that wait for an approval last. Otherwise in the order in which they were ordered, at most `limit` of each.
    ///
    /// # Errors
    /// [`Error`] when the database cannot be read.
    pub async fn payout_work(&self, payer: &PayerId, limit: u32) -> Result<Vec<Payout>, Error> {
        let payer = payer.clone();
        self.query(move |connection| {
            let begun = "WHERE state IN ('paying', 'unknown') AND payer = ?1 ORDER BY number LIMIT ?2";
            let mut work = select(connection, begun, (payer.as_str(), limit))?;
            let waiting = "WHERE state IN ('ordered', 'approved') AND expires_at > ?1 AND waiting_for = ?2 \
                           ORDER BY number LIMIT ?3";
            let now = Timestamp::now().as_second();
            for waiting_for in [Waiting::Payer, Waiting::Approval] {
                let parameters = (now, waiting_name(waiting_for), limit);
                work.append(&mut select(connection, waiting, parameters)?);
            }
            Ok(work)
        })
        .await
    }
}

/// Writes a new order down. What it refunds was counted before.
pub(super) fn write_order(
    unit: &mut UnitOfWork<'_>,
    id: &PayoutId,
    fingerprint: &[u8],
    order: NewPayout,
) -> Result<Ordered, Error> {
    if let Some(hash) = order.payment_hash
        && let Some(other) = pays(unit, hash)?
    {
        return Ok(Ordered::Already(other));
    }
    let payout = Payout {
        id: id.clone(),
        order,
        status: PayoutStatus::Ordered(Waiting::Payer),
        created_at: unit.now(),
        updated_at: unit.now(),
    };
    let row = PayoutRow::of(&payout)?;
    unit.execute(PayoutRow::INSERT, row.to_insert().as_ref())?;
    unit.execute(
        "UPDATE payouts SET fingerprint = ?1 WHERE id = ?2",
        (fingerprint, id.as_str()),
    )?;
    unit.record_payout(&payout)?;
    // As it is read back: times are whole seconds.
    let payout = find(unit, id)?.ok_or(Error::Corrupt("payout"))?;
    Ok(Ordered::New(payout))
}

/// The payouts that refund a sale, the newest first.
pub(super) fn of_invoice(
    database: &impl Statements,
    label: &Label,
    limit: u32,
) -> Result<Vec<Payout>, Error> {
    let which = "WHERE invoice = ?1 ORDER BY number DESC LIMIT ?2";
    select(database, which, (label.as_str(), limit))
}

/// Does this with this payout.
fn make(unit: &mut UnitOfWork<'_>, was: Payout, step: &PayoutMove) -> Result<Moved, Error> {
    let status = match was.after(step, unit.now()) {
        Err(refused) => return Ok(Moved::Refused(was, refused)),
        Ok(Step::Same) => return Ok(Moved::Done(was)),
        Ok(Step::To(status)) => status,
    };
    if let PayoutMove::Begin(attempt) = step
        && let Some(other) = pays(unit, attempt.payment_hash)?
        && other != was.id
    {
        return Ok(Moved::HashTaken(other));
    }
    let is_news = status.state() != was.state();
    let payout = Payout {
        status,
        updated_at: unit.now(),
        ..was
    };
    update(unit, &payout)?;
    if is_news {
        unit.record_payout(&payout)?;
        if let (PayoutState::Paid, Some(label)) = (payout.state(), &payout.order.invoice) {
            refund_totals::record(unit, label)?;
        }
    }
    let payout = find(unit, &payout.id)?.ok_or(Error::Corrupt("payout"))?;
    Ok(Moved::Done(payout))
}

fn update(unit: &UnitOfWork<'_>, payout: &Payout) -> Result<(), Error> {
    let row = PayoutRow::of(payout)?;
    unit.execute(
        "UPDATE payouts SET (state, waiting_for, payment_hash, payer, bolt11, preimage, paid_msat, fee_msat, paid_at, \
         failure_code, failure_message, updated_at) = (?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13) WHERE id = ?1",
        (
            row.id,
            row.state,
            row.waiting_for,
            row.payment_hash,
            row.payer,
            row.bolt11,
            row.preimage,
            row.paid_msat,
            row.fee_msat,
            row.paid_at,
            row.failure_code,
            row.failure_message,
            row.updated_at,
        ),
    )?;
    Ok(())
}

/// What became of an order with this id before.
fn known(
    database: &impl Statements,
    id: &PayoutId,
    fingerprint: &[u8],
) -> Result<Option<Ordered>, Error> {
    let sql = "SELECT fingerprint IS NOT DISTINCT FROM ?2 FROM payouts WHERE id = ?1";
    let same: Option<bool> = database
        .prepare_cached(sql)?
        .query_row((id.as_str(), fingerprint), |row| row.get(0))
        .optional()?;
    Ok(match same {
        None => None,
        Some(false) => Some(Ordered::OtherRequest),
        Some(true) => find(database, id)?.map(Ordered::Known),
    })
}

/// How many orders wait.
pub(super) fn count_waiting(database: &impl Statements) -> Result<u32, Error> {
    let count = database
        .prepare_cached("SELECT count(*) FROM payouts WHERE state IN ('ordered', 'approved')")?
        .query_row([], |row| row.get(0))?;
    Ok(count)
}

/// The payout that pays or may pay the invoice with this hash.
fn pays(database: &impl Statements, hash: PaymentHash) -> Result<Option<PayoutId>, Error> {
    // In the words of the index.
    let sql = "SELECT id FROM payouts WHERE payment_hash = ?1 AND state NOT IN ('failed', 'cancelled', 'expired')";
    let id: Option<String> = database
        .prepare_cached(sql)?
        .query_row([hash.to_string()], |row| row.get(0))
        .optional()?;
    id.map(|id| payout_id(&id)).transpose()
}

fn find(database: &impl Statements, id: &PayoutId) -> Result<Option<Payout>, Error> {
    let found = select(database, "WHERE id = ?1", [id.as_str()])?;
    Ok(found.into_iter().next())
}

fn number(database: &impl Statements, id: &PayoutId) -> Result<u64, Error> {
    let number = database
        .prepare_cached("SELECT number FROM payouts WHERE id = ?1")?
        .query_row([id.as_str()], |row| row.get(0))?;
    from_sql(number)
}

fn select(
    database: &impl Statements,
    which: &str,
    parameters: impl Params,
) -> Result<Vec<Payout>, Error> {
    let sql = format!("{} {which}", PayoutRow::SELECT);
    all(
        database,
        &sql,
        parameters,
        PayoutRow::from_row,
        PayoutRow::read,
    )
}
