//! An order, as requested by programs.

use serde::Deserialize;
use utoipa::ToSchema;

use crate::{
    invoices::Invoicing,
    payouts::OrderRequest,
    web::{
        api::{body::JsonBody, new_invoice::invalid},
        error::Problem,
        whole_number::WholeNumber,
    },
};
use facture_domain::{Expiry, Label, Msat, payout::Reason, token::Grant};

/// The payout to order.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewPayout, example = json!({
    "destination": "alice@wallet.example",
    "amount_msat": 21_000_000,
    "reason": "Refund of order 2026-7",
}))]
pub(crate) struct NewPayoutJson {
    /// Who is paid: a BOLT 11 invoice, a BOLT 12 offer, an LNURL for paying, a Lightning Address, or a `bitcoin:` URI with one
    /// of them.
    #[schema(min_length = 1, max_length = 16_384)]
    destination: String,
    /// How much the destination receives, in millisatoshis. Needed if the destination leaves it open; otherwise the same
    /// amount, or absent.
    #[schema(value_type = Option<u64>, minimum = 1, maximum = 1_000_000_000_000_000_000_u64)]
    amount_msat: Option<WholeNumber>,
    /// The most that it may cost on top, in millisatoshis. Absent: 1 percent of the amount or 5 satoshis, whichever is more.
    #[schema(value_type = Option<u64>, minimum = 0, maximum = 1_000_000_000_000_000_000_u64)]
    max_fee_msat: Option<WholeNumber>,
    /// Why: one line of at most 500 bytes.
    #[schema(
        min_length = 1,
        max_length = 500,
        pattern = "^[^\\x00-\\x1f\\x7f-\\x9f]*$"
    )]
    reason: Option<String>,
    /// The label of the sale that it refunds. All refunds of a sale together are never more than was received; each needs an
    /// amount.
    invoice: Option<String>,
    /// How long a payer may take until it begins, in seconds. Absent: a day. A BOLT 11 invoice is not begun after it has
    /// expired.
    #[schema(value_type = Option<u32>, minimum = 1, maximum = 31_536_000)]
    expires_in: Option<WholeNumber>,
}

impl NewPayoutJson {
    /// The order of this token under this key.
    ///
    /// # Errors
    /// [`Problem::Invalid`] for the first invalid field.
    pub(super) fn parse(
        body: JsonBody<Self>,
        key: String,
        grant: &Grant,
        invoicing: &Invoicing,
    ) -> Result<OrderRequest, Problem> {
        let JsonBody {
            content,
            fingerprint,
        } = body;
        let amount = content.amount_msat.map(amount).transpose()?;
        let invoice = content.invoice.map(|label| sale(&label, invoicing));
        Ok(OrderRequest {
            scope: grant.id.as_str().to_owned(),
            key,
            fingerprint,
            asked_by: grant.name.clone(),
            destination: content.destination,
            amount,
            max_fee: content.max_fee_msat.map(max_fee).transpose()?,
            reason: content.reason.map(reason).transpose()?,
            invoice: invoice.transpose()?,
            expires_in: content.expires_in.map(expiry).transpose()?,
        })
    }
}

pub(crate) fn amount(WholeNumber(msat): WholeNumber) -> Result<Msat, Problem> {
    match payable(msat) {
        Some(amount) if amount.msat() > 0 => Ok(amount),
        Some(_) => Err(invalid(
            "amount_msat",
            "amount_too_small",
            "The amount_msat must be at least 1.".to_owned(),
        )),
        None => Err(invalid(
            "amount_msat",
            "amount_too_large",
            format!("The amount_msat must be at most {}.", Msat::PAYABLE.msat()),
        )),
    }
}

pub(crate) fn max_fee(WholeNumber(msat): WholeNumber) -> Result<Msat, Problem> {
    payable(msat).ok_or_else(|| {
        let message = format!("The max_fee_msat must be at most {}.", Msat::PAYABLE.msat());
        invalid("max_fee_msat", "max_fee_invalid", message)
    })
}

/// The sale that is refunded.
pub(crate) fn sale(label: &str, invoicing: &Invoicing) -> Result<Label, Problem> {
    invoicing.parse_label(label).ok_or_else(|| {
        let message = "There is no invoice with this label.".to_owned();
        invalid("invoice", "invoice_invalid", message)
    })
}

pub(crate) fn reason(text: String) -> Result<Reason, Problem> {
    Reason::parse(text)
        .map_err(|error| invalid("reason", "reason_invalid", format!("The reason {error}.")))
}

fn payable(msat: u64) -> Option<Msat> {
    Msat::from_msat(msat).filter(|amount| *amount <= Msat::PAYABLE)
}

pub(crate) fn expiry(WholeNumber(seconds): WholeNumber) -> Result<Expiry, Problem> {
    let seconds = u32::try_from(seconds).unwrap_or(u32::MAX);
    Expiry::from_seconds(seconds).map_err(|error| {
        let message = format!("The expires_in {error}.");
        invalid("expires_in", "expires_in_invalid", message)
    })
}
