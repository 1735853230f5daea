//! The configuration, the data directory and the records; the payer's configuration.

use std::{
    fs::{self, Permissions},
    os::unix::fs::PermissionsExt,
    path::Path,
};

use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use super::{Examined, doctor, examine};
use crate::{
    program::{Running, program, run, run_beside, serve},
    world::Sandbox,
};

/// On these records, without a node.
async fn at(data_dir: &Path) -> Examined {
    let mut command = doctor(&[]);
    command.arg("--data-dir").arg(data_dir);
    command.args(["--rpc-file", "/nowhere/lightning-rpc"]);
    examine(command).await
}

#[tokio::test]
async fn a_configuration_that_cannot_be_used_names_its_key() {
    let directory = tempfile::tempdir().expect("a directory");
    let file = directory.path().join("facture.toml");
    for (text, words) in [
        ("[server]\nlisten = \"nowhere\"", &["server.listen"][..]),
        ("[server]\nlistne = \"127.0.0.1:80\"", &["listne"]),
        ("[server", &["line 1"]),
        (
            "[node]\nkind = \"lnd\"\nrest_url = \"https://x\"",
            &["node.rest_url"],
        ),
    ] {
        fs::write(&file, text).expect("written");
        let mut command = doctor(&[]);
        command.arg("--config").arg(&file);
        let examined = examine(command).await;
        assert!(!examined.is_well);
        assert_eq!(examined.findings.len(), 1, "{:?}", examined.findings);
        examined.says("configuration", "problem", words);
    }
}

#[tokio::test]
async fn a_data_directory_that_cannot_be_used_or_that_others_can_use() {
    let directory = tempfile::tempdir().expect("a directory");
    let place = |name: &str| directory.path().join(name);
    let examined = at(&place("new/below")).await;
    examined.says("data_directory", "ok", &["does not exist yet"]);
    assert!(!place("new").exists());

    fs::write(place("file"), "").expect("written");
    let examined = at(&place("file")).await;
    examined.says("data_directory", "problem", &["not a directory"]);
    let examined = at(&place("file/below")).await;
    examined.says("data_directory", "problem", &["store.data_dir"]);

    let open = place("open");
    fs::create_dir(&open).expect("made");
    fs::set_permissions(&open, Permissions::from_mode(0o777)).expect("changed");
    let examined = at(&open).await;
    examined.says("data_directory", "problem", &["other users", "chmod 700"]);

    fs::set_permissions(&open, Permissions::from_mode(0o700)).expect("changed");
    fs::write(open.join("label.key"), "key").expect("written");
    fs::set_permissions(open.join("label.key"), Permissions::from_mode(0o644)).expect("changed");
    let examined = at(&open).await;
    examined.says("data_directory", "problem", &["label.key", "chmod 600"]);
}

#[tokio::test]
async fn records_of_a_newer_facture_and_of_another_node() {
    let directory = tempfile::tempdir().expect("a directory");
    let records = directory.path().join("records");
    let sandbox = Sandbox::start().await;
    let mut running = Running::spawn(serve(sandbox.node.rpc_file(), &records));
    running.visitor().await.ready().await;
    assert!(running.terminate().await.success());
    let examined = at(&records).await;
    examined.says("records", "ok", &["schema"]);

    let another = Sandbox::start().await;
    let mut command = doctor(&[]);
    command.arg("--data-dir").arg(&records);
    command.arg("--rpc-file").arg(another.node.rpc_file());
    let examined = examine(command).await;
    let ids = [sandbox.node.id(), another.node.id()];
    examined.says("node", "problem", &[&ids[0], &ids[1]]);

    let database = rusqlite::Connection::open(records.join("facture.db")).expect("opened");
    let newer =
        "INSERT INTO schema_migrations (version, name, applied_at) VALUES (9999, 'later', 0)";
    database.execute(newer, []).expect("written");
    drop(database);
    let examined = at(&records).await;
    examined.says("records", "problem", &["9999", "newer facture", "backup"]);
}

#[tokio::test]
async fn a_backup_that_is_missing_new_old_or_not_wanted() {
    let directory = tempfile::tempdir().expect("a directory");
    let records = directory.path().join("records");
    at(&records)
        .await
        .says("backup", "not_checked", &["no records"]);
    let sandbox = Sandbox::start().await;
    let mut running = Running::spawn(serve(sandbox.node.rpc_file(), &records));
    running.visitor().await.ready().await;
    let advice = ["docs/backup.md", "store.backup_max_age_days = 0"];
    at(&records).await.says("backup", "warning", &advice);

    let file = directory.path().join("a.tar.gz");
    let mut backup = program(&["backup", "--data-dir"]);
    backup.arg(&records).arg(&file);
    let (made, _, complaint) = run_beside(backup).await;
    assert!(made.status.success(), "{complaint}");
    let place = file.to_str().expect("plain");
    let new = ["less than an hour old", place];
    at(&records).await.says("backup", "ok", &new);

    let note = records.join("last-backup.json");
    let text = fs::read_to_string(&note).expect("noted");
    let mut noted: Value = serde_json::from_str(&text).expect("JSON");
    let days_ago = |days: i64| Timestamp::now() - SignedDuration::from_hours(24 * days);
    for (days, state) in [(6, "ok"), (8, "warning")] {
        noted["created_at"] = days_ago(days).to_string().into();
        fs::write(&note, noted.to_string()).expect("written");
        let age = format!("{days} days old");
        at(&records).await.says("backup", state, &[&age]);
    }
    let mut unwanted = doctor(&[("STORE__BACKUP_MAX_AGE_DAYS", "0")]);
    unwanted.arg("--data-dir").arg(&records);
    unwanted.args(["--rpc-file", "/nowhere/lightning-rpc"]);
    let words = ["store.backup_max_age_days"];
    examine(unwanted)
        .await
        .says("backup", "not_checked", &words);

    fs::write(&note, "{").expect("written");
    at(&records).await.says("backup", "warning", &["not known"]);
}

#[tokio::test]
async fn for_people_each_problem_has_its_advice_below_it() {
    let directory = tempfile::tempdir().expect("a directory");
    let file = directory.path().join("file");
    fs::write(&file, "").expect("written");
    let mut command = program(&["doctor", "--data-dir"]);
    command
        .arg(file)
        .args(["--rpc-file", "/nowhere/lightning-rpc"]);
    let (output, printed, complaint) = run_beside(command).await;
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(complaint, "facture: there are 2 problems\n");
    let lines: Vec<_> = printed.lines().collect();
    let problem = lines.iter().position(|line| line.starts_with("PROBLEM"));
    let problem = problem.expect("a problem");
    assert!(lines[problem].contains("data directory"), "{printed}");
    assert!(lines[problem + 1].trim().starts_with("-> "), "{printed}");
}

#[test]
fn the_payers_configuration_is_checked_if_it_is_named() {
    let directory = tempfile::tempdir().expect("a directory");
    let place = |name: &str| directory.path().join(name).display().to_string();
    let config = place("payer.toml");
    let check = || {
        let mut command = doctor(&[]);
        command.args(["--data-dir", &place("records")]);
        command.args(["--rpc-file", "/nowhere/lightning-rpc"]);
        command.args(["--payer-config", &config]);
        let (_, printed, _) = run(&mut command);
        let findings: Vec<serde_json::Value> = serde_json::from_str(&printed).expect("JSON");
        let found = findings
            .iter()
            .find(|finding| finding["check"] == "payer")
            .expect("the payer");
        format!("{} {}", found["state"], found["message"])
    };
    assert!(check().contains("problem"));
    let text = format!(
        "data_dir = \"{}\"\n[server]\nsocket = \"{}\"\ntoken_file = \"{}\"\n[node]\nrpc_file = \"/nowhere\"\n\
         [limits]\nper_payout_sat = 10\nper_hour_sat = 20\nper_day_sat = 30\n",
        place("payer"),
        place("api.sock"),
        place("token"),
    );
    fs::write(&config, text).expect("written");
    assert!(check().contains("server.token_file"), "{}", check());
    fs::write(place("token"), "facture_token_x").expect("written");
    fs::set_permissions(place("token"), Permissions::from_mode(0o600)).expect("changed");
    assert!(check().contains("no server runs there"), "{}", check());
    fs::write(place("api.sock"), "").expect("written");
    let said = check();
    assert!(
        said.contains("\"ok\"") && said.contains("at most 10 sat"),
        "{said}"
    );
}
