//! A wallet that asks again within a minute gets the same invoice, unless that can no longer be paid.

use jiff::Timestamp;

use super::reply::LnurlError;
use crate::{invoices::Invoicing, web::error::Problem};
use facture_domain::{Invoice, Status};

/// So many invoices of the same request are paid in a minute, at most.
const MAX_PAID_PER_MINUTE: u32 = 20;

/// What a request of this minute is called, and what it is called when what was made before can no longer be paid.
pub(super) fn keys(request: &str) -> impl Iterator<Item = String> {
    let minute = Timestamp::now().as_second() / 60;
    (0..MAX_PAID_PER_MINUTE).map(move |number| format!("{minute} {number} {request}"))
}

/// Whether the invoice of a request can still be paid, as far as is known.
///
/// # Errors
/// [`LnurlError`] when that cannot be looked up.
pub(super) async fn is_payable(invoicing: &Invoicing, made: &Invoice) -> Result<bool, LnurlError> {
    let found = invoicing.find(&made.label).await.map_err(Problem::from)?;
    Ok(found.is_none_or(|found| found.invoice.status == Status::Unpaid))
}
