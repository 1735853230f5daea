//! Apache Kafka, by the library krafka, which only this crate names: connections, the check of the topics, the producer.

mod connect;
mod reader;
mod sink;
mod topics;

pub(crate) use self::{
    connect::connect,
    reader::read_all,
    sink::{Delivery, Sink, Undelivered},
    topics::check,
};
