//! `facture import-charge`: a shop moves with its open invoices.

use std::path::Path;

use facture::{app, follower::Imported, http::Mode};
use reqwest::{Method, StatusCode};
use rusqlite::Connection;
use serde_json::{Value, json};

use super::{hooks::receiver, read, shop_config};
use crate::{
    api::TOKEN,
    contract::World,
    harness::{PATIENCE, Page, Server},
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
            refused: 1
        }
    );
    let again = app::import_charge(&config, &data, &file).await.unwrap();
    assert_eq!(
        again,
        Imported {
            taken: 0,
            known: 4,
            gone: 0,
            refused: 1
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
        let (_, body) = tokio::time::timeout(PATIENCE, told.recv())
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
