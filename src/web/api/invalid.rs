//! The validation errors (422) of each route, derived from the parameters and fields in the document.

use serde_json::{Value, json};

/// The schema of every error.
pub(crate) const ERROR: &str = "#/components/schemas/Error";

/// An input of a route that can be invalid.
enum Input {
    /// A body.
    Body,
    /// Parameters in the query string.
    Query,
    /// This parameter or header.
    Parameter(&'static str),
    /// A body with this field.
    Field(&'static str),
}

/// The possible errors of a field, parameter or header: the code, its meaning, and where it can occur.
const INVALID: &[(&str, &str, &[Input])] = &[
    (
        "body_invalid",
        "a field of the body is missing, unknown or of the wrong type",
        &[Input::Body],
    ),
    (
        "query_invalid",
        "a parameter is unknown, repeated or out of range",
        &[Input::Query],
    ),
    (
        "timeout_invalid",
        "`timeout` is out of range",
        &[Input::Parameter("timeout")],
    ),
    (
        "amount_missing",
        "none of `amount_msat`, `amount_sat` and `amount` was sent",
        &[Input::Field("amount_sat")],
    ),
    (
        "amount_ambiguous",
        "more than one of `amount_msat`, `amount_sat` and `amount` with `currency` was sent",
        &[Input::Field("amount_sat")],
    ),
    (
        "amount_invalid",
        "`amount` is no decimal number above zero, or has more decimals than the currency",
        &[Input::Field("hold")],
    ),
    (
        "amount_invalid",
        "`amount`, `min_amount` or `max_amount` is no decimal number above zero, has more decimals than the currency, or they do \
         not go together",
        &[Input::Field("ask_name")],
    ),
    (
        "text_invalid",
        "`text` or `thanks` is empty, too long or contains control characters other than line breaks",
        &[Input::Field("ask_name")],
    ),
    (
        "pieces_invalid",
        "`max_pieces` is 0, more than 1000, or more than 1 without a fixed `amount`",
        &[Input::Field("ask_name")],
    ),
    (
        "limit_invalid",
        "`limit` is 0 or more than 1,000,000,000",
        &[Input::Field("ask_name")],
    ),
    (
        "ends_at_invalid",
        "`ends_at` is 0 or beyond the year 9999",
        &[Input::Field("ask_name")],
    ),
    (
        "currency_missing",
        "`amount` was sent without `currency`",
        &[Input::Field("hold")],
    ),
    (
        "currency_unknown",
        "`currency` is no code of ISO 4217, nor `BTC`, `SAT` or `SATS`",
        &[Input::Field("hold")],
    ),
    (
        "currency_unknown",
        "`currency` is no code of ISO 4217, nor `SAT`",
        &[Input::Field("ask_name")],
    ),
    (
        "price_missing",
        "`tax`, `tip` or `discount` was sent without `currency` and `amount`",
        &[Input::Field("tax")],
    ),
    (
        "tax_invalid",
        "a line of `tax` is no rate, net amount and tax, there are more than 20, or two have the same rate",
        &[Input::Field("tax")],
    ),
    (
        "tax_sum",
        "the lines of `tax` and the `tip` are together not the `amount`",
        &[Input::Field("tax")],
    ),
    (
        "tip_invalid",
        "`tip` is no decimal number above zero, or more than the `amount`",
        &[Input::Field("tip")],
    ),
    (
        "discount_invalid",
        "`discount` is no decimal number above zero",
        &[Input::Field("discount")],
    ),
    (
        "amount_too_small",
        "the amount is 0",
        &[
            Input::Field("amount_sat"),
            Input::Field("destination"),
            Input::Field("count"),
        ],
    ),
    (
        "amount_too_large",
        "the amount is more than can be paid",
        &[
            Input::Field("amount_sat"),
            Input::Field("destination"),
            Input::Field("count"),
        ],
    ),
    (
        "count_invalid",
        "`count` is 0 or more than 100, or is more than 1 for a refund",
        &[Input::Field("count")],
    ),
    (
        "string_invalid",
        "`string` is nothing that can be paid: the message says what is wrong with it",
        &[Input::Field("string")],
    ),
    (
        "description_invalid",
        "`description` is too long or contains control characters, or is empty where it must not be",
        &[Input::Field("description")],
    ),
    (
        "issuer_invalid",
        "`issuer` is empty, too long or contains control characters",
        &[Input::Field("issuer")],
    ),
    (
        "expiry_invalid",
        "`expiry` is 0 or more than a year",
        &[Input::Field("expiry")],
    ),
    (
        "order_id_invalid",
        "`order_id` is empty, too long or contains control characters",
        &[Input::Field("order_id")],
    ),
    (
        "metadata_too_large",
        "`metadata` is more than 16 KiB of JSON",
        &[Input::Field("metadata")],
    ),
    (
        "redirect_url_invalid",
        "`redirect_url` is not an `http` or `https` URL",
        &[Input::Field("redirect_url")],
    ),
    (
        "webhook_url_invalid",
        "the address is not an `http` or `https` URL that events can be sent to",
        &[Input::Field("url"), Input::Field("webhook")],
    ),
    (
        "webhook_url_refused",
        "a private or `.onion` address that the configuration does not allow; the message names the key",
        &[Input::Field("url"), Input::Field("webhook")],
    ),
    (
        "payment_hash_invalid",
        "`payment_hash` is not 64 hexadecimal digits, or was sent without `\"hold\": true`, or is not that of the invoice that \
         was ordered",
        &[Input::Field("payment_hash")],
    ),
    (
        "payment_hash_unavailable",
        "the node cannot hold a payment for a `payment_hash` of the shop's own",
        &[Input::Field("hold")],
    ),
    (
        "payment_hash_used",
        "the node has an invoice with this `payment_hash` already",
        &[Input::Field("hold")],
    ),
    (
        "preimage_required",
        "`preimage` is needed: the invoice was created with the shop's own `payment_hash`, or the payout is reported as paid",
        &[Input::Field("preimage")],
    ),
    (
        "preimage_invalid",
        "`preimage` is not 64 hexadecimal digits, or is another payment's",
        &[Input::Field("preimage")],
    ),
    (
        "approval_code_invalid",
        "`approval_code` is not six digits",
        &[Input::Field("approval_code")],
    ),
    (
        "destination_invalid",
        "`destination` is nothing that can be paid",
        &[Input::Field("destination")],
    ),
    (
        "unsupported",
        "`destination` is something that a payout cannot pay",
        &[Input::Field("destination")],
    ),
    (
        "wrong_network",
        "`destination` is on another network than the node",
        &[Input::Field("destination")],
    ),
    (
        "invoice_expired",
        "`destination` is an invoice that has expired",
        &[Input::Field("destination")],
    ),
    (
        "own_invoice",
        "`destination` is one of the node's own invoices",
        &[Input::Field("destination")],
    ),
    (
        "amount_missing",
        "`destination` leaves the amount open, and `amount_msat` was not sent",
        &[Input::Field("destination")],
    ),
    (
        "amount_not_allowed",
        "`destination` asks for another amount than `amount_msat`",
        &[Input::Field("destination")],
    ),
    (
        "currency_amount_invalid",
        "`amount` is not a decimal number above zero as text, or came without `currency` or `invoice`, or with `amount_msat`",
        &[Input::Field("rate")],
    ),
    (
        "currency_invalid",
        "`currency` is not that of the sale's price, or came without `amount`",
        &[Input::Field("rate")],
    ),
    (
        "rate_invalid",
        "`rate` came without `amount`",
        &[Input::Field("rate")],
    ),
    (
        "max_fee_invalid",
        "`max_fee_msat` is more than can be paid",
        &[Input::Field("max_fee_msat")],
    ),
    (
        "reason_invalid",
        "`reason` is empty, too long or contains control characters",
        &[Input::Field("reason")],
    ),
    (
        "invoice_invalid",
        "there is no invoice with the label in `invoice`",
        &[Input::Field("invoice")],
    ),
    (
        "expires_in_invalid",
        "`expires_in` is 0 or more than a year",
        &[Input::Field("expires_in")],
    ),
    (
        "title_invalid",
        "`title` is empty, too long or contains control characters",
        &[Input::Field("price_msat"), Input::Field("ask_name")],
    ),
    (
        "price_invalid",
        "`price_msat` is 0 or more than can be paid",
        &[Input::Field("price_msat")],
    ),
    (
        "stock_invalid",
        "`stock` is more than 1,000,000,000",
        &[Input::Field("price_msat")],
    ),
    (
        "content_invalid",
        "not exactly one of `word`, `text` and `file` was sent, or it cannot be sold: the message says why",
        &[Input::Field("price_msat")],
    ),
    (
        "payer_invalid",
        "`payer` is not 1 to 64 letters, digits, `_` and `-`",
        &[Input::Field("payer")],
    ),
    (
        "bolt11_invalid",
        "`bolt11` is not a BOLT 11 invoice with this `payment_hash`",
        &[Input::Field("bolt11")],
    ),
    (
        "idempotency_key_required",
        "`Idempotency-Key` was not sent",
        &[Input::Field("destination"), Input::Field("count")],
    ),
    (
        "idempotency_key_invalid",
        "`Idempotency-Key` is empty, too long or not visible ASCII",
        &[Input::Parameter("Idempotency-Key")],
    ),
];

/// The inputs of an operation.
pub(crate) struct Inputs {
    /// The name and location of each parameter.
    parameters: Vec<(String, String)>,
    /// The fields of its body, if it has one.
    pub(crate) body: Option<Vec<String>>,
}

impl Inputs {
    pub(crate) fn of(operation: &Value, schemas: &Value) -> Self {
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let parameters = operation["parameters"].as_array().into_iter().flatten();
        let body = operation.get("requestBody").map(|body| {
            let schema = text(&body["content"]["application/json"]["schema"]["$ref"]);
            let name = schema.rsplit('/').next().unwrap_or_default();
            let fields = schemas[name]["properties"]
                .as_object()
                .into_iter()
                .flatten();
            fields.map(|(name, _)| name.clone()).collect()
        });
        Self {
            parameters: parameters
                .map(|parameter| (text(&parameter["name"]), text(&parameter["in"])))
                .collect(),
            body,
        }
    }

    pub(crate) fn has_parameter(&self, name: &str) -> bool {
        self.parameters.iter().any(|(known, _)| known == name)
    }

    fn has(&self, input: &Input) -> bool {
        match input {
            Input::Body => self.body.is_some(),
            Input::Query => self.parameters.iter().any(|(_, place)| place == "query"),
            Input::Parameter(name) => self.has_parameter(name),
            Input::Field(name) => {
                let fields = self.body.iter().flatten();
                fields.into_iter().any(|known| known == name)
            }
        }
    }

    /// The answer for invalid input, with all possible codes; `None`: no input can be invalid.
    pub(crate) fn invalid(&self) -> Option<Value> {
        let can_be = INVALID
            .iter()
            .filter(|(.., places)| places.iter().any(|input| self.has(input)));
        let (codes, meanings): (Vec<_>, Vec<_>) = can_be
            .map(|(code, meaning, _)| (*code, format!("`{code}`: {meaning}")))
            .unzip();
        let narrowed = json!({
            "$ref": ERROR,
            "properties": { "error": { "properties": { "code": { "enum": codes } } } },
        });
        (!codes.is_empty()).then(|| {
            json!({
                "description": meanings.join("\n\n"),
                "content": { "application/json": { "schema": narrowed } },
            })
        })
    }
}

/// All codes.
pub(crate) fn codes() -> impl Iterator<Item = &'static str> {
    INVALID.iter().map(|(code, ..)| *code)
}
