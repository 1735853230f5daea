//! The merchant's desk: its routes. They are named here and nowhere else, and `tests/it/desk/roles.rs` has a line for each.
//!
//! Every handler has a [`permit::Permit`] as its first argument or a [`posted::Posted`] as its last, which names the right that
//! it needs, but for those by which somebody comes in.

mod account;
mod audit;
mod closing;
mod cookie;
mod counter;
mod counter_app;
mod counter_form;
mod counter_items;
mod counter_sale;
mod datev;
mod datev_bookings;
mod datev_columns;
mod datev_lines;
mod day_chart;
mod days;
mod devices;
mod export_csv;
mod export_rows;
#[cfg(feature = "xlsx")]
mod export_xlsx;
mod exports;
pub(crate) mod frame;
mod item_form;
mod items;
mod link;
mod link_form;
mod links;
mod live;
mod login;
mod notice_form;
mod notice_words;
mod notices;
mod payment_query;
mod payments;
mod people;
pub(crate) mod permit;
mod pin;
pub(crate) mod posted;
mod refund_form;
mod sale;
mod sale_actions;
mod sale_refunds;
mod sale_words;
mod second_factor;
pub(crate) mod settings;
mod today;
mod tokens;
mod welcome;
mod worth_words;

use axum::{
    Router,
    extract::FromRef,
    routing::{get, post},
};

use self::settings::Desk;
use super::{assets, error::Problem, state::App};

/// The routes of the desk; none where there is no desk.
pub(super) fn routes(app: &App) -> Router<App> {
    if !Desk::from_ref(app).is_enabled() {
        return Router::new();
    }
    let routes = Router::new()
        .route("/desk", get(today::show))
        .route("/desk/events", get(live::events))
        .route("/desk/login", get(login::show).post(login::sign_in))
        .route("/desk/login/pin", post(pin::sign_in))
        .route("/desk/logout", post(login::sign_out))
        .route("/desk/device/{link}", get(pin::show).post(pin::pair))
        .route(
            "/desk/welcome/{link}",
            get(welcome::show).post(welcome::accept),
        )
        .route("/desk/payments", get(payments::show))
        .route("/desk/payments/{label}", get(sale::show))
        .route(
            "/desk/payments/{label}/note",
            post(sale_actions::write_note),
        )
        .route("/desk/payments/{label}/cancel", post(sale_actions::cancel))
        .route(
            "/desk/payments/{label}/capture",
            post(sale_actions::capture),
        )
        .route(
            "/desk/payments/{label}/redeliver",
            post(sale_actions::redeliver),
        )
        .route(
            "/desk/payments/{label}/refund",
            post(sale_actions::order_refund),
        )
        .route("/desk/closing", get(closing::show))
        .route("/desk/exports", get(exports::show))
        .route("/desk/exports/sales.csv", get(exports::csv))
        .route("/desk/exports/koinly.csv", get(exports::koinly))
        .route("/desk/exports/datev.csv", get(datev::csv))
        .route("/desk/items", get(items::show).post(items::offer))
        .route("/desk/items/withdraw", post(items::withdraw))
        .route("/desk/links", get(links::show).post(links::make))
        .route("/desk/links/{slug}", get(link::show).post(link::change))
        .route("/desk/links/{slug}/stop", post(link::stop))
        .route("/desk/links/{slug}/open", post(link::open))
        .route("/desk/notices", get(notices::show).post(notices::make))
        .route("/desk/notices/test", post(notices::test))
        .route("/desk/notices/remove", post(notices::remove))
        .route("/desk/counter", get(counter::show).post(counter::sell))
        .route("/desk/counter/sales/{label}", get(counter_sale::show))
        .route(
            "/desk/counter/sales/{label}/events",
            get(counter_sale::events),
        )
        .route(
            "/desk/counter/sales/{label}/cancel",
            post(counter_sale::cancel),
        )
        .route(
            "/desk/counter/items",
            get(counter_items::show).post(counter_items::save),
        )
        .route("/desk/counter/items/remove", post(counter_items::remove))
        .route("/desk/counter.webmanifest", get(counter_app::manifest))
        .route("/desk/counter-worker.js", get(counter_app::worker))
        .route("/desk/counter-offline", get(counter_app::offline))
        .route("/desk/account", get(account::show))
        .route("/desk/account/password", post(account::set_password))
        .route("/desk/account/session", post(account::end_session))
        .route("/desk/account/second-factor", post(second_factor::offer))
        .route(
            "/desk/account/second-factor/on",
            post(second_factor::turn_on),
        )
        .route(
            "/desk/account/second-factor/off",
            post(second_factor::turn_off),
        )
        .route("/desk/users", get(people::show).post(people::add))
        .route("/desk/users/role", post(people::change_role))
        .route("/desk/users/device", post(devices::invite))
        .route("/desk/users/device/revoke", post(devices::revoke))
        .route("/desk/users/reset", post(people::reset))
        .route("/desk/users/remove", post(people::remove))
        .route("/desk/tokens", get(tokens::show).post(tokens::make))
        .route("/desk/tokens/revoke", post(tokens::revoke))
        .route("/desk/audit", get(audit::show));
    #[cfg(feature = "xlsx")]
    let routes = routes.route("/desk/exports/sales.xlsx", get(exports::xlsx));
    match Desk::from_ref(app).has_demo() {
        true => routes.route("/desk/login/demo", post(login::sign_in_as_demo)),
        false => routes,
    }
}

/// The desk and what its pages need, for a listener of its own.
pub(super) fn alone(app: &App) -> Router<App> {
    routes(app)
        .route("/static/{*path}", get(assets::serve))
        .fallback(async || Problem::PageNotFound)
}
