//! The routes of the API, from which its document is generated.

use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    decode, deliveries, endpoints, events, invoices, items, links, lists, node, offers, payouts,
    secrets, vouchers,
};
use crate::web::state::App;

/// Every route with its description; a route without one cannot be added.
pub(crate) fn all() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(invoices::create, lists::list))
        .routes(routes!(invoices::read))
        .routes(routes!(invoices::wait))
        .routes(routes!(invoices::settle))
        .routes(routes!(invoices::cancel))
        .routes(routes!(events::list))
        .routes(routes!(events::stream))
        .routes(routes!(endpoints::create, endpoints::list))
        .routes(routes!(
            endpoints::read,
            endpoints::change,
            endpoints::delete
        ))
        .routes(routes!(secrets::read))
        .routes(routes!(secrets::rotate))
        .routes(routes!(endpoints::test))
        .routes(routes!(deliveries::list))
        .routes(routes!(deliveries::redeliver_after))
        .routes(routes!(deliveries::read))
        .routes(routes!(deliveries::redeliver))
        .routes(routes!(node::read))
        .routes(routes!(decode::decode))
        .routes(routes!(payouts::orders::order, payouts::list::list))
        .routes(routes!(payouts::work::work))
        .routes(routes!(payouts::orders::read))
        .routes(routes!(payouts::orders::approve))
        .routes(routes!(payouts::orders::cancel))
        .routes(routes!(payouts::work::begin))
        .routes(routes!(payouts::outcome::report))
        .routes(routes!(vouchers::orders::issue, vouchers::list::list))
        .routes(routes!(vouchers::orders::read))
        .routes(routes!(vouchers::orders::cancel))
        .routes(routes!(vouchers::refunds::list))
        .routes(routes!(offers::resource::create, offers::resource::list))
        .routes(routes!(offers::resource::read))
        .routes(routes!(offers::resource::disable))
        .routes(routes!(links::resource::list))
        .routes(routes!(links::resource::put, links::resource::read))
        .routes(routes!(links::resource::stop))
        .routes(routes!(links::resource::open))
        .routes(routes!(items::offers::list))
        .routes(routes!(
            items::offers::offer,
            items::offers::read,
            items::offers::withdraw
        ))
}
