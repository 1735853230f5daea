//! From a destination to the one invoice that is paid for it.

pub(crate) mod invoice;
mod refusal;

pub(crate) use self::refusal::Refusal;
