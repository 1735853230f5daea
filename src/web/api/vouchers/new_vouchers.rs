//! Vouchers, as requested by programs.

use serde::Deserialize;
use utoipa::ToSchema;

use crate::{
    invoices::Invoicing,
    payouts::VoucherRequest,
    web::{
        api::{
            body::JsonBody,
            payouts::{
                new_payout::{expiry, max_fee, reason, sale},
                requested_amount::{AmountFields, RefundRateJson},
            },
        },
        error::Problem,
        whole_number::WholeNumber,
    },
};
use facture_domain::token::Grant;

/// The vouchers to issue.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewVouchers, example = json!({
    "count": 20,
    "amount_msat": 1_000_000,
    "reason": "Welcome to the meetup",
    "expires_in": 604_800,
}))]
pub(crate) struct NewVouchersJson {
    /// How many, 1 by default.
    #[schema(value_type = Option<u32>, minimum = 1, maximum = 100)]
    count: Option<WholeNumber>,
    /// What each of them pays, in millisatoshis. Some wallets can only claim whole satoshis. Needed, unless it is a refund in another
    /// currency.
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
    /// The most that a payment may cost on top, in millisatoshis. Absent: 1 percent of the amount or 5 satoshis, whichever is
    /// more.
    #[schema(value_type = Option<u64>, minimum = 0, maximum = 1_000_000_000_000_000_000_u64)]
    max_fee_msat: Option<WholeNumber>,
    /// Why: one line of at most 500 bytes, which the wallet shows.
    #[schema(
        min_length = 1,
        max_length = 500,
        pattern = "^[^\\x00-\\x1f\\x7f-\\x9f]*$"
    )]
    reason: Option<String>,
    /// The label of the sale that it refunds. Then there is one voucher, and all refunds of a sale together are never more than
    /// was received.
    invoice: Option<String>,
    /// How long they can be claimed, in seconds. Absent: 30 days.
    #[schema(value_type = Option<u32>, minimum = 1, maximum = 31_536_000)]
    expires_in: Option<WholeNumber>,
}

/// The most vouchers of one request.
const MAX_COUNT: u64 = 100;

impl NewVouchersJson {
    /// The request of this token under this key.
    ///
    /// # Errors
    /// [`Problem::Invalid`] for the first invalid field.
    pub(super) fn parse(
        body: JsonBody<Self>,
        key: String,
        grant: &Grant,
        invoicing: &Invoicing,
    ) -> Result<VoucherRequest, Problem> {
        let JsonBody {
            content,
            fingerprint,
        } = body;
        let invoice = content
            .invoice
            .map(|label| sale(&label, invoicing))
            .transpose()?;
        let most = match invoice {
            Some(_) => 1,
            None => MAX_COUNT,
        };
        let amount = AmountFields {
            amount_msat: content.amount_msat,
            amount: content.amount.as_deref(),
            currency: content.currency.as_deref(),
            rate: content.rate,
            sale: invoice.as_ref(),
        };
        let amount = amount.parse()?.ok_or_else(|| {
            let message = "The field amount_msat is missing.".to_owned();
            Problem::invalid("amount_msat", "body_invalid", message)
        })?;
        Ok(VoucherRequest {
            scope: grant.id.as_str().to_owned(),
            key,
            fingerprint,
            asked_by: grant.name.clone(),
            count: count(content.count.unwrap_or(WholeNumber(1)), most)?,
            amount,
            max_fee: content.max_fee_msat.map(max_fee).transpose()?,
            reason: content.reason.map(reason).transpose()?,
            invoice,
            expires_in: content.expires_in.map(expiry).transpose()?,
        })
    }
}

fn count(WholeNumber(count): WholeNumber, most: u64) -> Result<u32, Problem> {
    let fits = (1..=most).contains(&count);
    let count = u32::try_from(count).ok().filter(|_| fits);
    count.ok_or_else(|| {
        let message = match most {
            1 => "The count must be 1: a refund is one voucher.".to_owned(),
            most => format!("The count must be 1 to {most}."),
        };
        Problem::invalid("count", "count_invalid", message)
    })
}
