//! The page of a payment link, and its button, which makes an invoice for this visitor. Looking makes nothing.

use std::{borrow::Cow, sync::Arc};

use askama::Template;
use axum::{
    Json,
    extract::{FromRef, Path, State},
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Redirect, Response},
};
use jiff::Timestamp;

use super::{
    form_input::FormKey,
    link_input::{LinkInput, MAX_LINE, MAX_NOTE, limits, outside, range},
    pages::{Money, Pages},
    shell::{Shell, html},
    wallet_code::WalletCode,
};
use crate::{
    invoices::Invoicing,
    links::{Error as LinkError, Links},
    web::{
        error::{Invalid, Problem},
        extract::{body::FormFields, client::Client, format::ResponseFormat, visitor::Visitor},
        invoice_json::CreatedJson,
        limits::creation::CreationLimit,
        link_json::LinkJson,
        lnurl::link::of_payment_link,
        money_text::money,
        origin::Origin,
        paths::{link_path, status_path},
    },
};
use facture_domain::{Ask, LinkAmount, LinkState, LinkUnit, PaymentLink, Slug};

#[derive(Template)]
#[template(path = "link.html")]
struct LinkPage {
    shell: Shell,
    title: String,
    text: Option<String>,
    /// What one piece costs.
    price: Option<String>,
    /// What is typed for the amount otherwise.
    choice: Option<Choice>,
    most_pieces: u32,
    fields: Vec<Field>,
    typed: LinkInput,
    once: String,
    action: String,
    notice: Option<String>,
    pieces_error: Option<String>,
    /// Why nothing can be ordered.
    closed: Option<String>,
    /// For who pays without filling this in.
    wallet: Option<WalletCode>,
}

/// The field for an amount that the buyer chooses.
struct Choice {
    unit: String,
    is_whole: bool,
    hint: String,
    error: Option<String>,
}

/// A field about the buyer.
struct Field {
    name: &'static str,
    label: String,
    typed: String,
    is_required: bool,
    most: usize,
    error: Option<String>,
}

/// Dependencies of the links' pages.
#[derive(Clone)]
pub(crate) struct LinkPageState {
    pub(super) links: Links,
    invoicing: Arc<Invoicing>,
    creation: Arc<CreationLimit>,
    pub(super) pages: Pages,
}

impl<S> FromRef<S> for LinkPageState
where
    Links: FromRef<S>,
    Arc<Invoicing>: FromRef<S>,
    Arc<CreationLimit>: FromRef<S>,
    Pages: FromRef<S>,
{
    fn from_ref(state: &S) -> Self {
        Self {
            links: FromRef::from_ref(state),
            invoicing: FromRef::from_ref(state),
            creation: FromRef::from_ref(state),
            pages: FromRef::from_ref(state),
        }
    }
}

/// `GET /l/{slug}`: what is sold, with a button; for programs, the link.
pub(crate) async fn show(
    State(state): State<LinkPageState>,
    format: ResponseFormat,
    visitor: Visitor,
    origin: Origin,
    Path(slug): Path<String>,
) -> Result<Response, Problem> {
    let link = state.find(&slug).await?;
    let rules = state.links.rules();
    if format == ResponseFormat::Json {
        return Ok(Json(LinkJson::new(&link, rules, &origin)).into_response());
    }
    let mut page = state.page(visitor, &link, LinkInput::default(), &[]);
    if page.closed.is_none() && rules.is_for_wallets(&link) {
        let url = of_payment_link(&origin, &link.slug);
        let how = page.shell.say("link-wallet-how").into_owned();
        page.wallet = Some(WalletCode::new(&url, how, &page.shell)?);
    }
    html(&page)
}

/// `POST /l/{slug}`: makes an invoice for this visitor and redirects to its page; programs get 201 and the invoice.
pub(crate) async fn order(
    State(state): State<LinkPageState>,
    format: ResponseFormat,
    visitor: Visitor,
    client: Client,
    origin: Origin,
    Path(slug): Path<String>,
    FormFields(fields): FormFields,
) -> Result<Response, Problem> {
    let link = state.find(&slug).await?;
    let (input, mut errors) = LinkInput::read(fields, visitor.language);
    let order = match input.parse(&link, state.links.rules(), visitor.language) {
        Ok(order) if errors.is_empty() => order,
        Ok(_) => return state.refused(format, visitor, &link, input, &errors),
        Err(more) => {
            errors.extend(more);
            return state.refused(format, visitor, &link, input, &errors);
        }
    };
    state.creation.admit(&client, &state.invoicing).await?;
    match (state.links.order(link.clone(), order).await, format) {
        (Ok(invoice), ResponseFormat::Html) => {
            let path = visitor.link(&status_path(&invoice.label));
            Ok(Redirect::to(&path).into_response())
        }
        (Ok(invoice), ResponseFormat::Json) => {
            let location = HeaderValue::from_str(&status_path(&invoice.label))
                .map_err(|_| Problem::Internal)?;
            let body = Json(CreatedJson::new(&invoice, &origin));
            Ok((StatusCode::CREATED, [(header::LOCATION, location)], body).into_response())
        }
        (Err(error), ResponseFormat::Json) => Err(error.into()),
        (Err(error), ResponseFormat::Html) => state.failed(visitor, &slug, input, error).await,
    }
}

impl LinkPageState {
    pub(super) async fn find(&self, slug: &str) -> Result<PaymentLink, Problem> {
        let slug = Slug::parse(slug).map_err(|_| Problem::LinkNotFound)?;
        Ok(self.links.find(&slug).await?)
    }

    fn page(
        &self,
        visitor: Visitor,
        link: &PaymentLink,
        typed: LinkInput,
        errors: &[Invalid],
    ) -> LinkPage {
        let terms = &link.terms;
        let of = |field: &str| {
            let error = errors.iter().find(|error| error.field == field);
            error.map(|error| error.message.clone())
        };
        let path = link_path(&link.slug);
        let shell = Shell::new(&self.pages, visitor, &path);
        let asked = |name, label: Cow<str>, ask: Ask, typed: &str, most| {
            (ask != Ask::No).then(|| Field {
                name,
                label: label.into_owned(),
                typed: typed.to_owned(),
                is_required: ask == Ask::Required,
                most,
                error: of(name),
            })
        };
        let fields = [
            asked(
                "name",
                shell.say("link-name"),
                terms.name,
                &typed.name,
                MAX_LINE,
            ),
            asked(
                "mail",
                shell.say("link-mail"),
                terms.mail,
                &typed.mail,
                MAX_LINE,
            ),
            asked(
                "note",
                shell.say("link-note"),
                terms.note,
                &typed.note,
                MAX_NOTE,
            ),
        ];
        LinkPage {
            title: terms.title.as_str().to_owned(),
            text: terms.text.as_ref().map(|text| text.as_str().to_owned()),
            price: fixed_price(link, visitor),
            choice: self.choice(link, visitor, of("amount")),
            most_pieces: terms.most_pieces,
            fields: fields.into_iter().flatten().collect(),
            // Keep the key: if an earlier response was lost, its invoice may exist, and the next attempt finds it.
            once: FormKey::parse(&typed.once)
                .unwrap_or_else(FormKey::new)
                .to_string(),
            typed,
            action: visitor.link(&path),
            notice: None,
            pieces_error: of("pieces"),
            closed: closed(link.state(1, Timestamp::now()), &shell),
            wallet: None,
            shell,
        }
    }

    fn choice(
        &self,
        link: &PaymentLink,
        visitor: Visitor,
        error: Option<String>,
    ) -> Option<Choice> {
        let amount = &link.terms.amount;
        let unit = amount.unit();
        let hint = match amount {
            LinkAmount::Fixed(_) => return None,
            LinkAmount::Between(least, most) => range(least, most, visitor.language),
            LinkAmount::Free(unit) => limits(self.links.rules(), *unit, visitor.language),
        };
        Some(Choice {
            unit: match unit {
                LinkUnit::Sat => visitor.language.say("sat").into_owned(),
                LinkUnit::Currency(currency) => currency.code().to_owned(),
            },
            is_whole: unit.decimals() == 0,
            hint,
            error,
        })
    }

    /// 422: the page again with the input, and each message next to its field. Programs get the first error.
    fn refused(
        &self,
        format: ResponseFormat,
        visitor: Visitor,
        link: &PaymentLink,
        input: LinkInput,
        errors: &[Invalid],
    ) -> Result<Response, Problem> {
        let first = errors.first().cloned();
        let first = first.map_or(Problem::Internal, Problem::Invalid);
        match format {
            ResponseFormat::Json => Err(first),
            ResponseFormat::Html => {
                let mut response = html(&self.page(visitor, link, input, errors))?;
                first.mark(&mut response);
                Ok(response)
            }
        }
    }

    /// The page as it is now, with what went wrong.
    async fn failed(
        &self,
        visitor: Visitor,
        slug: &str,
        input: LinkInput,
        error: LinkError,
    ) -> Result<Response, Problem> {
        let link = self.find(slug).await?;
        let language = visitor.language;
        let taken = limits(self.links.rules(), link.terms.amount.unit(), language);
        if let LinkError::AmountOutside | LinkError::AmountTooLarge = error {
            let field = outside(&taken);
            return self.refused(ResponseFormat::Html, visitor, &link, input, &[field]);
        }
        let closed_state = match &error {
            LinkError::Closed(state) => Some(*state),
            _ => None,
        };
        let problem = Problem::from(error);
        let mut page = self.page(visitor, &link, input, &[]);
        page.notice = match closed_state {
            // It says so already.
            Some(_) if page.closed.is_some() => None,
            Some(state) => closed(state, &page.shell),
            None => Some(problem.message(language)),
        };
        let mut response = html(&page)?;
        problem.mark(&mut response);
        Ok(response)
    }
}

/// What one piece costs, if the shop fixes it.
pub(super) fn fixed_price(link: &PaymentLink, visitor: Visitor) -> Option<String> {
    match &link.terms.amount {
        LinkAmount::Fixed(price) => Some(money(price, visitor.language)),
        LinkAmount::Between(..) | LinkAmount::Free(_) => None,
    }
}

/// Why nothing can be ordered, or not so much.
fn closed(state: LinkState, shell: &Shell) -> Option<String> {
    let words = match state {
        LinkState::Open => return None,
        LinkState::SoldOut => shell.say("link-sold-out"),
        LinkState::Ended | LinkState::Stopped => shell.say("link-over"),
    };
    Some(words.into_owned())
}
