//! What a string to pay says, as JSON.

use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use crate::{invoices::OwnRequest, web::schema::one_of};
use facture_domain::{
    Amount, Msat, Network, PaymentHash,
    payment_string::{
        Bolt12Fields, LnurlKind, PaymentMemo, PaymentRequest, PaymentString, UriTerms, Way,
    },
};

/// What a string to pay says. What it does not say is `null`; `details` tells whether it could be read at all.
#[derive(Serialize, ToSchema)]
#[schema(as = Decoded)]
pub(crate) struct DecodedJson {
    /// What it is: `bolt11`, `offer`, `invoice_request`, `bolt12_invoice`, `lightning_address`, `lnurl` (only its host knows
    /// what for), `lnurl_pay`, `lnurl_withdraw`, `lnurl_channel`, `lnurl_auth` or `onchain` (an address on the chain). Of a
    /// `bitcoin:` URI: its first Lightning part, if it has one.
    #[serde(rename = "type")]
    #[schema(schema_with = type_schema)]
    kind: &'static str,
    /// The same without anything around it: the BOLT 11 or BOLT 12 string in small letters and one piece, the address, or the LNURL
    /// (`lnurlp://…` or `lnurl1…`).
    #[schema(example = "lnbcrt100n1p4spqg3…")]
    string: String,
    /// How much is known: `complete`; `type_only` if the Lightning node cannot read BOLT 12 strings or did not answer;
    /// `at_destination` if the host tells the rest when it is asked.
    pub(crate) details: Details,
    /// The amount asked for, in millisatoshis. `null`: the payer chooses, or it is not known (`details`), or it is a `price`. Of an
    /// offer: of one item.
    #[schema(required = true)]
    amount_msat: Option<u64>,
    /// The least that can be paid, in millisatoshis.
    #[schema(required = true)]
    min_msat: Option<u64>,
    /// The most that should be paid, in millisatoshis.
    #[schema(required = true)]
    max_msat: Option<u64>,
    /// The amount of an offer in another currency.
    #[schema(required = true, example = "12.50 EUR")]
    price: Option<String>,
    /// The purpose, in the words of who asks for the money.
    #[schema(required = true)]
    description: Option<String>,
    /// The SHA-256 of the purpose, in hexadecimal, if a BOLT 11 invoice has only that.
    #[schema(required = true)]
    description_hash: Option<String>,
    /// Who made an offer, in their own words.
    #[schema(required = true)]
    issuer: Option<String>,
    /// When it expires, in seconds since 1970.
    #[schema(required = true)]
    expires_at: Option<i64>,
    /// The public key of the node that is paid, in hexadecimal, or the host that is asked. An offer may have a key that no node
    /// has, or none.
    #[schema(required = true)]
    destination: Option<String>,
    /// The URL that a wallet would fetch. It was not fetched.
    #[schema(required = true)]
    url: Option<String>,
    /// The chain: `bitcoin`, `testnet`, `signet`, `regtest` or `simnet`.
    #[schema(required = true)]
    network: Option<&'static str>,
    /// The SHA-256 hash of the payment's preimage, in hexadecimal.
    #[schema(required = true)]
    payment_hash: Option<String>,
    /// Whether it is paid, as far as the records of this facture know: an invoice of its own, or another that one of its
    /// payouts has paid. `null`: they do not.
    #[schema(required = true)]
    already_paid: Option<bool>,
    /// The label, if it is an invoice of this facture.
    #[schema(required = true)]
    invoice: Option<String>,
    /// What the `bitcoin:` URI around it says.
    #[schema(required = true)]
    uri: Option<UriJson>,
    #[serde(skip)]
    pub(crate) hash: Option<PaymentHash>,
}

/// What a `bitcoin:` URI says.
#[derive(Serialize, ToSchema)]
#[schema(as = BitcoinUri)]
pub(crate) struct UriJson {
    /// The address on the chain.
    #[schema(required = true)]
    address: Option<String>,
    /// The amount, in millisatoshis.
    #[schema(required = true)]
    amount_msat: Option<u64>,
    /// Who is paid.
    #[schema(required = true)]
    label: Option<String>,
    /// What for.
    #[schema(required = true)]
    message: Option<String>,
    /// The other strings in it that can be paid.
    others: Vec<String>,
}

/// How much is known of what a string says.
#[derive(Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Details {
    Complete,
    TypeOnly,
    AtDestination,
}

const TYPES: [&str; 11] = [
    "bolt11",
    "offer",
    "invoice_request",
    "bolt12_invoice",
    "lightning_address",
    "lnurl",
    "lnurl_pay",
    "lnurl_withdraw",
    "lnurl_channel",
    "lnurl_auth",
    "onchain",
];

fn type_schema() -> utoipa::openapi::schema::Object {
    one_of(TYPES)
}

impl DecodedJson {
    /// What the string itself says.
    pub(crate) fn new(read: &PaymentString) -> Self {
        let way = &read.way;
        let mut decoded = match way {
            Way::Bolt11(request) => Self::of_request(request, way),
            Way::Bolt12(bolt12) => Self::of(bolt12.kind.as_str(), way),
            Way::Lnurl(lnurl) => Self {
                details: Details::AtDestination,
                destination: Some(lnurl.host().to_owned()),
                url: Some(lnurl.url.to_string()),
                ..Self::of(lnurl_type(lnurl.kind), way)
            },
            Way::LightningAddress(address) => Self {
                details: Details::AtDestination,
                destination: Some(address.host().to_owned()),
                url: Some(address.url().to_string()),
                ..Self::of("lightning_address", way)
            },
            Way::Onchain(address) => Self {
                network: Some(address.network.as_str()),
                ..Self::of("onchain", way)
            },
        };
        if let Some(terms) = &read.uri {
            decoded.amount_msat = decoded.amount_msat.or(terms.amount.map(Msat::msat));
            decoded.uri = Some(UriJson::new(terms));
        }
        decoded
    }

    /// Adds what the node read in a BOLT 12 string.
    pub(crate) fn add_offer(&mut self, fields: Bolt12Fields) {
        let amount = fields.amount.map(Msat::msat);
        self.min_msat = amount;
        self.amount_msat = amount.or(self.amount_msat);
        self.price = fields.price;
        self.description = fields.description;
        self.issuer = fields.issuer;
        self.expires_at = fields.expires_at.map(Timestamp::as_second);
        self.destination = fields.destination;
        self.network = fields.network.map(Network::as_str);
        self.payment_hash = fields.payment_hash.map(|hash| hash.to_string());
        self.hash = fields.payment_hash;
    }

    /// Adds what our records know.
    pub(crate) fn add_own(&mut self, own: OwnRequest) {
        self.already_paid = own.paid;
        self.invoice = Some(own.label.to_string());
    }

    /// Adds whether one of our payouts has paid somebody else's invoice. Others may have paid it where none has.
    pub(crate) fn add_paid(&mut self, paid: bool) {
        self.already_paid = paid.then_some(true);
    }

    fn of(kind: &'static str, way: &Way) -> Self {
        Self {
            kind,
            string: way.to_string(),
            details: Details::Complete,
            amount_msat: None,
            min_msat: None,
            max_msat: None,
            price: None,
            description: None,
            description_hash: None,
            issuer: None,
            expires_at: None,
            destination: None,
            url: None,
            network: None,
            payment_hash: None,
            already_paid: None,
            invoice: None,
            uri: None,
            hash: None,
        }
    }

    fn of_request(request: &PaymentRequest, way: &Way) -> Self {
        let decoded = &request.decoded;
        let amount = match decoded.amount {
            Amount::Exact(amount) => Some(amount.msat()),
            Amount::Any => None,
        };
        let (description, description_hash) = match &request.memo {
            PaymentMemo::Text(text) => (Some(text.clone()), None),
            PaymentMemo::Hash(hash) => (None, Some(hash.clone())),
        };
        Self {
            amount_msat: amount,
            min_msat: amount,
            max_msat: amount,
            description,
            description_hash,
            expires_at: Some(request.expires_at.as_second()),
            destination: Some(request.payee.to_string()),
            network: Some(request.network.as_str()),
            payment_hash: Some(decoded.payment_hash.to_string()),
            hash: Some(decoded.payment_hash),
            ..Self::of("bolt11", way)
        }
    }
}

impl UriJson {
    fn new(terms: &UriTerms) -> Self {
        Self {
            address: terms
                .address
                .as_ref()
                .map(|address| address.as_str().to_owned()),
            amount_msat: terms.amount.map(Msat::msat),
            label: terms.label.clone(),
            message: terms.message.clone(),
            others: terms.others.iter().map(Way::to_string).collect(),
        }
    }
}

fn lnurl_type(kind: LnurlKind) -> &'static str {
    match kind {
        LnurlKind::Unknown => "lnurl",
        LnurlKind::Pay => "lnurl_pay",
        LnurlKind::Withdraw => "lnurl_withdraw",
        LnurlKind::Channel => "lnurl_channel",
        LnurlKind::Auth => "lnurl_auth",
    }
}
