//! The invoices that a node makes for its offers. Requests do not travel: whoever asks has the node at hand.

use bitcoin::hex::DisplayHex;

use super::bolt11::{self, NodeKey};
use super::bolt12::{self, Bolt12, Kind, REGTEST};
use super::ledger::invoice::{Draft, Overpayment, Takes};
use super::node::Node;

/// How long an invoice for an offer can be paid, in seconds: lightningd's own.
pub(crate) const EXPIRY: u64 = 7200;

/// What is asked for.
#[derive(Debug, Clone)]
pub(super) struct InvoiceRequest {
    pub(super) amount_msat: Option<u64>,
    pub(super) quantity: Option<u64>,
    /// The text as it travels. lightningd's own `fetchinvoice` sends what stands between the quotes, escapes and all.
    pub(super) payer_note: Option<String>,
}

/// Why there is no invoice, in the words of the node that was request.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum NoInvoice {
    #[error("Offer no longer available")]
    Disabled,
    #[error("Unknown offer")]
    Unknown,
    #[error("Amount must be at least {0}msat")]
    TooLittle(u64),
    #[error("Amount vastly exceeds {0}msat")]
    TooMuch(u64),
    #[error("Internal error")]
    Failed,
}

/// The node makes an invoice for one of its offers.
pub(super) fn invoice(
    node: &Node,
    offer: &Bolt12,
    request: InvoiceRequest,
) -> Result<String, NoInvoice> {
    let id = bolt12::offer_id(&offer.fields).ok_or(NoInvoice::Unknown)?;
    match node
        .books()
        .map_err(|_| NoInvoice::Failed)?
        .ledger()
        .offer(&id)
    {
        Some(offer) if offer.is_active() => {}
        Some(_) => return Err(NoInvoice::Disabled),
        None => return Err(NoInvoice::Unknown),
    }
    let least = offer
        .number(8)
        .map(|price| price.saturating_mul(request.quantity.unwrap_or(1)));
    let amount_msat = match (request.amount_msat, least) {
        (Some(amount), Some(least)) if amount < least => return Err(NoInvoice::TooLittle(least)),
        (Some(amount), Some(least)) if amount / 5 > least => return Err(NoInvoice::TooMuch(least)),
        (Some(amount), _) | (None, Some(amount)) => amount,
        (None, None) => return Err(NoInvoice::Failed),
    };
    let payer = NodeKey::random().id().serialize();
    let preimage: [u8; 32] = rand::random();
    let payment_hash = bolt11::payment_hash(&preimage);
    let created_at = node.clock.now().as_secs();
    let mut fields = offer.fields.clone();
    fields.insert(0, rand::random::<[u8; 16]>().to_vec());
    fields.insert(80, REGTEST.to_vec());
    for (number, value) in [(82, request.amount_msat), (86, request.quantity)] {
        if let Some(value) = value {
            fields.insert(number, bolt12::number(value));
        }
    }
    fields.insert(88, payer.to_vec());
    if let Some(note) = &request.payer_note {
        fields.insert(89, note.clone().into_bytes());
    }
    fields.insert(164, bolt12::number(created_at));
    fields.insert(166, bolt12::number(EXPIRY));
    fields.insert(168, payment_hash.to_vec());
    fields.insert(170, bolt12::number(amount_msat));
    fields.insert(176, node.key.id().serialize().to_vec());
    let digest = bolt12::to_sign(&fields).ok_or(NoInvoice::Failed)?;
    fields.insert(240, node.key.sign_bolt12(digest).to_vec());
    let string = bolt12::write(Kind::Invoice, &fields);
    let draft = Draft {
        label: format!("{:x}-{:x}-0", id.as_hex(), payer.as_hex()),
        bolt11: string.clone(),
        payment_hash,
        preimage: Some(preimage),
        amount_msat: Some(amount_msat),
        description: offer.text(10).unwrap_or_default(),
        expires_at: created_at.saturating_add(EXPIRY),
        overpayment: Overpayment::default(),
        takes: Takes::default(),
        offer_id: Some(id),
        payer_note: request.payer_note,
    };
    let mut books = node.books().map_err(|_| NoInvoice::Failed)?;
    let created = books.create(draft).map_err(|_| NoInvoice::Failed)?;
    created.map_err(|_| NoInvoice::Failed)?;
    drop(books);
    node.expiry_moved();
    Ok(string)
}
