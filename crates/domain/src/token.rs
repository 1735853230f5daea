//! API tokens: what a program shows to be let in, and how far each goes. Pure; where they are kept is `access`'s business.

use std::{fmt, str::FromStr};

use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use crate::{shop::ShopId, store_permission::StorePermission};

/// What a token allows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Scope {
    /// Reading invoices, events and the node.
    InvoicesRead,
    /// Creating and cancelling invoices.
    InvoicesCreate,
    /// Managing webhooks and their secrets.
    Webhooks,
    /// Managing the items that are sold by pay to reveal.
    Items,
    /// Managing payment links.
    Links,
    /// The routes of LNbits, for the token's shop.
    Lnbits,
    /// The routes of BTCPay's Greenfield API, for the token's shop: all but refunds.
    Greenfield,
    /// Those of its routes that this permission opens.
    Store(StorePermission),
    /// Ordering payouts, and taking orders back.
    PayoutsOrder,
    /// Approving payouts, and taking orders back.
    PayoutsApprove,
    /// Executing payouts: what a payer does.
    PayoutsExecute,
    /// Everything but payouts.
    Admin,
}

/// Several of them, at least one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scopes(Vec<Scope>);

/// A name that does not exist.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("must be {}, or a permission of BTCPay's such as {}", Scope::NAMES.join(", "), StorePermission::ViewInvoices.as_str())]
pub struct ScopeError;

/// A token's secret text. Never shown in `Debug`, logs or errors.
#[derive(Clone, Debug)]
pub struct Token(SecretString);

/// A public name of a token, to find it by.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct TokenId(String);

/// The stored form of a token: its SHA-256. A token is random, so nothing slower is needed against guessing.
#[derive(Clone, Debug)]
pub struct TokenHash([u8; 32]);

/// A token that was accepted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grant {
    /// Which one.
    pub id: TokenId,
    /// Its owner's name for it.
    pub name: String,
    /// How far it goes.
    pub scopes: Scopes,
    /// The one shop that the drop-in APIs know it for; `None`: [`ShopId::default`].
    pub shop: Option<ShopId>,
}

const PREFIX: &str = "facture_token_";
const ID_DIGITS: usize = 16;

impl Scope {
    /// All but the single permissions of a store.
    const ALL: [Self; 11] = [
        Self::InvoicesRead,
        Self::InvoicesCreate,
        Self::Webhooks,
        Self::Items,
        Self::Links,
        Self::Lnbits,
        Self::Greenfield,
        Self::PayoutsOrder,
        Self::PayoutsApprove,
        Self::PayoutsExecute,
        Self::Admin,
    ];

    /// The names of all but the single permissions of a store, in order.
    pub const NAMES: [&'static str; 11] = [
        "invoices:read",
        "invoices:create",
        "webhooks",
        "items",
        "links",
        "lnbits",
        "greenfield",
        "payouts:order",
        "payouts:approve",
        "payouts:execute",
        "admin",
    ];

    /// Its name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::InvoicesRead => "invoices:read",
            Self::InvoicesCreate => "invoices:create",
            Self::Webhooks => "webhooks",
            Self::Items => "items",
            Self::Links => "links",
            Self::Lnbits => "lnbits",
            Self::Greenfield => "greenfield",
            Self::Store(permission) => permission.as_str(),
            Self::PayoutsOrder => "payouts:order",
            Self::PayoutsApprove => "payouts:approve",
            Self::PayoutsExecute => "payouts:execute",
            Self::Admin => "admin",
        }
    }

    /// Whether [`Scope::Admin`] includes it. Money leaves by payouts: each of their scopes has to be given by its name.
    fn is_of_admin(self) -> bool {
        match self {
            Self::InvoicesRead
            | Self::InvoicesCreate
            | Self::Webhooks
            | Self::Items
            | Self::Links
            | Self::Lnbits
            | Self::Greenfield
            | Self::Admin => true,
            Self::Store(permission) => !permission.is_refund(),
            Self::PayoutsOrder | Self::PayoutsApprove | Self::PayoutsExecute => false,
        }
    }
}

impl FromStr for Scope {
    type Err = ScopeError;

    fn from_str(text: &str) -> Result<Self, ScopeError> {
        Self::ALL
            .into_iter()
            .find(|scope| scope.as_str() == text)
            .or_else(|| text.parse().ok().map(Self::Store))
            .ok_or(ScopeError)
    }
}

impl Scopes {
    /// These, each once.
    ///
    /// # Errors
    /// [`ScopeError`] for none.
    pub fn new(scopes: impl IntoIterator<Item = Scope>) -> Result<Self, ScopeError> {
        let mut scopes: Vec<Scope> = scopes.into_iter().collect();
        scopes.sort();
        scopes.dedup();
        if scopes.is_empty() {
            return Err(ScopeError);
        }
        Ok(Self(scopes))
    }

    /// All but those of payouts.
    pub fn admin() -> Self {
        Self(vec![Scope::Admin])
    }

    /// Whether one of them goes as far as `wanted`.
    pub fn allow(&self, wanted: Scope) -> bool {
        self.0.contains(&wanted)
            || wanted.is_of_admin() && self.0.contains(&Scope::Admin)
            || match wanted {
                Scope::Store(wanted) => self.allow_in_store(wanted),
                _ => false,
            }
    }

    /// Whether they open anything of BTCPay's Greenfield API.
    pub fn open_store(&self) -> bool {
        self.store_permissions().next().is_some()
    }

    /// The permissions that they name, or all that [`Scope::Greenfield`] and [`Scope::Admin`] stand for.
    pub fn store_permissions(&self) -> impl Iterator<Item = StorePermission> {
        let all = self.allow(Scope::Greenfield);
        let named = |permission| self.0.contains(&Scope::Store(permission));
        StorePermission::ALL
            .into_iter()
            .filter(move |permission| named(*permission) || all && !permission.is_refund())
    }

    fn allow_in_store(&self, wanted: StorePermission) -> bool {
        self.store_permissions()
            .any(|permission| permission.includes(wanted))
    }
}

/// `invoices:read webhooks`
impl fmt::Display for Scopes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<_> = self.0.iter().map(|scope| scope.as_str()).collect();
        f.write_str(&names.join(" "))
    }
}

impl FromStr for Scopes {
    type Err = ScopeError;

    fn from_str(text: &str) -> Result<Self, ScopeError> {
        let scopes: Result<Vec<_>, _> = text.split_whitespace().map(str::parse).collect();
        Self::new(scopes?)
    }
}

impl Token {
    /// A new one, of 256 random bits.
    pub fn random() -> (TokenId, Self) {
        let id = TokenId::random();
        let token = Self::random_with(&id);
        (id, token)
    }

    /// A new one with this id, of 256 random bits.
    pub fn random_with(id: &TokenId) -> Self {
        let secret: [u128; 2] = rand::random();
        let text = format!("{PREFIX}{}_{:032x}{:032x}", id.0, secret[0], secret[1]);
        Self(text.into())
    }

    /// One that somebody shows, or that was configured.
    pub fn new(text: String) -> Self {
        Self(text.into())
    }

    /// Its id, if it is one of those that we make.
    pub fn id(&self) -> Option<TokenId> {
        let rest = self.0.expose_secret().strip_prefix(PREFIX)?;
        let (id, _) = rest.split_once('_')?;
        let hex = id.len() == ID_DIGITS && id.bytes().all(|byte| byte.is_ascii_hexdigit());
        hex.then(|| TokenId(id.to_owned()))
    }

    /// What is kept of it.
    pub fn hash(&self) -> TokenHash {
        TokenHash(Sha256::digest(self.0.expose_secret()).into())
    }

    /// The text itself, to be shown once to its owner.
    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }
}

impl TokenId {
    /// A new one.
    pub fn random() -> Self {
        let id: u64 = rand::random();
        Self(format!("{id:016x}"))
    }

    /// The id of the one token that this form may make: the same for the same form.
    pub fn of_form(form: &str) -> Self {
        let digest = Sha256::digest(format!("facture token of form {form}"));
        let mut id = [0; ID_DIGITS / 2];
        for (to, from) in id.iter_mut().zip(digest) {
            *to = from;
        }
        Self(format!("{:016x}", u64::from_be_bytes(id)))
    }

    /// One that somebody names.
    pub fn new(text: String) -> Self {
        Self(text)
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TokenHash {
    /// From the store.
    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// For the store.
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// Whether both are of one token. Takes the same time wherever they differ.
    pub fn matches(&self, other: &Self) -> bool {
        self.0.ct_eq(&other.0).into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_knows_its_id_and_is_never_shown() {
        let (id, token) = Token::random();
        assert_eq!(token.id(), Some(id));
        assert!(!format!("{token:?}").contains(PREFIX));
        for text in ["", "secret", "facture_token_", "facture_token_xyz_abc"] {
            assert_eq!(Token::new(text.to_owned()).id(), None, "{text}");
        }
    }

    #[test]
    fn a_form_makes_one_token() {
        let id = TokenId::of_form("a");
        assert_eq!(TokenId::of_form("a"), id);
        assert_ne!(TokenId::of_form("b"), id);
        let [one, two] = [0, 1].map(|_| Token::random_with(&id));
        assert_eq!(one.id(), Some(id));
        assert!(!one.hash().matches(&two.hash()));
    }

    #[test]
    fn only_the_same_token_matches() {
        let (_, token) = Token::random();
        let (_, other) = Token::random();
        assert!(
            token
                .hash()
                .matches(&Token::new(token.expose().to_owned()).hash())
        );
        assert!(!token.hash().matches(&other.hash()));
    }

    #[test]
    fn scopes_go_as_far_as_they_say() {
        let scopes: Scopes = "invoices:read webhooks".parse().unwrap();
        assert!(scopes.allow(Scope::InvoicesRead) && scopes.allow(Scope::Webhooks));
        assert!(!scopes.open_store());
        assert!(!scopes.allow(Scope::InvoicesCreate) && !scopes.allow(Scope::Admin));
        for scope in Scope::ALL {
            let is_payout = scope.as_str().starts_with("payouts:");
            assert_eq!(Scopes::admin().allow(scope), !is_payout, "{scope:?}");
        }
        let order: Scopes = "payouts:order".parse().unwrap();
        assert!(order.allow(Scope::PayoutsOrder) && !order.allow(Scope::PayoutsApprove));
        assert_eq!(Scope::ALL.map(Scope::as_str), Scope::NAMES);
        assert_eq!(scopes.to_string().parse(), Ok(scopes));
        assert!("".parse::<Scopes>().is_err() && "invoices".parse::<Scopes>().is_err());
    }

    #[test]
    fn a_key_of_a_store_does_what_its_permissions_include() {
        let allows = |scopes: &str, permission| {
            let scopes: Scopes = scopes.parse().unwrap();
            scopes.allow(Scope::Store(permission))
        };
        let all = StorePermission::ALL;
        for permission in all {
            let is_refund = permission.is_refund();
            assert_eq!(allows("greenfield", permission), !is_refund);
            assert_eq!(allows("admin", permission), !is_refund);
            assert!(!allows("invoices:read lnbits payouts:order", permission));
            let name = permission.as_str();
            assert!(allows(name, permission));
            assert!(!name.parse::<Scopes>().unwrap().allow(Scope::Greenfield));
        }
        let modify = StorePermission::ModifyInvoices.as_str();
        assert!(allows(modify, StorePermission::CreateInvoice));
        assert!(!allows(modify, StorePermission::ModifyWebhooks));
        let paired: Scopes = "btcpay.store.canmodifyinvoices greenfield".parse().unwrap();
        assert_eq!(paired.store_permissions().count(), all.len() - 1);
    }
}
