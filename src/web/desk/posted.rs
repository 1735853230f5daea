//! Forms of the desk. Two things must fit: where the browser says that the form came from, and the token in it, which
//! belongs to the session. The token differs on every page, so that what it is made of cannot be guessed from the length of
//! compressed pages (BREACH).

use axum::extract::{FromRef, FromRequest, FromRequestParts, Request};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use super::{
    permit::{Permit, Refusal, RequiredRight},
    settings::Desk,
};
use crate::{
    users::Users,
    web::{
        error::Problem,
        extract::{body::FormFields, client::Proxies},
        limits::bodies::BodyLimits,
    },
};

/// The field with the token.
const FIELD: &str = "form_token";

/// The digits of what differs on every page.
const NONCE_DIGITS: usize = 16;

/// A form that somebody with the right `R` has sent from a page of this session.
pub(crate) struct Posted<R> {
    pub(crate) permit: Permit<R>,
    pub(crate) fields: Fields,
}

impl<R> Posted<R> {
    /// The token of the form, which no other form has.
    pub(crate) fn form_token(&self) -> &str {
        self.fields.text(FIELD)
    }
}

/// The fields of a form.
pub(crate) struct Fields(Vec<(String, String)>);

impl Fields {
    pub(crate) fn new(FormFields(fields): FormFields) -> Self {
        Self(fields)
    }

    /// A field; empty when it is not there.
    pub(crate) fn text(&self, name: &str) -> &str {
        let found = self.0.iter().find(|(field, _)| field == name);
        found.map_or("", |(_, value)| value)
    }

    /// All of them, in order.
    pub(crate) fn pairs(&self) -> impl Iterator<Item = (&str, &str)> {
        let pairs = self.0.iter();
        pairs.map(|(name, value)| (name.as_str(), value.as_str()))
    }
}

/// A new token for a form of the session with this secret.
pub(super) fn token(key: &str) -> String {
    let nonce: u64 = rand::random();
    let nonce = format!("{nonce:016x}");
    let mac = mac(key, &nonce);
    nonce + &mac
}

fn is_token(key: &str, token: &str) -> bool {
    let Some((nonce, given)) = token.split_at_checked(NONCE_DIGITS) else {
        return false;
    };
    mac(key, nonce).as_bytes().ct_eq(given.as_bytes()).into()
}

/// Both are of a fixed length, so nothing can be moved from one to the other.
fn mac(key: &str, nonce: &str) -> String {
    hex::encode(Sha256::digest(format!("facture desk form {key} {nonce}")))
}

impl<R: RequiredRight, S> FromRequest<S> for Posted<R>
where
    Desk: FromRef<S>,
    Users: FromRef<S>,
    Proxies: FromRef<S>,
    BodyLimits: FromRef<S>,
    R: Send,
    S: Send + Sync,
{
    type Rejection = Refusal;

    async fn from_request(request: Request, state: &S) -> Result<Self, Refusal> {
        let (mut parts, body) = request.into_parts();
        Desk::from_ref(state).check_origin(&parts.headers)?;
        let permit = Permit::<R>::from_request_parts(&mut parts, state).await?;
        let request = Request::from_parts(parts, body);
        let fields = Fields::new(FormFields::from_request(request, state).await?);
        match is_token(&permit.form_key, fields.text(FIELD)) {
            true => Ok(Self { permit, fields }),
            false => Err(Problem::CrossSite.into()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_of_its_session_and_differs_on_every_page() {
        let (one, two) = (token("session"), token("session"));
        assert_ne!(one, two);
        assert!(is_token("session", &one) && is_token("session", &two));
        for wrong in [
            "",
            "00",
            &one[1..],
            &format!("{one}0"),
            &one.replace(&one[20..24], "ÿÿ"),
        ] {
            assert!(!is_token("session", wrong), "{wrong}");
        }
        assert!(!is_token("another", &one));
    }
}
