//! The merchant's desk: its routes. They are named here and nowhere else, and `tests/it/desk/roles.rs` has a line for each.
//!
//! Every handler has a [`permit::Permit`] as its first argument or a [`posted::Posted`] as its last, which names the right that
//! it needs, but for those by which somebody comes in.

mod account;
mod audit;
mod cookie;
pub(crate) mod frame;
mod login;
mod people;
pub(crate) mod permit;
pub(crate) mod posted;
mod second_factor;
pub(crate) mod settings;
mod welcome;

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
        .route("/desk", get(login::home))
        .route("/desk/login", get(login::show).post(login::sign_in))
        .route("/desk/logout", post(login::sign_out))
        .route(
            "/desk/welcome/{link}",
            get(welcome::show).post(welcome::accept),
        )
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
        .route("/desk/users/reset", post(people::reset))
        .route("/desk/users/remove", post(people::remove))
        .route("/desk/audit", get(audit::show));
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
