//! What must be true on every node, the sandbox and a real lightningd alike: each function is one promise to a user.

mod addresses;
mod deleted;
pub(crate) mod onchain;
mod records;
mod shop;

use facture::{
    config::{Config, NodeKind},
    web::Mode,
};
use reqwest::{Method, StatusCode};
use serde_json::Value;

use crate::harness::{self, Page, Server};

/// A node with a buyer.
pub(crate) trait World {
    /// A facture on this node.
    async fn server(&self, settings: &[(&str, &str)]) -> Server;
    /// The buyer pays, so much if given.
    async fn pay(&self, bolt11: &str, amount_msat: Option<u64>);
    /// An invoice of another program; its label.
    async fn foreign_invoice(&self, label: &str);
    /// Which program the node is.
    fn node(&self) -> NodeKind {
        NodeKind::Cln
    }
    /// Another program deletes an invoice that is in this state, or cancels it on LND.
    async fn delete(&self, invoice: &Value, status: &str);
    /// How many invoices the node has.
    async fn invoices(&self) -> usize;
    /// Lets the expiry of a one-second invoice pass.
    async fn let_a_second_pass(&self);
    /// What the node lets facture see of its channels.
    fn channels(&self) -> Channels {
        Channels::Seen
    }
}

/// Whether facture may ask how much the node can receive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Channels {
    Seen,
    /// The rune does not allow it.
    Hidden,
}

/// The whole list, on one node.
pub(crate) async fn all(world: &impl World) {
    from_form_to_paid_page(world).await;
    programs_get_json(world).await;
    an_overpayment_shows_what_arrived(world).await;
    an_expired_invoice_says_so(world).await;
    empty_fields_mean_the_defaults(world).await;
    whatever_people_write_reaches_the_node_unchanged(world).await;
    bad_input_reaches_no_node(world).await;
    the_largest_amount_works(world).await;
    other_labels_are_not_found(world).await;
    the_node_is_reported(world).await;
    records::all(world).await;
    deleted::all(world).await;
    shop::all(world).await;
    addresses::all(world).await;
}

pub(crate) async fn from_form_to_paid_page(world: &impl World) {
    let server = world.server(&[]).await;
    let form = server.open("/").await;
    assert_eq!(form.status, StatusCode::OK);
    assert_eq!(
        form.attribute("form", "action").as_deref(),
        Some("/create_invoice")
    );
    assert_eq!(form.attribute("form", "method").as_deref(), Some("post"));

    let answer = server
        .submit(&[("amount", "1234"), ("description", "One coffee")])
        .await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    // What is after the question mark shows the node's warnings to who made it. A real node may have some.
    let location = answer.header("location").split('?').next();
    let path = location.unwrap_or_default().to_owned();
    assert!(path.starts_with("/check_invoice/facture_"), "{path}");

    let page = server.open(&path).await;
    assert_eq!(page.status, StatusCode::OK);
    let bolt11 = page.text_of("#bolt11");
    assert!(bolt11.starts_with("lnbcrt"), "{bolt11}");
    assert!(page.texts("a").contains(&"Open in wallet".to_owned()));
    assert_eq!(
        page.attribute("a.button", "href"),
        Some(format!("lightning:{bolt11}"))
    );
    assert_eq!(page.texts("svg[role=img]").len(), 1);
    assert_eq!(page.text_of(".amount"), "1,234 sat");
    assert_eq!(page.text_of(".description"), "One coffee");
    assert_eq!(page.text_of("main [role=status]"), "Waiting for payment");
    assert!(page.text.contains("Time left"));
    // It follows the payment without script too, in a frame; the page itself stays as it is.
    let frame = format!("{path}/status");
    let framed = format!("<noscript><iframe class=\"status\" src=\"{frame}\"");
    assert!(page.text.contains(&framed), "{}", page.text);
    assert_eq!(page.header("refresh"), "");
    assert!(!page.text.contains("http-equiv"));
    let inside = server.open(&frame).await;
    assert_eq!(inside.text_of("p.waiting"), "Waiting for payment");
    assert_eq!(inside.header("refresh"), "5");

    world.pay(&bolt11, None).await;
    let page = server.open(&path).await;
    assert_eq!(page.text_of("h1"), "Paid");
    assert_eq!(page.text_of(".amount"), "1,234 sat");
    assert!(page.text.contains("UTC"));
    assert!(page.texts("#bolt11").is_empty(), "nothing to pay twice");
    let inside = server.open(&frame).await;
    assert_eq!(inside.text_of("p.paid"), "Paid Show receipt");
    assert_eq!(
        inside.attribute("a[target=_parent]", "href").as_deref(),
        Some(path.as_str())
    );
    assert_eq!(inside.header("refresh"), "", "and then stops");
}

pub(crate) async fn programs_get_json(world: &impl World) {
    let server = world.server(&[]).await;
    let invoice = server.create("77", "by program").await;
    let label = invoice["label"].as_str().expect("a label");
    let bolt11 = invoice["bolt11"].as_str().expect("a bolt11");
    assert_eq!(invoice["status"], "unpaid");
    assert_eq!(invoice["amount_msat"], 77_000);
    assert_eq!(invoice["description"], "by program");
    assert_eq!(invoice["payment_hash"].as_str().map(str::len), Some(64));
    assert_eq!(
        invoice["status_url"],
        format!("{}/check_invoice/{label}", server.origin)
    );
    let lasts =
        invoice["expires_at"].as_i64().unwrap_or(0) - invoice["created_at"].as_i64().unwrap_or(0);
    assert!((3599..=3601).contains(&lasts), "{lasts}");

    let path = format!("/check_invoice/{label}");
    assert_eq!(
        server.json(&path).await,
        (StatusCode::OK, invoice.clone()),
        "the page says the same"
    );
    world.pay(bolt11, None).await;
    let (_, paid) = server.json(&path).await;
    assert_eq!(paid["status"], "paid");
    assert_eq!(paid["amount_received_msat"], 77_000);
    assert!(paid["paid_at"].as_i64() >= invoice["created_at"].as_i64());
}

pub(crate) async fn an_overpayment_shows_what_arrived(world: &impl World) {
    let server = world.server(&[]).await;
    let invoice = server.create("100", "tip welcome").await;
    world
        .pay(invoice["bolt11"].as_str().expect("a bolt11"), Some(150_000))
        .await;
    let page = server.open(&path_of(&invoice)).await;
    assert_eq!(page.text_of(".amount"), "150 sat");
    assert!(
        page.texts("dd").contains(&"100 sat".to_owned()),
        "{}",
        page.text
    );
}

pub(crate) async fn an_expired_invoice_says_so(world: &impl World) {
    let server = world.server(&[("INVOICE__EXPIRY_SECONDS", "1")]).await;
    let invoice = server.create("21", "too late").await;
    world.let_a_second_pass().await;
    let path = path_of(&invoice);
    server
        .json_until(&path, |answer| answer["status"] == "expired")
        .await;
    let page = server.open(&path).await;
    assert_eq!(page.text_of("h1"), "Expired");
    assert!(page.texts("#bolt11").is_empty(), "nothing to pay");
    let action = page.attribute("main form", "action").expect("a way on");
    let renewed = Page::read(server.request(Method::POST, &action).send().await).await;
    assert_eq!(renewed.status, StatusCode::SEE_OTHER);
    let (_, new) = server.json(renewed.header("location")).await;
    assert_eq!(
        (&new["amount_msat"], &new["description"]),
        (&invoice["amount_msat"], &invoice["description"])
    );
    assert_ne!(new["label"], invoice["label"]);
}

pub(crate) async fn empty_fields_mean_the_defaults(world: &impl World) {
    let server = world.server(&[]).await;
    for fields in [
        &[("amount", ""), ("description", "")][..],
        &[("amount", "  ")],
        &[],
    ] {
        let (status, invoice) = server.submit_json(fields).await;
        assert_eq!(status, StatusCode::CREATED, "{invoice}");
        assert_eq!(invoice["amount_msat"], 1_000_000);
        assert_eq!(invoice["description"], "Payment");
    }
    let server = world
        .server(&[
            ("INVOICE__DEFAULT_SAT", "5"),
            ("INVOICE__DEFAULT_DESCRIPTION", "Tip ☕"),
        ])
        .await;
    let (_, invoice) = server.submit_json(&[]).await;
    assert_eq!(
        (&invoice["amount_msat"], &invoice["description"]),
        (&5_000.into(), &"Tip ☕".into())
    );
}

pub(crate) async fn whatever_people_write_reaches_the_node_unchanged(world: &impl World) {
    let server = world.server(&[]).await;
    let longest = "☕".repeat(213);
    for description in [
        "<script>alert('x')</script>",
        "\"quoted\" & 'single' \\ back/slash {{ braces }}",
        "مرحبا بالعالم",
        "Zwei Brötchen & 日本語 ☕🍰",
        "\u{202e}right to left",
        &longest,
    ] {
        let invoice = server.create("1", description).await;
        assert_eq!(invoice["description"], description);
        let page = server.open(&path_of(&invoice)).await;
        let shown = page.texts(".description bdi");
        let shown = shown.last().expect("the description");
        assert_eq!(shown, description, "as text, not as markup");
        assert_eq!(page.texts("script"), [""], "only ours");
        let (_, listed) = server.json(&path_of(&invoice)).await;
        assert_eq!(listed["description"], description, "as the node has it");
    }
}

/// What was typed, the field that is wrong, and the code for it.
type Refused<'a> = (&'a [(&'a str, &'a str)], &'a str, &'a str);

pub(crate) async fn bad_input_reaches_no_node(world: &impl World) {
    let server = world
        .server(&[
            ("INVOICE__MINIMUM_SAT", "10"),
            ("INVOICE__MAXIMUM_SAT", "1000"),
        ])
        .await;
    let before = world.invoices().await;
    let (long, too_long, digits) = ("x".repeat(640), "☕".repeat(214), "9".repeat(30));
    let refused: &[Refused<'_>] = &[
        (&[("amount", "0")], "amount", "amount_too_small"),
        (&[("amount", "9")], "amount", "amount_too_small"),
        (&[("amount", "1001")], "amount", "amount_too_large"),
        (&[("amount", &digits)], "amount", "amount_too_large"),
        (&[("amount", "-5")], "amount", "amount_invalid"),
        (&[("amount", "1.5")], "amount", "amount_invalid"),
        (&[("amount", "abc")], "amount", "amount_invalid"),
        (&[("amount", "1e9")], "amount", "amount_invalid"),
        (&[("amount", "0x10")], "amount", "amount_invalid"),
        (&[("amount", "１００")], "amount", "amount_invalid"),
        (&[("amount", "<b>\"")], "amount", "amount_invalid"),
        (
            &[("description", &long)],
            "description",
            "description_too_long",
        ),
        (
            &[("description", &too_long)],
            "description",
            "description_too_long",
        ),
        (
            &[("description", "a\u{1}b")],
            "description",
            "description_invalid",
        ),
        (
            &[("description", "a\nb")],
            "description",
            "description_invalid",
        ),
        (
            &[("description", "a\0b")],
            "description",
            "description_invalid",
        ),
        (
            &[("amount", "20"), ("amount", "30")],
            "amount",
            "field_repeated",
        ),
        (
            &[("description", "a"), ("description", "a")],
            "description",
            "field_repeated",
        ),
        (&[("ammount", "20")], "ammount", "field_unknown"),
    ];
    for (fields, field, code) in refused {
        let (status, answer) = server.submit_json(fields).await;
        assert_eq!(
            status,
            StatusCode::UNPROCESSABLE_ENTITY,
            "{fields:?}: {answer}"
        );
        assert_eq!(answer["error"]["field"], *field, "{fields:?}: {answer}");
        assert_eq!(answer["error"]["code"], *code, "{fields:?}: {answer}");
        assert!(
            answer["error"]["message"]
                .as_str()
                .is_some_and(|text| text.contains(field)),
            "{answer}"
        );

        let page = server.submit(fields).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{fields:?}");
        let shown = match *field {
            "amount" | "description" => page.text_of(&format!("#{field}-error")),
            _ => page.text_of(".notice"),
        };
        assert!(shown.len() > 10, "{fields:?}: {shown}");
        let (name, typed) = fields[0];
        // HTML has no way to say NUL.
        if let Some(kept) = page
            .attribute(&format!("#{name}"), "value")
            .filter(|_| !typed.contains('\0'))
        {
            assert_eq!(kept, typed, "what was typed is kept");
        }
    }
    assert_eq!(world.invoices().await, before);
}

pub(crate) async fn the_largest_amount_works(world: &impl World) {
    // LND takes no more than 100,000 bitcoin.
    let most = match world.node() {
        NodeKind::Cln => "1000000000000000",
        NodeKind::Lnd => "10000000000000",
    };
    let server = world.server(&[("INVOICE__MAXIMUM_SAT", most)]).await;
    let invoice = server.create(most, "nearly half of it").await;
    assert_eq!(invoice["amount_msat"].to_string(), format!("{most}000"));
    assert_eq!(server.open(&path_of(&invoice)).await.status, StatusCode::OK);
}

pub(crate) async fn other_labels_are_not_found(world: &impl World) {
    let server = world.server(&[]).await;
    // It looks like ours and is on the node, but its prefix is another program's.
    let foreign = "foreign_0123456789abcdef0123456789abcdef";
    world.foreign_invoice(foreign).await;
    let unknown = "facture_0123456789abcdef0123456789abcdef";
    for label in [
        foreign,
        unknown,
        "x",
        "%00",
        "a%2Fb",
        "%FF",
        "facture_",
        &"x".repeat(10_000),
    ] {
        let page = server.open(&format!("/check_invoice/{label}")).await;
        assert_eq!(page.status, StatusCode::NOT_FOUND, "{label}");
        assert_eq!(page.text_of("h1"), "Invoice not found");
        let (status, answer) = server.json(&format!("/check_invoice/{label}")).await;
        assert_eq!(
            (status, &answer["error"]["code"]),
            (StatusCode::NOT_FOUND, &"invoice_not_found".into())
        );
        assert_eq!(
            server
                .open(&format!("/check_invoice/{label}/qr.svg"))
                .await
                .status,
            StatusCode::NOT_FOUND
        );
    }
    assert_eq!(
        server.open("/check_invoice/a/b/c").await.status,
        StatusCode::NOT_FOUND
    );
}

pub(crate) async fn the_node_is_reported(world: &impl World) {
    let server = world.server(&[]).await;
    assert_eq!(server.json("/healthz").await.0, StatusCode::OK);
    let ready = server
        .json_until("/readyz", |answer| answer["status"] == "ready")
        .await;
    assert_eq!(ready["node"]["network"], "regtest");
    assert_eq!(ready["node"]["id"].as_str().map(str::len), Some(66));
}

/// The node is away: pages say so within the deadline, show what was last known, keep what was typed.
pub(crate) async fn while_the_node_is_away(server: &Server, known: &Value) {
    let page = server.open(&path_of(known)).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(
        page.text_of(".notice")
            .contains("can’t be reached right now")
    );
    let (status, shown) = server.json(&path_of(known)).await;
    assert_eq!(
        (status, &shown["status"]),
        (StatusCode::OK, &known["status"])
    );
    assert!(
        shown["stale_since"].as_i64() >= known["created_at"].as_i64(),
        "{shown}"
    );
    making_an_invoice_waits_for_the_node(server).await;
}

/// No invoice can be made; everything else works.
pub(crate) async fn making_an_invoice_waits_for_the_node(server: &Server) {
    let page = server
        .submit(&[("amount", "42"), ("description", "patience")])
        .await;
    assert_eq!(page.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(page.header("retry-after"), "5");
    assert!(page.text_of("[role=alert]").contains("Lightning node"));
    assert_eq!(page.attribute("#amount", "value").as_deref(), Some("42"));
    assert_eq!(
        page.attribute("#description", "value").as_deref(),
        Some("patience")
    );
    let (status, answer) = server.submit_json(&[("amount", "42")]).await;
    assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(
        answer["error"]["code"]
            .as_str()
            .is_some_and(|code| code.starts_with("node_")),
        "{answer}"
    );
    let (status, unready) = server.json("/readyz").await;
    assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(
        unready["reason"]
            .as_str()
            .is_some_and(|reason| reason.contains("Lightning node")),
        "{unready}"
    );
    assert_eq!(server.json("/healthz").await.0, StatusCode::OK);
    assert_eq!(
        server.open("/").await.status,
        StatusCode::OK,
        "the form needs no node"
    );
}

pub(crate) fn path_of(invoice: &Value) -> String {
    format!(
        "/check_invoice/{}",
        invoice["label"].as_str().expect("a label")
    )
}

/// A facture on a node that it knows only by its socket.
pub(crate) async fn live_server(rpc_file: &std::path::Path, settings: &[(&str, &str)]) -> Server {
    let config: Config = harness::config_on(rpc_file.to_owned(), settings);
    Server::start(config, Mode::Live).await
}
