//! Who is at the desk, and whether they may do what a route does. A handler's first argument says which right it needs.

use std::marker::PhantomData;

use axum::{
    extract::{FromRef, FromRequestParts},
    http::{Method, request::Parts},
    response::{IntoResponse, Redirect, Response},
};
use url::form_urlencoded;

use super::settings::Desk;
use crate::{
    users::{Staff, Users},
    web::{
        error::Problem,
        extract::client::{Client, Proxies},
    },
};
use facture_domain::desk::{Actor, Right};

/// The right that a route needs, as a type.
pub(crate) trait RequiredRight {
    const RIGHT: Right;
}

macro_rules! rights {
    ($($(#[$doc:meta])* $name:ident,)*) => {
        $($(#[$doc])* pub(crate) struct $name;

        impl RequiredRight for $name {
            const RIGHT: Right = Right::$name;
        })*
    };
}

rights! {
    /// [`Right::OwnAccount`]
    OwnAccount,
    /// [`Right::SignOut`]
    SignOut,
    /// [`Right::ManageUsers`]
    ManageUsers,
    /// [`Right::ManageTokens`]
    ManageTokens,
    /// [`Right::ReadAudit`]
    ReadAudit,
    /// [`Right::ReadSales`]
    ReadSales,
    /// [`Right::ReadAllSales`]
    ReadAllSales,
    /// [`Right::ManageSales`]
    ManageSales,
    /// [`Right::OrderRefunds`]
    OrderRefunds,
    /// [`Right::ManageItems`]
    ManageItems,
    /// [`Right::ManageLinks`]
    ManageLinks,
    /// [`Right::ManageNotices`]
    ManageNotices,
    /// [`Right::Sell`]
    Sell,
    /// [`Right::PairShops`]
    PairShops,
}

/// Somebody who is signed in and has the right `R`.
pub(crate) struct Permit<R> {
    pub(crate) staff: Staff,
    /// What the forms of this session are recognised by.
    pub(super) form_key: String,
    address: String,
    right: PhantomData<R>,
}

/// Why somebody may not.
pub(crate) enum Refusal {
    /// Nobody is signed in: they are led to where they can.
    SignIn(String),
    Problem(Problem),
}

impl<R> Permit<R> {
    /// Them, in the audit log.
    pub(crate) fn actor(&self) -> Actor {
        self.staff.actor(self.address.clone())
    }
}

impl<R: RequiredRight, S> FromRequestParts<S> for Permit<R>
where
    Desk: FromRef<S>,
    Users: FromRef<S>,
    Proxies: FromRef<S>,
    S: Send + Sync,
{
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Refusal> {
        let cookie = Desk::from_ref(state).cookie().read(&parts.headers);
        let Some(cookie) = cookie else {
            return Err(Refusal::sign_in(parts));
        };
        let staff = Users::from_ref(state).signed_in(&cookie).await;
        let staff = staff.map_err(Problem::from)?;
        let staff = staff.ok_or_else(|| Refusal::sign_in(parts))?;
        if !staff.may(R::RIGHT) {
            return Err(Problem::RightMissing.into());
        }
        Ok(Self {
            staff,
            form_key: cookie.expose().to_owned(),
            address: Client::of(&Proxies::from_ref(state), parts).to_string(),
            right: PhantomData,
        })
    }
}

impl Refusal {
    /// To the page for signing in, and from there back to a page that was asked for.
    fn sign_in(parts: &Parts) -> Self {
        let back = parts
            .uri
            .path_and_query()
            .map_or("", |target| target.as_str());
        Self::SignIn(match parts.method == Method::GET && back != "/desk" {
            true => {
                let back: String = form_urlencoded::byte_serialize(back.as_bytes()).collect();
                format!("/desk/login?next={back}")
            }
            false => "/desk/login".to_owned(),
        })
    }
}

impl From<Problem> for Refusal {
    fn from(problem: Problem) -> Self {
        Self::Problem(problem)
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        match self {
            Self::SignIn(path) => Redirect::to(&path).into_response(),
            Self::Problem(problem) => problem.into_response(),
        }
    }
}
