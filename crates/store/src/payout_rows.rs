//! Payouts as rows, and as JSON in the event log.

use serde::{Deserialize, Serialize};

use crate::{
    columns::row,
    error::Error,
    rows::{amount, timestamp, to_sql},
};
use facture_domain::{
    Bolt11, Label, Msat, Preimage,
    payout::{
        Attempt, Destination, DestinationKind, FailureCode, NewPayout, PayerId, Payment, Payout,
        PayoutFailure, PayoutId, PayoutState, PayoutStatus, Reason, Waiting,
    },
};

row! {
    insert
    /// A payout. The log has the same fields.
    #[derive(Deserialize, Serialize)]
    PayoutRow of "payouts" {
        id: String,
        state: String,
        waiting_for: Option<String>,
        kind: String,
        destination: String,
        amount_msat: Option<i64>,
        max_fee_msat: Option<i64>,
        reason: Option<String>,
        invoice: Option<String>,
        asked_by: String,
        payment_hash: Option<String>,
        payer: Option<String>,
        bolt11: Option<String>,
        preimage: Option<String>,
        paid_msat: Option<i64>,
        fee_msat: Option<i64>,
        paid_at: Option<i64>,
        failure_code: Option<String>,
        failure_message: Option<String>,
        created_at: i64,
        updated_at: i64,
        expires_at: i64,
    }
}

impl PayoutRow {
    pub(super) fn of(payout: &Payout) -> Result<Self, Error> {
        let Payout {
            id, order, status, ..
        } = payout;
        let waiting = match status {
            PayoutStatus::Ordered(waiting) | PayoutStatus::Approved(waiting) => Some(*waiting),
            _ => None,
        };
        let (attempt, payment, failure) = (status.attempt(), status.payment(), status.failure());
        let msat = |amount: Option<Msat>| amount.map(|amount| to_sql(amount.msat())).transpose();
        Ok(Self {
            id: id.as_str().to_owned(),
            state: status.state().as_str().to_owned(),
            waiting_for: waiting.map(|waiting| waiting_name(waiting).to_owned()),
            kind: order.destination.kind.as_str().to_owned(),
            destination: order.destination.text.clone(),
            amount_msat: msat(order.amount)?,
            max_fee_msat: msat(order.max_fee)?,
            reason: order
                .reason
                .as_ref()
                .map(|reason| reason.as_str().to_owned()),
            invoice: order.invoice.as_ref().map(Label::to_string),
            asked_by: order.asked_by.clone(),
            payment_hash: payout.payment_hash().map(|hash| hash.to_string()),
            payer: attempt.map(|attempt| attempt.payer.as_str().to_owned()),
            bolt11: attempt
                .and_then(|attempt| attempt.bolt11.as_ref())
                .map(|bolt11| bolt11.as_str().to_owned()),
            preimage: payment.map(|payment| payment.preimage.to_hex()),
            paid_msat: msat(payment.map(|payment| payment.amount))?,
            fee_msat: msat(payment.map(|payment| payment.fee))?,
            paid_at: payment.map(|payment| payment.paid_at.as_second()),
            failure_code: failure.map(|failure| failure.code.as_str().to_owned()),
            failure_message: failure.map(|failure| failure.message.clone()),
            created_at: payout.created_at.as_second(),
            updated_at: payout.updated_at.as_second(),
            expires_at: order.expires_at.as_second(),
        })
    }

    /// Of the event log.
    pub(super) fn from_json(payload: &str) -> Result<Payout, Error> {
        let row: Self = serde_json::from_str(payload).map_err(|_| Error::Corrupt("event"))?;
        row.read()
    }

    pub(super) fn read(self) -> Result<Payout, Error> {
        let kind = DestinationKind::parse(&self.kind).ok_or(Error::Corrupt("destination"))?;
        let status = self.status()?;
        let hash = self.payment_hash.as_deref().map(str::parse).transpose();
        Ok(Payout {
            id: payout_id(&self.id)?,
            status,
            created_at: timestamp(self.created_at)?,
            updated_at: timestamp(self.updated_at)?,
            order: NewPayout {
                // Of others it belongs to the attempt.
                payment_hash: hash
                    .map_err(|_| Error::Corrupt("payment hash"))?
                    .filter(|_| kind == DestinationKind::Bolt11),
                destination: Destination {
                    kind,
                    text: self.destination,
                },
                amount: self.amount_msat.map(amount).transpose()?,
                max_fee: self.max_fee_msat.map(amount).transpose()?,
                reason: self.reason.map(Reason::stored),
                invoice: self.invoice.map(Label::stored),
                asked_by: self.asked_by,
                expires_at: timestamp(self.expires_at)?,
            },
        })
    }

    fn status(&self) -> Result<PayoutStatus, Error> {
        let corrupt = || Error::Corrupt("payout");
        let state = PayoutState::parse(&self.state).ok_or_else(corrupt)?;
        let waiting = || match self.waiting_for.as_deref() {
            Some("payer") => Ok(Waiting::Payer),
            Some("approval") => Ok(Waiting::Approval),
            _ => Err(corrupt()),
        };
        let attempt = self.attempt()?;
        let begun = || attempt.clone().ok_or_else(corrupt);
        let failure = self.failure()?;
        Ok(match state {
            PayoutState::Ordered => PayoutStatus::Ordered(waiting()?),
            PayoutState::Approved => PayoutStatus::Approved(waiting()?),
            PayoutState::Paying => PayoutStatus::Paying(begun()?),
            PayoutState::Paid => PayoutStatus::Paid(begun()?, self.payment()?),
            PayoutState::Failed => PayoutStatus::Failed(attempt, failure.ok_or_else(corrupt)?),
            PayoutState::Cancelled => PayoutStatus::Cancelled,
            PayoutState::Expired => PayoutStatus::Expired,
            PayoutState::Unknown => PayoutStatus::Unknown(begun()?, failure),
        })
    }

    fn attempt(&self) -> Result<Option<Attempt>, Error> {
        let corrupt = || Error::Corrupt("attempt of a payout");
        let Some(payer) = &self.payer else {
            return Ok(None);
        };
        let hash = self.payment_hash.as_deref().ok_or_else(corrupt)?;
        Ok(Some(Attempt {
            payer: PayerId::parse(payer).ok_or_else(corrupt)?,
            payment_hash: hash.parse().map_err(|_| corrupt())?,
            bolt11: self.bolt11.clone().map(Bolt11::stored),
        }))
    }

    fn payment(&self) -> Result<Payment, Error> {
        let corrupt = || Error::Corrupt("payment of a payout");
        let (Some(preimage), Some(paid), Some(fee), Some(at)) =
            (&self.preimage, self.paid_msat, self.fee_msat, self.paid_at)
        else {
            return Err(corrupt());
        };
        Ok(Payment {
            preimage: Preimage::parse(preimage).map_err(|_| corrupt())?,
            amount: amount(paid)?,
            fee: amount(fee)?,
            paid_at: timestamp(at)?,
        })
    }

    fn failure(&self) -> Result<Option<PayoutFailure>, Error> {
        let Some(code) = self.failure_code.as_deref() else {
            return Ok(None);
        };
        let code = FailureCode::parse(code).ok_or(Error::Corrupt("failure of a payout"))?;
        let message = self.failure_message.clone();
        Ok(Some(PayoutFailure::new(code, message)))
    }
}

pub(super) fn payout_id(text: &str) -> Result<PayoutId, Error> {
    PayoutId::parse(text).ok_or(Error::Corrupt("payout"))
}

pub(super) fn waiting_name(waiting: Waiting) -> &'static str {
    match waiting {
        Waiting::Payer => "payer",
        Waiting::Approval => "approval",
    }
}
