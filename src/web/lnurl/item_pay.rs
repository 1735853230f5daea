//! LNURL-pay of items: a wallet buys without the item's page, and shows a word or a short text itself once it has paid (LUD-10).
//! Reading makes nothing.

use std::sync::Arc;

use axum::{
    extract::{FromRef, Path, RawQuery, State},
    response::Response,
};

use super::{
    again::{RecentRequests, is_payable},
    link::of_item,
    parameters::amount,
    pay_answers::{PAY_REQUEST, PayRequest, pay_response},
    reply::{LnurlError, reply},
    session::Session,
    success::SuccessAction,
};
use crate::{
    invoices::Invoicing,
    reveal::{Error as RevealError, Reveals, SaleOrder},
    web::{
        error::Problem, extract::client::Client, limits::creation::CreationLimit, origin::Origin,
        paths::item_path,
    },
};
use facture_domain::{Invoice, Item, ItemId, LnurlMetadata, SaleKey};

/// Dependencies of the routes.
#[derive(Clone)]
pub(super) struct ItemPayState {
    reveals: Reveals,
    invoicing: Arc<Invoicing>,
    creation: Arc<CreationLimit>,
    recent: Arc<RecentRequests>,
}

impl<S> FromRef<S> for ItemPayState
where
    Reveals: FromRef<S>,
    Arc<Invoicing>: FromRef<S>,
    Arc<CreationLimit>: FromRef<S>,
    Arc<RecentRequests>: FromRef<S>,
{
    fn from_ref(state: &S) -> Self {
        Self {
            reveals: FromRef::from_ref(state),
            invoicing: FromRef::from_ref(state),
            creation: FromRef::from_ref(state),
            recent: FromRef::from_ref(state),
        }
    }
}

/// `GET /lnurl/reveal/{item}`.
pub(super) async fn show(
    State(state): State<ItemPayState>,
    origin: Origin,
    Path(id): Path<String>,
) -> Result<Response, LnurlError> {
    let item = state.find(&id, &origin).await?;
    if item.available() == Some(0) {
        return Err(Problem::SoldOut.into());
    }
    let metadata = shown(&item);
    let price = item.price.msat();
    let address = of_item(&origin, &item.id);
    Ok(reply(&PayRequest {
        tag: PAY_REQUEST,
        callback: format!("{address}/{}", Session::new(&metadata).as_str()),
        min_sendable: price,
        max_sendable: price,
        metadata: metadata.as_str().to_owned(),
        comment_allowed: None,
        payer_data: None,
    }))
}

/// `GET /lnurl/reveal/{item}/{request}?amount=…`: a GET that buys, as wallets ask (LUD-06).
pub(super) async fn invoice(
    State(state): State<ItemPayState>,
    origin: Origin,
    client: Client,
    Path((id, session)): Path<(String, String)>,
    RawQuery(query): RawQuery,
) -> Result<Response, LnurlError> {
    let item = state.find(&id, &origin).await?;
    let session = Session::parse(&session).ok_or_else(no_such_item)?;
    session.check(&shown(&item))?;
    amount(&query.unwrap_or_default(), item.price, item.price)?;
    state.creation.admit(&client, &state.invoicing).await?;
    let invoice = state.payable(&item, &session).await?;
    let sealed = state.reveals.sealed_for_wallet(&invoice).await;
    let sealed = sealed.map_err(Problem::from)?;
    let action = SuccessAction::of_item(&item, sealed, &origin, &invoice.label);
    pay_response(&invoice, &origin, Some(action))
}

impl ItemPayState {
    async fn find(&self, id: &str, origin: &Origin) -> Result<Item, LnurlError> {
        let id = ItemId::parse(id).map_err(|_| no_such_item())?;
        let item = self.reveals.item(&id).await.map_err(|error| match error {
            RevealError::NotFound | RevealError::WordUnavailable => no_such_item(),
            error => Problem::from(error).into(),
        })?;
        match self.reveals.is_for_wallets(&item) {
            true => Ok(item),
            false => Err(LnurlError(format!(
                "This is bought on its page: {}",
                origin.url(&item_path(&item.id))
            ))),
        }
    }

    /// The invoice of the last minute for a sale, or another one when it can no longer be paid.
    async fn payable(&self, item: &Item, session: &Session) -> Result<Arc<Invoice>, LnurlError> {
        for key in self
            .recent
            .keys(&format!("lnurl {} {}", item.id, session.as_str()))
        {
            let order = SaleOrder {
                item: item.id.clone(),
                key: SaleKey::of_text(&key),
                shown: Some(shown(item)),
            };
            let (_, made) = self.reveals.sell(order).await.map_err(Problem::from)?;
            if is_payable(&self.invoicing, &made).await? {
                return Ok(made);
            }
        }
        Err(Problem::TooManyUnpaid.into())
    }
}

/// What a wallet is shown. The same bytes for each request.
fn shown(item: &Item) -> LnurlMetadata {
    LnurlMetadata::of_text(item.title.clone())
}

fn no_such_item() -> LnurlError {
    LnurlError::new("There is no such item here.")
}
