//! The use cases of offers.

use facture_domain::{Label, LabelOwner, NewOffer, Offer, OfferId, OfferState, OurLabels};
use facture_node::{Disabled, ListedOffer, MadeOffer, Node, Offering};
use facture_store::{MAX_OFFERS, OfferAdded, Store};
use jiff::Timestamp;
use tracing::Instrument;

use super::error::Error;

/// Offers. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Offers {
    node: Node,
    store: Store,
    labels: OurLabels,
}

/// A request for an offer that may come twice and is to make one.
#[derive(Clone, Debug)]
pub struct OfferRequest {
    /// Whose key it is.
    pub scope: String,
    /// The key.
    pub key: String,
}

impl Offers {
    /// On this node and in this store, with these labels.
    pub fn new(node: Node, store: Store, labels: OurLabels) -> Self {
        Self {
            node,
            store,
            labels,
        }
    }

    /// Makes an offer: one for each request, however often it comes. To the end, whoever asked. One of ours that says the same
    /// may be there already: on a node whose address is announced, that is the same offer.
    ///
    /// # Errors
    /// [`Error`]; then the same may be tried again.
    pub async fn make(&self, request: Option<OfferRequest>, new: NewOffer) -> Result<Offer, Error> {
        let this = self.clone();
        let made = async move { this.make_once(request, new).await };
        tokio::spawn(made.in_current_span()).await?
    }

    async fn make_once(
        &self,
        request: Option<OfferRequest>,
        new: NewOffer,
    ) -> Result<Offer, Error> {
        let offering = self.offering()?;
        let label = match request {
            None => self.labels.random_offer_label(),
            Some(OfferRequest { scope, key }) => {
                let label = self.labels.offer_label_of_request(&scope, &key);
                if let Some(known) = self.known(&offering, &label).await? {
                    return match known.is_for(&new) {
                        true => Ok(known),
                        false => Err(Error::OtherRequest),
                    };
                }
                label
            }
        };
        if self.store.count_offers().await? >= MAX_OFFERS {
            return Err(Error::TooMany);
        }
        match offering.make(&label, &new).await? {
            MadeOffer::Disabled => Err(Error::Disabled),
            MadeOffer::Done(listed) => match self.take_in(listed).await? {
                Some(offer) => Ok(offer),
                None => Err(Error::Taken),
            },
        }
    }

    /// The offer of a request that came before. After a crash the node may have it, and the store not.
    async fn known(&self, offering: &Offering, label: &Label) -> Result<Option<Offer>, Error> {
        if let Some(known) = self.store.offer_by_label(label).await? {
            return Ok(Some(known));
        }
        let listed = offering.list().await?.into_iter();
        let mut listed = listed.filter(|offer| offer.label.as_deref() == Some(label.as_str()));
        match listed.next() {
            Some(listed) => self.take_in(listed).await,
            None => Ok(None),
        }
    }

    /// All offers, as the node has them, the newest first.
    ///
    /// # Errors
    /// [`Error`].
    pub async fn list(&self) -> Result<Vec<Offer>, Error> {
        for listed in self.offering()?.list().await? {
            self.take_in(listed).await?;
        }
        Ok(self.store.offers().await?)
    }

    /// An offer, as the node has it.
    ///
    /// # Errors
    /// [`Error`].
    pub async fn find(&self, id: &OfferId) -> Result<Offer, Error> {
        let listed = self.offering()?.find(id).await?.ok_or(Error::NotFound)?;
        self.take_in(listed).await?.ok_or(Error::NotFound)
    }

    /// An offer as the node has it, for anybody who knows its id. For what is none of ours the node is not asked.
    ///
    /// # Errors
    /// [`Error::NotFound`], also where the node has no offers.
    pub async fn shown(&self, id: &OfferId) -> Result<Offer, Error> {
        match self.store.find_offer(id).await? {
            None => Err(Error::NotFound),
            Some(_) => self.find(id).await.map_err(|error| match error {
                Error::Unavailable(_) => Error::NotFound,
                error => error,
            }),
        }
    }

    /// Disables an offer: nobody can pay it any more, and its invoices that were not paid have expired. What was paid stays.
    /// Disabling it again has no effect.
    ///
    /// # Errors
    /// [`Error`].
    pub async fn disable(&self, id: &OfferId) -> Result<Offer, Error> {
        let offering = self.offering()?;
        let offer = self.find(id).await?;
        match offering.disable(id).await? {
            Disabled::NotFound => return Err(Error::NotFound),
            Disabled::Done => {}
        }
        let disabled = Offer {
            state: OfferState::Disabled,
            ..offer
        };
        self.put(disabled).await
    }

    /// Writes an offer of the node down as it is now, if it is ours.
    async fn take_in(&self, listed: ListedOffer) -> Result<Option<Offer>, Error> {
        let owner = listed.label.as_deref().map(|text| self.labels.owner(text));
        let Some(LabelOwner::Ours(label)) = owner else {
            return Ok(None);
        };
        let offer = Offer {
            id: listed.id,
            label,
            bolt12: listed.bolt12,
            state: listed.state,
            created_at: Timestamp::now(),
        };
        Ok(Some(self.put(offer).await?))
    }

    async fn put(&self, offer: Offer) -> Result<Offer, Error> {
        let (OfferAdded::New(offer) | OfferAdded::Known(offer)) =
            self.store.put_offer(offer).await?;
        Ok(offer)
    }

    fn offering(&self) -> Result<Offering, Error> {
        self.node.offering().ok_or(Error::Unavailable(None))
    }
}
