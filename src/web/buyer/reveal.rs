//! The page of an item that is sold (pay to reveal), and its button, which makes an invoice for this visitor. Looking makes
//! nothing.

use std::sync::Arc;

use askama::Template;
use axum::{
    Json,
    extract::{FromRef, FromRequest, Path, Request, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Redirect, Response},
};
use serde::Serialize;

use super::{
    pages::{Money, Pages},
    shell::{Shell, html},
    wallet_code::WalletCode,
};
use crate::{
    invoices::Invoicing,
    reveal::{Error as RevealError, Reveals, SaleOrder},
    web::{
        error::Problem,
        extract::{body::FormFields, client::Client, format::ResponseFormat, visitor::Visitor},
        invoice_json::CreatedJson,
        item_json::ItemJson,
        limits::{bodies::BodyLimits, creation::CreationLimit},
        lnurl::link::of_item,
        origin::Origin,
        paths::{item_path, status_path},
    },
};
use facture_domain::{ContentKind, FileName, Item, ItemId, Msat, SaleKey};

#[derive(Template)]
#[template(path = "reveal.html")]
struct RevealPage {
    shell: Shell,
    title: String,
    price: Msat,
    /// What the buyer gets, in words.
    what: String,
    is_word: bool,
    action: String,
    once: String,
    is_sold_out: bool,
    /// For who buys without the page.
    wallet: Option<WalletCode>,
}

/// The invoice of a sale, for programs.
#[derive(Serialize)]
struct SaleJson {
    #[serde(flatten)]
    invoice: CreatedJson,
    item: ItemJson,
}

/// The hidden field that makes pressing the button twice one sale.
const ONCE: &str = "once";

/// The header with the same meaning, for programs.
const KEY: &str = "idempotency-key";

/// The fewest characters of a key: whoever knows it gets the same invoice.
const MIN_KEY_LENGTH: usize = 32;

/// Dependencies of the item pages.
#[derive(Clone)]
pub(crate) struct RevealState {
    reveals: Reveals,
    invoicing: Arc<Invoicing>,
    creation: Arc<CreationLimit>,
    bodies: BodyLimits,
    pages: Pages,
}

impl<S> FromRef<S> for RevealState
where
    Reveals: FromRef<S>,
    Arc<Invoicing>: FromRef<S>,
    Arc<CreationLimit>: FromRef<S>,
    BodyLimits: FromRef<S>,
    Pages: FromRef<S>,
{
    fn from_ref(state: &S) -> Self {
        Self {
            reveals: FromRef::from_ref(state),
            invoicing: FromRef::from_ref(state),
            creation: FromRef::from_ref(state),
            bodies: FromRef::from_ref(state),
            pages: FromRef::from_ref(state),
        }
    }
}

/// `GET /reveal/{item}`: what is sold, with a button; for programs, the item.
pub(crate) async fn show(
    State(state): State<RevealState>,
    format: ResponseFormat,
    visitor: Visitor,
    origin: Origin,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let id = ItemId::parse(&id).map_err(|_| Problem::ItemNotFound)?;
    let item = state.reveals.item(&id).await;
    // What this node cannot sell is not there.
    let item = item.map_err(|error| match error {
        RevealError::WordUnavailable => Problem::ItemNotFound,
        error => error.into(),
    })?;
    if format == ResponseFormat::Json {
        return Ok(Json(ItemJson::new(&item)).into_response());
    }
    let mut page = RevealPage::new(&state.pages, visitor, &item);
    if !page.is_sold_out && state.reveals.is_for_wallets(&item) {
        let url = of_item(&origin, &item.id);
        let how = page.shell.say("reveal-wallet-how").into_owned();
        page.wallet = Some(WalletCode::new(&url, how, &page.shell)?);
    }
    html(&page)
}

/// `POST /reveal/{item}`: makes an invoice for this visitor and redirects to its page; programs get 201 and the invoice.
/// Repeated with the same key, it is the same invoice.
pub(crate) async fn buy(
    State(state): State<RevealState>,
    format: ResponseFormat,
    visitor: Visitor,
    client: Client,
    origin: Origin,
    Path(id): Path<String>,
    request: Request,
) -> Result<Response, Problem> {
    let id = ItemId::parse(&id).map_err(|_| Problem::ItemNotFound)?;
    let key = key(&state, request).await?;
    state.creation.admit(&client, &state.invoicing).await?;
    let order = SaleOrder {
        item: id,
        key,
        shown: None,
    };
    let sold = state.reveals.sell(order).await;
    let (item, invoice) = sold.map_err(|error| match (error, format) {
        (RevealError::WordUnavailable, ResponseFormat::Html) => Problem::ItemNotFound,
        (error, _) => error.into(),
    })?;
    let path = status_path(&invoice.label);
    match format {
        ResponseFormat::Html => Ok(Redirect::to(&visitor.link(&path)).into_response()),
        ResponseFormat::Json => {
            let location = HeaderValue::from_str(&path).map_err(|_| Problem::Internal)?;
            let body = Json(SaleJson {
                invoice: CreatedJson::new(&invoice, &origin),
                item: ItemJson::new(&item),
            });
            Ok((StatusCode::CREATED, [(header::LOCATION, location)], body).into_response())
        }
    }
}

/// What distinguishes this sale: of the form, or of the header; without one it is new.
async fn key(state: &RevealState, request: Request) -> Result<SaleKey, Problem> {
    if let Some(key) = key_of_header(request.headers())? {
        return Ok(key);
    }
    // A program need not send any fields.
    if !request.headers().contains_key(header::CONTENT_TYPE) {
        return Ok(SaleKey::random());
    }
    let FormFields(fields) = FormFields::from_request(request, &state.bodies).await?;
    let mut given = fields.into_iter().filter(|(name, _)| name == ONCE);
    // Anything that is not one of ours does not count.
    let key = given.next().and_then(|(_, text)| SaleKey::parse(&text));
    match given.next() {
        None => Ok(key.unwrap_or_else(SaleKey::random)),
        Some(_) => Err(Problem::invalid(
            ONCE,
            "field_repeated",
            "The field once was sent more than once.",
        )),
    }
}

fn key_of_header(headers: &HeaderMap) -> Result<Option<SaleKey>, Problem> {
    let Some(value) = headers.get(KEY) else {
        return Ok(None);
    };
    match value.to_str() {
        Ok(text) if (MIN_KEY_LENGTH..=255).contains(&text.len()) => {
            Ok(Some(SaleKey::of_text(text)))
        }
        _ => Err(Problem::invalid(
            "Idempotency-Key",
            "idempotency_key_invalid",
            "The Idempotency-Key must be 32 to 255 visible ASCII characters that nobody can guess: whoever knows it gets \
                      the same invoice.",
        )),
    }
}

impl RevealPage {
    fn new(pages: &Pages, visitor: Visitor, item: &Item) -> Self {
        let path = item_path(&item.id);
        let shell = Shell::new(pages, visitor, &path);
        Self {
            title: item.title.as_str().to_owned(),
            price: item.price,
            what: what(&shell, item),
            is_word: item.kind == ContentKind::Word,
            action: visitor.link(&path),
            once: SaleKey::random().expose(),
            is_sold_out: item.available() == Some(0),
            wallet: None,
            shell,
        }
    }
}

/// What the buyer gets.
fn what(shell: &Shell, item: &Item) -> String {
    let size = shell.language().size(item.bytes);
    match (item.kind, &item.file_name) {
        (ContentKind::Word, _) => shell.say("reveal-word").into_owned(),
        (ContentKind::Text, _) | (ContentKind::File, None) => {
            shell.say_with("reveal-text", &[("size", size)])
        }
        (ContentKind::File, Some(name)) => shell.say_with(
            "reveal-file",
            &[("name", FileName::as_str(name).to_owned()), ("size", size)],
        ),
    }
}
