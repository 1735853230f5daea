//! The front page: an amount, a description, a button. And what happens when it is pressed.

use askama::Template;
use axum::{
    Json,
    extract::{RawQuery, State},
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Redirect, Response},
};
use url::form_urlencoded;

use super::{
    Money, Shell,
    form_errors::{AMOUNT, DESCRIPTION, explained},
    html,
};
use crate::{
    config::{FormAmount, InvoiceConfig, Sat},
    invoices::{Memory, Repeatable},
    locale::Language,
    web::{
        error::{Invalid, Problem},
        extract::{FormFields, client::Client, format::Wants, visitor::Visitor},
        invoice_json::CreatedJson,
        origin::Origin,
        state::{App, status_path},
    },
};
use facture_domain::{
    Amount, Channel, Description, DescriptionError, Msat, NewInvoice, Order, ParseSatError,
};

#[derive(Template)]
#[template(path = "form.html")]
struct FormPage {
    shell: Shell,
    typed: Typed,
    notice: Option<String>,
    amount_error: Option<String>,
    description_error: Option<String>,
    amount_hint: String,
    description_hint: String,
    default_sat: u64,
    fixed_sat: Option<u64>,
    default_description: String,
}

/// What is there in place of a form that is switched off.
#[derive(Template)]
#[template(path = "closed.html")]
struct ClosedPage {
    shell: Shell,
}

/// What was typed, kept for showing it again.
#[derive(Default)]
struct Typed {
    amount: String,
    description: String,
    once: String,
}

/// Names one form as a visitor got it, so that a second press of its button makes no second invoice.
struct Once(String);

const ONCE: &str = "once";

/// `GET /`: the form. `?amount=` and `?description=` fill it in, for links that ask for a payment.
pub(crate) async fn show(
    State(app): State<App>,
    visitor: Visitor,
    RawQuery(query): RawQuery,
) -> Result<Response, Problem> {
    if !app.form.enabled {
        let shell = Shell::new(&app, visitor, "/");
        return html(&ClosedPage { shell });
    }
    let query = query.unwrap_or_default();
    let fields = form_urlencoded::parse(query.as_bytes());
    // Whoever made the link has the rest of its parameters for reasons of their own. The form's key is ours alone: another
    // page could have us give out one that it knows.
    let filled_in = fields
        .into_owned()
        .filter(|(name, _)| name == AMOUNT || name == DESCRIPTION)
        .collect();
    let (typed, errors) = Typed::read(filled_in, visitor.language);
    match errors.is_empty() {
        true => html(&FormPage::new(&app, visitor, typed, &[])),
        false => refused(&app, Wants::Page, visitor, typed, &errors),
    }
}

/// `POST /create_invoice`: makes an invoice and leads to its page; 201 and the invoice for programs.
pub(crate) async fn create(
    State(app): State<App>,
    wants: Wants,
    visitor: Visitor,
    client: Client,
    origin: Origin,
    FormFields(fields): FormFields,
) -> Result<Response, Problem> {
    if !app.form.enabled {
        return Err(Problem::FormOff);
    }
    let language = visitor.language;
    let (typed, mut errors) = Typed::read(fields, language);
    let new = match typed.parse(&app, language) {
        Ok(new) if errors.is_empty() => new,
        Ok(_) => return refused(&app, wants, visitor, typed, &errors),
        Err(more) => {
            errors.extend(more);
            return refused(&app, wants, visitor, typed, &errors);
        }
    };
    app.limits.creation.admit(&client, &app.invoicing).await?;
    let made = match Once::parse(&typed.once) {
        Some(once) => {
            let request = once.request(&new);
            app.invoicing.create_once(request, new).await
        }
        None => app.invoicing.create(new).await,
    };
    match (made, wants) {
        (Ok(invoice), Wants::Page) => {
            let path = visitor.link(&status_path(&invoice.label));
            // Who made it is told what the node warned of; the buyer's link does not say it.
            let path = match invoice.order.warnings.is_empty() {
                true => path,
                false => visitor.created(&path),
            };
            Ok(Redirect::to(&path).into_response())
        }
        (Ok(invoice), Wants::Json) => {
            let location = HeaderValue::from_str(&status_path(&invoice.label))
                .map_err(|_| Problem::Internal)?;
            let body = Json(CreatedJson::new(&invoice, &origin));
            Ok((StatusCode::CREATED, [(header::LOCATION, location)], body).into_response())
        }
        (Err(error), Wants::Json) => Err(error.into()),
        (Err(error), Wants::Page) => {
            let problem = Problem::from(error);
            let mut page = FormPage::new(&app, visitor, typed, &[]);
            page.notice = Some(problem.message(language));
            let mut response = html(&page)?;
            problem.mark(&mut response);
            Ok(response)
        }
    }
}

/// 422: the form again, the message at its field, what was typed kept. Programs are told the first thing.
fn refused(
    app: &App,
    wants: Wants,
    visitor: Visitor,
    typed: Typed,
    errors: &[Invalid],
) -> Result<Response, Problem> {
    let first = errors
        .first()
        .cloned()
        .map_or(Problem::Internal, Problem::Invalid);
    match wants {
        Wants::Json => Err(explained(app, first)),
        Wants::Page => {
            let mut response = html(&FormPage::new(app, visitor, typed, errors))?;
            first.mark(&mut response);
            Ok(response)
        }
    }
}

impl FormPage {
    fn new(app: &App, visitor: Visitor, typed: Typed, errors: &[Invalid]) -> Self {
        let of = |field| {
            errors
                .iter()
                .find(|error| error.field == field)
                .map(|error| error.message.clone())
        };
        let other = errors
            .iter()
            .find(|error| error.field != AMOUNT && error.field != DESCRIPTION);
        let shell = Shell::new(app, visitor, "/");
        let limits = &app.invoice;
        let sat = |limit: Sat| shell.sat(&limit.amount());
        let (minimum, maximum) = (sat(limits.minimum_sat), sat(limits.maximum_sat));
        let default_sat = limits.default_sat.amount().msat() / 1000;
        let default_description = limits.default_description.as_str().to_owned();
        // The same form goes on: a lost answer may have left an invoice, which the next try finds.
        let once = Once::parse(&typed.once).unwrap_or_else(Once::new);
        let fixed = match app.form.fixed_sat {
            FormAmount::Chosen => None,
            FormAmount::Fixed(fixed) => Some(fixed.amount()),
        };
        Self {
            amount_hint: match &fixed {
                Some(fixed) => shell.say_with("form-amount-fixed", &[("amount", shell.sat(fixed))]),
                None => shell.say_with(
                    "form-amount-hint",
                    &[
                        ("minimum", minimum),
                        ("maximum", maximum),
                        ("default", sat(limits.default_sat)),
                    ],
                ),
            },
            fixed_sat: fixed.map(|fixed| fixed.msat() / 1000),
            description_hint: shell.say_with(
                "form-description-hint",
                &[("default", default_description.clone())],
            ),
            shell,
            typed: Typed {
                once: once.0,
                ..typed
            },
            notice: other.map(|error| error.message.clone()),
            amount_error: of(AMOUNT),
            description_error: of(DESCRIPTION),
            default_sat,
            default_description,
        }
    }
}

impl Once {
    fn new() -> Self {
        Self(format!("{:032x}", rand::random::<u128>()))
    }

    /// Programs send none, and what is none of ours is no name.
    fn parse(text: &str) -> Option<Self> {
        let ours = text.len() == 32 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
        ours.then(|| Self(text.to_owned()))
    }

    /// Somebody who goes back and changes the form asks for something else.
    fn request(&self, new: &NewInvoice) -> Repeatable {
        Repeatable {
            scope: "form".to_owned(),
            key: format!("{} {:?} {}", self.0, new.amount, new.description.as_str()),
            fingerprint: Vec::new(),
            memory: Memory::Short,
        }
    }
}

impl Typed {
    fn field(&mut self, name: &str) -> Option<&mut String> {
        match name {
            AMOUNT => Some(&mut self.amount),
            DESCRIPTION => Some(&mut self.description),
            ONCE => Some(&mut self.once),
            _ => None,
        }
    }

    /// A field that is sent twice could be meant either way, and an unknown one may be a misspelt amount: both are
    /// refused rather than guessed.
    fn read(fields: Vec<(String, String)>, language: Language) -> (Self, Vec<Invalid>) {
        let mut typed = Self::default();
        let mut seen = Vec::new();
        let mut errors = Vec::new();
        for (name, value) in fields {
            match typed.field(&name) {
                Some(field) if !seen.contains(&name) => {
                    *field = value;
                    seen.push(name);
                }
                Some(_) => errors.push(Invalid {
                    code: "field_repeated",
                    message: language
                        .say_with("field-repeated", &[("field", name.as_str().into())]),
                    field: name,
                }),
                None => {
                    let name: String = name.chars().take(40).collect();
                    errors.push(Invalid {
                        code: "field_unknown",
                        message: language
                            .say_with("field-unknown", &[("field", name.as_str().into())]),
                        field: name,
                    });
                }
            }
        }
        (typed, errors)
    }

    fn parse(&self, app: &App, language: Language) -> Result<NewInvoice, Vec<Invalid>> {
        let limits = &app.invoice;
        let amount = match app.form.fixed_sat {
            FormAmount::Chosen => self.parse_amount(limits, language),
            FormAmount::Fixed(fixed) => self.parse_fixed(fixed.amount(), language),
        };
        match (amount, self.parse_description(limits, language)) {
            (Ok(amount), Ok(description)) => Ok(NewInvoice {
                amount: Amount::Exact(amount),
                description,
                expiry: limits.expiry(),
                order: Order {
                    channel: Some(Channel::Form),
                    ..Order::default()
                },
                webhooks: Vec::new(),
            }),
            (amount, description) => {
                Err(amount.err().into_iter().chain(description.err()).collect())
            }
        }
    }

    /// What is sent may be left out, but not be another amount: somebody would pay what they did not mean to.
    fn parse_fixed(&self, fixed: Msat, language: Language) -> Result<Msat, Invalid> {
        if self.amount.trim().is_empty() || Msat::parse_sat(&self.amount) == Ok(fixed) {
            return Ok(fixed);
        }
        Err(Invalid {
            field: AMOUNT.to_owned(),
            code: "amount_fixed",
            message: language.say_with("amount-fixed", &[("amount", language.sat(fixed).into())]),
        })
    }

    fn parse_amount(&self, limits: &InvoiceConfig, language: Language) -> Result<Msat, Invalid> {
        let (minimum, maximum) = (limits.minimum_sat.amount(), limits.maximum_sat.amount());
        let invalid = |code, message| {
            Err(Invalid {
                field: AMOUNT.to_owned(),
                code,
                message,
            })
        };
        let too_large = || {
            invalid(
                "amount_too_large",
                language.say_with(
                    "amount-too-large",
                    &[("maximum", language.sat(maximum).into())],
                ),
            )
        };
        if self.amount.trim().is_empty() {
            return Ok(limits.default_sat.amount());
        }
        match Msat::parse_sat(&self.amount) {
            Ok(amount) if amount < minimum => invalid(
                "amount_too_small",
                language.say_with(
                    "amount-too-small",
                    &[("minimum", language.sat(minimum).into())],
                ),
            ),
            Ok(amount) if amount > maximum => too_large(),
            Ok(amount) => Ok(amount),
            Err(ParseSatError::TooLarge) => too_large(),
            Err(ParseSatError::NotDigits) => invalid(
                "amount_invalid",
                language.say("amount-not-digits").into_owned(),
            ),
        }
    }

    fn parse_description(
        &self,
        limits: &InvoiceConfig,
        language: Language,
    ) -> Result<Description, Invalid> {
        let description = Description::parse(&self.description).map_err(|error| Invalid {
            field: DESCRIPTION.to_owned(),
            code: match error {
                DescriptionError::TooLong { .. } => "description_too_long",
                DescriptionError::ControlCharacter
                | DescriptionError::Unescapable
                | DescriptionError::NotUtf8 => "description_invalid",
            },
            message: match error {
                DescriptionError::TooLong { bytes } => language.say_with(
                    "description-too-long",
                    &[
                        ("bytes", bytes.into()),
                        ("most", Description::MAX_BYTES.into()),
                    ],
                ),
                DescriptionError::ControlCharacter | DescriptionError::Unescapable => {
                    language.say("description-control").into_owned()
                }
                DescriptionError::NotUtf8 => language.say("description-not-text").into_owned(),
            },
        })?;
        Ok(if description.as_str().is_empty() {
            limits.default_description.clone()
        } else {
            description
        })
    }
}
