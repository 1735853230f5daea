//! Notices: rules made at the desk, and what arrives.

use std::{fs, os::unix::fs::PermissionsExt, path::Path, time::Duration};

use facture::{app::Checkout, web::Mode};
use facture_domain::desk::Role;
use facture_runtime::clock::Clock;
use jiff::Timestamp;
use reqwest::{Method, StatusCode};
use serde_json::json;
use tempfile::TempDir;
use tokio::time::{interval, timeout};

use super::{
    Desk, Session, TOKEN, label,
    smtp::{NOBODY, SmtpServer, USER},
};
use crate::{
    harness::{
        Page, Server, TIMEOUT, config_on,
        receiver::{Received, Receiver, Reply},
    },
    world::Sandbox,
};

const PATH: &str = "/desk/notices";

/// Where the desk is, as the configuration says.
const ORIGIN: &str = "http://127.0.0.1:9112";

/// The password of the SMTP server, and the token of the Telegram bot.
const SECRET: &str = "17:secret";

/// A desk with all channels, and a clock that the test holds.
struct Shop {
    desk: Desk,
    clock: Clock,
    owner: Session,
    smtp: SmtpServer,
    /// Plays Telegram and ntfy.
    web: Receiver,
    /// The records, and the files with the secrets.
    directory: TempDir,
}

impl Shop {
    async fn open() -> Self {
        Self::open_with(&[]).await
    }

    async fn open_with(settings: &[(&str, &str)]) -> Self {
        let sandbox = Sandbox::with_holds().await;
        let directory = tempfile::tempdir().expect("a directory");
        let (smtp, web) = (SmtpServer::start(SECRET).await, Receiver::start().await);
        write_secret(&directory.path().join("secret"), SECRET);
        let clock = Clock::manual(Timestamp::now());
        let places = (&smtp, &web, directory.path());
        let desk = serve(sandbox, places, clock.clone(), settings).await;
        let owner = desk.sign_in_as(Role::Owner).await;
        Self {
            desk,
            clock,
            owner,
            smtp,
            web,
            directory,
        }
    }

    /// The same after a restart.
    async fn restart(self, settings: &[(&str, &str)]) -> Self {
        let Desk {
            sandbox, server, ..
        } = self.desk;
        server.stop().await.expect("it stops");
        let places = (&self.smtp, &self.web, self.directory.path());
        let desk = serve(sandbox, places, self.clock.clone(), settings).await;
        Self { desk, ..self }
    }

    /// Makes a rule at the desk.
    async fn rule(&self, event: &str, channel: &str, address: &str) {
        let page = self.try_rule(event, channel, address).await;
        assert_eq!(page.status, StatusCode::SEE_OTHER, "{}", page.text);
    }

    async fn try_rule(&self, event: &str, channel: &str, address: &str) -> Page {
        let fields = [
            ("event", event),
            ("channel", channel),
            ("address", address),
            ("token", if channel == "ntfy" { "tk_secret" } else { "" }),
        ];
        self.desk.post(&self.owner, PATH, PATH, &fields).await
    }

    /// The address of ntfy's topic.
    fn topic(&self) -> String {
        self.web.url("/shop")
    }

    async fn page(&self) -> Page {
        self.desk.get(&self.owner, PATH).await
    }

    /// The page, once it has this text.
    async fn page_with(&self, text: &str) -> Page {
        self.page_once(Duration::ZERO, |page| page.contains(text))
            .await
    }

    /// The page, once nothing waits; so much time passes at once.
    async fn page_at_rest(&self, step: Duration) -> Page {
        self.page_once(step, |page| !page.contains("Waiting")).await
    }

    async fn page_once(&self, step: Duration, enough: impl Fn(&str) -> bool) -> Page {
        let mut last = String::new();
        let waiting = async {
            let mut tick = interval(Duration::from_millis(20));
            loop {
                tick.tick().await;
                let page = self.page().await;
                if enough(&page.text) {
                    return page;
                }
                last = page.text;
                self.clock.advance(step);
            }
        };
        let page = timeout(TIMEOUT, waiting).await;
        page.unwrap_or_else(|_| panic!("still {last}"))
    }

    /// Presses the button of the first rule; the page that answers.
    async fn test(&self) -> Page {
        let rules = self.page().await.attributes("input[name=rule]", "value");
        let rule = rules.first().expect("a rule");
        let path = "/desk/notices/test";
        self.desk
            .post(&self.owner, PATH, path, &[("rule", rule)])
            .await
    }

    async fn sell(&self, order: &str) {
        let sale = json!({ "amount_sat": 5, "description": "Coffee", "order_id": order });
        self.desk.sale(&sale).await;
    }

    /// Lets time pass, so much at once, until so many messages came to Telegram or ntfy.
    async fn messages(&self, count: usize, step: Duration) -> Vec<Received> {
        let waiting = async {
            let mut tick = interval(Duration::from_millis(20));
            while self.web.received().len() < count {
                tick.tick().await;
                self.clock.advance(step);
            }
        };
        let came = timeout(TIMEOUT, waiting).await;
        assert!(came.is_ok(), "only {:?}", self.web.received());
        self.web.received()
    }
}

async fn serve(
    sandbox: Sandbox,
    (smtp, web, directory): (&SmtpServer, &Receiver, &Path),
    clock: Clock,
    settings: &[(&str, &str)],
) -> Desk {
    let secret = directory.join("secret");
    let secret = secret.to_str().expect("a plain path");
    let (port, telegram) = (smtp.address.port().to_string(), web.url(""));
    let mut all = vec![
        ("DESK__ENABLED", "true"),
        ("API_TOKEN", TOKEN),
        ("SERVER__PUBLIC_URL", ORIGIN),
        ("WEBHOOKS__ALLOW_PRIVATE", "true"),
        ("NOTICES__SMTP_HOST", "127.0.0.1"),
        ("NOTICES__SMTP_PORT", &port),
        ("NOTICES__SMTP_SECURITY", "none"),
        ("NOTICES__SMTP_USER", USER),
        ("NOTICES__SMTP_PASSWORD_FILE", secret),
        ("NOTICES__MAIL_FROM", "till@shop.example"),
        ("NOTICES__TELEGRAM_TOKEN_FILE", secret),
        ("NOTICES__TELEGRAM_URL", &telegram),
    ];
    all.extend(settings);
    let config = config_on(sandbox.node.rpc_file().to_owned(), &all);
    let records = directory.join("records");
    let opened = Checkout::open_at(&config, &records, Mode::Live, clock).await;
    let checkout = opened.expect("it opens");
    let users = checkout.users().clone();
    let unused = tempfile::tempdir().expect("a directory");
    let server = Server::serve(async { Ok((checkout, unused)) }).await;
    Desk {
        sandbox,
        server,
        users,
    }
}

fn write_secret(file: &Path, text: &str) {
    fs::write(file, text).expect("written");
    fs::set_permissions(file, fs::Permissions::from_mode(0o600)).expect("private");
}

/// What Telegram is told.
fn text(message: &Received) -> String {
    let text = message.json()["text"].as_str().expect("a text").to_owned();
    assert_eq!(message.path, format!("/bot{SECRET}/sendMessage"));
    text
}

#[tokio::test]
async fn each_sale_is_told_once_also_over_a_restart() {
    let shop = Shop::open().await;
    // What was before is not told.
    shop.sell("before").await;
    shop.rule("sale_paid", "mail", "ada@shop.example").await;
    let sale = json!({
        "amount_sat": 1234, "description": "Coffee and cake", "order_id": "A-1", "metadata": { "name": "Eve Buyer" },
    });
    let sale = shop.desk.sale(&sale).await;
    let mails = shop.smtp.wait_for(1).await;
    let mail = &mails[0];
    assert_eq!(mail.to, "ada@shop.example");
    assert_eq!(mail.header("Subject"), "facture: Paid: 1,234 sat");
    assert!(
        mail.header("From").contains("till@shop.example"),
        "{mail:?}"
    );
    assert_eq!(mail.header("Auto-Submitted"), "auto-generated");
    let link = format!("{ORIGIN}/desk/payments/{}", label(&sale));
    for line in ["Coffee and cake", "Order: A-1", &link] {
        assert!(mail.text.contains(line), "{line} in {mail:?}");
    }
    assert!(!mail.text.contains("Eve") && !mail.text.contains("before"));
    let shop = shop.restart(&[]).await;
    shop.sell("A-2").await;
    let mails = shop.smtp.wait_for(2).await;
    assert_eq!(mails.len(), 2);
    assert!(mails[1].text.contains("Order: A-2") && !mails[1].text.contains("A-1"));
    assert_ne!(mails[0].header("Message-ID"), mails[1].header("Message-ID"));
}

#[tokio::test]
async fn what_waits_for_a_server_that_is_away_arrives_in_one_mail_when_it_is_back() {
    let mut shop = Shop::open().await;
    shop.rule("sale_paid", "mail", "ada@shop.example").await;
    shop.smtp.stop().await;
    for order in ["B-1", "B-2", "B-3"] {
        shop.sell(order).await;
    }
    shop.page_with("Waiting: 3").await;
    shop.page_with("The server can’t be reached").await;
    // A sale was no reason to try again: the pause is the rule's.
    shop.smtp.restart().await;
    assert_eq!(shop.smtp.mails(), []);
    let page = shop.page_at_rest(Duration::from_secs(5)).await;
    assert!(!page.text.contains("can’t be reached"), "{}", page.text);
    let mails = shop.smtp.mails();
    assert_eq!(mails.len(), 1);
    assert_eq!(
        mails[0].header("Subject"),
        "facture: 3 sales were paid: 15 sat"
    );
    for order in ["B-1", "B-2", "B-3"] {
        assert!(mails[0].text.contains(&format!("Order: {order}")));
    }
    // Days later, it is given up.
    shop.smtp.stop().await;
    shop.sell("B-4").await;
    shop.page_with("Waiting: 1").await;
    let page = shop.page_at_rest(Duration::from_secs(24 * 3600)).await;
    assert!(page.text.contains("Given up"), "{}", page.text);
    assert!(page.text.contains("The server can’t be reached"));
    assert_eq!(shop.smtp.mails().len(), 1);
}

#[tokio::test]
async fn a_wrong_password_is_named_and_what_waits_goes_out_once_it_is_right() {
    let shop = Shop::open().await;
    shop.rule("sale_paid", "mail", "ada@shop.example").await;
    write_secret(&shop.directory.path().join("secret"), "wrong");
    shop.sell("C-1").await;
    let page = shop.page_with("notices.smtp_password_file").await;
    assert!(page.text.contains("535"), "{}", page.text);
    let tested = shop.test().await;
    assert!(
        tested
            .text_of("[role=alert]")
            .contains("5.7.8 wrong password")
    );
    assert_eq!(shop.smtp.mails(), []);
    write_secret(&shop.directory.path().join("secret"), SECRET);
    let tested = shop.test().await;
    let said = tested.text_of("[role=status]");
    assert!(said.contains("250 2.0.0 queued as 17"), "{said}");
    let mails = shop.smtp.wait_for(2).await;
    assert_eq!(mails[0].header("Subject"), "facture: A test");
    assert!(mails[1].text.contains("Order: C-1"));
}

#[tokio::test]
async fn a_mailbox_that_does_not_exist_is_given_up_at_once_and_shown() {
    let shop = Shop::open().await;
    shop.rule("sale_paid", "mail", NOBODY).await;
    shop.sell("D-1").await;
    let page = shop.page_with("The server refuses this address.").await;
    assert!(page.text.contains("5.1.1 no such box"), "{}", page.text);
    assert!(page.text.contains("Given up") && !page.text.contains("Waiting"));
    let rules = page.attributes("input[name=rule]", "value");
    let path = "/desk/notices/remove";
    let fields = [("rule", rules[0].as_str())];
    let removed = shop.desk.post(&shop.owner, PATH, path, &fields).await;
    assert_eq!(removed.status, StatusCode::SEE_OTHER);
    let page = shop.page().await;
    assert!(page.text.contains("There are no rules yet."));
    let audit = shop.desk.get(&shop.owner, "/desk/audit").await.text;
    assert!(audit.contains("notice.rule_made") && audit.contains("notice.rule_removed"));
}

#[tokio::test]
async fn a_flood_of_sales_is_one_message_and_a_topic_gets_one_a_second() {
    let shop = Shop::open().await;
    shop.rule("sale_paid", "ntfy", &shop.topic()).await;
    shop.sell("E-0").await;
    let first = &shop.web.wait_for(1).await[0];
    assert_eq!(
        (first.path.as_str(), first.header("authorization")),
        ("/", "Bearer tk_secret")
    );
    assert_eq!(first.json()["topic"], "shop");
    assert_eq!(first.json()["title"], "facture: Paid: 5 sat");
    for number in 1..=23 {
        shop.sell(&format!("E-{number}")).await;
    }
    shop.page_with("Waiting: 23").await;
    assert_eq!(shop.web.received().len(), 1);
    let second = &shop.messages(2, Duration::from_secs(1)).await[1];
    assert_eq!(
        second.json()["title"],
        "facture: 23 sales were paid: 115 sat"
    );
    let body = second.json()["message"]
        .as_str()
        .expect("a text")
        .to_owned();
    assert!(
        body.contains("Order: E-1\n") && body.contains("more."),
        "{body}"
    );
    assert!(body.len() < 4096, "{}", body.len());
    shop.page_at_rest(Duration::ZERO).await;
}

#[tokio::test]
async fn a_node_that_is_away_is_told_once_and_once_that_it_is_back() {
    let shop = Shop::open().await;
    shop.rule("node_away", "telegram", "-100123").await;
    let node = &shop.desk.sandbox.node;
    node.refuse_connections().await;
    node.close_connections().await;
    let minute = Duration::from_secs(60);
    let messages = shop.messages(1, minute).await;
    assert_eq!(messages[0].json()["chat_id"], "-100123");
    assert!(text(&messages[0]).contains("The Lightning node is away."));
    shop.clock.advance(60 * minute);
    node.accept_connections().await.expect("it listens");
    let messages = shop.messages(2, minute).await;
    assert!(text(&messages[1]).contains("The Lightning node is back."));
    assert_eq!(messages.len(), 2);
}

#[tokio::test]
async fn little_that_can_be_received_and_no_rate_are_told_as_they_begin_and_end() {
    let settings = [
        ("FORM__CURRENCIES", "EUR"),
        ("PRICING__SOURCES", "node"),
        ("PRICING__MINIMUM_SOURCES", "10"),
    ];
    let shop = Shop::open_with(&settings).await;
    shop.desk.sandbox.node.set_receivable_msat(99_000_000);
    shop.rule("little_receivable", "telegram", "@my_shop").await;
    let minute = Duration::from_secs(60);
    let messages = shop.messages(1, minute).await;
    assert!(text(&messages[0]).contains("can receive only 99,000 sat"));
    // More than the limit, but not by a tenth.
    shop.desk.sandbox.node.set_receivable_msat(105_000_000);
    shop.rule("no_rate", "telegram", "@my_shop").await;
    let messages = shop.messages(2, minute).await;
    assert!(
        text(&messages[1]).contains("no exchange rate for EUR"),
        "{messages:?}"
    );
    shop.desk.sandbox.node.set_receivable_msat(200_000_000);
    let messages = shop.messages(3, minute).await;
    assert!(text(&messages[2]).contains("can receive 200,000 sat again"));
    // That it was told is known after a restart.
    let shop = shop.restart(&[
        ("FORM__CURRENCIES", "EUR"),
        ("PRICING__MINIMUM_SOURCES", "1"),
    ]);
    let messages = shop.await.messages(4, minute).await;
    assert!(text(&messages[3]).contains("an exchange rate again: EUR"));
}

#[tokio::test]
async fn an_endpoint_that_is_gone_is_told() {
    let shop = Shop::open().await;
    shop.rule("endpoint_gone", "ntfy", &shop.topic()).await;
    let receiver = Receiver::start().await;
    receiver.answer([Reply::Status(410)]);
    let request = shop.desk.server.request(Method::POST, "/api/v1/webhooks");
    let endpoint = json!({ "url": receiver.url("/hook") });
    let made = request.bearer_auth(TOKEN).json(&endpoint).send().await;
    assert_eq!(made.expect("an answer").status(), StatusCode::CREATED);
    shop.sell("F-1").await;
    receiver.wait_for(1).await;
    let told = shop.messages(1, Duration::from_secs(1)).await;
    let message = told[0].json()["message"]
        .as_str()
        .expect("a text")
        .to_owned();
    assert!(message.contains(&receiver.address.to_string()), "{message}");
}

#[tokio::test]
async fn a_telegram_that_asks_for_a_pause_gets_it() {
    let shop = Shop::open().await;
    shop.rule("sale_paid", "telegram", "7").await;
    shop.web.answer([Reply::Status(500)]);
    shop.sell("G-1").await;
    shop.page_with("The server didn’t take the message").await;
    assert_eq!(shop.web.received().len(), 1);
    let messages = shop.messages(2, Duration::from_secs(1)).await;
    assert_eq!(messages[0].body, messages[1].body);
}

#[tokio::test]
async fn what_is_not_configured_is_not_offered_and_the_page_names_its_key() {
    let desk = Desk::open_with(&[("WEBHOOKS__ALLOW_PRIVATE", "false")]).await;
    let manager = desk.sign_in_as(Role::Manager).await;
    let page = desk.get(&manager, PATH).await;
    assert_eq!(page.attributes("#channel option", "value"), ["ntfy"]);
    let hint = page.text_of("#channel-hint");
    assert!(hint.contains("notices.smtp_host") && hint.contains("notices.telegram_token_file"));
    for (channel, address, field) in [
        ("mail", "ada@shop.example", "channel"),
        ("ntfy", "https://ntfy.sh/", "address"),
        ("ntfy", "http://127.0.0.1:9/shop", "address"),
        ("ntfy", "http://10.0.0.1/shop", "address"),
    ] {
        let fields = [
            ("event", "sale_paid"),
            ("channel", channel),
            ("address", address),
        ];
        let refused = desk.post(&manager, PATH, PATH, &fields).await;
        assert_eq!(
            refused.status,
            StatusCode::UNPROCESSABLE_ENTITY,
            "{address}"
        );
        let errors = refused.texts(&format!("#{field}-error"));
        assert_eq!(errors.len(), 1, "{address}: {}", refused.text);
    }
    let fields = [
        ("event", "eaten"),
        ("channel", "ntfy"),
        ("address", "https://ntfy.sh/shop"),
    ];
    let refused = desk.post(&manager, PATH, PATH, &fields).await;
    assert_eq!(refused.texts("#event-error").len(), 1);
}
