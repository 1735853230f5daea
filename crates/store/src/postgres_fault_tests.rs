//! The store on PostgreSQL when something goes wrong: nothing is half done, errors say what it is, and it goes on by itself.

use std::{
    sync::{Arc, Mutex, mpsc},
    thread,
    time::{Duration, Instant},
};

use crate::{
    DatabaseError, Error, Inspected, Store,
    sql::{
        all,
        postgres::{
            cluster::{Cluster, Database},
            owner::{OWNER_LOCK, WRITE_LOCK},
            proxy::{Cut, Proxy},
            server::Server,
            session::Session,
        },
    },
    tests::{at, invoice, opened},
};
use facture_domain::{EventKind, Invoice, NodeId, Status};

/// What is to happen happens within this time.
const SOON: Duration = Duration::from_secs(30);

fn node() -> NodeId {
    NodeId::new("02".repeat(33))
}

fn unpaid(number: u64) -> Invoice {
    invoice(number, "a cup".to_owned(), Status::Unpaid)
}

async fn open(database: &Database) -> Store {
    let store = database.open().await;
    store.bind(&node()).await.unwrap();
    store
}

/// As one who follows the node does, who reads how far it is when the connection is a new one.
async fn write(store: &Store, number: u64) -> Result<(), Error> {
    let page = [unpaid(number)];
    let mut written = store.apply(&node(), &page, &at(number)).await;
    if matches!(written, Err(Error::Reconnected)) {
        store.bind(&node()).await?;
        written = store.apply(&node(), &page, &at(number)).await;
    }
    written.map(drop)
}

/// The numbers of the invoices that the event log tells of, in its order.
async fn told(store: &Store) -> Vec<u64> {
    let events = store.events(0, &EventKind::ALL, 1000).await.unwrap();
    let invoices = events.iter().filter_map(|event| event.payload.invoice());
    invoices.map(|invoice| invoice.number).collect()
}

/// Tries until it succeeds.
async fn until<T, E: std::fmt::Debug>(mut attempt: impl AsyncFnMut() -> Result<T, E>) -> T {
    let end = Instant::now() + SOON;
    loop {
        match attempt().await {
            Ok(done) => return done,
            Err(error) => assert!(Instant::now() < end, "{error:?}"),
        }
        tokio::task::yield_now().await;
    }
}

/// The error of the engine behind it.
fn cause(error: &Error) -> &DatabaseError {
    match error {
        Error::Database(error) => error,
        Error::Group(error) => cause(error),
        Error::OpenPostgres { source, .. } => cause(source),
        other => panic!("{other:?}"),
    }
}

fn is_away(error: &Error) -> bool {
    matches!(
        cause(error),
        DatabaseError::Lost(_) | DatabaseError::Unreachable(_)
    )
}

#[tokio::test]
#[ignore = "needs PostgreSQL"]
async fn both_engines_have_the_same_tables_and_columns() {
    let (_directory, sqlite, _) = opened().await;
    let columns = sqlite.lookup(|connection| {
        all(
            connection,
            "SELECT t.name || '.' || c.name || ' ' || c.type FROM sqlite_schema AS t, pragma_table_info(t.name) AS c \
             WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite%'",
            [],
            |row| row.get::<String>(0),
            Ok,
        )
    });
    let mut here: Vec<String> = columns
        .unwrap()
        .into_iter()
        .map(|column| {
            let column = column
                .replace(" BIGINT", " bigint")
                .replace(" INTEGER", " bigint");
            column.replace(" TEXT", " text").replace(" BLOB", " bytea")
        })
        .collect();
    // SQLite has it without saying so.
    here.push("invoices.rowid bigint".to_owned());
    here.sort();
    let database = Database::new();
    let store = database.open().await;
    store.close().await;
    let there = database.ask(
        "SELECT string_agg(table_name || '.' || column_name || ' ' || data_type, ',' \
             ORDER BY (table_name || '.' || column_name || ' ' || data_type) COLLATE \"C\") \
         FROM information_schema.columns WHERE table_schema = 'public'",
    );
    let there: Vec<String> = there.unwrap().split(',').map(str::to_owned).collect();
    assert_eq!(here, there);
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs PostgreSQL"]
async fn a_second_facture_is_refused_until_the_first_has_ended() {
    let database = Database::new();
    let store = open(&database).await;
    let refused = Store::open_postgres(database.url(), None)
        .await
        .unwrap_err();
    assert!(
        matches!(cause(&refused), DatabaseError::Owned),
        "{refused:?}"
    );
    let told = cause(&refused).to_string();
    assert!(
        told.contains("another facture uses this database"),
        "{told}"
    );
    write(&store, 1).await.unwrap();
    store.close().await;
    open(&database).await.close().await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs PostgreSQL"]
async fn records_are_looked_at_while_they_are_open_and_before_there_are_any() {
    let database = Database::new();
    assert_eq!(Store::inspect_postgres(database.url()).unwrap(), None);
    let store = open(&database).await;
    let expected = Some(Inspected {
        schema: Store::POSTGRES_SCHEMA,
        node: Some(node()),
    });
    assert_eq!(Store::inspect_postgres(database.url()).unwrap(), expected);
    store.close().await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs PostgreSQL"]
async fn records_of_a_newer_facture_are_left_as_they_are() {
    let database = Database::new();
    database.open().await.close().await;
    database.ask("INSERT INTO schema_migrations VALUES (9000, 'later', 0)");
    let refused = Store::open_postgres(database.url(), None)
        .await
        .unwrap_err();
    let newer = matches!(
        cause(&refused),
        DatabaseError::NewerTables { found: 9000, .. }
    );
    assert!(newer, "{refused:?}");
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs PostgreSQL"]
async fn lost_connections_are_made_anew() {
    let database = Database::new();
    let store = open(&database).await;
    write(&store, 1).await.unwrap();
    for number in 2..5 {
        end_all(&database);
        until(async || write(&store, number).await).await;
        until(async || store.find(&unpaid(number).label).await)
            .await
            .unwrap();
    }
    // What failed was not written, and what was written was once.
    assert_eq!(until(async || store.last_event().await).await, {
        let events = store.events(0, &EventKind::ALL, 100).await.unwrap();
        events.last().unwrap().sequence
    });
    assert_eq!(told(&store).await, [1, 2, 3, 4]);
    store.close().await;
}

/// A server that was put back has less than we knew: nothing of the node may be taken for applied that it lost.
#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs PostgreSQL"]
async fn after_a_lost_connection_it_is_read_again_how_far_the_node_is() {
    let database = Database::new();
    let store = open(&database).await;
    write(&store, 1).await.unwrap();
    write(&store, 2).await.unwrap();
    end_all(&database);
    database.ask(
        "WITH put_back AS (UPDATE nodes SET cursor = '1' RETURNING cursor) SELECT cursor FROM put_back",
    );
    let refused = until(
        async || match store.apply(&node(), &[unpaid(3)], &at(3)).await {
            Err(error @ Error::Reconnected) => Ok(error),
            other => Err(other),
        },
    );
    assert!(matches!(refused.await, Error::Reconnected));
    // It stays refused until somebody has read it.
    let again = store.move_cursor(&node(), &at(3)).await;
    assert!(matches!(again, Err(Error::Reconnected)));
    let known = store.bind(&node()).await.unwrap();
    assert_eq!(known.unwrap().as_str(), "1");
    write(&store, 3).await.unwrap();
    store.close().await;
}

/// What another process may have changed is not taken from memory, and nothing is written before the lock is held again.
#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs PostgreSQL"]
async fn without_the_lock_nothing_is_written_and_memory_is_not_trusted() {
    let database = Database::new();
    let store = open(&database).await;
    write(&store, 1).await.unwrap();
    let label = unpaid(1).label;
    let description = async || {
        let found = store.find(&label).await?;
        Ok::<_, Error>(found.unwrap().description.clone())
    };
    assert_eq!(description().await.unwrap(), "a cup");
    let (go_on, waits) = mpsc::channel::<()>();
    let other = thread::spawn({
        let url = database.url();
        move || {
            let server = Server::new(url).unwrap();
            let session = Session::connect(&server).unwrap();
            let end = Instant::now() + SOON;
            let take = format!("{END_ALL}; SELECT pg_try_advisory_lock({})", OWNER_LOCK);
            while session.text(&take).unwrap().as_deref() != Some("t") {
                assert!(Instant::now() < end);
            }
            session
                .text("UPDATE invoices SET description = 'a jug'")
                .unwrap();
            let _ = waits.recv();
        }
    });
    until(async || match description().await {
        Ok(text) if text == "a jug" => Ok(()),
        other => Err(other),
    })
    .await;
    let refused = until(async || match write(&store, 2).await {
        Err(error) if !is_away(&error) => Ok(error),
        other => Err(other),
    })
    .await;
    assert!(
        matches!(cause(&refused), DatabaseError::Owned),
        "{refused:?}"
    );
    drop(go_on);
    other.join().unwrap();
    until(async || write(&store, 3).await).await;
    assert_eq!(description().await.unwrap(), "a jug");
    assert_eq!(told(&store).await, [1, 3]);
    store.close().await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs PostgreSQL"]
async fn a_server_that_was_away_is_used_again() {
    let cluster = Cluster::start();
    let database = Database::on(&cluster);
    let store = open(&database).await;
    let mut listener = store.hub().listen_all();
    write(&store, 1).await.unwrap();
    let mut written = vec![1];
    for round in 1..4 {
        cluster.stop();
        let failed = write(&store, round * 10).await.unwrap_err();
        assert!(is_away(&failed), "{failed:?}");
        let failed = store.last_event().await.unwrap_err();
        assert!(is_away(&failed), "{failed:?}");
        cluster.resume();
        until(async || write(&store, round * 10 + 1).await).await;
        until(async || store.last_event().await).await;
        written.push(round * 10 + 1);
    }
    assert_eq!(told(&store).await, written);
    tokio::time::timeout(SOON, listener.changed())
        .await
        .unwrap();
    store.close().await;
    drop(database);
}

/// The answer to a commit is lost: the server is asked what became of it.
#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs PostgreSQL"]
async fn a_commit_whose_answer_is_lost_is_found_out() {
    let cluster = Cluster::start();
    let database = Database::on(&cluster);
    let directory = tempfile::tempdir().unwrap();
    let proxy = Proxy::start(directory.path(), cluster.directory());
    let url = database.url_by(directory.path());
    let store = Store::open_postgres(url, None).await.unwrap();
    store.bind(&node()).await.unwrap();
    write(&store, 1).await.unwrap();
    let first = store.last_event().await.unwrap();
    proxy.cut_at_commit(Cut::BeforeAnswer);
    write(&store, 2).await.expect("it is committed");
    assert!(proxy.has_cut());
    assert_eq!(told(&store).await, [1, 2]);
    proxy.cut_at_commit(Cut::BeforeRequest);
    let failed = write(&store, 3).await.unwrap_err();
    assert!(is_away(&failed), "{failed:?}");
    assert!(proxy.has_cut());
    assert_eq!(store.find(&unpaid(3).label).await.unwrap(), None);
    write(&store, 4).await.unwrap();
    assert_eq!(told(&store).await, [1, 2, 4]);
    assert!(store.last_event().await.unwrap() > first);
    store.close().await;
    drop(database);
}

/// A statement fails, and the unit of work goes on as if it had not: PostgreSQL would roll back without an error.
#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs PostgreSQL"]
async fn what_goes_on_after_a_failure_is_not_said_to_be_done() {
    let database = Database::new();
    let store = open(&database).await;
    let written = store.write(|unit| {
        unit.execute("INSERT INTO charge_labels (label) VALUES ('x')", [])?;
        let _ = unit.execute("INSERT INTO charge_labels (label) VALUES ('x')", []);
        Ok(())
    });
    let failed = written.await.unwrap_err();
    assert!(
        matches!(cause(&failed), DatabaseError::Aborted),
        "{failed:?}"
    );
    let found = database.ask("SELECT count(*) FROM charge_labels");
    assert_eq!(found.as_deref(), Some("0"));
    write(&store, 1).await.unwrap();
    store.close().await;
}

/// Whoever writes takes the same lock: numbers are given in the order of commits, so a reader who has seen one misses none
/// before it.
#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs PostgreSQL"]
async fn a_slow_writer_is_waited_for_and_its_event_comes_first() {
    let database = Database::new();
    let store = open(&database).await;
    write(&store, 1).await.unwrap();
    let seen = store.last_event().await.unwrap();
    let server = Server::new(database.url()).unwrap();
    let slow = Arc::new(Mutex::new(Session::connect(&server).unwrap()));
    let run = |sql: String| {
        let slow = Arc::clone(&slow);
        tokio::task::spawn_blocking(move || slow.lock().unwrap().text(&sql).unwrap())
    };
    let begin = format!(
        "BEGIN; SELECT pg_advisory_xact_lock({WRITE_LOCK}); \
         INSERT INTO events (sequence, kind, subject_kind, subject, recorded_at, payload) \
         SELECT max(sequence) + 1, kind, 'payout', 'slow', 0, payload FROM events GROUP BY kind, payload"
    );
    run(begin).await.unwrap();
    let written = tokio::spawn({
        let store = store.clone();
        async move { write(&store, 2).await }
    });
    // It waits for the lock.
    let waits = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted \
                 AND database = (SELECT oid FROM pg_database WHERE datname = current_database())";
    let end = Instant::now() + SOON;
    while run(waits.to_owned()).await.unwrap().as_deref() != Some("1") {
        assert!(Instant::now() < end);
    }
    assert_eq!(store.last_event().await.unwrap(), seen);
    run("COMMIT".to_owned()).await.unwrap();
    written.await.unwrap().unwrap();
    let order = database.ask(&format!(
        "SELECT string_agg(subject_kind, ' ' ORDER BY sequence) FROM events WHERE sequence > {seen}"
    ));
    assert_eq!(order.as_deref(), Some("payout invoice"));
    store.close().await;
}

/// Ends all other connections to the database.
const END_ALL: &str = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
     WHERE datname = current_database() AND pid <> pg_backend_pid()";

fn end_all(database: &Database) {
    database.ask(END_ALL);
}
