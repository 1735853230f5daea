//! `facture backup` beside a server that works, and `facture restore`: what was there comes back, what happened since comes
//! from the node, and what is damaged stays out.

use std::{
    fs,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::Command,
};

use facture_sandbox::SandboxNode;
use reqwest::StatusCode;
use serde_json::Value;
use tokio::sync::watch;

use crate::{
    agreement::check,
    contract::path_of,
    faults::Shop,
    program::{Running, Visitor, program, run_beside, serve},
};

/// An identity of age, and its public key. It opens nothing but these tests' backups.
#[cfg(feature = "age")]
const IDENTITY: &str =
    "AGE-SECRET-KEY-1GQ9778VQXMMJVE8SK7J6VT8UJ4HDQAJUVSFCWCM02D8GEWQ72PVQ2Y5J33\n";
#[cfg(feature = "age")]
const RECIPIENT: &str = "age1t7rxyev2z3rw82stdlrrepyc39nvn86l5078zqkf5uasdy86jp6svpy7pa";

/// How many invoices are there before the first backup.
const PAID: usize = 5;

/// A command on these records, and this file.
fn command(name: &str, file: &Path, data_dir: &Path) -> Command {
    let mut command = program(&[name]);
    command.arg(file).arg("--data-dir").arg(data_dir);
    command
}

/// What it printed. It succeeds.
async fn done(command: Command) -> String {
    let (output, printed, complaint) = run_beside(command).await;
    assert!(output.status.success(), "{complaint}");
    printed
}

/// What it complains. It fails.
async fn refused(command: Command) -> String {
    let (output, printed, complaint) = run_beside(command).await;
    assert!(!output.status.success(), "{printed}");
    assert!(complaint.starts_with("facture: "), "{complaint}");
    complaint
}

fn pay(node: &SandboxNode, invoice: &Value) {
    let bolt11 = invoice["bolt11"].as_str().expect("a bolt11");
    node.pay(bolt11, None).expect("the buyer pays");
}

async fn create(visitor: &Visitor) -> Value {
    let (status, made) = visitor.submit("5", "coffee").await.expect("an answer");
    assert_eq!(status, StatusCode::CREATED, "{made}");
    made
}

async fn create_paid(visitor: &Visitor, node: &SandboxNode) -> Value {
    let made = create(visitor).await;
    pay(node, &made);
    visitor
        .json_until(&path_of(&made), |read| read["status"] == "paid")
        .await
}

async fn start(shop: &Shop, records: &Path) -> (Running, Visitor) {
    let mut running = Running::logged(serve(shop.node().rpc_file(), records), &shop.path("log"));
    let visitor = running.visitor().await;
    visitor.ready().await;
    (running, visitor)
}

/// A shop with paid invoices, whose server has ended, and a backup of its records.
async fn backed_up(more: &[&str]) -> (Shop, PathBuf) {
    let shop = Shop::open().await;
    let (running, visitor) = start(&shop, &shop.records()).await;
    create_paid(&visitor, shop.node()).await;
    let file = shop.path("backup");
    let mut backup = command("backup", &file, &shop.records());
    backup.args(more);
    done(backup).await;
    assert!(running.terminate().await.success());
    (shop, file)
}

#[tokio::test]
async fn a_backup_beside_a_busy_server_comes_back_and_the_node_tells_the_rest() {
    let shop = Shop::open().await;
    let (running, visitor) = start(&shop, &shop.records()).await;
    let mut shown = Vec::new();
    for _ in 0..PAID {
        shown.push(create_paid(&visitor, shop.node()).await);
    }
    // Invoices are made and paid meanwhile.
    let (stop, stopped) = watch::channel(false);
    let busy = async {
        let mut made = Vec::new();
        while !*stopped.borrow() {
            made.push(create_paid(&visitor, shop.node()).await);
        }
        made
    };
    let files = ["one", "two", "three"].map(|name| shop.path(name));
    let backups = async {
        for file in &files {
            let printed = done(command("backup", file, &shop.records())).await;
            assert!(printed.contains("verified: all of it"), "{printed}");
            let mode = fs::metadata(file).expect("a file").permissions().mode();
            assert_eq!(mode & 0o777, 0o600);
        }
        let again = refused(command("backup", &files[0], &shop.records())).await;
        assert!(again.contains("overwrites nothing"), "{again}");
        stop.send(true).expect("somebody makes invoices");
    };
    let (during, ()) = tokio::join!(busy, backups);
    assert!(!during.is_empty());
    shown.extend(during);
    shown.push(create(&visitor).await);
    // Not over records that are used, or there.
    let complaint = refused(command("restore", &files[1], &shop.records())).await;
    assert!(complaint.contains("stop it first"), "{complaint}");
    assert!(running.terminate().await.success());
    let complaint = refused(command("restore", &files[1], &shop.records())).await;
    assert!(complaint.contains("there are records in"), "{complaint}");
    pay(shop.node(), shown.last().expect("an invoice"));

    let restored = shop.path("restored");
    let mut verify = command("backup", &files[1], &shop.records());
    verify.arg("--verify");
    let verified = done(verify).await;
    let printed = done(command("restore", &files[1], &restored)).await;
    let contents = verified.lines().skip(1);
    assert!(contents.clone().count() >= 4);
    for line in contents {
        assert!(printed.contains(line), "{printed}");
    }
    let (running, visitor) = start(&shop, &restored).await;
    for invoice in &shown {
        let paid = |read: &Value| read["status"] == "paid";
        let read = visitor.json_until(&path_of(invoice), paid).await;
        assert_eq!(read["bolt11"], invoice["bolt11"]);
    }
    create_paid(&visitor, shop.node()).await;
    assert!(running.terminate().await.success());
    let labels = shown.iter().filter_map(|invoice| invoice["label"].as_str());
    let compared = check(shop.node().rpc_file(), &restored, labels).await;
    assert_eq!(compared.paid, shown.len() + 1);
    assert_eq!(compared.strangers, 0);
}

#[tokio::test]
async fn what_is_damaged_is_named_and_stays_out() {
    let (shop, file) = backed_up(&[]).await;
    let whole = fs::read(&file).expect("a backup");
    let restored = shop.path("restored");
    let mut damaged = whole.clone();
    damaged[whole.len() / 2] ^= 0x40;
    let half = whole[..whole.len() / 2].to_vec();
    for (content, said) in [
        (damaged, "within facture.db"),
        (half, "within facture.db: it was cut off"),
        (b"something else".to_vec(), "no backup of facture"),
    ] {
        let file = shop.path("damaged");
        fs::write(&file, content).expect("written");
        let mut verify = command("backup", &file, &shop.records());
        verify.arg("--verify");
        for command in [verify, command("restore", &file, &restored)] {
            let complaint = refused(command).await;
            let place = file.display().to_string();
            assert!(
                complaint.contains(said) && complaint.contains(&place),
                "{complaint}"
            );
        }
        assert!(!restored.join("facture.db").exists());
        assert!(!restored.join("label.key").exists());
    }
    // By a pipe, too.
    let mut piped = program(&["restore", "-", "--data-dir"]);
    piped
        .arg(&restored)
        .stdin(fs::File::open(&file).expect("a backup"));
    done(piped).await;
    assert!(restored.join("facture.db").exists());
    let complaint = refused(command("backup", &shop.path("x"), &shop.path("nothing"))).await;
    assert!(complaint.contains("no records"), "{complaint}");
    assert!(!shop.path("nothing").exists());
}

#[cfg(feature = "age")]
#[tokio::test]
async fn an_encrypted_one_opens_with_its_key_only() {
    let (shop, file) = backed_up(&["--recipient", RECIPIENT]).await;
    let restored = shop.path("restored");
    let key = shop.path("key");
    fs::write(&key, IDENTITY).expect("written");
    let passphrase = shop.path("passphrase");
    fs::write(&passphrase, "correct horse\n").expect("written");
    fs::set_permissions(&passphrase, fs::Permissions::from_mode(0o600)).expect("its owner may");
    let restore = |flag: Option<(&str, &Path)>| {
        let mut restore = command("restore", &file, &restored);
        if let Some((flag, path)) = flag {
            restore.arg(flag).arg(path);
        }
        restore
    };
    for flag in [None, Some(("--passphrase-file", &*passphrase))] {
        let complaint = refused(restore(flag)).await;
        assert!(complaint.contains("--identity"), "{complaint}");
    }
    done(restore(Some(("--identity", &*key)))).await;
    let (running, visitor) = start(&shop, &restored).await;
    let (status, _) = visitor.json("/healthz").await.expect("an answer");
    assert_eq!(status, StatusCode::OK);
    assert!(running.terminate().await.success());
}

#[cfg(feature = "age")]
#[tokio::test]
async fn a_wrong_passphrase_opens_nothing() {
    let shop = Shop::open().await;
    let [right, wrong] =
        [("right", "correct horse\n"), ("wrong", "battery staple\n")].map(|(name, text)| {
            let file = shop.path(name);
            fs::write(&file, text).expect("written");
            fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).expect("its owner may");
            file
        });
    let (running, visitor) = start(&shop, &shop.records()).await;
    create_paid(&visitor, shop.node()).await;
    assert!(running.terminate().await.success());
    let (file, restored) = (shop.path("backup"), shop.path("restored"));
    let with = |name: &str, to: &Path, passphrase: &Path| {
        let mut command = command(name, &file, to);
        command.arg("--passphrase-file").arg(passphrase);
        command
    };
    done(with("backup", &shop.records(), &right)).await;
    let complaint = refused(with("restore", &restored, &wrong)).await;
    assert!(complaint.contains("passphrase is wrong"), "{complaint}");
    assert!(!restored.join("facture.db").exists());
    done(with("restore", &restored, &right)).await;
}

/// Records of an older version, as `tests/fixtures/schemas` of the store has them.
fn older_records(records: &Path) {
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("crates/store/tests/fixtures");
    let dump = fs::read_to_string(fixtures.join("schemas/0027.sql")).expect("a fixture");
    fs::create_dir(records).expect("made");
    fs::set_permissions(records, fs::Permissions::from_mode(0o700)).expect("its owner may");
    let file = records.join("facture.db");
    let database = rusqlite::Connection::open(&file).expect("opened");
    database.execute_batch(&dump).expect("written");
    drop(database);
    fs::set_permissions(file, fs::Permissions::from_mode(0o600)).expect("its owner may");
}

#[test]
fn older_records_are_copied_before_they_are_brought_up_to_date_or_left_as_they_are() {
    let directory = tempfile::tempdir().expect("a directory");
    let records = directory.path().join("records");
    older_records(&records);
    let file = records.join("facture.db");
    let before = fs::read(&file).expect("records");
    let list = program(&["token", "list", "--data-dir"]);
    // A disk that takes files of half that length.
    let blocks = (before.len() / 512 / 2).to_string();
    let mut limited = Command::new("/bin/sh");
    let limit = "trap '' XFSZ; ulimit -S -f \"$0\" && exec \"$@\"";
    limited.args(["-c", limit, &blocks]);
    limited.arg(list.get_program()).args(list.get_args());
    limited.arg(&records).env_clear();
    let (output, _, complaint) = crate::program::run(&mut limited);
    assert!(!output.status.success());
    assert!(
        complaint.contains("backups/facture-schema-27.db")
            && complaint.contains("left as they were"),
        "{complaint}"
    );
    assert_eq!(
        fs::read_dir(records.join("backups")).expect("made").count(),
        0
    );
    let schema = |file: &Path| -> u32 {
        let database = rusqlite::Connection::open(file).expect("opened");
        let newest = "SELECT max(version) FROM schema_migrations";
        let newest = database.query_row(newest, [], |row| row.get(0));
        newest.expect("a version")
    };
    assert_eq!(schema(&file), 27);

    let mut list = program(&["token", "list", "--data-dir"]);
    let (output, _, complaint) = crate::program::run(list.arg(&records));
    assert!(output.status.success(), "{complaint}");
    assert!(schema(&file) > 27);
    assert_eq!(schema(&records.join("backups/facture-schema-27.db")), 27);
}
