//! Every RPC we send to lightningd, and how its answers become ours:
//!
//! | RPC | For |
//! | --- | --- |
//! | `getinfo` | readiness |
//! | `invoice` | making an invoice |
//! | `listinvoices label` | looking one up |

use cln_rpc::{
    model::{
        requests::{GetinfoRequest, InvoiceRequest, ListinvoicesRequest},
        responses::{
            GetinfoResponse, InvoiceResponse, ListinvoicesInvoices, ListinvoicesInvoicesStatus,
            ListinvoicesResponse,
        },
    },
    primitives::{Amount as ClnAmount, AmountOrAny},
};
use jiff::Timestamp;

use super::{Client, Error};
use crate::invoice::{
    Amount, Bolt11, Invoice, Label, Msat, NewInvoice, PaymentHash, Settlement, Status,
};

/// What `getinfo` says of the node.
#[derive(Clone, Debug)]
pub struct NodeInfo {
    /// The node's public key, in hexadecimal.
    pub id: String,
    /// `bitcoin`, `testnet`, `signet` or `regtest`.
    pub network: String,
    /// lightningd's version.
    pub version: String,
    /// The newest block the node knows.
    pub blockheight: u32,
}

impl Client {
    /// Asks who the node is (`getinfo`).
    ///
    /// # Errors
    /// [`Error`] when no answer comes.
    pub async fn getinfo(&self) -> Result<NodeInfo, Error> {
        let info: GetinfoResponse = self.call("getinfo", &GetinfoRequest {}).await?;
        Ok(NodeInfo {
            id: info.id.to_string(),
            network: info.network,
            version: info.version,
            blockheight: info.blockheight,
        })
    }

    /// Makes an invoice (`invoice`). The label makes it safe to repeat: a label that exists is refused.
    ///
    /// # Errors
    /// [`Error::is_duplicate_label`] when the node has the label; [`Error::Malformed`] when the BOLT 11 string is not
    /// for what was asked.
    pub async fn invoice(&self, label: &Label, new: &NewInvoice) -> Result<Invoice, Error> {
        let request = InvoiceRequest {
            amount_msat: match new.amount {
                Amount::Exact(amount) => AmountOrAny::Amount(ClnAmount::from_msat(amount.msat())),
                Amount::Any => AmountOrAny::Any,
            },
            label: label.to_string(),
            description: new.description.as_str().to_owned(),
            expiry: Some(new.expiry.seconds().into()),
            cltv: None,
            deschashonly: None,
            preimage: None,
            exposeprivatechannels: None,
            fallbacks: None,
        };
        let made: InvoiceResponse = self.call("invoice", &request).await?;
        let bolt11 = read_bolt11("invoice", &made.bolt11, made.payment_hash.into())?;
        if bolt11.amount() != new.amount {
            return Err(malformed(
                "invoice",
                "the BOLT 11 string is for another amount",
            ));
        }
        Ok(Invoice {
            label: label.clone(),
            amount: new.amount,
            description: new.description.as_str().to_owned(),
            created_at: bolt11.created_at(),
            bolt11,
            expires_at: timestamp("invoice", made.expires_at)?,
            status: Status::Unpaid,
        })
    }

    /// Looks an invoice up (`listinvoices label`). `None` when the node has none of that label.
    ///
    /// # Errors
    /// [`Error`] when no answer comes, or none that makes sense.
    pub async fn invoice_by_label(&self, label: &Label) -> Result<Option<Invoice>, Error> {
        let request = ListinvoicesRequest {
            label: Some(label.to_string()),
            index: None,
            invstring: None,
            limit: None,
            offer_id: None,
            payment_hash: None,
            start: None,
        };
        let found: ListinvoicesResponse = self.call("listinvoices", &request).await?;
        found
            .invoices
            .into_iter()
            .next()
            .map(|listed| read_listed(label, listed))
            .transpose()
    }
}

fn read_listed(label: &Label, listed: ListinvoicesInvoices) -> Result<Invoice, Error> {
    const METHOD: &str = "listinvoices";
    if listed.label != label.as_str() {
        return Err(malformed(METHOD, "it is about another label"));
    }
    let bolt11 = listed
        .bolt11
        .ok_or_else(|| malformed(METHOD, "the invoice has no BOLT 11 string"))?;
    let bolt11 = read_bolt11(METHOD, &bolt11, listed.payment_hash.into())?;
    let status = match listed.status {
        ListinvoicesInvoicesStatus::UNPAID => Status::Unpaid,
        ListinvoicesInvoicesStatus::EXPIRED => Status::Expired,
        ListinvoicesInvoicesStatus::PAID => {
            let (Some(received), Some(paid_at)) = (listed.amount_received_msat, listed.paid_at)
            else {
                return Err(malformed(METHOD, "a paid invoice without amount or time"));
            };
            Status::Paid(Settlement {
                amount_received: amount(METHOD, received)?,
                paid_at: timestamp(METHOD, paid_at)?,
            })
        }
    };
    Ok(Invoice {
        label: label.clone(),
        amount: listed.amount_msat.map_or(Ok(Amount::Any), |asked| {
            amount(METHOD, asked).map(Amount::Exact)
        })?,
        description: listed.description.unwrap_or_default(),
        created_at: bolt11.created_at(),
        bolt11,
        expires_at: timestamp(METHOD, listed.expires_at)?,
        status,
    })
}

fn read_bolt11(
    method: &'static str,
    text: &str,
    payment_hash: PaymentHash,
) -> Result<Bolt11, Error> {
    let bolt11 = Bolt11::parse(text).map_err(|error| malformed(method, &error.to_string()))?;
    if bolt11.payment_hash() == payment_hash {
        Ok(bolt11)
    } else {
        Err(malformed(
            method,
            "the BOLT 11 string has another payment hash",
        ))
    }
}

fn amount(method: &'static str, amount: ClnAmount) -> Result<Msat, Error> {
    Msat::from_msat(amount.msat())
        .ok_or_else(|| malformed(method, "an amount above 21 million bitcoin"))
}

fn timestamp(method: &'static str, seconds: u64) -> Result<Timestamp, Error> {
    i64::try_from(seconds)
        .ok()
        .and_then(|seconds| Timestamp::from_second(seconds).ok())
        .ok_or_else(|| malformed(method, "a time too far in the future"))
}

fn malformed(method: &'static str, reason: &str) -> Error {
    Error::Malformed {
        method,
        reason: reason.to_owned(),
    }
}
