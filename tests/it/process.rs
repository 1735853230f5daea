//! The program itself: its commands, its output, its end.

use std::path::Path;

use crate::{
    program::{Running, program, run},
    world::socket_path,
};

#[tokio::test]
async fn the_sandbox_prints_its_address_works_and_ends_in_order() {
    let (socket, _directory) = socket_path();
    let socket = socket.to_str().expect("a plain path");
    let mut running = Running::start(&["sandbox", "--listen", "127.0.0.1:0", "--rpc-file", socket]);
    let first = running.line().await;
    let origin = first
        .strip_prefix("facture (sandbox): ")
        .expect("the address");
    assert!(!origin.contains(":0/"), "{origin}");
    assert_eq!(running.line().await, format!("node: {socket}"));
    let page = reqwest::get(origin)
        .await
        .expect("an answer")
        .text()
        .await
        .expect("a page");
    assert!(page.contains("Sandbox."));
    assert!(
        cln_rpc::ClnRpc::new(Path::new(socket)).await.is_ok(),
        "any client can use the node"
    );
    assert!(running.terminate().await.success());
}

#[tokio::test]
async fn a_sandbox_with_a_data_directory_goes_on_where_it_was() {
    let directory = tempfile::tempdir().expect("a directory");
    let data_dir = directory.path().to_str().expect("a plain path");
    let args = ["sandbox", "--listen", "127.0.0.1:0", "--data-dir", data_dir];
    let visitor = reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .build()
        .expect("a client");
    let mut first = Running::start(&args);
    let origin = first.line().await.replace("facture (sandbox): ", "");
    let made = visitor
        .post(format!("{origin}create_invoice"))
        .form(&[("amount", "3")])
        .send()
        .await;
    let path = made.expect("an answer").headers()["location"]
        .to_str()
        .expect("a path")
        .to_owned();
    assert!(first.terminate().await.success());

    let mut second = Running::start(&args);
    let origin = second.line().await.replace("facture (sandbox): ", "");
    let origin = origin.trim_end_matches('/');
    let pay = path.replace("check_invoice", "sandbox") + "/pay";
    let paid = visitor
        .post(format!("{origin}{pay}"))
        .send()
        .await
        .expect("an answer");
    assert_eq!(paid.status(), 303);
    let page = visitor
        .get(format!("{origin}{path}"))
        .send()
        .await
        .expect("an answer");
    assert!(page.text().await.expect("a page").contains("Paid"));
    assert!(second.terminate().await.success());
}

#[test]
fn version_and_help() {
    let (_, version, _) = run(&mut program(&["--version"]));
    assert_eq!(
        version.trim(),
        format!("facture {}", env!("CARGO_PKG_VERSION"))
    );
    let (_, help, _) = run(&mut program(&["--help"]));
    for command in ["serve", "sandbox", "config"] {
        assert!(help.contains(command), "{help}");
    }
}

#[test]
fn config_prints_what_is_in_effect() {
    let (output, shown, _) = run(program(&["config"]).env("FACTURE_SITE__NAME", "Corner shop"));
    assert!(output.status.success());
    assert!(shown.contains("name = \"Corner shop\""), "{shown}");
    assert!(shown.contains("listen = \"127.0.0.1:9112\""), "{shown}");
}

#[test]
fn bad_settings_are_named_and_nothing_starts() {
    let long = format!("/tmp/{}", "x".repeat(120));
    let data_dir = tempfile::tempdir().expect("a directory");
    let data_dir = data_dir.path().to_str().expect("a plain path");
    for (mut command, expected) in [
        (
            program(&[
                "serve",
                "--listen",
                "127.0.0.1:0",
                "--data-dir",
                data_dir,
                "--rpc-file",
                &long,
            ]),
            "xxx cannot be a socket",
        ),
        (
            program(&["serve", "--config", "/nowhere/facture.toml"]),
            "/nowhere/facture.toml",
        ),
        (program(&["serve", "--listen", "nonsense"]), "--listen"),
        (program(&["serve", "--lissten", "127.0.0.1:0"]), "--lissten"),
        (
            program(&["sandbox", "--rpc-file", "/nowhere/lightning-rpc"]),
            "/nowhere/lightning-rpc",
        ),
    ] {
        let (output, _, complaint) = run(&mut command);
        assert!(!output.status.success());
        assert!(complaint.contains(expected), "{complaint}");
    }
    let (output, _, complaint) = run(program(&["serve"]).env("FACTURE_SERVER__LISTN", "x"));
    assert!(!output.status.success());
    assert!(
        complaint.contains("listn") && complaint.contains("listen"),
        "{complaint}"
    );
}

#[test]
fn a_port_that_is_taken_is_named() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = taken.local_addr().expect("it is bound").to_string();
    let (output, _, complaint) = run(&mut program(&["sandbox", "--listen", &address]));
    assert!(!output.status.success());
    assert!(complaint.contains(&address), "{complaint}");
}
