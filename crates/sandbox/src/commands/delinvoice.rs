//! `delinvoice`: deletes an invoice, or its description, if its status is what the caller thinks.

use std::sync::Arc;

use super::command::{Command, Outcome};
use crate::node::Node;
use crate::params::{Param, boolean, label, optional, read, required};
use crate::reply::{Object, RpcError, Value};
use crate::token::Token;

const PARAMS: &[Param] = &[required("label"), required("status"), optional("desconly")];

/// `delinvoice`.
pub(super) const COMMAND: Command = Command {
    name: "delinvoice",
    params: PARAMS,
    check: |params| parse(params).map(drop),
    run,
};

#[derive(Debug)]
struct Deletion {
    label: String,
    status: String,
    what: What,
}

#[derive(Debug)]
enum What {
    Invoice,
    Description,
}

fn run(node: &Arc<Node>, params: &Token<'_>) -> Result<Outcome, RpcError> {
    let deletion = parse(params)?;
    let mut books = node.books()?;
    let invoice = books
        .ledger()
        .by_label(&deletion.label)
        .ok_or_else(|| RpcError::new(905, "Unknown invoice"))?;
    let actual = invoice.state().name();
    let expected = deletion.status;
    if actual != expected {
        let message = format!("Invoice status is {actual} not {expected}");
        let data = Object::new()
            .with("current_status", actual)
            .with("expected_status", expected);
        return Err(RpcError::new(906, message).with_data(data));
    }
    let created_index = invoice.created_index();
    let mut members = invoice.members();
    match deletion.what {
        What::Invoice => books.delete(created_index)?,
        What::Description => {
            if !books.remove_description(created_index)? {
                return Err(RpcError::new(908, "Invoice description already removed"));
            }
            members.0.retain(|(name, _)| *name != "description");
        }
    }
    Ok(Outcome::Done(Ok(Value::from(members))))
}

fn parse(params: &Token<'_>) -> Result<Deletion, RpcError> {
    let mut deletion = Deletion {
        label: String::new(),
        status: String::new(),
        what: What::Invoice,
    };
    read(params, PARAMS, |name, token| {
        match name {
            "label" => deletion.label = label(name, token)?,
            "status" => deletion.status = token.text().to_owned(),
            _ => {
                deletion.what = if boolean(name, token)? {
                    What::Description
                } else {
                    What::Invoice
                }
            }
        }
        Ok(())
    })?;
    Ok(deletion)
}
