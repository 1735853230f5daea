//! The front page: a form with an amount, a description and a button, and the handler that creates the invoice.

use std::sync::Arc;

use askama::Template;
use axum::{
    Json,
    extract::{FromRef, RawQuery, State},
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Redirect, Response},
};
use facture_domain::{Amount, NewInvoice, Price, idempotency::IdempotentRequest};
use url::form_urlencoded;

use super::{
    form_amount::{AMOUNT, CURRENCY, SAT, too_large, within},
    form_errors::explained,
    form_input::{DESCRIPTION, FormInput, FormKey},
    front,
    pages::{Money, Pages},
    shell::{Shell, html},
};
use crate::{
    config::{FormAmount, FormConfig, InvoiceConfig, PricingConfig, Sat},
    invoices::{Error as InvoicingError, Invoicing},
    links::Links,
    locale::Language,
    pricing::{NoRate, Quorum},
    web::{
        error::{Invalid, Problem},
        extract::{body::FormFields, client::Client, format::ResponseFormat, visitor::Visitor},
        invoice_json::CreatedJson,
        limits::creation::CreationLimit,
        origin::Origin,
        paths::status_path,
    },
};

#[derive(Template)]
#[template(path = "form.html")]
struct FormPage {
    shell: Shell,
    typed: FormInput,
    notice: Option<String>,
    amount_error: Option<String>,
    description_error: Option<String>,
    amount_hint: String,
    /// What the amount can be in; none: satoshis.
    units: Vec<Unit>,
    description_hint: String,
    default_sat: u64,
    fixed_sat: Option<u64>,
    default_description: String,
}

/// A choice of what the amount is in.
struct Unit {
    code: &'static str,
    chosen: bool,
}

/// Dependencies of the form.
#[derive(Clone)]
pub(crate) struct FormState {
    links: Links,
    invoicing: Arc<Invoicing>,
    pages: Pages,
    creation: Arc<CreationLimit>,
    config: Arc<FormConfig>,
    limits: Arc<InvoiceConfig>,
    pricing: Arc<PricingConfig>,
}

impl<S> FromRef<S> for FormState
where
    Arc<Invoicing>: FromRef<S>,
    Pages: FromRef<S>,
    Arc<CreationLimit>: FromRef<S>,
    Arc<FormConfig>: FromRef<S>,
    Links: FromRef<S>,
    Arc<InvoiceConfig>: FromRef<S>,
    Arc<PricingConfig>: FromRef<S>,
{
    fn from_ref(state: &S) -> Self {
        Self {
            invoicing: FromRef::from_ref(state),
            pages: FromRef::from_ref(state),
            creation: FromRef::from_ref(state),
            config: FromRef::from_ref(state),
            links: FromRef::from_ref(state),
            limits: FromRef::from_ref(state),
            pricing: FromRef::from_ref(state),
        }
    }
}

/// `GET /`: the form. `?amount=`, `?currency=` and `?description=` prefill it, for links that request a payment.
pub(crate) async fn show(
    State(state): State<FormState>,
    visitor: Visitor,
    RawQuery(query): RawQuery,
) -> Result<Response, Problem> {
    if !state.config.enabled {
        return front::show(&state.links, &state.pages, visitor).await;
    }
    let query = query.unwrap_or_default();
    let fields = form_urlencoded::parse(query.as_bytes());
    // Other parameters of a link have purposes of their own, such as tracking. The form's key must come from us:
    // otherwise another page could make us issue one that it knows.
    let filled_in = fields
        .into_owned()
        .filter(|(name, _)| [AMOUNT, CURRENCY, DESCRIPTION].contains(&name.as_str()))
        .collect();
    let (mut input, errors) = FormInput::read(filled_in, visitor.language);
    // An amount alone is in satoshis, as in links from before there were currencies.
    if let Some(first) = state.config.currencies.first()
        && input.amount.is_empty()
        && input.currency.is_empty()
    {
        input.currency = first.code().to_owned();
    }
    match errors.is_empty() {
        true => html(&FormPage::new(&state, visitor, input, &[])),
        false => refused(&state, ResponseFormat::Html, visitor, input, &errors),
    }
}

/// `POST /create_invoice`: creates an invoice and redirects to its page; programs get 201 and the invoice.
pub(crate) async fn create(
    State(state): State<FormState>,
    format: ResponseFormat,
    visitor: Visitor,
    client: Client,
    origin: Origin,
    FormFields(fields): FormFields,
) -> Result<Response, Problem> {
    if !state.config.enabled {
        return Err(Problem::FormOff);
    }
    let language = visitor.language;
    let (input, mut errors) = FormInput::read(fields, language);
    let (new, price) = match input.parse(&state.limits, &state.config, &state.pricing, language) {
        Ok(asked) if errors.is_empty() => asked,
        Ok(_) => return refused(&state, format, visitor, input, &errors),
        Err(more) => {
            errors.extend(more);
            return refused(&state, format, visitor, input, &errors);
        }
    };
    state.creation.admit(&client, &state.invoicing).await?;
    let request = FormKey::parse(&input.key).map(|key| key.request(&new));
    let new = match &price {
        None => Ok(new),
        Some(price) => state.priced(new, price, request.as_ref(), language).await,
    };
    let made = match (new, request) {
        (Ok(new), Some(request)) => state.invoicing.create_once(request, new).await,
        (Ok(new), None) => state.invoicing.create(new).await,
        (Err(NotPriced::Amount(invalid)), _) => {
            return refused(&state, format, visitor, input, &[invalid]);
        }
        (Err(NotPriced::Other(error)), _) => Err(error),
    };
    match (made, format) {
        (Ok(invoice), ResponseFormat::Html) => {
            let path = visitor.link(&status_path(&invoice.label));
            // The creator sees the node's warnings; the buyer's link does not show them.
            let path = match invoice.order.warnings.is_empty() {
                true => path,
                false => visitor.created(&path),
            };
            Ok(Redirect::to(&path).into_response())
        }
        (Ok(invoice), ResponseFormat::Json) => {
            let location = HeaderValue::from_str(&status_path(&invoice.label))
                .map_err(|_| Problem::Internal)?;
            let body = Json(CreatedJson::new(&invoice, &origin));
            Ok((StatusCode::CREATED, [(header::LOCATION, location)], body).into_response())
        }
        (Err(error), ResponseFormat::Json) => Err(error.into()),
        (Err(error), ResponseFormat::Html) => {
            let problem = Problem::from(error);
            let mut page = FormPage::new(&state, visitor, input, &[]);
            page.notice = Some(problem.message(language));
            let mut response = html(&page)?;
            problem.mark(&mut response);
            Ok(response)
        }
    }
}

/// 422: the form again with the input, and each message next to its field. Programs get the first error.
fn refused(
    state: &FormState,
    format: ResponseFormat,
    visitor: Visitor,
    input: FormInput,
    errors: &[Invalid],
) -> Result<Response, Problem> {
    let first = errors
        .first()
        .cloned()
        .map_or(Problem::Internal, Problem::Invalid);
    match format {
        ResponseFormat::Json => Err(explained(&state.limits, &state.config, first)),
        ResponseFormat::Html => {
            let mut response = html(&FormPage::new(state, visitor, input, errors))?;
            first.mark(&mut response);
            Ok(response)
        }
    }
}

/// Why a price has no amount in bitcoin that the shop takes.
enum NotPriced {
    Amount(Invalid),
    Other(InvoicingError),
}

impl FormState {
    /// The invoice with the amount that its price is now, which must be within the shop's limits.
    async fn priced(
        &self,
        new: NewInvoice,
        price: &Price,
        request: Option<&IdempotentRequest>,
        language: Language,
    ) -> Result<NewInvoice, NotPriced> {
        let priced = self
            .invoicing
            .priced(new, price, request, Quorum::Configured);
        let new = priced.await.map_err(|error| match error {
            InvoicingError::NoRate(NoRate::TooHigh) => {
                NotPriced::Amount(too_large(&self.limits, language))
            }
            error => NotPriced::Other(error),
        })?;
        match new.amount {
            Amount::Exact(amount) => within(amount, &self.limits, language)
                .map(|_| new)
                .map_err(NotPriced::Amount),
            Amount::Any => Err(NotPriced::Other(InvoicingError::Mismatch)),
        }
    }
}

impl FormPage {
    fn new(state: &FormState, visitor: Visitor, input: FormInput, errors: &[Invalid]) -> Self {
        let of = |field| {
            errors
                .iter()
                .find(|error| error.field == field)
                .map(|error| error.message.clone())
        };
        let other = errors
            .iter()
            .find(|error| error.field != AMOUNT && error.field != DESCRIPTION);
        let units = units(&state.config, &input.currency);
        let shell = Shell::new(&state.pages, visitor, "/");
        let limits = &state.limits;
        let sat = |limit: Sat| shell.sat(&limit.amount());
        let (minimum, maximum) = (sat(limits.minimum_sat), sat(limits.maximum_sat));
        let default_sat = limits.default_sat.amount().msat() / 1000;
        let default_description = limits.default_description.as_str().to_owned();
        // Keep the key: if an earlier response was lost, its invoice may exist, and the next attempt finds it.
        let key = FormKey::parse(&input.key).unwrap_or_else(FormKey::new);
        let fixed = match state.config.fixed_sat {
            FormAmount::Chosen => None,
            FormAmount::Fixed(fixed) => Some(fixed.amount()),
        };
        Self {
            amount_hint: match &fixed {
                Some(fixed) => shell.say_with("form-amount-fixed", &[("amount", shell.sat(fixed))]),
                None if units.is_empty() => shell.say_with(
                    "form-amount-hint",
                    &[
                        ("minimum", minimum),
                        ("maximum", maximum),
                        ("default", sat(limits.default_sat)),
                    ],
                ),
                None => shell.say_with(
                    "form-amount-hint-currencies",
                    &[("minimum", minimum), ("maximum", maximum)],
                ),
            },
            fixed_sat: fixed.map(|fixed| fixed.msat() / 1000),
            description_hint: shell.say_with(
                "form-description-hint",
                &[("default", default_description.clone())],
            ),
            shell,
            typed: FormInput {
                key: key.to_string(),
                ..input
            },
            notice: other.map(|error| error.message.clone()),
            amount_error: of(AMOUNT),
            description_error: of(DESCRIPTION),
            units,
            default_sat,
            default_description,
        }
    }
}

impl Unit {
    fn is_sat(&self) -> bool {
        self.code == SAT
    }
}

/// What the amount can be in. What was chosen before and is not offered is not chosen.
fn units(config: &FormConfig, typed: &str) -> Vec<Unit> {
    if config.currencies.is_empty() || config.fixed_sat != FormAmount::Chosen {
        return Vec::new();
    }
    let codes = config.currencies.iter().map(|currency| currency.code());
    let mut units: Vec<_> = codes
        .map(|code| Unit {
            code,
            chosen: typed.eq_ignore_ascii_case(code),
        })
        .collect();
    let others = units.iter().any(|unit| unit.chosen);
    units.push(Unit {
        code: SAT,
        chosen: !others,
    });
    units
}
