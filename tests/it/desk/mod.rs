//! The merchant's desk, over the real router and store.

mod account;
mod closing;
mod console;
mod counter;
mod datev;
mod devices;
mod exports;
mod items;
mod links;
mod notices;
mod payments;
mod people;
mod roles;
mod sale;
mod samples;
mod signing_in;
mod smtp;
mod today;
mod tokens;
mod worth;

use facture::{app::Checkout, users::NewPassword, users::Users, web::Mode};
use facture_domain::desk::{Actor, Role, SecretText, UserName};
use reqwest::{Method, RequestBuilder, StatusCode, header};
use serde_json::Value;
use tokio::net::TcpListener;

use crate::{
    harness::{Page, Server, config_on, json},
    world::Sandbox,
};

/// The password of everybody.
const PASSWORD: &str = "correct horse battery";

/// The token by which a shop's program creates invoices.
const TOKEN: &str = "a-token-of-the-shop's-program";

/// A facture with a desk, on a sandbox's node.
struct Desk {
    /// Its node, which is gone without it.
    sandbox: Sandbox,
    server: Server,
    users: Users,
}

/// Somebody who is signed in.
struct Session {
    /// `name=secret`
    cookie: String,
}

impl Desk {
    async fn open() -> Self {
        Self::open_with(&[]).await
    }

    /// Everybody may try as often as they like, unless the test says otherwise.
    async fn open_with(settings: &[(&str, &str)]) -> Self {
        Self::open_at(settings, None).await
    }

    /// With a listener of the desk's own.
    async fn open_at(settings: &[(&str, &str)], own: Option<TcpListener>) -> Self {
        let sandbox = Sandbox::with_holds().await;
        let directory = tempfile::tempdir().expect("a directory");
        let mut all = vec![
            ("DESK__ENABLED", "true"),
            ("DESK__TRIES_PER_ACCOUNT_PER_MINUTE", "0"),
            ("DESK__TRIES_PER_CLIENT_PER_MINUTE", "0"),
            ("API_TOKEN", TOKEN),
            ("WEBHOOKS__ALLOW_PRIVATE", "true"),
        ];
        all.extend(settings);
        let config = config_on(sandbox.node.rpc_file().to_owned(), &all);
        let opened = Checkout::open(&config, directory.path(), Mode::Live).await;
        let mut checkout = opened.expect("it opens");
        if let Some(listener) = own {
            checkout = checkout.with_desk(listener);
        }
        let users = checkout.users().clone();
        let server = Server::serve(async { Ok((checkout, directory)) }).await;
        Self {
            sandbox,
            server,
            users,
        }
    }

    /// A new user of this role, by the name of it, who is signed in.
    async fn sign_in_as(&self, role: Role) -> Session {
        self.join(role.as_str(), role).await
    }

    /// A new user, who is signed in.
    async fn join(&self, name: &str, role: Role) -> Session {
        let name = UserName::parse(name).expect("a name");
        let link = self.users.add(name.clone(), role, &Actor::Console).await;
        let link = link.expect("a link").secret;
        let password = NewPassword::parse(PASSWORD.to_owned(), &name);
        let Ok(password) = password else {
            panic!("a good password");
        };
        let here = || "127.0.0.1".to_owned();
        let accepted = self
            .users
            .accept(&link, password, here(), "test".to_owned());
        let signed_in = accepted.await.expect("readable").expect("a session");
        Session::with(&signed_in.cookie)
    }

    async fn get(&self, session: &Session, path: &str) -> Page {
        let request = self.request(session, Method::GET, path);
        Page::read(request.header(header::ACCEPT, "text/html").send().await).await
    }

    /// Sends a form of the page at `from`, as its browser would, with these fields.
    async fn post(
        &self,
        session: &Session,
        from: &str,
        path: &str,
        fields: &[(&str, &str)],
    ) -> Page {
        let token = self.form_token(session, from).await;
        let mut all = vec![("form_token", token.as_str())];
        all.extend(fields);
        let request = self.request(session, Method::POST, path).form(&all);
        Page::read(request.send().await).await
    }

    async fn form_token(&self, session: &Session, from: &str) -> String {
        let page = self.get(session, from).await;
        let tokens = page.attributes("input[name=form_token]", "value");
        tokens.into_iter().next().expect("a form")
    }

    fn request(&self, session: &Session, method: Method, path: &str) -> RequestBuilder {
        self.server
            .request(method, path)
            .header(header::COOKIE, &session.cookie)
    }

    /// An invoice that the shop's program creates.
    async fn invoice(&self, body: &Value) -> Value {
        let request = self.server.request(Method::POST, "/api/v1/invoices");
        let (status, invoice) = json(request.bearer_auth(TOKEN).json(body).send().await).await;
        assert_eq!(status, StatusCode::CREATED, "{invoice}");
        invoice
    }

    /// One that is paid, as the node and facture know.
    async fn sale(&self, body: &Value) -> Value {
        let invoice = self.invoice(body).await;
        let bolt11 = invoice["bolt11"].as_str().expect("a string");
        let amount = invoice["amount_msat"].is_u64();
        let pays = (!amount).then_some(7_000);
        self.sandbox.node.pay(bolt11, pays).expect("paid");
        self.until(&invoice, "paid").await
    }

    /// It, once it is in this state.
    async fn until(&self, invoice: &Value, status: &str) -> Value {
        let path = format!("/check_invoice/{}", label(invoice));
        let is_so = |now: &Value| now["status"] == status;
        self.server.json_until(&path, is_so).await
    }

    /// Signs in by the form.
    async fn sign_in(&self, name: &str, password: &str, code: &str) -> Page {
        let fields = [("name", name), ("password", password), ("code", code)];
        let request = self.server.request(Method::POST, "/desk/login");
        Page::read(request.form(&fields).send().await).await
    }
}

fn label(invoice: &Value) -> &str {
    invoice["label"].as_str().expect("a label")
}

/// The path of a sale's page.
fn path(invoice: &Value) -> String {
    format!("/desk/payments/{}", label(invoice))
}

impl Session {
    fn with(secret: &SecretText) -> Self {
        Self {
            cookie: format!("facture_desk={}", secret.expose()),
        }
    }

    /// The one that an answer begins.
    fn of(page: &Page) -> Self {
        assert_eq!(page.status, StatusCode::SEE_OTHER, "{}", page.text);
        let cookie = page.header("set-cookie");
        let (pair, _) = cookie.split_once(';').expect("a cookie");
        Self {
            cookie: pair.to_owned(),
        }
    }
}

/// Whether an answer leads to the page for signing in.
fn is_turned_away(page: &Page) -> bool {
    page.status == StatusCode::SEE_OTHER && page.header("location").starts_with("/desk/login")
}
