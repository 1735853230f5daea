//! The frame of the desk's pages: navigation, who is signed in, and the texts (`desk/base.html`).

use std::ops::Deref;

use axum::extract::{FromRef, FromRequestParts};
use axum::http::request::Parts;

use super::{permit::Permit, posted, settings::Desk};
use crate::{
    locale::Language,
    users::Staff,
    web::{
        buyer::{pages::Pages, shell::Shell},
        extract::visitor::{DefaultLanguage, Visitor},
        origin::{Origin, OwnAddress},
    },
};
use facture_domain::desk::{Right, Role};

/// What the handlers make frames of.
pub(crate) struct Frames {
    pages: Pages,
    visitor: Visitor,
    /// Where the buyers' pages are: the desk may have an address of its own.
    shop: Origin,
    /// The path of this page.
    here: String,
    has_samples: bool,
}

/// The frame of one page. The texts are the shell's.
pub(crate) struct Frame {
    shell: Shell,
    stylesheet: String,
    script: String,
    counter_script: String,
    has_samples: bool,
    signed_in: Option<SignedIn>,
}

struct SignedIn {
    staff: Staff,
    form_token: String,
}

impl Frames {
    /// The frame of a page for somebody who is signed in.
    pub(crate) fn of<R>(&self, permit: &Permit<R>) -> Frame {
        let signed_in = SignedIn {
            staff: permit.staff.clone(),
            form_token: posted::token(&permit.form_key),
        };
        self.frame(Some(signed_in))
    }

    /// The frame of a page for those who are not.
    pub(crate) fn of_stranger(&self) -> Frame {
        self.frame(None)
    }

    /// The same with a query.
    pub(crate) fn link_with(&self, path: &str, query: &str) -> String {
        with_query(self.link(path), query)
    }

    /// One of our paths, in the language of this page.
    pub(crate) fn link(&self, path: &str) -> String {
        self.visitor.link(path)
    }

    /// The language of this page.
    pub(crate) fn language(&self) -> Language {
        self.visitor.language
    }

    /// Where the buyers' pages are.
    pub(crate) fn shop(&self) -> &Origin {
        &self.shop
    }

    fn frame(&self, signed_in: Option<SignedIn>) -> Frame {
        Frame {
            shell: Shell::new(&self.pages, self.visitor, &self.here),
            stylesheet: self.pages.desk_stylesheet().to_owned(),
            script: self.pages.desk_script().to_owned(),
            counter_script: self.pages.counter_script().to_owned(),
            has_samples: self.has_samples,
            signed_in,
        }
    }
}

impl Frame {
    /// The same for a page that is shown in answer to a form: this is its own path.
    pub(crate) fn at(mut self, path: &str) -> Self {
        self.shell = self.shell.at(path);
        self
    }
}

/// For the templates.
impl Frame {
    pub(crate) fn desk_stylesheet(&self) -> &str {
        &self.stylesheet
    }

    pub(crate) fn desk_script(&self) -> &str {
        &self.script
    }

    pub(crate) fn counter_script(&self) -> &str {
        &self.counter_script
    }

    /// The same with a query.
    pub(crate) fn link_with(&self, path: &str, query: &str) -> String {
        with_query(self.shell.link(path), query)
    }

    /// Whether there are sales that never were, for those who see sales.
    pub(crate) fn has_samples(&self) -> bool {
        self.has_samples && self.is_signed_in()
    }

    pub(crate) fn is_signed_in(&self) -> bool {
        self.signed_in.is_some()
    }

    pub(crate) fn name(&self) -> &str {
        self.signed_in
            .as_ref()
            .map_or("", |one| one.staff.name.as_str())
    }

    pub(crate) fn form_token(&self) -> &str {
        self.signed_in.as_ref().map_or("", |one| &one.form_token)
    }

    /// Whether a link of the navigation leads to this page.
    pub(crate) fn is_here(&self, path: &str) -> bool {
        self.shell.here() == path
    }

    /// Whether a link of the navigation leads to this page, or to one above it.
    pub(crate) fn is_within(&self, path: &str) -> bool {
        self.shell.here().starts_with(path)
    }

    /// The language for the forms that ask for a page, whose query replaces that of their address; `None`: the browser's.
    pub(crate) fn language_field(&self) -> Option<&'static str> {
        self.shell
            .link("")
            .contains("lang=")
            .then(|| self.shell.language().tag())
    }

    /// Where somebody begins: with a PIN at the counter, which is all that there is for them.
    pub(crate) fn home(&self) -> String {
        let is_of_counter = self.is_signed_in() && !self.reads_sales();
        self.shell.link(if is_of_counter {
            "/desk/counter"
        } else {
            "/desk"
        })
    }

    pub(crate) fn reads_sales(&self) -> bool {
        self.may(Right::ReadSales)
    }

    pub(crate) fn has_account(&self) -> bool {
        self.may(Right::OwnAccount)
    }

    pub(crate) fn manages_users(&self) -> bool {
        self.may(Right::ManageUsers)
    }

    pub(crate) fn reads_all_sales(&self) -> bool {
        self.may(Right::ReadAllSales)
    }

    pub(crate) fn manages_items(&self) -> bool {
        self.may(Right::ManageItems)
    }

    pub(crate) fn sells(&self) -> bool {
        self.may(Right::Sell)
    }

    pub(crate) fn manages_links(&self) -> bool {
        self.may(Right::ManageLinks)
    }

    pub(crate) fn manages_notices(&self) -> bool {
        self.may(Right::ManageNotices)
    }

    pub(crate) fn manages_tokens(&self) -> bool {
        self.may(Right::ManageTokens)
    }

    pub(crate) fn reads_audit(&self) -> bool {
        self.may(Right::ReadAudit)
    }

    /// How many recovery codes are left.
    pub(crate) fn recovery_codes_left(&self, left: &u32) -> String {
        let left = usize::try_from(*left).unwrap_or(usize::MAX);
        let gaps = [("left", left.into())];
        self.shell.language().say_with("desk-recovery-left", &gaps)
    }

    /// The word for a role.
    pub(crate) fn role(&self, role: &Role) -> String {
        let word = match role {
            Role::Owner => self.shell.say("desk-role-owner"),
            Role::Manager => self.shell.say("desk-role-manager"),
            Role::Cashier => self.shell.say("desk-role-cashier"),
            Role::Accountant => self.shell.say("desk-role-accountant"),
        };
        word.into_owned()
    }

    fn may(&self, right: Right) -> bool {
        self.signed_in
            .as_ref()
            .is_some_and(|one| one.staff.may(right))
    }
}

fn with_query(link: String, query: &str) -> String {
    let mark = if link.contains('?') { '&' } else { '?' };
    format!("{link}{mark}{query}")
}

impl Deref for Frame {
    type Target = Shell;

    fn deref(&self) -> &Shell {
        &self.shell
    }
}

impl<S> FromRequestParts<S> for Frames
where
    Pages: FromRef<S>,
    DefaultLanguage: FromRef<S>,
    Desk: FromRef<S>,
    OwnAddress: FromRef<S>,
    S: Send + Sync,
{
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Self::Rejection> {
        let visitor = Visitor::from_request_parts(parts, state).await?;
        let address = OwnAddress::from_ref(state);
        let shop = match Desk::from_ref(state).is_apart() {
            true => address.origin(),
            false => Origin::of(&address, &parts.headers),
        };
        Ok(Self {
            pages: FromRef::from_ref(state),
            visitor,
            shop,
            here: parts.uri.path().to_owned(),
            has_samples: Desk::from_ref(state).has_samples(),
        })
    }
}
