//! `offer`, `listoffers`, `disableoffer` and `fetchinvoice`. Offers are in bitcoin and not recurrent.

use std::sync::Arc;

use bitcoin::hex::DisplayHex;

use super::command::{Command, Outcome};
use super::invoice::amount;
use crate::bolt11;
use crate::bolt12::{self, Bolt12, Kind};
use crate::node::Node;
use crate::offering::{self, InvoiceRequest};
use crate::offers::NewOffer;
use crate::params::{
    self, INVALID_PARAMS, Param, bad, escaped_string, hex32, label, optional, read, required,
};
use crate::reply::{Object, RpcError, Value};
use crate::token::Token;

const OFFER: &[Param] = &[
    required("amount"),
    optional("description"),
    optional("issuer"),
    optional("label"),
    optional("quantity_max"),
    optional("absolute_expiry"),
    optional("single_use"),
];

const LIST: &[Param] = &[optional("offer_id"), optional("active_only")];

const DISABLE: &[Param] = &[required("offer_id")];

const FETCH: &[Param] = &[
    required("offer"),
    optional("amount_msat"),
    optional("quantity"),
    optional("recurrence_counter"),
    optional("recurrence_start"),
    optional("recurrence_label"),
    optional("timeout"),
    optional("payer_note"),
    optional("payer_metadata"),
    optional("bip353"),
];

/// lightningd's codes (`common/jsonrpc_errors.h`).
const EXISTS_DISABLED: i32 = 1000;
const ALREADY_DISABLED: i32 = 1001;
const EXPIRED: i32 = 1002;
const NO_ROUTE: i32 = 1003;
const REFUSED: i32 = 1004;
const NO_ANSWER: i32 = 1005;

/// `offer`.
pub(super) const MAKE: Command = Command {
    name: "offer",
    params: OFFER,
    check: |params| new(params).map(drop),
    run: |node, params| {
        let draft = new(params)?.draft(&node.key);
        let id = draft.id;
        let mut books = node.books()?;
        let created = books.make_offer(draft)?;
        let offer = books.ledger().offer(&id);
        let offer = offer
            .filter(|offer| offer.is_active())
            .ok_or_else(|| RpcError::new(EXISTS_DISABLED, "Duplicate offer, but it is disabled"))?;
        let made = offer.members().with("created", created);
        Ok(Outcome::Done(Ok(made.into())))
    },
};

/// `listoffers`.
pub(super) const LIST_OFFERS: Command = Command {
    name: "listoffers",
    params: LIST,
    check: |params| listed(params).map(drop),
    run: |node, params| {
        let (id, active_only) = listed(params)?;
        let books = node.books()?;
        let offers = books.ledger().offers();
        let wanted = offers.filter(|offer| {
            id.is_none_or(|id| offer.has_id(&id)) && (!active_only || offer.is_active())
        });
        let all: Vec<Value> = wanted.map(|offer| offer.members().into()).collect();
        Ok(Outcome::Done(Ok(Object::new().with("offers", all).into())))
    },
};

/// `disableoffer`.
pub(super) const DISABLE_OFFER: Command = Command {
    name: "disableoffer",
    params: DISABLE,
    check: |params| id(params).map(drop),
    run: |node, params| {
        let id = id(params)?;
        let mut books = node.books()?;
        if books.ledger().offer(&id).is_none() {
            return Err(RpcError::new(INVALID_PARAMS, "Unknown offer"));
        }
        if !books.disable_offer(&id)? {
            return Err(RpcError::new(ALREADY_DISABLED, "offer already disabled"));
        }
        let disabled = books.ledger().offer(&id).map(|offer| offer.members());
        let disabled = disabled.unwrap_or_else(Object::new);
        Ok(Outcome::Done(Ok(disabled.into())))
    },
};

/// `fetchinvoice`.
pub(super) const FETCH_INVOICE: Command = Command {
    name: "fetchinvoice",
    params: FETCH,
    check: |params| wanted(params).map(drop),
    run: |node, params| {
        let (offer, request) = wanted(params)?;
        let invoice = fetch(node, &offer, request)?;
        let fetched = Object::new()
            .with("invoice", invoice)
            .with("changes", Object::new());
        Ok(Outcome::Done(Ok(fetched.into())))
    },
};

fn fetch(node: &Arc<Node>, offer: &Bolt12, request: InvoiceRequest) -> Result<String, RpcError> {
    let invalid = |message: &str| Err(RpcError::new(INVALID_PARAMS, message));
    if offer.number(8).is_none() && request.amount_msat.is_none() {
        return invalid("amount_msat parameter required");
    }
    match (offer.bytes(20), request.quantity) {
        (Some(_), None) => return invalid("quantity parameter required"),
        (None, Some(_)) => return invalid("quantity parameter unnecessary"),
        _ => {}
    }
    let now = node.clock.now().as_secs();
    if offer.number(14).is_some_and(|end| end < now) {
        return Err(RpcError::new(EXPIRED, "Offer expired"));
    }
    let issuer = offer.bytes(22).map(DisplayHex::to_lower_hex_string);
    let issuer = issuer.unwrap_or_default();
    let owner = match node.id() == issuer {
        true => Some(Arc::clone(node)),
        false => node.peer(&issuer),
    };
    let owner = owner.ok_or_else(|| RpcError::new(NO_ROUTE, "No route to the offer's node"))?;
    if !owner.is_running() {
        return Err(RpcError::new(NO_ANSWER, "Timeout waiting for response"));
    }
    offering::invoice(&owner, offer, request).map_err(|why| {
        let data = Object::new().with("error", format!("Failed invreq lnr1qqqq: {why}"));
        RpcError::new(REFUSED, "Remote node sent failure message").with_data(data)
    })
}

fn new(params: &Token<'_>) -> Result<NewOffer, RpcError> {
    let mut new = NewOffer::default();
    read(params, OFFER, |name, token| {
        match name {
            "amount" => new.amount_msat = amount(name, token)?,
            "description" => new.description = escaped_string(name, token)?,
            "issuer" => new.issuer = Some(escaped_string(name, token)?),
            "label" => new.label = Some(label(name, token)?),
            "single_use" => new.single_use = params::boolean(name, token)?,
            "quantity_max" => new.quantity_max = Some(params::u64(name, token)?),
            "absolute_expiry" => new.absolute_expiry = Some(params::u64(name, token)?),
            _ => {}
        }
        Ok(())
    })?;
    Ok(new)
}

fn listed(params: &Token<'_>) -> Result<(Option<[u8; 32]>, bool), RpcError> {
    let (mut id, mut active_only) = (None, false);
    read(params, LIST, |name, token| {
        match name {
            "offer_id" => id = Some(hex32(name, token, "should be a 32 byte hex value")?),
            _ => active_only = params::boolean(name, token)?,
        }
        Ok(())
    })?;
    Ok((id, active_only))
}

fn id(params: &Token<'_>) -> Result<[u8; 32], RpcError> {
    let mut id = [0; 32];
    read(params, DISABLE, |name, token| {
        id = hex32(name, token, "should be a 32 byte hex value")?;
        Ok(())
    })?;
    Ok(id)
}

fn wanted(params: &Token<'_>) -> Result<(Bolt12, InvoiceRequest), RpcError> {
    let mut offer = None;
    let mut request = InvoiceRequest {
        amount_msat: None,
        quantity: None,
        payer_note: None,
    };
    read(params, FETCH, |name, token| {
        match name {
            "offer" => {
                let read = bolt12::read(bolt11::canonical(token.text()));
                let read = read.filter(|read| read.kind == Kind::Offer);
                let unreadable = "Unparsable offer: invalid offer data";
                let read = read.ok_or_else(|| bad(name, token, unreadable))?;
                if !read.is_for_regtest() {
                    return Err(bad(name, token, "Unparsable offer: wrong chain"));
                }
                offer = Some(read);
            }
            "amount_msat" => request.amount_msat = amount(name, token)?,
            "payer_note" => request.payer_note = Some(token.text().to_owned()),
            "quantity" => request.quantity = Some(params::u64(name, token)?),
            _ => {}
        }
        Ok(())
    })?;
    let offer =
        offer.ok_or_else(|| RpcError::new(INVALID_PARAMS, "missing required parameter: offer"))?;
    Ok((offer, request))
}
