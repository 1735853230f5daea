//! Hold invoices on Core Lightning, which has none of its own: the calls of facture's plugin
//! (`docs/decisions/2026-11-28-hold-calls.md`). Where the plugin does not run, lightningd does not know them.

use cln_rpc::primitives::Sha256;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{
    client::{Client, read},
    error::{OTHER_STATUS, UNKNOWN_INVOICE, malformed},
    listed::{amount, decode, timestamp},
    waiter::Waiter,
};
use crate::{
    cln::{error::Error, method::Method},
    hold_info::{HoldKey, HoldOutcome},
    info::CreatedInvoice,
};
use facture_domain::{
    Amount, Held, Invoice, InvoiceKind, Label, NewInvoice, Order, PaymentHash, Preimage, Status,
    StatusName,
};

/// A hold invoice as the plugin has it.
#[derive(Debug, Deserialize)]
pub(crate) struct Record {
    label: String,
    bolt11: String,
    payment_hash: Sha256,
    amount_msat: Option<u64>,
    #[serde(default)]
    description: String,
    status: HoldState,
    /// Seconds since 1970, as all times here.
    expires_at: u64,
    /// The place of its last change among all changes of hold invoices, from 1.
    change: u64,
    held_msat: Option<u64>,
    accepted_at: Option<u64>,
    /// The height of the block with which the first part of the held payment expires.
    cltv_expiry: Option<u32>,
    cancelled_at: Option<u64>,
}

/// Where a hold invoice stands, in the plugin's words.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
enum HoldState {
    Unpaid,
    Accepted,
    /// It is among lightningd's own invoices now.
    Paid,
    Cancelled,
    Expired,
}

impl From<HoldState> for StatusName {
    fn from(state: HoldState) -> Self {
        match state {
            HoldState::Unpaid => Self::Unpaid,
            HoldState::Accepted => Self::Accepted,
            HoldState::Paid => Self::Paid,
            HoldState::Cancelled => Self::Cancelled,
            HoldState::Expired => Self::Expired,
        }
    }
}

/// The answer of `facture-hold-list`.
#[derive(Deserialize)]
struct Page {
    holds: Vec<Record>,
}

/// The parameters of `facture-hold-create`.
#[derive(Serialize)]
struct Create<'a> {
    label: &'a str,
    #[serde(serialize_with = "msat_or_any")]
    amount_msat: Amount,
    description: &'a str,
    expiry: u32,
    cltv: u32,
    #[serde(serialize_with = "hex")]
    preimage: &'a Preimage,
    #[serde(skip_serializing_if = "Option::is_none")]
    exposeprivatechannels: Option<Value>,
}

/// So that an error that names the parameters cannot name the preimage.
impl std::fmt::Debug for Create<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Create(…)")
    }
}

/// The parameters of `facture-hold-settle`.
#[derive(Debug, Serialize)]
struct Settle<'a> {
    label: &'a str,
    #[serde(serialize_with = "hex")]
    preimage: &'a Preimage,
}

const CREATE: Method = Method::FactureHoldCreate;
const LIST: Method = Method::FactureHoldList;

impl Client {
    pub(crate) async fn create_hold(
        &self,
        label: &Label,
        new: &NewInvoice,
        key: HoldKey<'_>,
        cltv: u32,
    ) -> Result<CreatedInvoice, Error> {
        let HoldKey::Preimage(preimage) = key else {
            // Its payment secret follows from the preimage.
            return Err(Error::NoPlugin { method: CREATE });
        };
        let request = Create {
            label: label.as_str(),
            amount_msat: new.amount,
            description: new.description.as_str(),
            expiry: new.expiry.seconds(),
            cltv,
            preimage,
            exposeprivatechannels: self.private_channels.as_json(),
        };
        let answer: Value = self.call(CREATE, &request).await?;
        let warnings = super::calls::warnings(&answer);
        let made: Record = read(CREATE, answer)?;
        let invoice = made.read(label)?;
        let same = invoice.amount == new.amount
            && invoice.payment_hash == preimage.payment_hash()
            && invoice.description == new.description.as_str();
        if !same {
            return Err(malformed(CREATE, "it is not what was asked for"));
        }
        Ok(CreatedInvoice { invoice, warnings })
    }

    pub(crate) async fn hold_by_label(&self, label: &Label) -> Result<Option<Invoice>, Error> {
        let request = json!({ "label": label.as_str() });
        let Page { holds } = self.call(LIST, &request).await?;
        match holds.first() {
            // The plugin may have forgotten what lightningd has.
            None => self.invoice_by_label(label).await,
            Some(record) if record.status == HoldState::Paid => {
                let paid = self.invoice_by_label(label).await?;
                match paid {
                    Some(paid) => Ok(Some(paid)),
                    None => Err(malformed(
                        LIST,
                        "it is paid, but lightningd does not list it",
                    )),
                }
            }
            Some(record) => record.read(label).map(Some),
        }
    }

    pub(crate) async fn settle_hold(
        &self,
        label: &Label,
        preimage: &Preimage,
    ) -> Result<HoldOutcome, Error> {
        let label = label.as_str();
        let settle = Settle { label, preimage };
        let method = Method::FactureHoldSettle;
        outcome(method, self.call(method, &settle).await, StatusName::Paid)
    }

    pub(crate) async fn cancel_hold(&self, label: &Label) -> Result<HoldOutcome, Error> {
        let cancel = json!({ "label": label.as_str() });
        let method = Method::FactureHoldCancel;
        let answer = self.call(method, &cancel).await;
        outcome(method, answer, StatusName::Cancelled)
    }

    pub(crate) async fn open_holds(&self) -> Result<Vec<Record>, Error> {
        let Page { holds } = self.call(LIST, &json!({ "status": "open" })).await?;
        Ok(holds)
    }

    /// How many changes of hold invoices there were so far; `None` where lightningd has no such calls or does not let us.
    pub(crate) async fn hold_changes(&self) -> Result<Option<u64>, Error> {
        #[derive(Deserialize)]
        struct Counted {
            change: u64,
        }
        let now = json!({ "next": 0 });
        match self.call(Method::FactureHoldWait, &now).await {
            Ok(Counted { change }) => Ok(Some(change)),
            Err(Error::NoPlugin { .. } | Error::Forbidden { .. }) => Ok(None),
            Err(error) => Err(error),
        }
    }
}

impl Waiter {
    /// Waits for the first hold invoice whose last change is `next` or later; returns its label and that change
    /// (`facture-hold-wait`). It may take for ever.
    pub(crate) async fn hold(self, next: u64) -> Result<(Self, String, u64), Error> {
        #[derive(Deserialize)]
        struct Changed {
            hold: Record,
        }
        let method = Method::FactureHoldWait;
        let (waiter, answer) = self.wait(method, &json!({ "next": next })).await?;
        let Changed { hold } = read(method, answer)?;
        if hold.change < next {
            return Err(malformed(
                method,
                "a change before the one that was waited for",
            ));
        }
        Ok((waiter, hold.label, hold.change))
    }
}

impl Record {
    /// Its label, which may be another program's.
    pub(crate) fn label(&self) -> &str {
        &self.label
    }

    /// Its payment hash.
    pub(crate) fn payment_hash(&self) -> PaymentHash {
        self.payment_hash.into()
    }

    /// The invoice, when the label is ours and it is not paid.
    pub(crate) fn read(&self, label: &Label) -> Result<Invoice, Error> {
        if self.label != label.as_str() {
            return Err(malformed(LIST, "it is about another label"));
        }
        let decoded = decode(LIST, &self.bolt11, self.payment_hash.into())?;
        let asked = match self.amount_msat {
            None => Amount::Any,
            Some(asked) => Amount::Exact(amount(LIST, asked)?),
        };
        if decoded.amount != asked {
            return Err(malformed(LIST, "the BOLT 11 string is for another amount"));
        }
        let status = match self.status {
            HoldState::Unpaid => Status::Unpaid,
            HoldState::Accepted => Status::Accepted(self.held(asked)?),
            HoldState::Cancelled | HoldState::Expired => Status::Expired,
            HoldState::Paid => return Err(malformed(LIST, "it is paid already")),
        };
        let cancelled_at = match (self.status, self.cancelled_at) {
            (HoldState::Cancelled, Some(at)) => Some(timestamp(LIST, at)?),
            (HoldState::Cancelled, None) => {
                return Err(malformed(LIST, "cancelled at no time"));
            }
            _ => None,
        };
        Ok(Invoice {
            label: label.clone(),
            amount: asked,
            description: self.description.clone(),
            kind: InvoiceKind::Bolt11(decoded.bolt11),
            payment_hash: decoded.payment_hash,
            // It is not among lightningd's own.
            number: 0,
            created_at: decoded.created_at,
            expires_at: timestamp(LIST, self.expires_at)?,
            status,
            cancelled_at,
            payment_proven_at: None,
            renewed_by: None,
            refunded: None,
            valuation: None,
            receipt: None,
            hold: None,
            order: Order::default(),
        })
    }

    /// What is held: never less than what was asked for.
    fn held(&self, asked: Amount) -> Result<Held, Error> {
        let (Some(held), Some(accepted_at), Some(expires_at_height)) =
            (self.held_msat, self.accepted_at, self.cltv_expiry)
        else {
            return Err(malformed(
                LIST,
                "a held payment without amount, time or end",
            ));
        };
        let held = amount(LIST, held)?;
        match asked {
            Amount::Exact(asked) if held < asked => {
                Err(malformed(LIST, "less is held than was asked for"))
            }
            Amount::Exact(_) | Amount::Any => Ok(Held {
                amount: held,
                accepted_at: timestamp(LIST, accepted_at)?,
                expires_at_height,
            }),
        }
    }
}

/// The answer has the invoice as it is now; a refusal says where it stands.
fn outcome(
    method: Method,
    answer: Result<Record, Error>,
    wanted: StatusName,
) -> Result<HoldOutcome, Error> {
    let state = match answer {
        Ok(record) => record.status,
        Err(Error::Rejected {
            code: UNKNOWN_INVOICE,
            ..
        }) => return Ok(HoldOutcome::NotFound),
        Err(Error::Rejected {
            code: OTHER_STATUS,
            data: Some(data),
            ..
        }) => HoldState::deserialize(&data["current_status"])
            .map_err(|_| malformed(method, "a state that is not known"))?,
        Err(error) => return Err(error),
    };
    Ok(match StatusName::from(state) {
        state if state == wanted => HoldOutcome::Done,
        state => HoldOutcome::Instead(state),
    })
}

fn msat_or_any<S: serde::Serializer>(amount: &Amount, serializer: S) -> Result<S::Ok, S::Error> {
    match amount {
        Amount::Exact(amount) => serializer.serialize_u64(amount.msat()),
        Amount::Any => serializer.serialize_str("any"),
    }
}

fn hex<S: serde::Serializer>(preimage: &&Preimage, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(&preimage.to_hex())
}
