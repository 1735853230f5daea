//! An order, as requested by programs.

use serde::Deserialize;
use utoipa::ToSchema;

use super::requested_amount::{AmountFields, RefundRateJson, payable};
use crate::{
    invoices::Invoicing,
    payouts::OrderRequest,
    web::{api::body::JsonBody, error::Problem, whole_number::WholeNumber},
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
    /// Instead of `amount_msat`, for the refund of a sale with a price in another currency: how much, as a decimal number in that
    /// currency.
    #[schema(pattern = r"^[0-9]+(\.[0-9]+)?$", example = "4.50")]
    amount: Option<String>,
    /// The currency of `amount`, which is that of the sale's price.
    #[schema(pattern = "^[A-Za-z0-9]{2,10}$", example = "EUR")]
    currency: Option<String>,
    /// At which rate `amount` becomes bitcoin. `sale`, by default: that of the sale. `today`: that of this moment; then no more
    /// is refunded than what was received was worth when it was paid.
    #[schema(inline)]
    rate: Option<RefundRateJson>,
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
        let invoice = content.invoice.map(|label| sale(&label, invoicing));
        let invoice = invoice.transpose()?;
        let amount = AmountFields {
            amount_msat: content.amount_msat,
            amount: content.amount.as_deref(),
            currency: content.currency.as_deref(),
            rate: content.rate,
            sale: invoice.as_ref(),
        };
        let amount = amount.parse()?;
        Ok(OrderRequest {
            scope: grant.id.as_str().to_owned(),
            key,
            fingerprint,
            asked_by: grant.name.clone(),
            destination: content.destination,
            amount,
            max_fee: content.max_fee_msat.map(max_fee).transpose()?,
            reason: content.reason.map(reason).transpose()?,
            invoice,
            expires_in: content.expires_in.map(expiry).transpose()?,
        })
    }
}

pub(crate) fn max_fee(WholeNumber(msat): WholeNumber) -> Result<Msat, Problem> {
    payable(msat).ok_or_else(|| {
        let message = format!("The max_fee_msat must be at most {}.", Msat::PAYABLE.msat());
        Problem::invalid("max_fee_msat", "max_fee_invalid", message)
    })
}

/// The sale that is refunded.
pub(crate) fn sale(label: &str, invoicing: &Invoicing) -> Result<Label, Problem> {
    invoicing.parse_label(label).ok_or_else(|| {
        let message = "There is no invoice with this label.".to_owned();
        Problem::invalid("invoice", "invoice_invalid", message)
    })
}

pub(crate) fn reason(text: String) -> Result<Reason, Problem> {
    Reason::parse(text).map_err(|error| {
        Problem::invalid("reason", "reason_invalid", format!("The reason {error}."))
    })
}

pub(crate) fn expiry(WholeNumber(seconds): WholeNumber) -> Result<Expiry, Problem> {
    let seconds = u32::try_from(seconds).unwrap_or(u32::MAX);
    Expiry::from_seconds(seconds).map_err(|error| {
        let message = format!("The expires_in {error}.");
        Problem::invalid("expires_in", "expires_in_invalid", message)
    })
}
