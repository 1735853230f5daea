//! `/api/v1/invoices`: making and reading.

use axum::{
    Json,
    extract::State,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;

use super::body::JsonBody;
use crate::{
    http::{
        App,
        auth::{Caller, Create, Read},
        error::{Invalid, Problem},
        extract::OurLabel,
        invoice_json::ShopInvoiceJson,
    },
    invoice::{
        Amount, Description, Expiry, Metadata, Msat, NewInvoice, Order, OrderId, RedirectUrl,
    },
    invoicing::{Memory, Repeatable},
    locale::Language,
};

/// What a shop asks for.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct NewInvoiceJson {
    /// Millisatoshi, or `"any"`.
    amount_msat: Option<AmountJson>,
    amount_sat: Option<u64>,
    #[serde(default)]
    description: String,
    /// Seconds.
    expiry: Option<u32>,
    #[serde(default)]
    metadata: Option<Box<RawValue>>,
    order_id: Option<String>,
    redirect_url: Option<String>,
}

#[derive(Clone, Copy)]
enum AmountJson {
    Msat(u64),
    Any,
}

const IDEMPOTENCY_KEY: &str = "idempotency-key";

/// `POST /api/v1/invoices`
pub(in crate::http) async fn create(
    caller: Caller<Create>,
    State(app): State<App>,
    headers: HeaderMap,
    body: JsonBody<NewInvoiceJson>,
) -> Result<Response, Problem> {
    let key = idempotency_key(&headers)?;
    let new = body.content.parse(&app)?;
    let invoice = match key {
        None => app.invoicing.create(new).await?,
        Some(key) => {
            let request = Repeatable {
                scope: caller.grant.id.as_str().to_owned(),
                key,
                fingerprint: body.fingerprint,
                memory: Memory::Short,
            };
            app.invoicing.create_once(&request, new).await?
        }
    };
    let path = format!("/api/v1/invoices/{}", invoice.label);
    let location = HeaderValue::from_str(&path).map_err(|_| Problem::Internal)?;
    let answer = Json(ShopInvoiceJson::new(&app, invoice, &headers));
    Ok((StatusCode::CREATED, [(header::LOCATION, location)], answer).into_response())
}

/// `GET /api/v1/invoices/{label}`
pub(in crate::http) async fn read(
    _: Caller<Read>,
    State(app): State<App>,
    headers: HeaderMap,
    OurLabel(label): OurLabel,
) -> Result<Response, Problem> {
    let found = app.find(&label).await?;
    Ok(Json(ShopInvoiceJson::found(&app, found, &headers)).into_response())
}

impl NewInvoiceJson {
    fn parse(self, app: &App) -> Result<NewInvoice, Problem> {
        let limits = &app.invoice;
        let description = Description::parse(&self.description).map_err(|error| {
            invalid(
                "description",
                "description_invalid",
                format!("The description {error}."),
            )
        })?;
        Ok(NewInvoice {
            amount: amount(self.amount_msat, self.amount_sat)?,
            description: if description.as_str().is_empty() {
                limits.default_description.clone()
            } else {
                description
            },
            expiry: match self.expiry {
                None => limits.expiry(),
                Some(seconds) => Expiry::from_seconds(seconds).map_err(|error| {
                    invalid("expiry", "expiry_invalid", format!("The expiry {error}."))
                })?,
            },
            order: Order {
                order_id: self
                    .order_id
                    .map(OrderId::parse)
                    .transpose()
                    .map_err(|error| {
                        invalid(
                            "order_id",
                            "order_id_invalid",
                            format!("The order_id {error}."),
                        )
                    })?,
                metadata: self
                    .metadata
                    .map(|json| Metadata::new(&json))
                    .transpose()
                    .map_err(|error| {
                        invalid(
                            "metadata",
                            "metadata_too_large",
                            format!("The metadata {error}."),
                        )
                    })?,
                redirect_url: self
                    .redirect_url
                    .map(|text| RedirectUrl::parse(&text))
                    .transpose()
                    .map_err(|error| {
                        invalid(
                            "redirect_url",
                            "redirect_url_invalid",
                            format!("The redirect_url {error}."),
                        )
                    })?,
                ..Order::default()
            },
        })
    }
}

/// Exactly one of the two. The configured limits are for the public form; whoever has a token may ask for what BOLT 11
/// can say.
fn amount(msat: Option<AmountJson>, sat: Option<u64>) -> Result<Amount, Problem> {
    let (field, amount) = match (msat, sat) {
        (Some(AmountJson::Any), None) => return Ok(Amount::Any),
        (Some(AmountJson::Msat(msat)), None) => ("amount_msat", Msat::from_msat(msat)),
        (None, Some(sat)) => ("amount_sat", Msat::from_sat(sat)),
        (Some(_), Some(_)) => {
            let message = "Send amount_msat or amount_sat, not both.".to_owned();
            return Err(invalid("amount_sat", "amount_ambiguous", message));
        }
        (None, None) => {
            let message =
                "Send amount_msat or amount_sat; amount_msat \"any\" lets the payer choose."
                    .to_owned();
            return Err(invalid("amount_msat", "amount_missing", message));
        }
    };
    match amount {
        Some(amount) if amount > Msat::PAYABLE => Err(too_large(field)),
        None => Err(too_large(field)),
        Some(amount) if amount.msat() == 0 => Err(invalid(
            field,
            "amount_too_small",
            "The smallest amount is 1 millisatoshi.".to_owned(),
        )),
        Some(amount) => Ok(Amount::Exact(amount)),
    }
}

fn too_large(field: &str) -> Problem {
    let english = Language::English;
    let most = english.sat(Msat::PAYABLE).into();
    let message = english.say_with("amount-too-large", &[("maximum", most)]);
    invalid(field, "amount_too_large", message)
}

fn invalid(field: &str, code: &'static str, message: String) -> Problem {
    Problem::Invalid(Invalid {
        field: field.to_owned(),
        code,
        message,
    })
}

/// As Stripe has it: up to 255 visible characters.
fn idempotency_key(headers: &HeaderMap) -> Result<Option<String>, Problem> {
    let Some(value) = headers.get(IDEMPOTENCY_KEY) else {
        return Ok(None);
    };
    match value.to_str() {
        Ok(text) if (1..=255).contains(&text.len()) => Ok(Some(text.to_owned())),
        _ => Err(invalid(
            "Idempotency-Key",
            "idempotency_key_invalid",
            "The Idempotency-Key must be 1 to 255 visible ASCII characters.".to_owned(),
        )),
    }
}

impl<'de> Deserialize<'de> for AmountJson {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(
            untagged,
            expecting = "must be a whole number of millisatoshi, or \"any\""
        )]
        enum Sent {
            Msat(u64),
            Word(Any),
        }
        #[derive(Deserialize)]
        enum Any {
            #[serde(rename = "any")]
            Any,
        }
        Ok(match Sent::deserialize(deserializer)? {
            Sent::Msat(msat) => Self::Msat(msat),
            Sent::Word(Any::Any) => Self::Any,
        })
    }
}
