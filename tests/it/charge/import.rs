//! `facture import-charge`: a shop moves with its open invoices.

use std::path::Path;

use facture::{app, sync::Imported, web::Mode};
use facture_store::{LabelKeyFile, SkippedItem, SkippedPart};
use reqwest::{Method, StatusCode};
use rusqlite::Connection;
use serde_json::{Value, json};

use super::{hooks::receiver, read, shop_config};
use crate::{
    api::TOKEN,
    contract::World,
    harness::{Page, Server, TIMEOUT},
    world::Sandbox,
};

/// The tables as the migrations of Lightning Charge 0.4.26 leave them.
const TABLES: &str = "
    CREATE TABLE invoice (
        id varchar(255), msatoshi varchar(255) not null, quoted_currency varchar(255), quoted_amount varchar(255),
        rhash varchar(255) not null, payreq varchar(255) not null, pay_index integer, description varchar(255),
        metadata varchar(255), created_at integer not null, expires_at integer not null, paid_at integer,
        msatoshi_received varchar(255), primary key (id));
    CREATE TABLE invoice_webhook (
        id integer not null primary key autoincrement, invoice_id varchar(255) not null, url varchar(255) not null,
        created_at datetime not null, requested_at bigint, success boolean, resp_code integer, resp_error varchar(255),
        foreign key (invoice_id) references invoice (id));";

const PAID: &str = "paid-by-charge-123456";
const OPEN: &str = "V1StGXR8_Z5jdHi6B-myT";
const MISSED: &str = "missed_by_charge_1234";
const GONE: &str = "gone-from-the-node-12";
const FOREIGN: &str = "another-program-12345";

fn run(connection: &Connection, sql: &str) {
    connection.execute_batch(sql).expect("it is done");
}

/// A node with Lightning Charge's invoices, and its database.
async fn charge(sandbox: &Sandbox, file: &Path, hook: &str) {
    let charge = Connection::open(file).expect("a database");
    run(&charge, TABLES);
    for id in [PAID, OPEN, MISSED, GONE, FOREIGN] {
        sandbox.foreign_invoice(id).await;
        if id == FOREIGN {
            continue;
        }
        let listed = listed(sandbox, id).await;
        run(
            &charge,
            &format!(
                "INSERT INTO invoice VALUES ('{id}', '1000', 'EUR', '0.00088', '{}', '{}', null, 'a hat', \
             '{{\"order\":7}}', {}, {}, null, null)",
                listed["payment_hash"].as_str().unwrap(),
                listed["bolt11"].as_str().unwrap(),
                listed["expires_at"].as_i64().unwrap() - 604_800,
                listed["expires_at"],
            ),
        );
        run(
            &charge,
            &format!(
                "INSERT INTO invoice_webhook (invoice_id, url, created_at) VALUES ('{id}', '{hook}?{id}', 1)"
            ),
        );
    }
    for id in [PAID, MISSED] {
        sandbox
            .pay(listed(sandbox, id).await["bolt11"].as_str().unwrap(), None)
            .await;
    }
    run(
        &charge,
        &format!(
            "UPDATE invoice SET pay_index = 1, paid_at = 1700000000, msatoshi_received = '1000' WHERE id = '{PAID}'; \
         UPDATE invoice_webhook SET requested_at = 1, success = true, resp_code = 200 WHERE invoice_id = '{PAID}'; \
         INSERT INTO invoice VALUES ('nonsense-1234567890123', '1', null, null, '', 'lnbc', null, '', 'null', 1, 2, null, null)"
        ),
    );
    drop(charge);
    let answer = call(
        sandbox,
        "delinvoice",
        json!({"label": GONE, "status": "unpaid"}),
    )
    .await;
    assert_eq!(answer["label"], GONE);
}

async fn call(sandbox: &Sandbox, method: &str, params: Value) -> Value {
    let mut node = cln_rpc::ClnRpc::new(sandbox.node.rpc_file()).await.unwrap();
    node.call_raw(method, &params).await.unwrap()
}

async fn listed(sandbox: &Sandbox, label: &str) -> Value {
    call(sandbox, "listinvoices", json!({ "label": label })).await["invoices"][0].take()
}

/// What is left out of that.
fn nonsense() -> Vec<SkippedItem> {
    vec![SkippedItem {
        id: "nonsense-1234567890123".to_owned(),
        what: SkippedPart::Invoice,
        reason: "not a BOLT 11 payment request: Invalid bech32: parse failed".to_owned(),
    }]
}

#[tokio::test]
async fn a_shop_moves_with_its_open_invoices() {
    let sandbox = Sandbox::start().await;
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("charge.db");
    let (hook, mut told) = receiver().await;
    charge(&sandbox, &file, &hook).await;
    let data = directory.path().join("data");
    let mut config = shop_config(&[
        ("STORE__DATA_DIR", data.to_str().unwrap()),
        ("WEBHOOKS__ALLOW_PRIVATE", "true"),
    ]);
    config.node.rpc_file = sandbox.node.rpc_file().to_owned();

    let imported = app::import_charge(&config, &data, &file).await.unwrap();
    assert_eq!(
        imported,
        Imported {
            taken: 4,
            known: 0,
            gone: 1,
            left_out: nonsense()
        }
    );
    let again = app::import_charge(&config, &data, &file).await.unwrap();
    assert_eq!(
        again,
        Imported {
            taken: 0,
            known: 4,
            gone: 0,
            left_out: nonsense()
        }
    );

    let server = Server::start(config.clone(), Mode::Live).await;
    let get = async |path: String| {
        let request = server
            .request(Method::GET, &path)
            .basic_auth("api-token", Some(TOKEN));
        Page::read(request.send().await).await
    };
    for (id, status, pay_index) in [
        (PAID, "paid", json!(1)),
        (MISSED, "paid", json!(2)),
        (OPEN, "unpaid", Value::Null),
        (GONE, "expired", Value::Null),
    ] {
        let found = read(&get(format!("/invoice/{id}")).await);
        assert_eq!(
            (&found["status"], &found["pay_index"]),
            (&json!(status), &pay_index),
            "{id}"
        );
        assert_eq!(
            (&found["quoted_currency"], &found["quoted_amount"]),
            (&json!("EUR"), &json!("0.00088"))
        );
        assert_eq!(
            (&found["metadata"], &found["description"]),
            (&json!({"order": 7}), &json!("a hat"))
        );
    }
    assert_eq!(
        get(format!("/invoice/{FOREIGN}")).await.status,
        StatusCode::NOT_FOUND
    );
    assert_eq!(
        read(&get("/invoices".to_owned()).await)
            .as_array()
            .unwrap()
            .len(),
        4
    );

    // The payment that Lightning Charge missed is told first; the one that it told is not told again.
    let mut heard = async || {
        let (_, body) = tokio::time::timeout(TIMEOUT, told.recv())
            .await
            .expect("in time")
            .unwrap();
        let told: Value = serde_json::from_str(&body).unwrap();
        (told["id"].clone(), told["status"].clone())
    };
    assert_eq!(heard().await, (json!(MISSED), json!("paid")));
    let bolt11 = listed(&sandbox, OPEN).await["bolt11"]
        .as_str()
        .unwrap()
        .to_owned();
    sandbox.pay(&bolt11, None).await;
    let waited = get(format!("/invoice/{OPEN}/wait?timeout=20")).await;
    assert_eq!(read(&waited)["pay_index"], 3);
    assert_eq!(heard().await, (json!(OPEN), json!("paid")));

    let refused = app::import_charge(&config, &data, &file).await;
    assert!(refused.is_err(), "a server runs");
    server.stop().await.unwrap();
    let nothing = directory.path().join("nothing.db");
    assert!(app::import_charge(&config, &data, &nothing).await.is_err());
}

/// A database of Lightning Charge with what a test puts in.
struct ChargeDb {
    directory: tempfile::TempDir,
    connection: Connection,
}

impl ChargeDb {
    fn new() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let connection = Connection::open(directory.path().join("charge.db")).unwrap();
        // Lightning Charge has them off, as SQLite does by itself.
        connection
            .pragma_update(None, "foreign_keys", false)
            .unwrap();
        run(&connection, TABLES);
        Self {
            directory,
            connection,
        }
    }

    /// A row of an open invoice. Values are SQL.
    fn row(&self, id: &str, payreq: &str, more: &[(&str, &str)]) {
        let soon = jiff::Timestamp::now().as_second() + 3600;
        run(
            &self.connection,
            &format!(
                "INSERT INTO invoice VALUES ('{id}', '1000', null, null, '', '{payreq}', null, 'a hat', null, \
                 {}, {soon}, null, null)",
                soon - 7200
            ),
        );
        for (column, value) in more {
            let sql = format!("UPDATE invoice SET {column} = {value} WHERE id = '{id}'");
            run(&self.connection, &sql);
        }
    }

    fn hook(&self, id: &str, url: &str) {
        let sql = format!(
            "INSERT INTO invoice_webhook (invoice_id, url, created_at) VALUES ('{id}', '{url}', 1)"
        );
        run(&self.connection, &sql);
    }

    fn data(&self) -> std::path::PathBuf {
        self.directory.path().join("data")
    }

    fn config(&self, sandbox: &Sandbox) -> facture::config::Config {
        let mut config = shop_config(&[
            ("STORE__DATA_DIR", self.data().to_str().unwrap()),
            ("WEBHOOKS__ALLOW_PRIVATE", "true"),
        ]);
        config.node.rpc_file = sandbox.node.rpc_file().to_owned();
        config
    }

    async fn import(&self, sandbox: &Sandbox) -> Imported {
        let file = self.directory.path().join("charge.db");
        let config = self.config(sandbox);
        app::import_charge(&config, &self.data(), &file)
            .await
            .unwrap()
    }
}

async fn open(sandbox: &Sandbox, label: &str) -> String {
    sandbox.foreign_invoice(label).await;
    let listed = listed(sandbox, label).await;
    listed["bolt11"].as_str().unwrap().to_owned()
}

/// What was left out, as id and kind.
fn left(imported: &Imported) -> Vec<(&str, SkippedPart)> {
    let left = imported.left_out.iter();
    left.map(|left| (left.id.as_str(), left.what)).collect()
}

async fn get(server: &Server, path: &str) -> Page {
    let request = server
        .request(Method::GET, path)
        .basic_auth("api-token", Some(TOKEN));
    Page::read(request.send().await).await
}

#[tokio::test]
async fn webhooks_are_taken_over_or_named() {
    let sandbox = Sandbox::start().await;
    let charge = ChargeDb::new();
    let (hook, mut told) = receiver().await;
    let bolt11 = open(&sandbox, OPEN).await;
    charge.row(OPEN, &bolt11, &[]);
    charge.hook(OPEN, &format!("{hook}?fragment#part"));
    charge.hook(OPEN, "https://user:secret@shop.example/paid");
    charge.hook(OPEN, "shop.example/paid");
    charge.hook("of-no-invoice-1234567", &hook);
    let imported = charge.import(&sandbox).await;
    assert_eq!(
        left(&imported),
        [
            (OPEN, SkippedPart::Webhook),
            (OPEN, SkippedPart::Webhook),
            ("of-no-invoice-1234567", SkippedPart::Webhook)
        ]
    );
    let shown = imported.to_string();
    assert!(
        shown.contains("; 3 webhooks and 0 other items not imported\n"),
        "{shown}"
    );
    for word in [
        OPEN,
        "shop.example",
        "user name or password",
        "http or https",
    ] {
        assert!(shown.contains(word), "{shown}");
    }
    assert!(!shown.contains("secret"), "{shown}");
    let server = Server::start(charge.config(&sandbox), Mode::Live).await;
    sandbox.pay(&bolt11, None).await;
    let heard = tokio::time::timeout(TIMEOUT, told.recv()).await.unwrap();
    let (_, body) = heard.unwrap();
    assert_eq!(serde_json::from_str::<Value>(&body).unwrap()["id"], OPEN);
    server.stop().await.unwrap();
}

#[tokio::test]
async fn the_nodes_word_counts() {
    let sandbox = Sandbox::start().await;
    let charge = ChargeDb::new();
    let paid = [
        ("pay_index", "77"),
        ("paid_at", "1700000000"),
        ("msatoshi_received", "'5000000'"),
    ];
    // One of our own, which the file calls paid.
    std::fs::create_dir(charge.data()).unwrap();
    let own = LabelKeyFile::open(&charge.data()).unwrap();
    let own = own
        .key()
        .random_label(&facture_domain::LabelPrefix::default());
    let own = own.as_str();
    let own_bolt11 = open(&sandbox, own).await;
    charge.row(own, &own_bolt11, &paid);
    // One that is open, which the file calls paid, with another one's BOLT 11.
    let bolt11 = open(&sandbox, OPEN).await;
    charge.row(OPEN, &own_bolt11, &paid);
    // Paid, from before the amount was written down.
    let old = open(&sandbox, PAID).await;
    sandbox.pay(&old, None).await;
    charge.row(PAID, &old, &paid[..2]);
    // Gone, and its BOLT 11 is another's; gone and paid, with a webhook that was not sent.
    charge.row(GONE, &bolt11, &paid);
    let gone_paid = open(&sandbox, MISSED).await;
    sandbox.pay(&gone_paid, None).await;
    call(
        &sandbox,
        "delinvoice",
        json!({"label": MISSED, "status": "paid"}),
    )
    .await;
    charge.row(MISSED, &gone_paid, &paid[..2]);
    charge.hook(MISSED, "https://shop.example/secret");
    let imported = charge.import(&sandbox).await;
    assert_eq!((imported.taken, imported.known, imported.gone), (3, 0, 1));
    assert_eq!(
        left(&imported),
        [
            (own, SkippedPart::Invoice),
            (OPEN, SkippedPart::Bolt11),
            (OPEN, SkippedPart::Payment),
            (GONE, SkippedPart::Invoice),
            (MISSED, SkippedPart::Webhook)
        ]
    );
    assert!(!imported.to_string().contains("secret"), "{imported}");
    let server = Server::start(charge.config(&sandbox), Mode::Live).await;
    for (id, bolt11, status, received) in [
        (own, &own_bolt11, "unpaid", Value::Null),
        (OPEN, &bolt11, "unpaid", Value::Null),
        (PAID, &old, "paid", json!("1000")),
        (MISSED, &gone_paid, "paid", json!("1000")),
    ] {
        let found = read(&get(&server, &format!("/invoice/{id}")).await);
        assert_eq!(
            (
                &found["payreq"],
                &found["status"],
                &found["msatoshi_received"]
            ),
            (&json!(bolt11), &json!(status), &received),
            "{id}"
        );
    }
    server.stop().await.unwrap();
    let again = charge.import(&sandbox).await;
    assert_eq!((again.taken, again.known), (0, 3));
}

#[tokio::test]
async fn what_makes_no_sense_is_left_out_and_hides_nothing() {
    let sandbox = Sandbox::start().await;
    let charge = ChargeDb::new();
    let bolt11 = open(&sandbox, OPEN).await;
    let large = format!("'\"{}\"'", "x".repeat(16 * 1024));
    let mut ids = vec![OPEN.to_owned()];
    charge.row(OPEN, &bolt11, &[("metadata", "'{no json'")]);
    for (number, (column, value)) in [
        ("metadata", large.as_str()),
        ("metadata", "x'ff00'"),
        ("quoted_currency", "'EUR', quoted_amount = 'a lot'"),
        ("quoted_currency", "x'ff', quoted_amount = 1.5"),
    ]
    .into_iter()
    .enumerate()
    {
        let id = format!("spoilt_by_charge_{number:03}");
        let bolt11 = open(&sandbox, &id).await;
        charge.row(&id, &bolt11, &[(column, value)]);
        ids.push(id);
    }
    // Numbers where texts are expected are texts.
    let number = "number_by_charge_1234";
    let text = open(&sandbox, number).await;
    let numbers = [
        ("metadata", "7"),
        ("quoted_currency", "'EUR', quoted_amount = 1.5"),
    ];
    charge.row(number, &text, &numbers);
    ids.push(number.to_owned());
    // Gone, with a text without end; times without sense.
    let long = format!("'{}'", "x".repeat(1_000_000));
    let gone = open(&sandbox, GONE).await;
    call(
        &sandbox,
        "delinvoice",
        json!({"label": GONE, "status": "unpaid"}),
    )
    .await;
    charge.row(GONE, &gone, &[("description", &long)]);
    ids.push(GONE.to_owned());
    let there = open(&sandbox, PAID).await;
    charge.row(PAID, &there, &[("description", &long)]);
    ids.push(PAID.to_owned());
    let other = open(&sandbox, MISSED).await;
    call(
        &sandbox,
        "delinvoice",
        json!({"label": MISSED, "status": "unpaid"}),
    )
    .await;
    charge.row(MISSED, &other, &[("created_at", "9223372036854775807")]);
    run(
        &charge.connection,
        "INSERT INTO invoice VALUES (null, '', null, null, '', '', null, null, null, 1, 2, null, null)",
    );
    let imported = charge.import(&sandbox).await;
    assert_eq!(imported.taken, 8);
    let kinds: Vec<SkippedPart> = imported.left_out.iter().map(|left| left.what).collect();
    use SkippedPart::{Description, Invoice, Metadata, Price};
    assert_eq!(
        kinds,
        [
            Metadata,
            Metadata,
            Metadata,
            Price,
            Price,
            Description,
            Description,
            Invoice,
            Invoice
        ]
    );
    let server = Server::start(charge.config(&sandbox), Mode::Live).await;
    for id in &ids {
        let found = get(&server, &format!("/invoice/{id}")).await;
        assert_eq!(found.status, StatusCode::OK, "{id}: {}", found.text);
        assert!(found.text.len() < 4000);
    }
    let found = read(&get(&server, &format!("/invoice/{number}")).await);
    assert_eq!(
        (&found["metadata"], &found["quoted_amount"]),
        (&json!(7), &json!("1.5"))
    );
    let all = read(&get(&server, "/invoices").await);
    assert_eq!(all.as_array().unwrap().len(), 8);
    server.stop().await.unwrap();
}
