//! The stand-in: the contract, and what a real node does at no one's wish.

use std::{os::unix::fs::PermissionsExt, path::PathBuf, time::Duration};

use facture_domain::{Amount, Expiry, HashLabels, LabelKey, LabelPrefix, Msat, Preimage};
use facture_node::lnd::{
    AddInvoice, Cancelled, ChainSync, Client, Cursor, Description, Endpoint, Error, Hints,
    InvoiceState, Kind, Method, Options, Page, Settled,
};
use facture_sandbox::{CallFault, Calls, Hold, SandboxLnd, Stage, Syncing};
use tempfile::TempDir;

use crate::{
    contract::{self, World},
    options,
};

struct StandIn {
    node: SandboxLnd,
    directory: TempDir,
    macaroon_file: PathBuf,
}

impl StandIn {
    async fn start() -> Self {
        let directory = tempfile::tempdir().expect("a directory");
        let node = SandboxLnd::start_in(directory.path()).await;
        Self::of(node.expect("it listens"), directory)
    }

    fn of(node: SandboxLnd, directory: TempDir) -> Self {
        let uris = Method::in_macaroon().map(Method::uri);
        let macaroon_file = node.bake("checkout", uris).expect("written");
        Self {
            node,
            directory,
            macaroon_file,
        }
    }
}

impl World for StandIn {
    fn url(&self) -> String {
        self.node.url()
    }

    fn certificate_file(&self) -> PathBuf {
        self.node.certificate_file()
    }

    fn macaroon_file(&self) -> PathBuf {
        self.macaroon_file.clone()
    }

    async fn pay(&self, bolt11: &str, amount_msat: Option<u64>) -> anyhow::Result<String> {
        let paid = self.node.pay(bolt11, amount_msat).await?;
        Ok(paid.payment_preimage)
    }

    async fn let_time_pass(&self, by: Duration) {
        self.node.advance(by);
    }
}

fn preimage() -> Preimage {
    HashLabels::new(LabelPrefix::default(), LabelKey::random()).random_preimage()
}

fn new(preimage: &Preimage) -> AddInvoice<'_> {
    AddInvoice {
        preimage,
        amount: Amount::Exact(Msat::from_sat(10).expect("an amount")),
        description: Description::Text("one coffee"),
        expiry: Expiry::MAX,
        hints: Hints::None,
    }
}

#[tokio::test]
async fn the_contract_holds() {
    let world = StandIn::start().await;
    contract::all(&world).await;
    let mut called = world.node.called();
    called.sort_unstable();
    let mut allowed: Vec<_> = Method::in_macaroon().map(Method::name).collect();
    allowed.push("ChannelBalance");
    allowed.sort_unstable();
    assert_eq!(
        called, allowed,
        "what the macaroon is for is what is called"
    );
}

/// The call is made once more, and its payment hash shows that it was carried out before.
#[tokio::test]
async fn a_lost_answer_makes_no_second_invoice() {
    let world = StandIn::start().await;
    let client = world.client();
    client.getinfo().await.expect("an idle connection");
    let faults = world.node.faults();
    for fault in [
        CallFault::CloseAfter,
        CallFault::CutAnswer,
        CallFault::NotJson,
    ] {
        let (preimage, count) = (preimage(), world.node.invoice_count());
        faults.once(Calls::of("AddInvoice"), fault.clone());
        let error = client.add_invoice(&new(&preimage)).await.expect_err("lost");
        let known = error.is_duplicate_hash() || matches!(error, Error::Unreadable { .. });
        assert!(known, "{fault:?}: {error}");
        let found = client.lookup(preimage.payment_hash()).await;
        assert!(found.expect("an answer").is_some(), "{fault:?}");
        assert_eq!(world.node.invoice_count(), count + 1, "{fault:?}");
    }
    let preimage = preimage();
    faults.once(Calls::of("AddInvoice"), CallFault::CloseBefore);
    client
        .add_invoice(&new(&preimage))
        .await
        .expect("made once more");
}

#[tokio::test]
async fn a_call_has_a_deadline_and_its_connection_is_not_used_again() {
    let world = StandIn::start().await;
    let client = Client::new(Options {
        deadline: Duration::from_millis(300),
        connections: 1,
        ..options(world.endpoint())
    });
    client.getinfo().await.expect("an answer");
    let hanging = world
        .node
        .faults()
        .hang(Calls::of("LookupInvoice"), Hold::Answer);
    let hash = preimage().payment_hash();
    let late = client.lookup(hash).await;
    assert!(matches!(late, Err(Error::TimedOut { .. })), "{late:?}");
    hanging.release();
    // On the same connection the next call would find the answer of the one before.
    let info = client.getinfo().await.expect("an answer");
    assert_eq!(info.id.as_str(), world.node.id());
}

#[tokio::test]
async fn a_node_that_is_not_ready_says_so_and_is_found_again() {
    let world = StandIn::start().await;
    let client = world.client();
    for (stage, words) in [
        (Stage::NonExisting, "wallet not created"),
        (Stage::Locked, "wallet locked"),
        (Stage::Starting, "starting up"),
    ] {
        world.node.set_stage(stage);
        for refused in [
            client.getinfo().await.map(drop),
            client.add_invoice(&new(&preimage())).await.map(drop),
            client.subscribe(Cursor::default()).await.map(drop),
        ] {
            let refused = refused.expect_err("refused");
            assert!(matches!(refused, Error::NotReady { .. }), "{refused}");
            assert!(refused.to_string().contains(words), "{refused}");
        }
    }
    assert_eq!(world.node.invoice_count(), 0);
    world.node.set_stage(Stage::Active);
    client.getinfo().await.expect("it is ready now");
}

/// The right that is missing is named, and a better macaroon in the same file is enough.
#[tokio::test]
async fn a_macaroon_that_allows_too_little_is_named_and_can_be_replaced() {
    let world = StandIn::start().await;
    let little = [Method::GetInfo, Method::LookupInvoice].map(Method::uri);
    let macaroon_file = world.node.bake("little", little).expect("written");
    let macaroon = std::fs::read(&macaroon_file).expect("the macaroon");
    let world = StandIn {
        macaroon_file,
        ..world
    };
    let client = world.client();
    client.getinfo().await.expect("that is allowed");
    let refused = client.add_invoice(&new(&preimage())).await;
    let refused = refused.expect_err("that is not");
    assert!(
        matches!(
            refused,
            Error::Forbidden {
                method: Method::AddInvoice,
                ..
            }
        ),
        "{refused}"
    );
    assert!(refused.to_string().contains("facture lnd-macaroon"));
    let digits: String = macaroon.iter().map(|byte| format!("{byte:02x}")).collect();
    let shown = format!("{refused} {refused:?} {client:?}");
    assert!(!shown.contains(&digits), "it is not shown");
    let mut stream = client.subscribe(Cursor::default()).await.expect("sent");
    let refused = stream.next().await;
    assert!(
        matches!(refused, Err(Error::Forbidden { .. })),
        "{refused:?}"
    );

    let good = world.node.admin_macaroon_file();
    std::fs::copy(good, &world.macaroon_file).expect("replaced");
    // A connection that is idle still has the old one, and closes with the refusal.
    drop(client.add_invoice(&new(&preimage())).await);
    client
        .add_invoice(&new(&preimage()))
        .await
        .expect("allowed");
}

#[tokio::test]
async fn a_restart_ends_streams_and_loses_nothing() {
    let world = StandIn::start().await;
    let client = world.client();
    let (hash, preimage) = contract::hold(&client, "over a restart").await;
    let bolt11 = contract::bolt11(&client, hash).await;
    let node = world.node.clone();
    let paying = tokio::spawn(async move { node.pay(&bolt11, None).await });
    contract::until_accepted(&client, hash).await;
    let after = Cursor {
        add_index: 0,
        settle_index: 0,
    };
    let mut stream = client.subscribe(after).await.expect("a stream");
    contract::add(&client, "told").await;
    let event = stream.next().await.expect("no error").expect("no end");
    assert_eq!(event.state(), InvoiceState::Open);
    world.node.stop().await;
    let end = stream.next().await;
    assert!(matches!(end, Ok(None) | Err(Error::Lost { .. })), "{end:?}");
    assert!(matches!(stream.next().await, Ok(None)), "and stays so");
    let away = client.getinfo().await;
    assert!(
        matches!(away, Err(Error::Unreachable(_) | Error::Lost { .. })),
        "{away:?}"
    );
    drop(paying);

    // Another process, with what the first left: the port is another, too.
    let StandIn {
        node, directory, ..
    } = world;
    let id = node.id();
    drop(node);
    let node = SandboxLnd::start_in(directory.path()).await;
    let world = StandIn::of(node.expect("it listens"), directory);
    assert_eq!(world.node.id(), id);
    let client = world.client();
    contract::until_accepted(&client, hash).await;
    assert_eq!(client.settle(&preimage).await.unwrap(), Settled::Yes);
    assert_eq!(contract::newest_settle_index(&client).await, 1);
}

/// `gc-canceled-invoices-on-the-fly`: then its payment hash is free again.
#[tokio::test]
async fn what_is_cancelled_may_be_forgotten() {
    let world = StandIn::start().await;
    let client = world.client();
    let preimage = preimage();
    let made = client.add_invoice(&new(&preimage)).await.expect("made");
    let hash = made.payment_hash;
    assert_eq!(client.cancel(hash).await.unwrap(), Cancelled::Yes);
    world.node.forget_cancelled().expect("forgotten");
    assert!(client.lookup(hash).await.expect("an answer").is_none());
    assert_eq!(client.cancel(hash).await.unwrap(), Cancelled::Unknown);
    let again = client.add_invoice(&new(&preimage)).await;
    assert_eq!(again.expect("made").add_index, 2);
}

#[tokio::test]
async fn a_call_that_an_old_lnd_lacks_is_named() {
    let world = StandIn::start().await;
    world.node.faults().lack(Calls::of("AddHoldInvoice"));
    let client = world.client();
    let new = facture_node::lnd::AddHoldInvoice {
        payment_hash: preimage().payment_hash(),
        amount: Amount::Any,
        description: Description::Text(""),
        expiry: Expiry::MAX,
        cltv_expiry: 144,
        hints: Hints::None,
    };
    let refused = client.add_hold_invoice(&new).await.expect_err("refused");
    assert!(matches!(refused, Error::TooOld { .. }), "{refused}");
}

/// As `accept-keysend` makes them: a payment, and no invoice that anybody made.
#[tokio::test]
async fn a_payment_without_an_invoice_is_told_apart() {
    let world = StandIn::start().await;
    let client = world.client();
    world.node.keysend(33_000).expect("it arrives");
    let all = client.list(Page::After(0), 10).await.expect("a page");
    let [keysend] = &all[..] else {
        panic!("{all:?}");
    };
    assert_eq!(keysend.kind(), Kind::Keysend);
    let read = keysend.read(Method::ListInvoices).expect("it can be read");
    assert_eq!((read.bolt11, read.memo.as_str()), (None, ""));
    let settlement = read.settlement.expect("it is paid");
    assert_eq!(
        (settlement.amount.msat(), settlement.settle_index),
        (33_000, 1)
    );
}

/// What the move of the database to SQL has done: a cursor from before finds nothing any more.
#[tokio::test]
async fn settle_indexes_may_begin_again() {
    let world = StandIn::start().await;
    let client = world.client();
    for _ in 0..3 {
        world.node.keysend(1000).expect("it arrives");
    }
    assert_eq!(contract::newest_settle_index(&client).await, 3);
    world.node.begin_settle_indexes_again().expect("written");
    world.node.restart().await.expect("it listens");
    let preimage = preimage();
    let made = client.add_invoice(&new(&preimage)).await.expect("made");
    world.pay(made.bolt11.as_str(), None).await.expect("paid");
    let found = client.lookup(made.payment_hash).await.expect("an answer");
    assert_eq!(found.expect("it is there").settle_index(), 1);
    let cursor = Cursor {
        add_index: made.add_index - 1,
        settle_index: 3,
    };
    let mut stream = client.subscribe(cursor).await.expect("a stream");
    let event = stream.next().await.expect("no error").expect("no end");
    assert_eq!(event.payment_hash(), made.payment_hash, "as made");
    let next = client
        .add_invoice(&new(&self::preimage()))
        .await
        .expect("made");
    let event = stream.next().await.expect("no error").expect("no end");
    assert_eq!(event.payment_hash(), next.payment_hash, "and not as paid");
}

#[tokio::test]
async fn what_the_node_says_of_itself_can_be_set() {
    let world = StandIn::start().await;
    let admin = Endpoint::new(
        &world.url().parse().expect("a URL"),
        &world.certificate_file(),
        &world.node.admin_macaroon_file(),
    );
    let client = Client::new(options(admin.expect("an address")));
    world.node.set_receivable_msat(5000);
    let receivable = client.receivable().await.expect("allowed");
    assert_eq!(receivable.map(Msat::msat), Some(5000));
    world.node.set_syncing(Some(Syncing::Bitcoind));
    let info = client.getinfo().await.expect("an answer");
    assert_eq!(info.chain, ChainSync::Behind);
}

/// What a client has been given stays good: the key, the certificate, macaroons; and nobody else can read it.
#[tokio::test]
async fn a_restart_in_the_same_directory_asks_for_no_new_files() {
    let world = StandIn::start().await;
    let read = |world: &StandIn| {
        let files = [
            world.certificate_file(),
            world.macaroon_file(),
            world.node.admin_macaroon_file(),
            world.node.invoice_macaroon_file(),
        ];
        files.map(|file| {
            let mode = file.metadata().expect("a file").permissions().mode();
            assert_eq!(mode & 0o777, 0o600, "{}", file.display());
            std::fs::read(file).expect("its content")
        })
    };
    let before = read(&world);
    // Baked once more, by nobody.
    let StandIn {
        node,
        directory,
        macaroon_file,
    } = world;
    let id = node.id();
    node.mine(7).expect("mined");
    drop(node);
    for file in std::fs::read_dir(directory.path()).expect("its files") {
        let mode = file.expect("one").metadata().expect("a file").permissions();
        assert_eq!(mode.mode() & 0o077, 0);
    }
    let node = SandboxLnd::start_in(directory.path()).await;
    let world = StandIn {
        node: node.expect("it listens"),
        directory,
        macaroon_file,
    };
    assert_eq!(read(&world), before);
    let info = world.client().getinfo().await.expect("an answer");
    assert_eq!(info.id.as_str(), id);
    assert_eq!(info.block_height, 267, "blocks are kept too");
}

/// LND's own macaroon for invoices lacks what it takes to find out which node answers.
#[tokio::test]
async fn the_macaroon_of_lnd_for_invoices_is_not_enough() {
    let world = StandIn::start().await;
    let world = StandIn {
        macaroon_file: world.node.invoice_macaroon_file(),
        ..world
    };
    let refused = world.client().add_invoice(&new(&preimage())).await;
    let refused = refused.expect_err("refused");
    let forbidden = matches!(
        refused,
        Error::Forbidden {
            method: Method::GetInfo,
            ..
        }
    );
    assert!(forbidden, "{refused}");
}

/// The file is read for each connection, so a renewal needs no restart; with an old copy nothing is sent.
#[tokio::test]
async fn a_renewed_certificate_is_read_again() {
    let world = StandIn::start().await;
    let copy = world.directory.path().join("copy.cert");
    std::fs::copy(world.certificate_file(), &copy).expect("copied");
    let url = world.url().parse().expect("a URL");
    let endpoint = Endpoint::new(&url, &copy, &world.macaroon_file()).expect("an address");
    let with_copy = Client::new(options(endpoint));
    let client = world.client();
    with_copy.getinfo().await.expect("the same certificate");
    world.node.renew_certificate().expect("renewed");
    world.node.close_connections().await;
    client.getinfo().await.expect("the file is read again");
    // The connection that was open says no more than that it is closed.
    drop(with_copy.getinfo().await);
    let calls = world.node.calls("AddInvoice");
    let refused = with_copy.add_invoice(&new(&preimage())).await;
    let refused = refused.expect_err("another certificate");
    assert!(refused.to_string().contains("certificate"), "{refused}");
    assert_eq!(world.node.calls("AddInvoice"), calls, "nothing was sent");
    std::fs::copy(world.certificate_file(), &copy).expect("copied");
    with_copy.getinfo().await.expect("found again");
}

#[tokio::test]
async fn who_answers_can_be_another() {
    let world = StandIn::start().await;
    let client = world.client();
    client.getinfo().await.expect("an answer");
    let other = format!("02{}", "11".repeat(32));
    world.node.set_id(Some(&other));
    world.node.close_connections().await;
    let calls = world.node.calls("AddInvoice");
    let refused = client.add_invoice(&new(&preimage())).await;
    assert!(
        matches!(refused, Err(Error::OtherNode { .. })),
        "{refused:?}"
    );
    assert_eq!(world.node.calls("AddInvoice"), calls, "nothing was sent");
    world.node.set_id(None);
    client
        .add_invoice(&new(&preimage()))
        .await
        .expect("itself again");

    world.node.set_version("0.17.5-beta commit=v0.17.5-beta");
    world.node.set_network("mainnet");
    let info = client.getinfo().await.expect("an answer");
    assert!(!info.version.is_supported(), "{}", info.version);
    assert_eq!(info.network, "bitcoin");
}

/// `--accept-amp`: one invoice, many payments, each with an index of its own.
#[tokio::test]
async fn amp_payments_are_told_apart_and_take_indexes() {
    let world = StandIn::start().await;
    let client = world.client();
    let amp = world.node.add_amp(5000, "amp").expect("made");
    let mut stream = client
        .subscribe(Cursor {
            add_index: 1,
            settle_index: 1,
        })
        .await
        .expect("a stream");
    let mut indexes = Vec::new();
    for _ in 0..3 {
        world.pay(&amp, None).await.expect("paid");
    }
    while indexes.len() < 2 {
        let event = stream.next().await.expect("no error").expect("no end");
        assert_eq!(event.kind(), Kind::Amp);
        event
            .read(Method::SubscribeInvoices)
            .expect("it can be read");
        indexes.push(event.settle_index());
    }
    assert_eq!(indexes, [2, 3], "the first one is never replayed");
    assert_eq!(contract::newest_settle_index(&client).await, 3);
    let pending = client.list(Page::PendingAfter(0), 10).await;
    let pending = pending.expect("a page");
    assert_eq!(pending.len(), 1, "it can be paid once more");
    assert_eq!(pending[0].state(), InvoiceState::Settled);
}

/// A stream is cut, tells half an event or something else, or goes silent.
#[tokio::test]
async fn streams_go_wrong() {
    let world = StandIn::start().await;
    let client = world.client();
    let faults = world.node.faults();
    let add = async || client.add_invoice(&new(&preimage())).await.expect("made");
    let (first, _) = (add().await, add().await);
    let cursor = Cursor {
        add_index: first.add_index,
        settle_index: 0,
    };
    for fault in [
        CallFault::CloseBefore,
        CallFault::CloseAfter,
        CallFault::CutAnswer,
        CallFault::NotJson,
        CallFault::NoResult,
        CallFault::Fail {
            code: 14,
            message: "the node is stopping".to_owned(),
        },
    ] {
        // At its beginning, and when it has told something; no older stream takes the fault.
        world.node.close_connections().await;
        faults.once(Calls::of("SubscribeInvoices"), fault.clone());
        let mut stream = client.subscribe(cursor).await.expect("sent");
        let wrong = stream.next().await;
        assert!(wrong.is_err(), "{fault:?}: {wrong:?}");
        world.node.close_connections().await;
        let mut stream = client.subscribe(cursor).await.expect("sent");
        stream.next().await.expect("no error").expect("no end");
        faults.once(Calls::of("SubscribeInvoices"), fault.clone());
        add().await;
        while let Ok(event) = stream.next().await {
            event.expect("an error comes before the end");
        }
        assert!(matches!(stream.next().await, Ok(None)), "{fault:?}");
    }
    let mut stream = client.subscribe(cursor).await.expect("sent");
    stream.next().await.expect("no error").expect("no end");
    let silent = faults.hang(Calls::of("SubscribeInvoices"), Hold::Answer);
    add().await;
    silent.reached(1).await;
    let waiting = tokio::time::timeout(Duration::from_millis(100), async {
        let mut last = cursor.add_index;
        while let Ok(Some(event)) = stream.next().await {
            last = event.add_index();
        }
        last
    });
    waiting.await.expect_err("it stays silent");
    silent.release();
    stream.next().await.expect("no error").expect("it goes on");
}

#[tokio::test]
async fn it_can_refuse_connections_and_keep_those_that_are_there() {
    let world = StandIn::start().await;
    let client = world.client();
    client.getinfo().await.expect("an answer");
    world.node.refuse_connections().await;
    client
        .getinfo()
        .await
        .expect("by the connection that is there");
    world.node.close_connections().await;
    let refused = client.getinfo().await;
    let away = matches!(refused, Err(Error::Lost { .. } | Error::Unreachable(_)));
    assert!(away, "{refused:?}");
    world.node.accept_connections().await.expect("it listens");
    client.getinfo().await.expect("an answer");
}

/// LND sends back what is held, 18 blocks before it would end by itself.
#[tokio::test]
async fn a_payment_that_is_held_too_long_is_sent_back() {
    let world = StandIn::start().await;
    let client = world.client();
    let (hash, preimage) = contract::hold(&client, "too long").await;
    let bolt11 = contract::bolt11(&client, hash).await;
    let node = world.node.clone();
    let paying = tokio::spawn(async move { node.pay(&bolt11, None).await });
    contract::until_accepted(&client, hash).await;
    // It was asked for with 144 blocks, and payers add 3.
    world.node.mine(128).expect("mined");
    contract::until_accepted(&client, hash).await;
    world.node.mine(1).expect("mined");
    paying.await.expect("no panic").expect_err("sent back");
    assert_eq!(client.settle(&preimage).await.unwrap(), Settled::Cancelled);
}
