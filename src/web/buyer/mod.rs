//! The pages: each is a struct next to its handler, with the template of the same name in `templates/`.

pub(crate) mod api;
pub(crate) mod charge;
pub(crate) mod checkout;
pub(crate) mod checkout_page;
pub(crate) mod content;
pub(crate) mod description;
pub(crate) mod form;
mod form_errors;
pub(crate) mod form_input;
pub(crate) mod offer;
pub(crate) mod pages;
pub(crate) mod payable;
pub(crate) mod png;
pub(crate) mod posted;
mod price_view;
pub(crate) mod problem;
pub(crate) mod proof;
pub(crate) mod qr;
pub(crate) mod renew;
pub(crate) mod reveal;
pub(crate) mod sale_view;
pub(crate) mod sandbox;
pub(crate) mod shell;
pub(crate) mod status;
pub(crate) mod verdict;
pub(crate) mod voucher;
pub(crate) mod wallets;
