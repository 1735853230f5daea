//! `facture user`, the first owner, and the desk's own listener: the program itself.

use std::{fs, os::unix::fs::PermissionsExt, path::Path};

use reqwest::StatusCode;

use crate::{
    program::{Running, program, run, run_beside, serve},
    world::Sandbox,
};

/// The value of a line that the program prints.
async fn printed(running: &mut Running, start: &str) -> String {
    loop {
        let line = running.line().await;
        if let Some(rest) = line.strip_prefix(start) {
            return rest.to_owned();
        }
    }
}

async fn status(url: &str) -> StatusCode {
    let client = reqwest::Client::builder()
        .no_proxy()
        .build()
        .expect("a client");
    client.get(url).send().await.expect("an answer").status()
}

/// `facture user …` on these records.
fn user(data_dir: &Path, args: &[&str]) -> std::process::Command {
    let mut command = program(&["user"]);
    command.args(args).arg("--data-dir").arg(data_dir);
    command
}

#[tokio::test]
async fn the_first_owner_comes_in_by_a_link_in_a_private_file() {
    let sandbox = Sandbox::start().await;
    let directory = tempfile::tempdir().expect("a directory");
    let data_dir = directory.path().join("records");
    let file = data_dir.join("desk-first-owner.link");
    let start = || {
        let mut command = serve(sandbox.node.rpc_file(), &data_dir);
        command.env("FACTURE_DESK__ENABLED", "true");
        Running::spawn(command)
    };
    let mut running = start();
    let url = printed(&mut running, "desk: ").await;
    let told = printed(&mut running, "desk: the owner's one-time link is in ").await;
    assert_eq!(Path::new(&told), file);
    let mode = fs::metadata(&file).expect("a file").permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    let link = fs::read_to_string(&file).expect("a link");
    let (origin, _) = url.split_once("/desk").expect("an address");
    assert!(
        link.starts_with(&format!("{origin}/desk/welcome/")),
        "{link}"
    );
    assert_eq!(status(link.trim()).await, StatusCode::OK);
    let (_, listed, _) = run_beside(user(&data_dir, &["list"])).await;
    assert!(
        listed.starts_with("owner\towner\t") && listed.contains("link not used"),
        "{listed}"
    );
    running.terminate().await;

    // A new link at each start until it is used, and then no file.
    let mut running = start();
    printed(&mut running, "desk: the owner's one-time link is in ").await;
    assert_ne!(fs::read_to_string(&file).expect("a link"), link);
    let link = fs::read_to_string(&file).expect("a link");
    let password = [
        ("password", "correct horse battery"),
        ("again", "correct horse battery"),
    ];
    let client = reqwest::Client::builder()
        .no_proxy()
        .redirect(reqwest::redirect::Policy::none());
    let client = client.build().expect("a client");
    let set = client
        .post(link.trim())
        .form(&password)
        .send()
        .await
        .expect("an answer");
    assert_eq!(set.status(), StatusCode::SEE_OTHER);
    running.terminate().await;
    let mut running = start();
    let after = [
        running.line().await,
        running.line().await,
        running.line().await,
        running.line().await,
    ];
    assert!(
        after.iter().all(|line| !line.contains("one-time link")),
        "{after:?}"
    );
    assert!(!file.exists());
    running.terminate().await;
}

#[tokio::test]
async fn users_are_managed_on_the_command_line_with_and_without_a_server() {
    let sandbox = Sandbox::start().await;
    let directory = tempfile::tempdir().expect("a directory");
    let data_dir = directory.path().join("records");
    let (output, _, complaint) = run(&mut user(&data_dir, &["list"]));
    assert!(
        !output.status.success() && complaint.contains("there are no records"),
        "{complaint}"
    );

    let add = |name: &'static str| user(&data_dir, &["add", name, "--role", "manager"]);
    let (output, link, complaint) = run(&mut add("ada"));
    assert!(output.status.success(), "{complaint}");
    assert!(
        link.starts_with("http://127.0.0.1:9112/desk/welcome/"),
        "{link}"
    );
    let (output, _, complaint) = run(&mut add("ADA"));
    assert!(
        !output.status.success() && complaint.contains("already"),
        "{complaint}"
    );
    for (args, word) in [
        (["add", "a b", "--role", "owner"], "letters"),
        (["add", "bob", "--role", "boss"], "accountant"),
    ] {
        let (output, _, complaint) = run(&mut user(&data_dir, &args));
        assert!(
            !output.status.success() && complaint.contains(word),
            "{complaint}"
        );
    }

    let mut command = serve(sandbox.node.rpc_file(), &data_dir);
    command.env("FACTURE_DESK__ENABLED", "true");
    let mut running = Running::spawn(command);
    printed(&mut running, "desk: ").await;
    let (output, _, told) = run_beside(add("bob")).await;
    assert!(
        output.status.success() && told.contains("running server"),
        "{told}"
    );
    let (_, _, complaint) = run_beside(add("bob")).await;
    assert!(complaint.contains("already"), "{complaint}");
    let (output, link, _) = run_beside(user(&data_dir, &["reset", "Bob"])).await;
    assert!(
        output.status.success() && link.contains("/desk/welcome/"),
        "{link}"
    );
    let (output, _, complaint) = run_beside(user(&data_dir, &["reset", "nobody"])).await;
    assert!(
        !output.status.success() && complaint.contains("no such user"),
        "{complaint}"
    );
    let (_, listed, _) = run_beside(user(&data_dir, &["list"])).await;
    let names: Vec<_> = listed
        .lines()
        .filter_map(|line| line.split('\t').next())
        .collect();
    assert_eq!(names, ["ada", "bob"]);
    running.terminate().await;
}

#[tokio::test]
async fn the_desk_can_have_a_listener_of_its_own() {
    let sandbox = Sandbox::start().await;
    let directory = tempfile::tempdir().expect("a directory");
    let mut command = serve(sandbox.node.rpc_file(), directory.path());
    command.env("FACTURE_DESK__ENABLED", "true");
    command.env("FACTURE_DESK__LISTEN", "127.0.0.1:0");
    let mut running = Running::spawn(command);
    let main = printed(&mut running, "facture: ").await;
    let desk = printed(&mut running, "desk: ").await;
    let own = desk.trim_end_matches("/desk");
    assert_ne!(main.trim_end_matches('/'), own);
    assert_eq!(
        status(&format!("{main}desk/login")).await,
        StatusCode::NOT_FOUND
    );
    assert_eq!(status(&format!("{own}/desk/login")).await, StatusCode::OK);
    for path in [
        "/",
        "/api/docs",
        "/api/v1/invoices",
        "/healthz",
        "/create_invoice",
    ] {
        assert_eq!(
            status(&format!("{own}{path}")).await,
            StatusCode::NOT_FOUND,
            "{path}"
        );
    }
    running.terminate().await;
}
