//! Invoices and payments of a lab's node, in the same words for either kind.

use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::{Context, anyhow, bail};
use serde_json::Value;

use crate::{
    link::{number, text},
    node::Node,
};

/// An invoice that was just made.
#[derive(Clone, Debug)]
pub struct Invoice {
    /// What the payer needs.
    pub bolt11: String,
    /// What both nodes know the payment by.
    pub payment_hash: String,
}

/// What an invoice says.
#[derive(Clone, Debug)]
pub struct Decoded {
    /// The requested amount in millisatoshis; `None` leaves it to the payer.
    pub amount_msat: Option<u64>,
    /// What it is for.
    pub description: String,
    /// The node that gets the money.
    pub payee: String,
    /// What both nodes know the payment by.
    pub payment_hash: String,
    /// How long it can be paid, in seconds since it was made.
    pub expiry_seconds: u64,
}

/// What the merchant's node says about one of its invoices.
#[derive(Clone, Debug)]
pub struct Lookup {
    /// Its state.
    pub state: State,
    /// The requested amount in millisatoshis; `None` left it to the payer.
    pub amount_msat: Option<u64>,
    /// What arrived.
    pub received_msat: Option<u64>,
    /// What it is for.
    pub description: String,
    /// What the payer got for the payment.
    pub preimage: Option<String>,
}

/// The state of an invoice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Nobody has paid it.
    Unpaid,
    /// A payment has arrived and is held.
    Accepted,
    /// It is paid.
    Paid,
    /// It can no longer be paid.
    Expired,
    /// Its owner has cancelled it.
    Cancelled,
}

/// A payment that succeeded.
#[derive(Clone, Debug)]
pub struct Paid {
    /// The proof of payment.
    pub preimage: String,
    /// What the merchant gets, in millisatoshis.
    pub amount_msat: u64,
    /// What it cost beyond that.
    pub fee_msat: u64,
}

impl State {
    /// The word for it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Unpaid => "unpaid",
            Self::Accepted => "accepted",
            Self::Paid => "paid",
            Self::Expired => "expired",
            Self::Cancelled => "cancelled",
        }
    }
}

impl Node {
    /// Makes an invoice: of so many satoshis, or of any amount.
    ///
    /// # Errors
    /// The node's.
    pub async fn invoice(&self, sat: Option<u64>, description: &str) -> anyhow::Result<Invoice> {
        match self {
            Self::Cln(node) => {
                let amount = sat.map_or("any".to_owned(), |sat| format!("{sat}sat"));
                let now = SystemTime::now().duration_since(UNIX_EPOCH)?;
                let made = node
                    .ask(&[
                        "-k",
                        "invoice",
                        &format!("amount_msat={amount}"),
                        &format!("label=lab-{}", now.as_nanos()),
                        &format!("description={description}"),
                    ])
                    .await?;
                Ok(Invoice {
                    bolt11: text(&made, "bolt11")?,
                    payment_hash: text(&made, "payment_hash")?,
                })
            }
            Self::Lnd(node) => {
                // To LND, 0 is any amount.
                let (amount, memo) = (
                    format!("--amt={}", sat.unwrap_or(0)),
                    format!("--memo={description}"),
                );
                let made = node.ask(&["addinvoice", &amount, &memo]).await?;
                Ok(Invoice {
                    bolt11: text(&made, "payment_request")?,
                    payment_hash: text(&made, "r_hash")?,
                })
            }
        }
    }

    /// Reads an invoice.
    ///
    /// # Errors
    /// That it is none.
    pub async fn decode(&self, bolt11: &str) -> anyhow::Result<Decoded> {
        match self {
            Self::Cln(node) => {
                let decoded = node.ask(&["decode", bolt11]).await?;
                if decoded["type"] != "bolt11 invoice" || decoded["valid"] != true {
                    bail!("this is no BOLT 11 invoice");
                }
                Ok(Decoded {
                    amount_msat: decoded["amount_msat"].as_u64(),
                    description: said(&decoded, "description"),
                    payee: text(&decoded, "payee")?,
                    payment_hash: text(&decoded, "payment_hash")?,
                    expiry_seconds: decoded["expiry"].as_u64().context("an expiry")?,
                })
            }
            Self::Lnd(node) => {
                let decoded = node.ask(&["decodepayreq", bolt11]).await?;
                Ok(Decoded {
                    amount_msat: some(number(&decoded, "num_msat")?),
                    description: said(&decoded, "description"),
                    payee: text(&decoded, "destination")?,
                    payment_hash: text(&decoded, "payment_hash")?,
                    expiry_seconds: number(&decoded, "expiry")?,
                })
            }
        }
    }

    /// Asks for one of the node's own invoices by its payment hash.
    ///
    /// # Errors
    /// That it has none such.
    pub async fn lookup(&self, payment_hash: &str) -> anyhow::Result<Lookup> {
        match self {
            Self::Cln(node) => {
                let hash = format!("payment_hash={payment_hash}");
                let listed = node.ask(&["-k", "listinvoices", &hash]).await?;
                let invoice = &listed["invoices"][0];
                let state = match invoice["status"].as_str() {
                    Some("unpaid") => State::Unpaid,
                    Some("paid") => State::Paid,
                    Some("expired") => State::Expired,
                    _ => bail!("no invoice with this payment hash"),
                };
                Ok(Lookup {
                    state,
                    amount_msat: invoice["amount_msat"].as_u64(),
                    received_msat: invoice["amount_received_msat"].as_u64(),
                    description: said(invoice, "description"),
                    preimage: invoice["payment_preimage"].as_str().map(str::to_owned),
                })
            }
            Self::Lnd(node) => {
                let invoice = node.ask(&["lookupinvoice", payment_hash]).await?;
                let state = match invoice["state"].as_str() {
                    Some("OPEN") => State::Unpaid,
                    Some("ACCEPTED") => State::Accepted,
                    Some("SETTLED") => State::Paid,
                    // An expired one, too, is cancelled.
                    Some("CANCELED") => State::Cancelled,
                    other => bail!("an unknown state: {other:?}"),
                };
                Ok(Lookup {
                    state,
                    amount_msat: some(number(&invoice, "value_msat")?),
                    received_msat: some(number(&invoice, "amt_paid_msat")?),
                    description: said(&invoice, "memo"),
                    preimage: (state == State::Paid).then(|| said(&invoice, "r_preimage")),
                })
            }
        }
    }

    /// Pays an invoice: so many satoshis, where it names no amount. It takes as long as the merchant holds the payment.
    ///
    /// # Errors
    /// Why it could not be paid, in the node's words.
    pub async fn pay(&self, bolt11: &str, sat: Option<u64>) -> anyhow::Result<Paid> {
        match self {
            Self::Cln(node) => {
                let mut xpay = vec!["xpay", bolt11];
                let amount = sat.map(|sat| format!("{sat}sat"));
                xpay.extend(amount.as_deref());
                let paid = node.wait(&xpay).await?;
                let amount = |key| paid[key].as_u64().context(key);
                let (amount_msat, sent) = (amount("amount_msat")?, amount("amount_sent_msat")?);
                Ok(Paid {
                    preimage: text(&paid, "payment_preimage")?,
                    amount_msat,
                    fee_msat: sent - amount_msat,
                })
            }
            Self::Lnd(node) => {
                let mut pay = vec!["payinvoice", "--json", "--force", "--pay_req", bolt11];
                let amount = sat.map(|sat| sat.to_string());
                if let Some(amount) = &amount {
                    pay.extend(["--amt", amount]);
                }
                let paid = node.wait(&pay).await?;
                if paid["status"] != "SUCCEEDED" {
                    return Err(anyhow!("{}", failure(&said(&paid, "failure_reason"))));
                }
                Ok(Paid {
                    preimage: text(&paid, "payment_preimage")?,
                    amount_msat: number(&paid, "value_msat")?,
                    fee_msat: number(&paid, "fee_msat")?,
                })
            }
        }
    }
}

/// lnd's reasons, in the words of its documentation.
fn failure(reason: &str) -> &str {
    match reason {
        "FAILURE_REASON_TIMEOUT" => "no route was found in time",
        "FAILURE_REASON_NO_ROUTE" => "there is no route to the merchant with enough money in it",
        "FAILURE_REASON_INCORRECT_PAYMENT_DETAILS" => {
            "the merchant refused it: it does not know the invoice, or no longer"
        }
        "FAILURE_REASON_INSUFFICIENT_BALANCE" => "there is not enough money in the channel",
        other => other,
    }
}

fn said(value: &Value, key: &str) -> String {
    value[key].as_str().unwrap_or_default().to_owned()
}

/// lnd writes 0 where there is none.
fn some(msat: u64) -> Option<u64> {
    Some(msat).filter(|msat| *msat > 0)
}
