//! Offers (BOLT 12): making, listing and disabling them, on a node that has them.

use facture_domain::{Label, NewOffer, OfferId, OfferState, payment_string::Bolt12};

use crate::{cln::client::Client, error::NodeError, node::Node};

/// The offers of a node that has them. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Offering(Client);

/// An offer of the node as it lists it. It may be another program's.
#[derive(Clone, Debug)]
pub struct ListedOffer {
    /// What the node knows it by.
    pub id: OfferId,
    /// The name that whoever made it gave it.
    pub label: Option<String>,
    /// The string to show to buyers.
    pub bolt12: Bolt12,
    /// Whether it can be paid.
    pub state: OfferState,
}

/// What became of an offer that was to be made.
#[derive(Clone, Debug)]
pub enum MadeOffer {
    /// The node has it now. One that says the same may have been there before, under another label.
    Done(ListedOffer),
    /// The node has one that says the same, and it is disabled.
    Disabled,
}

/// What became of an offer that was to be disabled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Disabled {
    /// It is disabled. Its invoices that were not paid have expired, of which the node tells nothing.
    Done,
    /// The node has no such offer.
    NotFound,
}

impl Node {
    /// Its offers; `None` where there are none, as on LND.
    pub fn offering(&self) -> Option<Offering> {
        match self {
            Self::Cln(client) => Some(Offering(client.clone())),
            #[cfg(feature = "lnd")]
            Self::Lnd(_) => None,
        }
    }
}

impl Offering {
    /// Makes an offer. A node whose address is not announced makes another one each time.
    ///
    /// # Errors
    /// [`NodeError`].
    pub async fn make(&self, label: &Label, new: &NewOffer) -> Result<MadeOffer, NodeError> {
        Ok(self.0.offer(label, new).await?)
    }

    /// All offers of the node, whoever made them.
    ///
    /// # Errors
    /// [`NodeError`].
    pub async fn list(&self) -> Result<Vec<ListedOffer>, NodeError> {
        Ok(self.0.offers(None).await?)
    }

    /// The offer with this id; `None` when the node has none.
    ///
    /// # Errors
    /// [`NodeError`].
    pub async fn find(&self, id: &OfferId) -> Result<Option<ListedOffer>, NodeError> {
        let found = self.0.offers(Some(id)).await?;
        Ok(found.into_iter().find(|offer| offer.id == *id))
    }

    /// Disables an offer: nobody can pay it any more. It is safe to repeat.
    ///
    /// # Errors
    /// [`NodeError`].
    pub async fn disable(&self, id: &OfferId) -> Result<Disabled, NodeError> {
        Ok(self.0.disable_offer(id).await?)
    }
}
