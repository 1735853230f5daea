//! What the counter sells.

use facture_domain::{
    Description, Expiry, LinkUnit,
    counter::{CounterItem, ItemTerms, TaxRate},
    desk::{Actor, AuditAction},
};
use facture_store::{CounterItemSaved, Store};

use super::error::Error;
use crate::invoices::Invoicing;

/// The counter. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Counter {
    pub(super) store: Store,
    pub(super) invoicing: Invoicing,
    pub(super) rules: CounterRules,
}

/// How it sells.
#[derive(Clone, Debug)]
pub struct CounterRules {
    /// What its prices are in. Items of another unit are not sold.
    pub unit: LinkUnit,
    /// The rate of the tax in amounts that are typed; `None`: the shop does not say.
    pub tax: Option<TaxRate>,
    /// The tips that are offered, in percent.
    pub tips: Vec<u32>,
    /// What buyers' wallets show when only an amount was typed.
    pub title: Description,
    /// How long an invoice can be paid.
    pub expiry: Expiry,
}

impl Counter {
    /// In this store and by these invoices.
    pub fn new(store: Store, invoicing: Invoicing, rules: CounterRules) -> Self {
        Self {
            store,
            invoicing,
            rules,
        }
    }

    /// How it sells.
    pub fn rules(&self) -> &CounterRules {
        &self.rules
    }

    /// Adds an item, or changes the one with this number; its number.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::TooMany`], [`Error::Store`].
    pub async fn save(
        &self,
        number: Option<u32>,
        terms: ItemTerms,
        actor: Option<&Actor>,
    ) -> Result<u32, Error> {
        let entry = actor.map(|actor| {
            let entry = actor.did(AuditAction::CounterItemSaved, terms.name.as_str());
            entry.with(terms.price.to_string())
        });
        match self.store.save_counter_item(number, terms, entry).await? {
            CounterItemSaved::Done(number) => Ok(number),
            CounterItemSaved::Unknown => Err(Error::NotFound),
            CounterItemSaved::TooMany => Err(Error::TooMany),
        }
    }

    /// Removes an item. What was sold stays sold.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::Store`].
    pub async fn remove(&self, number: u32, actor: &Actor) -> Result<(), Error> {
        let item = self.find(number).await?;
        let entry = actor.did(AuditAction::CounterItemRemoved, item.terms.name.as_str());
        match self.store.remove_counter_item(number, entry).await? {
            true => Ok(()),
            false => Err(Error::NotFound),
        }
    }

    /// The item with this number.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::Store`].
    pub async fn find(&self, number: u32) -> Result<CounterItem, Error> {
        let items = self.store.counter_items().await?;
        let mut items = items.into_iter();
        items
            .find(|item| item.number == number)
            .ok_or(Error::NotFound)
    }

    /// All items, by category and name, those in another unit too.
    ///
    /// # Errors
    /// [`Error::Store`].
    pub async fn items(&self) -> Result<Vec<CounterItem>, Error> {
        Ok(self.store.counter_items().await?)
    }
}
