//! Offers: `offer`, `listoffers` and `disableoffer`.

use serde::{Deserialize, de::IgnoredAny};
use serde_json::{Map, Value, json};

use super::{client::Client, error::malformed};
use crate::{
    cln::{error::Error, method::Method},
    offers::{Disabled, ListedOffer, MadeOffer},
};
use facture_domain::{
    Amount, Description, Label, NewOffer, OfferId, OfferState,
    payment_string::{PaymentString, Way},
};

// lightningd's codes (`common/jsonrpc_errors.h`).

/// `offer`: one that says the same is disabled.
const EXISTS_DISABLED: i32 = 1000;

/// `disableoffer`: it is disabled already.
const ALREADY_DISABLED: i32 = 1001;

/// `disableoffer`: there is none of this id.
const INVALID_PARAMS: i32 = -32602;

/// What we need of an offer, as `offer` and `listoffers` show it.
#[derive(Deserialize)]
struct Shown {
    offer_id: String,
    active: bool,
    bolt12: String,
    label: Option<String>,
}

#[derive(Deserialize)]
struct All {
    offers: Vec<Shown>,
}

impl Client {
    /// Makes an offer (`offer`).
    ///
    /// # Errors
    /// [`Error`] when no answer comes, or none that makes sense.
    pub(crate) async fn offer(&self, label: &Label, new: &NewOffer) -> Result<MadeOffer, Error> {
        let mut request = Map::new();
        let amount = match new.amount {
            Amount::Any => "any".to_owned(),
            Amount::Exact(amount) => format!("{}msat", amount.msat()),
        };
        request.insert("amount".to_owned(), amount.into());
        request.insert("description".to_owned(), new.description.as_str().into());
        request.insert("label".to_owned(), label.as_str().into());
        if let Some(issuer) = new.issuer.as_ref().map(Description::as_str) {
            request.insert("issuer".to_owned(), issuer.into());
        }
        match self.call(Method::Offer, &Value::from(request)).await {
            Ok(shown) => Ok(MadeOffer::Done(read(Method::Offer, shown)?)),
            Err(Error::Rejected {
                code: EXISTS_DISABLED,
                ..
            }) => Ok(MadeOffer::Disabled),
            Err(error) => Err(error),
        }
    }

    /// The offer of this id, or all of them (`listoffers`).
    ///
    /// # Errors
    /// As [`Client::offer`].
    pub(crate) async fn offers(&self, id: Option<&OfferId>) -> Result<Vec<ListedOffer>, Error> {
        let request = match id {
            None => json!({}),
            Some(id) => json!({ "offer_id": id.to_string() }),
        };
        let All { offers } = self.call(Method::Listoffers, &request).await?;
        let offers = offers.into_iter();
        offers
            .map(|shown| read(Method::Listoffers, shown))
            .collect()
    }

    /// Disables an offer (`disableoffer`).
    ///
    /// # Errors
    /// As [`Client::offer`].
    pub(crate) async fn disable_offer(&self, id: &OfferId) -> Result<Disabled, Error> {
        let request = json!({ "offer_id": id.to_string() });
        let answer = self.call::<_, IgnoredAny>(Method::Disableoffer, &request);
        match answer.await {
            Ok(_) => Ok(Disabled::Done),
            Err(Error::Rejected { code, .. }) if code == ALREADY_DISABLED => Ok(Disabled::Done),
            Err(Error::Rejected { code, .. }) if code == INVALID_PARAMS => Ok(Disabled::NotFound),
            Err(error) => Err(error),
        }
    }
}

fn read(method: Method, shown: Shown) -> Result<ListedOffer, Error> {
    let id = shown.offer_id.parse();
    let id = id.map_err(|_| malformed(method, "an offer without an id"))?;
    let Ok(PaymentString {
        way: Way::Bolt12(bolt12),
        ..
    }) = PaymentString::parse(&shown.bolt12)
    else {
        return Err(malformed(method, "an offer without its string"));
    };
    Ok(ListedOffer {
        id,
        label: shown.label,
        bolt12,
        state: match shown.active {
            true => OfferState::Active,
            false => OfferState::Disabled,
        },
    })
}
