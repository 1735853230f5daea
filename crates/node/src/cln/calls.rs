//! Calls to lightningd, except listing invoices (`listed.rs`), waiting (`waiter.rs`), channels and currencies, and
//! how its answers become ours. The list of all RPCs is in `method.rs`.

use cln_rpc::{
    model::{
        requests::{DelinvoiceRequest, DelinvoiceStatus, GetinfoRequest, InvoiceRequest},
        responses::InvoiceResponse,
    },
    primitives::{Amount as ClnAmount, AmountOrAny, PublicKey},
};
use serde::{Deserialize, de::IgnoredAny};
use serde_json::{Value, json};

use super::{
    client::{Client, read},
    error::{OTHER_STATUS, UNKNOWN_INVOICE, malformed},
    invoice_state::State,
    listed::{decode, timestamp},
    waiter::{INVOICES, Updated},
};
use crate::{
    cln::{error::Error, method::Method},
    info::{CreatedInvoice, DeleteOutcome, NodeInfo, Retention},
};
use facture_domain::{
    Amount, Identity, Invoice, InvoiceKind, InvoiceRef, LnurlMetadata, NewInvoice, NodeId, Order,
    Preimage, Status, StatusName, Warning,
};

/// What we need of the answer of `wait` for deletions.
#[derive(Deserialize)]
struct Counted {
    deleted: u64,
}

/// What we need of the answer of `getinfo`.
#[derive(Deserialize)]
struct Info {
    id: PublicKey,
    network: String,
    alias: String,
    version: String,
    blockheight: u32,
    warning_bitcoind_sync: Option<String>,
    warning_lightningd_sync: Option<String>,
}

impl Client {
    /// Fetches the node's identity (`getinfo`).
    ///
    /// # Errors
    /// [`Error`] when there is no answer.
    pub async fn getinfo(&self) -> Result<NodeInfo, Error> {
        let info: Info = self.call(Method::Getinfo, &GetinfoRequest {}).await?;
        Ok(NodeInfo {
            id: NodeId::new(info.id.to_string()),
            network: info.network,
            alias: info.alias,
            version: info.version,
            block_height: info.blockheight,
            // lightningd cannot be ahead of bitcoind.
            syncing: info.warning_bitcoind_sync.or(info.warning_lightningd_sync),
        })
    }

    /// Creates an invoice (`invoice`), with the preimage of its identity if it has one. Safe to repeat: lightningd refuses a
    /// label that already exists.
    ///
    /// # Errors
    /// [`Error::is_duplicate`] when the node has the label; [`Error::Malformed`] when the BOLT 11 string is not
    /// for what was asked.
    pub async fn invoice(
        &self,
        identity: &Identity,
        new: &NewInvoice,
    ) -> Result<CreatedInvoice, Error> {
        let (label, preimage) = match identity {
            Identity::Label(label) => (label, None),
            Identity::Preimage { label, preimage } => (label, Some(preimage)),
        };
        let request = InvoiceRequest {
            amount_msat: match new.amount {
                Amount::Exact(amount) => AmountOrAny::Amount(ClnAmount::from_msat(amount.msat())),
                Amount::Any => AmountOrAny::Any,
            },
            label: label.to_string(),
            description: match &new.lnurl_metadata {
                Some(metadata) => metadata.as_str().to_owned(),
                None => new.description.as_str().to_owned(),
            },
            expiry: Some(new.expiry.seconds().into()),
            cltv: None,
            deschashonly: new.lnurl_metadata.as_ref().map(|_| true),
            preimage: preimage.map(Preimage::to_hex),
            exposeprivatechannels: None,
            fallbacks: None,
        };
        let mut request = serde_json::to_value(&request)
            .map_err(|error| malformed(Method::Invoice, &error.to_string()))?;
        // No address on the chain, also where the node is set to put one into every invoice: `cln_rpc` would leave an empty
        // list out.
        request["fallbacks"] = json!([]);
        // `cln_rpc` has a list of channels only.
        if let Some(channels) = self.private_channels.as_json() {
            request["exposeprivatechannels"] = channels;
        }
        let answer: Value = self.call(Method::Invoice, &request).await?;
        let warnings = warnings(&answer);
        let made: InvoiceResponse = read(Method::Invoice, answer)?;
        let decoded = decode(Method::Invoice, &made.bolt11, made.payment_hash.into())?;
        if decoded.amount != new.amount {
            return Err(malformed(
                Method::Invoice,
                "the BOLT 11 string is for another amount",
            ));
        }
        if preimage.is_some_and(|preimage| preimage.payment_hash() != decoded.payment_hash) {
            return Err(malformed(
                Method::Invoice,
                "the BOLT 11 string has another payment hash",
            ));
        }
        let hash = new.lnurl_metadata.as_ref().map(LnurlMetadata::sha256);
        if decoded.description_hash != hash {
            return Err(malformed(
                Method::Invoice,
                "the BOLT 11 string is for another description",
            ));
        }
        let invoice = Invoice {
            label: label.clone(),
            amount: new.amount,
            description: new.description.as_str().to_owned(),
            kind: InvoiceKind::Bolt11(decoded.bolt11),
            payment_hash: decoded.payment_hash,
            number: made.created_index,
            created_at: decoded.created_at,
            expires_at: timestamp(Method::Invoice, made.expires_at)?,
            status: Status::Unpaid,
            cancelled_at: None,
            payment_proven_at: None,
            renewed_by: None,
            refunded: None,
            valuation: None,
            receipt: None,
            hold: None,
            order: Order::default(),
        };
        Ok(CreatedInvoice { invoice, warnings })
    }

    /// The present value of the node's `updated` index, at once (`wait invoices updated 0`).
    ///
    /// # Errors
    /// [`Error`] when no answer comes; [`Error::TooOld`] before v23.08, which has no `wait`.
    pub async fn updated_index(&self) -> Result<u64, Error> {
        let now = json!({ "subsystem": INVOICES, "indexname": "updated", "nextvalue": 0 });
        let Updated { updated } = self.call(Method::Wait, &now).await?;
        Ok(updated)
    }

    /// The present value of the node's `deleted` index, at once (`wait invoices deleted 0`): how many invoices were
    /// ever deleted from it.
    ///
    /// # Errors
    /// As [`Client::updated_index`].
    pub async fn deleted_index(&self) -> Result<u64, Error> {
        let now = json!({ "subsystem": INVOICES, "indexname": "deleted", "nextvalue": 0 });
        let Counted { deleted } = self.call(Method::Wait, &now).await?;
        Ok(deleted)
    }

    /// How many invoices the node has created so far, deleted ones included (`wait invoices created 0`).
    ///
    /// # Errors
    /// As [`Client::updated_index`].
    pub async fn created_index(&self) -> Result<u64, Error> {
        #[derive(Deserialize)]
        struct Created {
            created: u64,
        }
        let now = json!({ "subsystem": INVOICES, "indexname": "created", "nextvalue": 0 });
        let Created { created } = self.call(Method::Wait, &now).await?;
        Ok(created)
    }

    /// Deletes an invoice from the node, if it is in this state (`delinvoice`). The node compares and deletes at once: an
    /// unpaid invoice is deleted or paid, never both.
    ///
    /// # Errors
    /// [`Error`] when no answer comes, or none that makes sense.
    pub async fn delete(
        &self,
        invoice: &InvoiceRef,
        status: StatusName,
    ) -> Result<DeleteOutcome, Error> {
        let request = DelinvoiceRequest {
            label: invoice.on_node().to_owned(),
            status: match status {
                StatusName::Unpaid | StatusName::Accepted => DelinvoiceStatus::UNPAID,
                StatusName::Paid => DelinvoiceStatus::PAID,
                StatusName::Expired | StatusName::Cancelled => DelinvoiceStatus::EXPIRED,
            },
            desconly: None,
        };
        match self
            .call::<_, IgnoredAny>(Method::Delinvoice, &request)
            .await
        {
            Ok(_) => Ok(DeleteOutcome::Deleted),
            Err(Error::Rejected {
                code: UNKNOWN_INVOICE,
                ..
            }) => Ok(DeleteOutcome::NotFound),
            Err(Error::Rejected {
                code: OTHER_STATUS,
                data: Some(data),
                ..
            }) => State::deserialize(&data["current_status"])
                .map(|state| DeleteOutcome::WrongStatus(state.into()))
                .map_err(|_| malformed(Method::Delinvoice, "a state that is not known")),
            Err(error) => Err(error),
        }
    }

    /// Whether the node is set to delete paid invoices automatically (`autoclean-status`).
    ///
    /// # Errors
    /// [`Error::TooOld`] where the autoclean plugin is absent.
    pub async fn retention(&self) -> Result<Retention, Error> {
        let status: Value = self.call(Method::AutocleanStatus, &json!({})).await?;
        let paid = &status["autoclean"]["paidinvoices"]["enabled"];
        Ok(if *paid == true {
            Retention::DeletesPaid
        } else {
            Retention::KeepsPaid
        })
    }
}

/// What the node says when it would have put an address of its own into the invoice: we asked for none.
const NO_ADDRESS: &str = "warning_custom_fallbacks";

/// Every member named `warning_…` but that: the newest lightningd may have some that `cln_rpc` does not know.
pub(super) fn warnings(answer: &Value) -> Vec<Warning> {
    let members = answer.as_object().into_iter().flatten();
    let warnings = members.filter(|(name, _)| name.starts_with("warning_") && *name != NO_ADDRESS);
    warnings
        .map(|(name, text)| Warning {
            code: name.clone(),
            message: text.as_str().unwrap_or_default().to_owned(),
        })
        .collect()
}
