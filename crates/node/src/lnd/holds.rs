//! Hold invoices on LND (`invoicesrpc`), in the words of the domain.

use facture_domain::{
    Held, HoldIdentity, Invoice, InvoiceKind, InvoiceRef, NewInvoice, Order, Preimage, Status,
    StatusName,
};
use jiff::{SignedDuration, Timestamp};

use super::{
    calls::{AddHoldInvoice, Cancelled, Description, Page, Settled},
    client::Client,
    error::{Error, malformed},
    invoice::{Kind, Listed},
    method::Method,
    state::InvoiceState,
};
use crate::{hold_info::HoldOutcome, info::CreatedInvoice};

/// The most pending invoices that are listed at once: some 1.5 MB.
const MAX_PENDING: u32 = 1000;

impl Client {
    /// Creates a hold invoice.
    ///
    /// # Errors
    /// [`Error`]; of the kind [`Error::is_duplicate_hash`] when LND has the payment hash.
    pub(crate) async fn create_hold(
        &self,
        identity: &HoldIdentity,
        new: &NewInvoice,
        cltv_blocks: u32,
    ) -> Result<CreatedInvoice, Error> {
        let added = self
            .add_hold_invoice(&AddHoldInvoice {
                payment_hash: identity.payment_hash,
                amount: new.amount,
                description: Description::Text(new.description.as_str()),
                expiry: new.expiry,
                cltv_expiry: u16::try_from(cltv_blocks).unwrap_or(u16::MAX),
                hints: self.hints(),
            })
            .await?;
        let lifetime = SignedDuration::from_secs(new.expiry.seconds().into());
        let expires_at = added.created_at.checked_add(lifetime);
        Ok(CreatedInvoice {
            invoice: Invoice {
                label: identity.label.clone(),
                amount: new.amount,
                description: new.description.as_str().to_owned(),
                kind: InvoiceKind::Bolt11(added.bolt11),
                payment_hash: added.payment_hash,
                number: added.add_index,
                created_at: added.created_at,
                expires_at: expires_at.map_err(|error| malformed(Method::AddHoldInvoice, error))?,
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

    /// Looks a hold invoice up, whatever became of it.
    ///
    /// # Errors
    /// [`Error`].
    pub(crate) async fn find_hold(&self, invoice: &InvoiceRef) -> Result<Option<Invoice>, Error> {
        let Some(found) = self.find_listed(invoice).await? else {
            return Ok(None);
        };
        let read = found.read_as(&invoice.label)?;
        Ok(Some(match found.is_cancelled() {
            // LND does not say when.
            true => Invoice {
                cancelled_at: Some(Timestamp::now()),
                ..read
            },
            false => read,
        }))
    }

    /// Takes a held payment.
    ///
    /// # Errors
    /// [`Error`].
    pub(crate) async fn settle_hold(&self, preimage: &Preimage) -> Result<HoldOutcome, Error> {
        Ok(match self.settle(preimage).await? {
            Settled::Yes => HoldOutcome::Done,
            Settled::Open => HoldOutcome::Instead(StatusName::Unpaid),
            Settled::Cancelled => HoldOutcome::Instead(StatusName::Cancelled),
            Settled::Unknown => HoldOutcome::NotFound,
        })
    }

    /// Sends a held payment back.
    ///
    /// # Errors
    /// [`Error`].
    pub(crate) async fn cancel_hold(&self, invoice: &InvoiceRef) -> Result<HoldOutcome, Error> {
        let hash = invoice.payment_hash.ok_or_else(|| {
            malformed(
                Method::CancelInvoice,
                "LND has no labels: it finds an invoice by its payment hash only",
            )
        })?;
        Ok(match self.cancel(hash).await? {
            Cancelled::Yes => HoldOutcome::Done,
            Cancelled::Settled => HoldOutcome::Instead(StatusName::Paid),
            Cancelled::Unknown => HoldOutcome::NotFound,
        })
    }

    /// Pending invoices after this add index whose preimage LND does not know.
    ///
    /// # Errors
    /// [`Error`].
    pub(crate) async fn open_holds(&self, mut after: u64) -> Result<Vec<Listed>, Error> {
        let mut holds = Vec::new();
        loop {
            let page = self.list(Page::PendingAfter(after), MAX_PENDING).await?;
            let full = u32::try_from(page.len()).is_ok_and(|count| count >= MAX_PENDING);
            after = page.last().map_or(after, Listed::add_index);
            holds.extend(
                page.into_iter().filter(|listed| {
                    listed.kind() == Kind::Ordinary && listed.preimage().is_none()
                }),
            );
            if !full {
                return Ok(holds);
            }
        }
    }
}

impl Listed {
    /// What is held for it; `None` when nothing is.
    ///
    /// # Errors
    /// [`Error::Malformed`] when less is held than was asked for, or it is not said until when.
    pub(super) fn held(&self) -> Result<Option<Held>, Error> {
        const METHOD: Method = Method::LookupInvoice;
        if self.state() != InvoiceState::Accepted {
            return Ok(None);
        }
        let (amount, accepted_at) = self.held_parts(METHOD)?;
        let expires_at_height = self
            .held_until()
            .ok_or_else(|| malformed(METHOD, "a held payment without an end"))?;
        Ok(Some(Held {
            amount,
            accepted_at,
            expires_at_height,
        }))
    }
}
