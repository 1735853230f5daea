//! The extractors of handlers. Each type is valid by construction; invalid input becomes a
//! [`Problem`](crate::web::error::Problem). An extractor names the substates that it needs, not the whole state.

pub(crate) mod bearer;
pub(crate) mod body;
pub(crate) mod client;
pub(crate) mod format;
pub(crate) mod headers;
pub(crate) mod invoice;
pub(crate) mod offer;
pub(crate) mod query;
pub(crate) mod visitor;
