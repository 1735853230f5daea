//! Making, changing, stopping and finding payment links.

use facture_domain::{
    Expiry, Label, LinkSale, LinkTerms, LinkText, Msat, OurLabels, PaymentLink, Slug,
    desk::{Actor, AuditAction},
};
use facture_store::{LinkAdded, Store};

use super::error::Error;
use crate::invoices::Invoicing;

/// Payment links. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Links {
    pub(super) store: Store,
    pub(super) invoicing: Invoicing,
    pub(super) labels: OurLabels,
    pub(super) rules: LinkRules,
}

/// What is agreed with buyers.
#[derive(Clone, Copy, Debug)]
pub struct LinkRules {
    /// How long their invoices can be paid.
    pub expiry: Expiry,
    /// The same of a price in another currency.
    pub price_expiry: Expiry,
    /// The least that a buyer can choose who chooses freely.
    pub least: Msat,
    /// The most.
    pub most: Msat,
}

impl LinkRules {
    /// Whether a buyer who chooses freely can choose this.
    pub fn takes(&self, amount: Msat) -> bool {
        (self.least..=self.most).contains(&amount)
    }
}

impl Links {
    /// The same rules for all links.
    pub fn rules(&self) -> LinkRules {
        self.rules
    }

    /// In this store and by these invoices.
    pub fn new(store: Store, invoicing: Invoicing, labels: OurLabels, rules: LinkRules) -> Self {
        Self {
            store,
            invoicing,
            labels,
            rules,
        }
    }

    /// Makes a link.
    ///
    /// # Errors
    /// [`Error::Taken`], [`Error::TooMany`], [`Error::Store`].
    pub async fn add(
        &self,
        slug: Slug,
        terms: LinkTerms,
        actor: Option<&Actor>,
    ) -> Result<(), Error> {
        let entry = actor.map(|actor| actor.did(AuditAction::LinkSaved, slug.as_str()));
        match self.store.add_link(slug, terms, entry).await? {
            LinkAdded::Done => Ok(()),
            LinkAdded::Taken => Err(Error::Taken),
            LinkAdded::TooMany => Err(Error::TooMany),
        }
    }

    /// Changes what a link says and asks for. What was ordered before stays, and counts.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::Store`].
    pub async fn change(
        &self,
        slug: Slug,
        terms: LinkTerms,
        actor: Option<&Actor>,
    ) -> Result<(), Error> {
        let entry = actor.map(|actor| actor.did(AuditAction::LinkSaved, slug.as_str()));
        match self.store.change_link(slug, terms, entry).await? {
            true => Ok(()),
            false => Err(Error::NotFound),
        }
    }

    /// Makes a link, or changes the one of this name. Whether it is new.
    ///
    /// # Errors
    /// [`Error::TooMany`], [`Error::Store`].
    pub async fn put(&self, slug: Slug, terms: LinkTerms) -> Result<bool, Error> {
        match self.add(slug.clone(), terms.clone(), None).await {
            Ok(()) => Ok(true),
            // Links are never deleted.
            Err(Error::Taken) => self.change(slug, terms, None).await.map(|()| false),
            Err(error) => Err(error),
        }
    }

    /// Stops a link, if it is not stopped. Invoices that can still be paid are.
    ///
    /// # Errors
    /// [`Error::Store`].
    pub async fn stop(&self, slug: Slug, actor: Option<&Actor>) -> Result<(), Error> {
        let entry = actor.map(|actor| actor.did(AuditAction::LinkStopped, slug.as_str()));
        self.store.stop_link(slug, entry).await?;
        Ok(())
    }

    /// Opens a link that was stopped.
    ///
    /// # Errors
    /// [`Error::Store`].
    pub async fn reopen(&self, slug: Slug, actor: Option<&Actor>) -> Result<(), Error> {
        let entry = actor.map(|actor| actor.did(AuditAction::LinkReopened, slug.as_str()));
        self.store.reopen_link(slug, entry).await?;
        Ok(())
    }

    /// A link, stopped ones too.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::Store`].
    pub async fn find(&self, slug: &Slug) -> Result<PaymentLink, Error> {
        self.store.link(slug).await?.ok_or(Error::NotFound)
    }

    /// All links, in the order in which they were made.
    ///
    /// # Errors
    /// [`Error::Store`].
    pub async fn list(&self) -> Result<Vec<PaymentLink>, Error> {
        Ok(self.store.links().await?)
    }

    /// What was ordered by a link, the newest first, at most `limit`.
    ///
    /// # Errors
    /// [`Error::Store`].
    pub async fn sales(&self, slug: &Slug, limit: u32) -> Result<Vec<LinkSale>, Error> {
        Ok(self.store.link_sales(slug, limit).await?)
    }

    /// The link by which an invoice was ordered, and what its page says once it is paid.
    ///
    /// # Errors
    /// [`Error::Store`].
    pub async fn of(&self, label: &Label) -> Result<Option<(Slug, Option<LinkText>)>, Error> {
        Ok(self.store.link_of(label).await?)
    }
}
