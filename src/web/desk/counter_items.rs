//! What the counter sells, for owners and managers: listed, added, changed and removed.

use std::borrow::Cow;

use askama::Template;
use axum::{
    extract::{RawQuery, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use url::form_urlencoded;

use super::{
    counter::{CounterState, unit_word},
    frame::{Frame, Frames},
    link_form::in_form,
    permit::{ManageItems, Permit},
    posted::{Fields, Posted},
};
use crate::{
    counter::Error as CounterError,
    locale::Language,
    web::{
        buyer::{pages::Money, shell::html},
        error::Problem,
        money_text::{money, plain},
    },
};
use facture_domain::{
    DecimalMark, LinkUnit,
    counter::{CounterItem, ItemName, ItemTerms, TaxRate},
};

const PATH: &str = "/desk/counter/items";

/// The longest text of a field that is shown again.
const MAX_TYPED: usize = 100;

#[derive(Template)]
#[template(path = "desk/counter_items.html")]
struct ItemsPage {
    frame: Frame,
    items: Vec<ItemLine>,
    unit: String,
    categories: Vec<ItemName>,
    form: ItemForm,
    action: String,
}

/// An item in the list.
struct ItemLine {
    number: u32,
    terms: ItemTerms,
    price: String,
    tax: Option<String>,
    /// Its price is in another currency than the counter's.
    is_foreign: bool,
}

/// What is typed, to be shown again if it is invalid.
#[derive(Default)]
struct ItemForm {
    /// The item that it changes; `None`: it is for a new one.
    number: Option<u32>,
    name: String,
    category: String,
    price: String,
    tax: String,
    error: Option<ItemFormError>,
}

/// What is wrong with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum ItemFormError {
    Name,
    Category,
    Price,
    Tax,
    TooMany,
    Gone,
}

impl ItemFormError {
    /// Its field, and the words.
    fn words(self, frame: &Frame) -> (&'static str, Cow<'static, str>) {
        match self {
            Self::Name => ("name", frame.say("counter-name-wrong")),
            Self::Category => ("category", frame.say("counter-name-wrong")),
            Self::Price => ("price", frame.say("desk-link-amount-wrong")),
            Self::Tax => ("tax", frame.say("counter-tax-wrong")),
            Self::TooMany => ("name", frame.say("counter-too-many")),
            Self::Gone => ("name", frame.say("counter-gone")),
        }
    }
}

impl ItemsPage {
    /// What is wrong with this field.
    fn wrong(&self, field: &str) -> Option<Cow<'static, str>> {
        let (at, words) = self.form.error?.words(&self.frame);
        (at == field).then_some(words)
    }
}

/// `GET /desk/counter/items`, and with `?item=…` the form for changing one.
pub(crate) async fn show(
    permit: Permit<ManageItems>,
    State(state): State<CounterState>,
    frames: Frames,
    RawQuery(query): RawQuery,
) -> Result<Response, Problem> {
    let query = query.unwrap_or_default();
    let chosen = form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == "item");
    let chosen = chosen.and_then(|(_, text)| text.parse::<u32>().ok());
    let form = match chosen {
        Some(number) => ItemForm::of(&state.counter.find(number).await?, frames.language()),
        None => ItemForm::default(),
    };
    page(&permit, &state, &frames, form).await
}

/// `POST /desk/counter/items`: adds an item, or changes one.
pub(crate) async fn save(
    State(state): State<CounterState>,
    frames: Frames,
    posted: Posted<ManageItems>,
) -> Result<Response, Problem> {
    let Posted { permit, fields } = posted;
    let mut form = ItemForm::sent(&fields);
    let unit = state.counter.rules().unit;
    let terms = match form.terms(unit, frames.language().decimal_mark()) {
        Ok(terms) => terms,
        Err(error) => {
            form.error = Some(error);
            return refused(&permit, &state, &frames, form).await;
        }
    };
    let actor = permit.actor();
    let saved = state.counter.save(form.number, terms, Some(&actor));
    form.error = match saved.await {
        Ok(_) => return Ok(Redirect::to(&frames.link(PATH)).into_response()),
        Err(CounterError::TooMany) => Some(ItemFormError::TooMany),
        Err(CounterError::NotFound) => Some(ItemFormError::Gone),
        Err(error) => return Err(error.into()),
    };
    refused(&permit, &state, &frames, form).await
}

/// `POST /desk/counter/items/remove`: it is not sold any more. What was sold stays sold.
pub(crate) async fn remove(
    State(state): State<CounterState>,
    frames: Frames,
    posted: Posted<ManageItems>,
) -> Result<Response, Problem> {
    let Posted { permit, fields } = posted;
    let number = fields
        .text("item")
        .parse()
        .map_err(|_| Problem::BadRequest)?;
    match state.counter.remove(number, &permit.actor()).await {
        // Somebody else was faster.
        Ok(()) | Err(CounterError::NotFound) => {}
        Err(error) => return Err(error.into()),
    }
    Ok(Redirect::to(&frames.link(PATH)).into_response())
}

async fn refused(
    permit: &Permit<ManageItems>,
    state: &CounterState,
    frames: &Frames,
    form: ItemForm,
) -> Result<Response, Problem> {
    let response = page(permit, state, frames, form).await?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, response).into_response())
}

async fn page(
    permit: &Permit<ManageItems>,
    state: &CounterState,
    frames: &Frames,
    form: ItemForm,
) -> Result<Response, Problem> {
    let frame = frames.of(permit).at(PATH);
    let unit = state.counter.rules().unit;
    let items = state.counter.items().await?;
    let mut categories: Vec<_> = items
        .iter()
        .filter_map(|item| item.terms.category.clone())
        .collect();
    categories.dedup();
    let items = items.into_iter().map(|item| ItemLine {
        number: item.number,
        price: money(&item.terms.price, frame.language()),
        tax: item
            .terms
            .tax
            .map(|tax| frame.language().decimal(&tax.to_string())),
        is_foreign: item.terms.price.currency() != unit.code(),
        terms: item.terms,
    });
    html(&ItemsPage {
        items: items.collect(),
        unit: unit_word(unit, &frame),
        categories,
        form,
        action: frames.link(PATH),
        frame,
    })
}

impl ItemForm {
    /// To change this one.
    fn of(item: &CounterItem, language: Language) -> Self {
        let terms = &item.terms;
        let text = |name: &Option<ItemName>| name.as_ref().map_or("", ItemName::as_str).to_owned();
        Self {
            number: Some(item.number),
            name: terms.name.to_string(),
            category: text(&terms.category),
            price: in_form(&plain(&terms.price), language),
            tax: terms
                .tax
                .map_or_else(String::new, |tax| in_form(&tax.to_string(), language)),
            error: None,
        }
    }

    /// As it was sent.
    fn sent(fields: &Fields) -> Self {
        let line = |name: &str| -> String {
            let text = fields.text(name).trim();
            text.chars().take(MAX_TYPED).collect()
        };
        Self {
            number: fields.text("item").parse().ok(),
            name: line("name"),
            category: line("category"),
            price: line("price"),
            tax: line("tax"),
            error: None,
        }
    }

    /// The item.
    ///
    /// # Errors
    /// The first thing that is wrong.
    fn terms(&self, unit: LinkUnit, mark: DecimalMark) -> Result<ItemTerms, ItemFormError> {
        let name = ItemName::parse(&self.name).map_err(|_| ItemFormError::Name)?;
        let category = match self.category.as_str() {
            "" => None,
            text => Some(ItemName::parse(text).map_err(|_| ItemFormError::Category)?),
        };
        let price = unit.typed(&self.price, mark);
        let tax = match self.tax.trim_end_matches(['%', ' ']) {
            "" => None,
            text => {
                let rate = TaxRate::parse(&text.replace(',', "."));
                Some(rate.map_err(|_| ItemFormError::Tax)?)
            }
        };
        Ok(ItemTerms {
            name,
            category,
            price: price.map_err(|_| ItemFormError::Price)?,
            tax,
        })
    }
}
