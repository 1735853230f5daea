//! Commands with fields of fixed width: no separators, padded with blanks, signed at the end.
//!
//! | Task | Fields and their widths |
//! | --- | --- |
//! | `decode`, `pay` | timestamp 13, task 16, payment request 400, signature 64: 493 |
//! | `create` | timestamp 13, task 16, amount 37, message 37, expiry 37, signature 64: 204 |
//!
//! A width counts characters or bytes: senders in Python pad by characters, others by bytes. Only frames in ASCII are as long
//! either way, so that the length tells which it is.

use serde_json::{Map, Value, json};

use super::types::{Action, Command, Dialect, Reason, Rejected, Request, Task};
use crate::signature::{ReplayKey, SIGNATURE_DIGITS, Secrets};

/// The length of `create`.
pub(crate) const CREATE_LENGTH: usize = 204;

/// The length of `decode` and `pay`.
pub(crate) const REQUEST_LENGTH: usize = 493;

/// The widths of time stamp and task.
const HEAD: (usize, usize) = (13, 16);

/// The width of a payment request.
const PAYMENT_REQUEST: usize = 400;

/// The width of each of `create`'s fields.
pub(crate) const CREATE_FIELD: usize = 37;

/// The longest expiry, in seconds: a year.
const MAX_EXPIRY: u64 = 31_536_000;

/// How long a payer has to begin a payout, in seconds. Part of what the order is known by: another number would be another
/// order under the same key.
const PAY_WITHIN: u64 = 60;

/// How widths are counted in a frame.
#[derive(Clone, Copy)]
enum Widths {
    Characters,
    Bytes,
}

/// The signed part of a frame, taken apart from the left.
struct Fields<'a> {
    rest: &'a str,
    widths: Widths,
}

/// Reads a frame.
///
/// # Errors
/// [`Rejected`].
pub(super) fn read(value: &[u8], secrets: &Secrets) -> Result<Command, Rejected> {
    let bad_length = || {
        let message = format!("a frame has {CREATE_LENGTH} or {REQUEST_LENGTH} characters");
        Rejected::new(Reason::BadLength, message)
    };
    let text = str::from_utf8(value).map_err(|_| bad_length())?;
    let characters = text.chars().count();
    let known = |length| length == CREATE_LENGTH || length == REQUEST_LENGTH;
    if !known(characters) && !known(value.len()) {
        return Err(bad_length());
    }
    let bad_signature = || Rejected::new(Reason::BadSignature, "the signature is not ours");
    let end = value.len() - SIGNATURE_DIGITS;
    let (signed, signature) = text.split_at_checked(end).ok_or_else(bad_signature)?;
    if !secrets.verify(signed.as_bytes(), signature.as_bytes()) {
        return Err(bad_signature());
    }
    let mut head = Fields {
        rest: signed,
        widths: Widths::Bytes,
    };
    let sent_at = head.take(HEAD.0, "timestamp");
    let task = task(head.take(HEAD.1, "task")?)?;
    let request = Request {
        replay_key: ReplayKey::of(signed.as_bytes()),
        task,
        dialect: Dialect::Frame,
        id: None,
        reply_to: None,
    };
    let length = match task {
        Task::Create => CREATE_LENGTH,
        _ => REQUEST_LENGTH,
    };
    head.widths = match (characters == length, value.len() == length) {
        (true, _) => Widths::Characters,
        (false, true) => Widths::Bytes,
        (false, false) => return Err(bad_length().answered_to(&request)),
    };
    let answered = |rejected: Rejected| rejected.answered_to(&request);
    let sent_at = sent_at.and_then(timestamp).map_err(answered)?;
    let action = action(task, head).map_err(answered)?;
    Ok(Command {
        sent_at,
        action,
        request,
    })
}

impl<'a> Fields<'a> {
    /// The next field, without the padding around it.
    fn take(&mut self, width: usize, name: &'static str) -> Result<&'a str, Rejected> {
        let end = match self.widths {
            Widths::Bytes => Some(width),
            Widths::Characters => {
                let mut ends = self.rest.char_indices().map(|(at, _)| at).skip(width);
                ends.next().or(Some(self.rest.len()))
            }
        };
        let split = end.and_then(|end| self.rest.split_at_checked(end));
        let (field, rest) =
            split.ok_or_else(|| Rejected::field(name, "its width cuts a character"))?;
        self.rest = rest;
        Ok(field.trim_matches([' ', '\0']))
    }
}

fn task(name: &str) -> Result<Task, Rejected> {
    match Task::parse(name) {
        Some(task @ (Task::Decode | Task::Create | Task::Pay)) => Ok(task),
        Some(Task::Lookup | Task::Cancel) | None => Err(Rejected::new(
            Reason::UnknownTask,
            "the task of a frame is decode, create or pay",
        )),
    }
}

fn timestamp(field: &str) -> Result<i64, Rejected> {
    let number = digits("timestamp", field)?;
    let number = number.and_then(|number| i64::try_from(number).ok());
    number.ok_or_else(|| Rejected::field("timestamp", "must be milliseconds since 1970"))
}

fn action(task: Task, mut fields: Fields<'_>) -> Result<Action, Rejected> {
    if task == Task::Create {
        return create(&mut fields).map(Action::Create);
    }
    let text = fields.take(PAYMENT_REQUEST, "payment_request")?;
    if text.is_empty() || !text.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        let message = "must be a BOLT 11 payment request";
        return Err(Rejected::field("payment_request", message));
    }
    Ok(match task {
        Task::Pay => {
            let mut order = Map::new();
            order.insert("destination".to_owned(), text.into());
            order.insert("expires_in".to_owned(), PAY_WITHIN.into());
            Action::Pay(order)
        }
        _ => Action::Decode(text.to_owned()),
    })
}

/// The invoice to create.
fn create(fields: &mut Fields<'_>) -> Result<Map<String, Value>, Rejected> {
    let amount = digits("amount", fields.take(CREATE_FIELD, "amount")?)?;
    let message = fields.take(CREATE_FIELD, "message")?;
    let expiry = digits("expiry", fields.take(CREATE_FIELD, "expiry")?)?;
    if message.chars().any(char::is_control) {
        let problem = "must not have control characters";
        return Err(Rejected::field("message", problem));
    }
    let mut new = Map::new();
    match amount {
        None | Some(0) => new.insert("amount_msat".to_owned(), json!("any")),
        Some(sat) => new.insert("amount_sat".to_owned(), json!(sat)),
    };
    new.insert("description".to_owned(), json!(message));
    match expiry {
        None | Some(0) => {}
        Some(seconds @ 1..=MAX_EXPIRY) => drop(new.insert("expiry".to_owned(), json!(seconds))),
        Some(_) => {
            let problem = format!("must be at most {MAX_EXPIRY} seconds");
            return Err(Rejected::field("expiry", problem));
        }
    }
    Ok(new)
}

/// A whole number; `None` when the field is blank.
fn digits(name: &'static str, field: &str) -> Result<Option<u64>, Rejected> {
    if field.is_empty() {
        return Ok(None);
    }
    let number = match field.bytes().all(|byte| byte.is_ascii_digit()) {
        true => field.parse().ok(),
        false => None,
    };
    match number {
        Some(number) => Ok(Some(number)),
        None => Err(Rejected::field(name, "must be a whole number")),
    }
}
