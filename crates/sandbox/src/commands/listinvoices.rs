//! `listinvoices`: invoices by label, payment hash or string, or pages of them by index. The
//! invoices of an offer come by its `offer_id`.

use std::sync::Arc;

use bitcoin::hashes::Hash;

use super::command::{Command, Outcome};
use crate::bolt11;
use crate::ledger::{Index, Ledger, invoice::Invoice};
use crate::node::Node;
use crate::params::{self, INVALID_PARAMS, Param, bad, hex32, label, optional, read};
use crate::reply::{Object, RpcError, Value};
use crate::token::Token;

const PARAMS: &[Param] = &[
    optional("label"),
    optional("invstring"),
    optional("payment_hash"),
    optional("offer_id"),
    optional("index"),
    optional("start"),
    optional("limit"),
];

/// `listinvoices`.
pub(super) const COMMAND: Command = Command {
    name: "listinvoices",
    params: PARAMS,
    check: |params| parse(params).map(drop),
    run,
};

/// Which invoices.
#[derive(Debug)]
enum Selection {
    Label(String),
    Hash([u8; 32]),
    Offer([u8; 32]),
    Page {
        index: Index,
        start: u64,
        limit: usize,
    },
}

#[derive(Debug, Default)]
struct Selectors {
    label: Option<String>,
    invstring: Option<String>,
    payment_hash: Option<[u8; 32]>,
    offer_id: Option<[u8; 32]>,
    index: Option<Index>,
    start: u64,
    limit: Option<u32>,
}

fn run(node: &Arc<Node>, params: &Token<'_>) -> Result<Outcome, RpcError> {
    let selection = parse(params)?;
    let invoices = select(node.books()?.ledger(), &selection);
    Ok(Outcome::Done(Ok(Object::new()
        .with("invoices", invoices)
        .into())))
}

fn select(ledger: &Ledger, selection: &Selection) -> Vec<Value> {
    let value = |invoice: &Invoice| Value::from(invoice.members());
    match selection {
        Selection::Label(label) => ledger.by_label(label).map(value).into_iter().collect(),
        Selection::Hash(hash) => ledger.by_hash(hash).map(value).into_iter().collect(),
        Selection::Offer(id) => {
            let all = ledger.created_from(0);
            all.filter(|invoice| invoice.offer_id() == Some(id))
                .map(value)
                .collect()
        }
        Selection::Page {
            index: Index::Updated,
            start,
            limit,
        } => ledger
            .updated_from(*start)
            .take(*limit)
            .map(value)
            .collect(),
        // lightningd takes `deleted` for `created`.
        Selection::Page { start, limit, .. } => ledger
            .created_from(*start)
            .take(*limit)
            .map(value)
            .collect(),
    }
}

fn parse(params: &Token<'_>) -> Result<Selection, RpcError> {
    let mut by = Selectors::default();
    read(params, PARAMS, |name, token| {
        match name {
            "label" => by.label = Some(label(name, token)?),
            "invstring" => by.invstring = Some(token.text().to_owned()),
            "payment_hash" => {
                by.payment_hash = Some(hex32(name, token, "should be a 32 byte hex value")?)
            }
            "offer_id" => by.offer_id = Some(hex32(name, token, "should be a 32 byte hex value")?),
            "index" => by.index = Some(index(name, token)?),
            "start" => by.start = params::u64(name, token)?,
            _ => by.limit = Some(params::u32(name, token)?),
        }
        Ok(())
    })?;
    let invalid = |message: &str| Err(RpcError::new(INVALID_PARAMS, message));
    let selectors = [
        by.label.is_some(),
        by.invstring.is_some(),
        by.payment_hash.is_some(),
        by.offer_id.is_some(),
    ];
    if selectors.into_iter().filter(|given| *given).count() > 1 {
        return invalid(
            "Can only specify one of {label}, {invstring}, {payment_hash} or {offer_id}",
        );
    }
    if by.start != 0 && by.index.is_none() {
        return invalid("Can only specify {start} with {index}");
    }
    if by.limit.is_some() && by.index.is_none() {
        return invalid("Can only specify {limit} with {index}");
    }
    Ok(match by {
        Selectors {
            label: Some(label), ..
        } => Selection::Label(label),
        Selectors {
            payment_hash: Some(hash),
            ..
        } => Selection::Hash(hash),
        Selectors {
            invstring: Some(text),
            ..
        } => match hash_of(&text) {
            Some(hash) => Selection::Hash(hash),
            None => return invalid("Invalid invstring"),
        },
        Selectors {
            offer_id: Some(id), ..
        } => Selection::Offer(id),
        Selectors {
            index,
            start,
            limit,
            ..
        } => Selection::Page {
            index: index.unwrap_or(Index::Created),
            start,
            limit: limit
                .and_then(|limit| limit.try_into().ok())
                .unwrap_or(usize::MAX),
        },
    })
}

fn hash_of(invstring: &str) -> Option<[u8; 32]> {
    let invoice = bolt11::read(invstring).ok()?;
    Some(invoice.raw_invoice().payment_hash()?.0.to_byte_array())
}

/// The name of an index.
pub(super) fn index(name: &str, token: &Token<'_>) -> Result<Index, RpcError> {
    Index::ALL
        .into_iter()
        .find(|index| index.name() == token.text())
        .ok_or_else(|| bad(name, token, "unknown index"))
}
