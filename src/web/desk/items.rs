//! What is sold by pay to reveal: listed, offered, changed and withdrawn. No page of it has what a buyer pays for.

use askama::Template;
use axum::{
    extract::{RawQuery, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use url::form_urlencoded;

use super::{
    frame::{Frame, Frames},
    item_form::{ItemForm, ItemFormError, ItemKind},
    permit::{ManageItems, Permit},
    posted::Posted,
};
use crate::{
    reveal::{Error, Reveals},
    web::{
        buyer::{pages::Money, shell::html},
        error::Problem,
        origin::Origin,
        paths::item_path,
    },
};
use facture_domain::{Item, ItemId, ItemOrigin, desk::Actor};

const PATH: &str = "/desk/items";

#[derive(Template)]
#[template(path = "desk/items.html")]
struct ItemsPage {
    frame: Frame,
    shop: Origin,
    items: Vec<Item>,
    form: ItemForm,
    sells_words: bool,
}

impl ItemsPage {
    /// Where it is sold.
    fn url(&self, item: &Item) -> String {
        self.shop.url(&item_path(&item.id))
    }

    /// What is wrong with this field, if it is this one.
    fn wrong(&self, field: &str) -> Option<String> {
        let error = self.form.error?;
        let (at, text) = match error {
            ItemFormError::Id => ("id", self.frame.say("desk-item-id-invalid")),
            ItemFormError::Taken => ("id", self.frame.say("desk-item-id-taken")),
            ItemFormError::Configured => ("id", self.frame.say("desk-item-configured-text")),
            ItemFormError::TooMany => ("id", self.frame.say("desk-item-too-many")),
            ItemFormError::Title => ("title", self.frame.say("desk-item-title-invalid")),
            ItemFormError::Price => ("price", self.frame.say("desk-item-price-invalid")),
            ItemFormError::Text => ("text", self.frame.say("desk-item-text-missing")),
            ItemFormError::Word => ("text", self.frame.say("desk-item-word-invalid")),
            ItemFormError::NoWords => ("text", self.frame.say("desk-item-no-words")),
            ItemFormError::Stock => ("stock", self.frame.say("desk-item-stock-invalid")),
        };
        (at == field).then(|| text.into_owned())
    }
}

/// `GET /desk/items`, and with `?item=…` the form for changing one.
pub(crate) async fn show(
    permit: Permit<ManageItems>,
    State(reveals): State<Reveals>,
    frames: Frames,
    RawQuery(query): RawQuery,
) -> Result<Response, Problem> {
    let items = reveals.items().await?;
    let query = query.unwrap_or_default();
    let chosen = form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == "item");
    let chosen = chosen.and_then(|(_, text)| ItemId::parse(&text).ok());
    let chosen = items
        .iter()
        .find(|item| Some(&item.id) == chosen.as_ref() && item.origin == ItemOrigin::Api);
    let form = chosen.map_or_else(ItemForm::new, ItemForm::of);
    page(&permit, &reveals, &frames, items, form)
}

/// `POST /desk/items`: offers an item, or changes one.
pub(crate) async fn offer(
    State(reveals): State<Reveals>,
    frames: Frames,
    posted: Posted<ManageItems>,
) -> Result<Response, Problem> {
    let Posted { permit, fields } = posted;
    let mut form = ItemForm::sent(&fields);
    match offered(&reveals, permit.actor(), &form).await? {
        Ok(()) => Ok(Redirect::to(&frames.link(PATH)).into_response()),
        Err(error) => {
            form.error = Some(error);
            let items = reveals.items().await?;
            let response = page(&permit, &reveals, &frames, items, form)?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, response).into_response())
        }
    }
}

/// `POST /desk/items/withdraw`: it is not offered any more. What was sold stays with its buyers.
pub(crate) async fn withdraw(
    State(reveals): State<Reveals>,
    frames: Frames,
    posted: Posted<ManageItems>,
) -> Result<Response, Problem> {
    let Posted { permit, fields } = posted;
    let id = ItemId::parse(fields.text("item")).map_err(|_| Problem::ItemNotFound)?;
    match reveals.withdraw(&id, Some(&permit.actor())).await {
        // Somebody else was faster.
        Ok(()) | Err(Error::NotFound) => {}
        Err(error) => return Err(error.into()),
    }
    Ok(Redirect::to(&frames.link(PATH)).into_response())
}

async fn offered(
    reveals: &Reveals,
    actor: Actor,
    form: &ItemForm,
) -> Result<Result<(), ItemFormError>, Problem> {
    let items = reveals.items().await?;
    let known = items.iter().find(|item| item.id.as_str() == form.id);
    let new = match form.item(known) {
        Ok(new) => new,
        Err(error) => return Ok(Err(error)),
    };
    match reveals.offer(new, Some(actor)).await {
        Ok(_) => Ok(Ok(())),
        Err(Error::WordUnavailable) => Ok(Err(ItemFormError::NoWords)),
        Err(Error::OfConfiguration) => Ok(Err(ItemFormError::Configured)),
        Err(Error::TooMany) => Ok(Err(ItemFormError::TooMany)),
        Err(error) => Err(error.into()),
    }
}

fn page(
    permit: &Permit<ManageItems>,
    reveals: &Reveals,
    frames: &Frames,
    items: Vec<Item>,
    form: ItemForm,
) -> Result<Response, Problem> {
    html(&ItemsPage {
        frame: frames.of(permit).at(PATH),
        shop: frames.shop().clone(),
        items,
        form,
        sells_words: reveals.sells_words(),
    })
}
