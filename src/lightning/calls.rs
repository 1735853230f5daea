//! Every RPC we send to lightningd, and how its answers become ours:
//!
//! | RPC | For |
//! | --- | --- |
//! | `getinfo` | readiness, who the node is |
//! | `listpeerchannels` | how much it can receive (`channels.rs`) |
//! | `currencyconvert` | prices in other currencies (`currency.rs`) |
//! | `invoice` | making an invoice |
//! | `listinvoices label` | looking one up after a lost answer |
//! | `listinvoices index` | pages: what was updated, what was created |
//! | `wait invoices updated` | the next update (`waiter.rs`), the present index |
//! | `delinvoice` | cancelling an invoice, deleting one that is over |
//! | `autoclean-status` | a warning when the node deletes paid invoices |

use cln_rpc::{
    model::{
        requests::{
            DelinvoiceRequest, DelinvoiceStatus, GetinfoRequest, InvoiceRequest, ListinvoicesIndex,
            ListinvoicesRequest,
        },
        responses::{
            GetinfoResponse, InvoiceResponse, ListinvoicesInvoices, ListinvoicesInvoicesStatus,
            ListinvoicesResponse,
        },
    },
    primitives::{Amount as ClnAmount, AmountOrAny},
};
use jiff::Timestamp;
use serde::de::IgnoredAny;
use serde_json::{Value, json};

use super::{
    Client, Error,
    error::{OTHER_STATUS, UNKNOWN_INVOICE},
    read,
    waiter::Updated,
};
use crate::invoice::{
    Amount, Bolt11, Decoded, Invoice, Label, Msat, NewInvoice, NodeId, Order, PaymentHash,
    Settlement, Status, Warning,
};

/// Which invoices the node deletes by itself, as far as it matters to us.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Autoclean {
    /// Paid ones too.
    Paid,
    /// No paid ones.
    NotPaid,
}

/// One invoice of a page, whoever's it is, not yet looked into.
#[derive(Debug)]
pub struct Listed(ListinvoicesInvoices);

/// An invoice that the node has just made.
#[derive(Clone, Debug)]
pub struct Made {
    /// The invoice.
    pub invoice: Invoice,
    /// What the node warned of: nothing, if all is well.
    pub warnings: Vec<Warning>,
}

/// Where an invoice stands, as `delinvoice` wants and tells it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// It can be paid.
    Unpaid,
    /// It was paid.
    Paid,
    /// It can no longer be paid.
    Expired,
}

/// What became of an invoice that was to be deleted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deleted {
    /// It is gone now.
    Now,
    /// It was gone before, perhaps by this very call, if its first answer was lost.
    Before,
    /// It is there as before, because it is not in the state it had to be in, but in this one.
    Not(State),
}

const LIST: &str = "listinvoices";

/// What `getinfo` says of the node.
#[derive(Clone, Debug)]
pub struct NodeInfo {
    /// The node's public key.
    pub id: NodeId,
    /// `bitcoin`, `testnet`, `signet` or `regtest`.
    pub network: String,
    /// What it calls itself.
    pub alias: String,
    /// The version of lightningd, such as `v26.06.6`.
    pub version: String,
    /// The height of the last block that it knows.
    pub block_height: u32,
}

impl Client {
    /// Asks who the node is (`getinfo`).
    ///
    /// # Errors
    /// [`Error`] when no answer comes.
    pub async fn getinfo(&self) -> Result<NodeInfo, Error> {
        let info: GetinfoResponse = self.call("getinfo", &GetinfoRequest {}).await?;
        Ok(NodeInfo {
            id: NodeId::new(info.id.to_string()),
            network: info.network,
            alias: info.alias,
            version: info.version,
            block_height: info.blockheight,
        })
    }

    /// Makes an invoice (`invoice`). The label makes it safe to repeat: a label that exists is refused.
    ///
    /// # Errors
    /// [`Error::is_duplicate_label`] when the node has the label; [`Error::Malformed`] when the BOLT 11 string is not
    /// for what was asked.
    pub async fn invoice(&self, label: &Label, new: &NewInvoice) -> Result<Made, Error> {
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
        let answer: Value = self.call("invoice", &request).await?;
        let warnings = warnings(&answer);
        let made: InvoiceResponse = read("invoice", answer)?;
        let decoded = decode("invoice", &made.bolt11, made.payment_hash.into())?;
        if decoded.amount != new.amount {
            return Err(malformed(
                "invoice",
                "the BOLT 11 string is for another amount",
            ));
        }
        let invoice = Invoice {
            label: label.clone(),
            amount: new.amount,
            description: new.description.as_str().to_owned(),
            bolt11: decoded.bolt11,
            payment_hash: decoded.payment_hash,
            created_index: made.created_index,
            created_at: decoded.created_at,
            expires_at: timestamp("invoice", made.expires_at)?,
            status: Status::Unpaid,
            cancelled_at: None,
            order: Order::default(),
        };
        Ok(Made { invoice, warnings })
    }

    /// Looks an invoice up (`listinvoices label`). `None` when the node has none of that label.
    ///
    /// # Errors
    /// [`Error`] when no answer comes, or none that makes sense.
    pub async fn invoice_by_label(&self, label: &Label) -> Result<Option<Invoice>, Error> {
        let request = ListinvoicesRequest {
            label: Some(label.to_string()),
            ..everything()
        };
        let found: ListinvoicesResponse = self.call(LIST, &request).await?;
        match found.invoices.into_iter().next() {
            None => Ok(None),
            Some(listed) => Listed(listed).read(label).map(Some),
        }
    }

    /// A page of what was updated, in order, from the index `start` on (`listinvoices index=updated`).
    ///
    /// # Errors
    /// [`Error`] when no answer comes. A label of another program with a raw control byte in it makes the whole answer
    /// unreadable: [`Error::Unreadable`].
    pub async fn updated_invoices(&self, start: u64, limit: u32) -> Result<Vec<Listed>, Error> {
        self.page(ListinvoicesIndex::UPDATED, start, limit).await
    }

    /// A page of what was created, in order, from the index `start` on (`listinvoices index=created`).
    ///
    /// # Errors
    /// As [`Client::updated_invoices`].
    pub async fn created_invoices(&self, start: u64, limit: u32) -> Result<Vec<Listed>, Error> {
        self.page(ListinvoicesIndex::CREATED, start, limit).await
    }

    async fn page(
        &self,
        index: ListinvoicesIndex,
        start: u64,
        limit: u32,
    ) -> Result<Vec<Listed>, Error> {
        let request = ListinvoicesRequest {
            index: Some(index),
            start: Some(start),
            limit: Some(limit),
            ..everything()
        };
        let page: ListinvoicesResponse = self.call(LIST, &request).await?;
        Ok(page.invoices.into_iter().map(Listed).collect())
    }

    /// The present value of the node's `updated` index, at once (`wait invoices updated 0`).
    ///
    /// # Errors
    /// [`Error`] when no answer comes; [`Error::TooOld`] before v23.08, which has no `wait`.
    pub async fn updated_index(&self) -> Result<u64, Error> {
        let now = json!({ "subsystem": "invoices", "indexname": "updated", "nextvalue": 0 });
        let Updated { updated } = self.call("wait", &now).await?;
        Ok(updated)
    }

    /// Deletes an invoice from the node, if it is in this state (`delinvoice`). The node compares and deletes at once: an
    /// unpaid invoice is deleted or paid, never both.
    ///
    /// # Errors
    /// [`Error`] when no answer comes, or none that makes sense.
    pub async fn delete(&self, label: &Label, state: State) -> Result<Deleted, Error> {
        let request = DelinvoiceRequest {
            label: label.to_string(),
            status: match state {
                State::Unpaid => DelinvoiceStatus::UNPAID,
                State::Paid => DelinvoiceStatus::PAID,
                State::Expired => DelinvoiceStatus::EXPIRED,
            },
            desconly: None,
        };
        match self.call::<_, IgnoredAny>("delinvoice", &request).await {
            Ok(_) => Ok(Deleted::Now),
            Err(Error::Rejected {
                code: UNKNOWN_INVOICE,
                ..
            }) => Ok(Deleted::Before),
            Err(Error::Rejected {
                code: OTHER_STATUS,
                data: Some(data),
                ..
            }) => match data["current_status"].as_str() {
                Some("unpaid") => Ok(Deleted::Not(State::Unpaid)),
                Some("paid") => Ok(Deleted::Not(State::Paid)),
                Some("expired") => Ok(Deleted::Not(State::Expired)),
                _ => Err(malformed("delinvoice", "a state that is not known")),
            },
            Err(error) => Err(error),
        }
    }

    /// Whether the node is set to delete paid invoices by itself (`autoclean-status`).
    ///
    /// # Errors
    /// [`Error::TooOld`] where the autoclean plugin is absent.
    pub async fn deletes_paid_invoices(&self) -> Result<Autoclean, Error> {
        let status: Value = self.call("autoclean-status", &json!({})).await?;
        let paid = &status["autoclean"]["paidinvoices"]["enabled"];
        Ok(if *paid == true {
            Autoclean::Paid
        } else {
            Autoclean::NotPaid
        })
    }
}

impl Listed {
    /// Its label, which may be another program's.
    pub fn label(&self) -> &str {
        &self.0.label
    }

    /// Its place among all that the node made.
    pub fn created_index(&self) -> u64 {
        self.0.created_index
    }

    /// Its place among all that the node updated; `None` while it is as it was made.
    pub fn updated_index(&self) -> Option<u64> {
        self.0.updated_index
    }

    /// The invoice, when the label is ours.
    ///
    /// # Errors
    /// [`Error::Malformed`] when it is not what `label` says or makes no sense.
    pub fn read(&self, label: &Label) -> Result<Invoice, Error> {
        let Self(listed) = self;
        if listed.label != label.as_str() {
            return Err(malformed(LIST, "it is about another label"));
        }
        let bolt11 = listed
            .bolt11
            .as_ref()
            .ok_or_else(|| malformed(LIST, "the invoice has no BOLT 11 string"))?;
        let decoded = decode(LIST, bolt11, listed.payment_hash.into())?;
        let status = match listed.status {
            ListinvoicesInvoicesStatus::UNPAID => Status::Unpaid,
            ListinvoicesInvoicesStatus::EXPIRED => Status::Expired,
            ListinvoicesInvoicesStatus::PAID => {
                let (Some(received), Some(paid_at), Some(pay_index)) = (
                    listed.amount_received_msat,
                    listed.paid_at,
                    listed.pay_index,
                ) else {
                    return Err(malformed(
                        LIST,
                        "a paid invoice without amount, time or pay index",
                    ));
                };
                Status::Paid(Settlement {
                    amount_received: amount(LIST, received)?,
                    paid_at: timestamp(LIST, paid_at)?,
                    pay_index,
                })
            }
        };
        Ok(Invoice {
            label: label.clone(),
            amount: listed.amount_msat.map_or(Ok(Amount::Any), |asked| {
                amount(LIST, asked).map(Amount::Exact)
            })?,
            description: listed.description.clone().unwrap_or_default(),
            bolt11: decoded.bolt11,
            payment_hash: decoded.payment_hash,
            created_index: listed.created_index,
            created_at: decoded.created_at,
            expires_at: timestamp(LIST, listed.expires_at)?,
            status,
            cancelled_at: None,
            order: Order::default(),
        })
    }
}

/// `listinvoices` without a selector. Never sent like this: with 100,000 invoices the answer stops the node for seconds.
fn everything() -> ListinvoicesRequest {
    ListinvoicesRequest {
        label: None,
        index: None,
        invstring: None,
        limit: None,
        offer_id: None,
        payment_hash: None,
        start: None,
    }
}

/// Every member named `warning_…`: the newest lightningd may have some that `cln_rpc` does not know.
fn warnings(answer: &Value) -> Vec<Warning> {
    let members = answer.as_object().into_iter().flatten();
    let warnings = members.filter(|(name, _)| name.starts_with("warning_"));
    warnings
        .map(|(name, text)| Warning {
            code: name.clone(),
            message: text.as_str().unwrap_or_default().to_owned(),
        })
        .collect()
}

fn decode(method: &'static str, text: &str, payment_hash: PaymentHash) -> Result<Decoded, Error> {
    let decoded = Bolt11::decode(text).map_err(|error| malformed(method, &error.to_string()))?;
    if decoded.payment_hash == payment_hash {
        Ok(decoded)
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
