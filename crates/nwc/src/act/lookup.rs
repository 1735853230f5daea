//! `lookup_invoice`

use facture_domain::{Bolt11, PaymentHash};
use facture_sidecar::Server;

use super::page::Page;
use crate::{
    connection::Connection,
    wire::{Code, Failure, LookupParams, Transaction},
};

/// Looks one up.
pub(super) async fn look_up(
    server: &Server,
    connection: &Connection,
    params: &LookupParams,
) -> Result<Transaction, Failure> {
    let query = format!("payment_hash={}&limit=1", payment_hash(params)?);
    let page = Page::read(server, &query).await?;
    let mut found = page.invoices.into_iter();
    let invoice = found.next().filter(|found| found.is_seen_by(connection));
    let invoice =
        invoice.ok_or_else(|| Failure::new(Code::NotFound, "there is no such invoice"))?;
    Ok(Transaction::of(invoice))
}

fn payment_hash(params: &LookupParams) -> Result<PaymentHash, Failure> {
    let wrong = |message| Failure::new(Code::Other, message);
    match (&params.payment_hash, &params.invoice) {
        (Some(hash), _) => hash
            .parse()
            .map_err(|_| wrong("payment_hash must be 64 hexadecimal digits")),
        (None, Some(invoice)) => {
            let decoded = Bolt11::decode(&invoice.to_ascii_lowercase());
            let decoded = decoded.map_err(|_| wrong("invoice is no BOLT 11 string"))?;
            Ok(decoded.payment_hash)
        }
        (None, None) => Err(wrong("send payment_hash or invoice")),
    }
}
