//! What NIP-47 writes: requests, answers, notifications, the info event.

mod answer;
mod info;
mod invoice;
mod notification;
mod request;
mod transaction;

pub(crate) use self::{
    answer::{Code, Failure, answer},
    info::info_event,
    invoice::{ApiInvoice, Mark, Marked},
    notification::{PAYMENT_RECEIVED, kind_of_notification, payment_received},
    request::{ListParams, LookupParams, MakeParams, Method, Request},
    transaction::{Transaction, TransactionList},
};
