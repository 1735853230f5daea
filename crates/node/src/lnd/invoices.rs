//! Invoices of ours on LND, in the words of the domain.

use std::collections::HashSet;

use facture_domain::{
    Amount, Identity, Invoice, InvoiceKind, InvoiceRef, Label, Msat, NewInvoice, OpenInvoice,
    Order, Preimage, Settlement, Status, StatusName,
};

use super::{
    calls::{AddInvoice, Cancelled, Description, Page},
    client::Client,
    error::{Error, malformed},
    info,
    invoice::{self, Listed},
    method::Method,
    state::InvoiceState,
};
use crate::{
    feed::page::Compared,
    info::{CreatedInvoice, DeleteOutcome, NodeInfo},
};

/// 100,000 bitcoin: LND makes no invoice of more (`lnrpc/invoicesrpc/addinvoice.go`).
pub(crate) const MAX_AMOUNT: Option<Msat> = Msat::from_msat(10_000_000_000_000_000);

/// The most pending invoices that are listed at once: some 400 kB.
const MAX_PENDING: u32 = 250;

impl Client {
    /// The node's identity.
    ///
    /// # Errors
    /// [`Error::OldVersion`], and as [`Client::getinfo`].
    pub(crate) async fn node_info(&self) -> Result<NodeInfo, Error> {
        let info = self.getinfo().await?;
        if !info.version.is_supported() {
            return Err(Error::OldVersion {
                version: info.version.to_string(),
            });
        }
        Ok(NodeInfo {
            id: info.id,
            network: info.network,
            alias: info.alias,
            version: info.version.to_string(),
            block_height: info.block_height,
            syncing: match info.chain {
                info::ChainSync::Synced => None,
                info::ChainSync::Behind => {
                    Some("LND does not know the newest block yet (synced_to_chain)".to_owned())
                }
            },
        })
    }

    /// Creates an invoice, whose preimage is chosen by us.
    ///
    /// # Errors
    /// [`Error`]; of the kind [`Error::is_duplicate_hash`] when LND has the payment hash.
    pub(crate) async fn create(
        &self,
        identity: &Identity,
        new: &NewInvoice,
    ) -> Result<CreatedInvoice, Error> {
        let (label, preimage) = with_preimage(identity)?;
        let added = self
            .add_invoice(&AddInvoice {
                preimage,
                amount: new.amount,
                description: match &new.lnurl_metadata {
                    Some(metadata) => Description::Hash {
                        sha256: metadata.sha256(),
                        memo: new.description.as_str(),
                    },
                    None => Description::Text(new.description.as_str()),
                },
                expiry: new.expiry,
                hints: self.hints(),
            })
            .await?;
        let lifetime = jiff::SignedDuration::from_secs(new.expiry.seconds().into());
        let expires_at = added.created_at.checked_add(lifetime);
        let expires_at = expires_at.map_err(|error| malformed(Method::AddInvoice, error))?;
        Ok(CreatedInvoice {
            invoice: Invoice {
                label: label.clone(),
                amount: new.amount,
                description: new.description.as_str().to_owned(),
                kind: InvoiceKind::Bolt11(added.bolt11),
                payment_hash: added.payment_hash,
                number: added.add_index,
                created_at: added.created_at,
                expires_at,
                status: Status::Unpaid,
                cancelled_at: None,
                payment_proven_at: None,
                renewed_by: None,
                refunded: None,
                valuation: None,
                receipt: None,
                hold: None,
                order: Order::default(),
            },
            warnings: Vec::new(),
        })
    }

    /// Looks an invoice up; `None` when LND has none of that payment hash, or one that was cancelled.
    ///
    /// # Errors
    /// [`Error`].
    pub(crate) async fn find(&self, invoice: &InvoiceRef) -> Result<Option<Invoice>, Error> {
        match self.find_listed(invoice).await? {
            Some(found) if !found.is_cancelled() => found.read_as(&invoice.label).map(Some),
            Some(_) | None => Ok(None),
        }
    }

    /// Cancels an invoice if it is in this state, and unpaid. LND keeps it, but nobody can pay it.
    ///
    /// # Errors
    /// [`Error`].
    pub(crate) async fn delete(
        &self,
        invoice: &InvoiceRef,
        status: StatusName,
    ) -> Result<DeleteOutcome, Error> {
        let Some(found) = self.find_listed(invoice).await? else {
            return Ok(DeleteOutcome::NotFound);
        };
        let Some(payment_hash) = found.payment_hash() else {
            return Ok(DeleteOutcome::NotFound);
        };
        let found_status = match found.state() {
            InvoiceState::Open if status == StatusName::Unpaid => None,
            // A payment is held: sending it back is another request.
            InvoiceState::Open | InvoiceState::Accepted => Some(StatusName::Unpaid),
            InvoiceState::Settled => Some(StatusName::Paid),
            InvoiceState::Canceled if found.is_cancelled() => return Ok(DeleteOutcome::NotFound),
            InvoiceState::Canceled => Some(StatusName::Expired),
        };
        if let Some(found_status) = found_status {
            return Ok(DeleteOutcome::WrongStatus(found_status));
        }
        Ok(match self.cancel(payment_hash).await? {
            Cancelled::Yes => DeleteOutcome::Deleted,
            Cancelled::Settled => DeleteOutcome::WrongStatus(StatusName::Paid),
            Cancelled::Unknown => DeleteOutcome::NotFound,
        })
    }

    /// Compares open invoices, in the order of their numbers, with what is pending on the node: as many of the first of
    /// them as one call can list. What is not pending is paid, cancelled, expired or gone.
    ///
    /// # Errors
    /// [`Error`].
    pub(crate) async fn compare_pending(&self, open: &[OpenInvoice]) -> Result<Compared, Error> {
        let Some(first) = open.first() else {
            return Ok(Compared::default());
        };
        let before = first.number.saturating_sub(1);
        let pending = self.list(Page::PendingAfter(before), MAX_PENDING).await?;
        let full = u32::try_from(pending.len()).is_ok_and(|count| count >= MAX_PENDING);
        let until = match pending.last() {
            Some(last) if full => last.add_index(),
            _ => u64::MAX,
        };
        let hashes: HashSet<_> = pending.iter().filter_map(Listed::payment_hash).collect();
        let listed = open.iter().take_while(|invoice| invoice.number <= until);
        let compared: Vec<_> = listed.collect();
        Ok(Compared {
            count: compared.len(),
            missing: compared
                .into_iter()
                .filter(|invoice| !hashes.contains(&invoice.payment_hash))
                .cloned()
                .collect(),
            listed: Vec::new(),
        })
    }

    /// How many invoices the node has created, as far as it still has them.
    ///
    /// # Errors
    /// [`Error`].
    pub(crate) async fn last_add_index(&self) -> Result<u64, Error> {
        let newest = self.list(Page::Newest, 1).await?;
        Ok(newest.last().map_or(0, Listed::add_index))
    }

    pub(super) async fn find_listed(&self, invoice: &InvoiceRef) -> Result<Option<Listed>, Error> {
        let hash = invoice.payment_hash.ok_or_else(|| {
            malformed(
                Method::LookupInvoice,
                "LND has no labels: it finds an invoice by its payment hash only",
            )
        })?;
        self.lookup(hash).await
    }
}

impl Listed {
    /// The invoice, with this label.
    ///
    /// # Errors
    /// [`Error::Malformed`] when it makes no sense.
    pub(crate) fn read_as(&self, label: &Label) -> Result<Invoice, Error> {
        let read = self.read(Method::LookupInvoice)?;
        let bolt11 = read
            .bolt11
            .ok_or_else(|| malformed(Method::LookupInvoice, "the invoice has no BOLT 11 string"))?;
        Ok(Invoice {
            label: label.clone(),
            amount: read.amount.map_or(Amount::Any, Amount::Exact),
            description: read.memo,
            kind: InvoiceKind::Bolt11(bolt11),
            payment_hash: read.payment_hash,
            number: read.add_index,
            created_at: read.created_at,
            expires_at: read.expires_at,
            status: match (read.state, read.settlement, self.held()?) {
                (_, Some(settlement), _) => Status::Paid(paid(settlement)),
                (InvoiceState::Canceled, ..) => Status::Expired,
                (_, None, Some(held)) => Status::Accepted(held),
                (_, None, None) => Status::Unpaid,
            },
            cancelled_at: None,
            payment_proven_at: None,
            renewed_by: None,
            refunded: None,
            valuation: None,
            receipt: None,
            hold: None,
            order: Order::default(),
        })
    }
}

fn paid(settlement: invoice::Settlement) -> Settlement {
    Settlement {
        amount_received: settlement.amount,
        paid_at: settlement.at,
        pay_index: settlement.settle_index,
    }
}

fn with_preimage(identity: &Identity) -> Result<(&Label, &Preimage), Error> {
    match identity {
        Identity::Preimage { label, preimage } => Ok((label, preimage)),
        Identity::Label(_) => Err(malformed(
            Method::AddInvoice,
            "LND has no labels: an invoice needs a preimage of ours",
        )),
    }
}
