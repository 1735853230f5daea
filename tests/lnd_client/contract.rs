//! What holds for every LND, the stand-in included.

use std::{
    path::PathBuf,
    time::{Duration, Instant},
};

use facture_domain::{
    Amount, Expiry, HashLabels, LabelKey, LabelPrefix, Msat, PaymentHash, Preimage,
};
use facture_node::lnd::{
    AddHoldInvoice, AddInvoice, Added, Cancelled, ChainSync, Client, Cursor, Description, Endpoint,
    Error, Hints, InvoiceState, Kind, Listed, Method, Page, Settled, Subscription,
};
use futures_util::future::join_all;

use crate::{DEADLINE, options};

/// A node and somebody who pays.
pub(crate) trait World {
    fn url(&self) -> String;
    fn certificate_file(&self) -> PathBuf;
    fn macaroon_file(&self) -> PathBuf;

    /// Pays, and returns the preimage in hexadecimal. It takes as long as the payment is held.
    async fn pay(&self, bolt11: &str, amount_msat: Option<u64>) -> anyhow::Result<String>;

    /// The node's clock goes on by this, if it can be moved; otherwise time passes.
    async fn let_time_pass(&self, by: Duration);

    fn endpoint(&self) -> Endpoint {
        let url = self.url().parse().expect("a URL");
        let endpoint = Endpoint::new(&url, &self.certificate_file(), &self.macaroon_file());
        endpoint.expect("an address")
    }

    fn client(&self) -> Client {
        Client::new(options(self.endpoint()))
    }
}

/// All of it, in an order in which nothing disturbs the next.
pub(crate) async fn all(world: &impl World) {
    the_node_says_who_it_is(world).await;
    the_first_payment_is_not_replayed(world).await;
    invoices_are_made_and_found(world).await;
    what_cannot_be_made_is_refused(world).await;
    a_preimage_is_used_once(world).await;
    payments_arrive(world).await;
    what_is_cancelled_cannot_be_paid(world).await;
    what_is_over_is_cancelled_by_the_node(world).await;
    streams_tell_what_is_made_and_paid(world).await;
    pages_have_all_invoices(world).await;
    a_held_payment_is_taken(world).await;
    a_held_payment_is_sent_back(world).await;
    others_are_not_taken_for_the_node(world).await;
}

fn labels() -> HashLabels {
    HashLabels::new(LabelPrefix::default(), LabelKey::random())
}

fn new<'a>(preimage: &'a Preimage, memo: &'a str) -> AddInvoice<'a> {
    AddInvoice {
        preimage,
        amount: Amount::Exact(Msat::from_sat(10).expect("an amount")),
        description: Description::Text(memo),
        expiry: Expiry::from_seconds(3600).expect("an hour"),
        hints: Hints::None,
    }
}

pub(crate) async fn add(client: &Client, memo: &str) -> Added {
    let preimage = labels().random_preimage();
    let added = client.add_invoice(&new(&preimage, memo)).await;
    added.expect("an invoice")
}

async fn find(client: &Client, payment_hash: PaymentHash) -> Listed {
    let found = client.lookup(payment_hash).await.expect("an answer");
    found.expect("the node has it")
}

async fn state(client: &Client, payment_hash: PaymentHash) -> InvoiceState {
    find(client, payment_hash).await.state()
}

/// The next event, which has to come.
async fn next(stream: &mut Subscription) -> Option<Listed> {
    let event = tokio::time::timeout(DEADLINE, stream.next()).await;
    event.expect("an event in time").expect("no error")
}

async fn until(client: &Client, payment_hash: PaymentHash, state: InvoiceState) -> Listed {
    let began = Instant::now();
    loop {
        let found = find(client, payment_hash).await;
        if found.state() == state {
            return found;
        }
        assert!(began.elapsed() < DEADLINE, "{found:?} is not {state:?}");
        tokio::task::yield_now().await;
    }
}

pub(crate) async fn until_accepted(client: &Client, payment_hash: PaymentHash) {
    until(client, payment_hash, InvoiceState::Accepted).await;
}

/// An invoice whose payment is held.
pub(crate) async fn hold(client: &Client, memo: &str) -> (PaymentHash, Preimage) {
    let preimage = labels().random_preimage();
    let new = AddHoldInvoice {
        payment_hash: preimage.payment_hash(),
        amount: Amount::Exact(Msat::from_sat(20).expect("an amount")),
        description: Description::Text(memo),
        expiry: Expiry::from_seconds(3600).expect("an hour"),
        cltv_expiry: 144,
        hints: Hints::None,
    };
    let added = client.add_hold_invoice(&new).await.expect("an invoice");
    (added.payment_hash, preimage)
}

pub(crate) async fn bolt11(client: &Client, payment_hash: PaymentHash) -> String {
    let invoice = find(client, payment_hash).await.read(Method::LookupInvoice);
    let bolt11 = invoice.expect("it can be read").bolt11;
    bolt11.expect("it has one").as_str().to_owned()
}

/// Of the last payment so far.
pub(crate) async fn newest_settle_index(client: &Client) -> u64 {
    let all = client.list(Page::Newest, 1000).await.expect("a page");
    let indexes = all.iter().map(Listed::settle_index);
    indexes.max().unwrap_or_default()
}

async fn the_node_says_who_it_is(world: &impl World) {
    let client = world.client();
    assert_eq!(client.node(), None, "nobody was asked yet");
    let info = client.getinfo().await.expect("an answer");
    assert_eq!(info.network, "regtest");
    assert_eq!(info.id.as_str().len(), 66);
    assert_eq!(info.chain, ChainSync::Synced);
    assert!(info.version.is_supported(), "{}", info.version);
    assert_eq!(client.node(), Some(&info.id));
    // The macaroon that a checkout has does not allow it.
    assert_eq!(client.receivable().await.expect("left out"), None);
    // It allows all that is needed, and no more; trying that out makes nothing.
    assert_eq!(client.refused_calls().await.expect("answers"), []);
    assert!(client.excess_rights().await.expect("a file").is_empty());
    let made = client.list(Page::Newest, 1).await.expect("an answer");
    assert!(made.is_empty(), "{made:?}");
    let apart = client.time().await.expect("an answer").expect("a time");
    assert!(
        apart.duration_since(jiff::Timestamp::now()).abs() < jiff::SignedDuration::from_secs(5)
    );
}

/// Index 0 means that nothing is replayed, and not that everything is.
async fn the_first_payment_is_not_replayed(world: &impl World) {
    let client = world.client();
    let first = add(&client, "the first").await;
    assert_eq!(first.add_index, 1, "nothing was made before");
    world.pay(first.bolt11.as_str(), None).await.expect("paid");
    let paid = find(&client, first.payment_hash).await;
    assert_eq!(paid.settle_index(), 1);

    let mut stream = client.subscribe(Cursor::default()).await.expect("a stream");
    // Nothing says when the subscription is there; the invoices that are made from then on are told.
    let mut made = Vec::new();
    let began = Instant::now();
    let told = loop {
        made.push(add(&client, "later").await.add_index);
        let moment = Duration::from_millis(100);
        if let Ok(event) = tokio::time::timeout(moment, stream.next()).await {
            break event.expect("no error").expect("no end");
        }
        assert!(began.elapsed() < DEADLINE, "nothing is told");
    };
    assert!(made.contains(&told.add_index()), "{told:?}");
}

async fn invoices_are_made_and_found(world: &impl World) {
    let client = world.client();
    let labels = labels();
    let longest = "☕".repeat(213);
    let thousand = "x".repeat(1024);
    for (amount, description) in [
        (Amount::Any, Description::Text("any amount")),
        (msat(1), Description::Text("")),
        (msat(12_345), Description::Text(&longest)),
        // 100,000 bitcoin.
        (
            msat(10_000_000_000_000_000),
            Description::Text("\"\\ \u{202e}\t"),
        ),
        (
            msat(1000),
            Description::Hash {
                sha256: [7; 32],
                memo: &thousand,
            },
        ),
    ] {
        let preimage = labels.random_preimage();
        let memo = match description {
            Description::Text(memo) | Description::Hash { memo, .. } => memo,
        };
        let new = AddInvoice {
            amount,
            description: description.clone(),
            ..new(&preimage, "")
        };
        let added = client.add_invoice(&new).await.expect("an invoice");
        assert_eq!(added.payment_hash, preimage.payment_hash());
        let found = find(&client, added.payment_hash).await;
        assert_eq!(found.state(), InvoiceState::Open);
        assert_eq!(found.kind(), Kind::Ordinary);
        assert_eq!(found.add_index(), added.add_index);
        assert_eq!(found.settle_index(), 0);
        let preimage = found.preimage().expect("the node knows it");
        let label = labels.label_of_ours(preimage);
        assert_eq!(label, Some(labels.label(added.payment_hash)), "it is ours");
        let read = found.read(Method::LookupInvoice).expect("it can be read");
        assert_eq!(read.memo, memo);
        assert_eq!(read.amount.map_or(Amount::Any, Amount::Exact), amount);
        assert_eq!(read.bolt11, Some(added.bolt11));
        assert_eq!(read.created_at, added.created_at);
        let lasts = read.expires_at.as_second() - read.created_at.as_second();
        assert_eq!(lasts, 3600);
        assert_eq!(read.settlement, None);
    }
    let unknown = client.lookup(PaymentHash::from_bytes([0; 32])).await;
    assert!(unknown.expect("an answer").is_none());
}

fn msat(msat: u64) -> Amount {
    Amount::Exact(Msat::from_msat(msat).expect("an amount"))
}

async fn what_cannot_be_made_is_refused(world: &impl World) {
    let client = world.client();
    let (long, longer) = ("x".repeat(640), "x".repeat(1025));
    let preimage = labels().random_preimage();
    for (amount, memo, words) in [
        (msat(1000), long.as_str(), "too big to fit within 10 bits"),
        (
            msat(1000),
            &longer,
            "memo too large: 1025 bytes (maxsize=1024)",
        ),
        (
            msat(100_000_000_000_000_000),
            "",
            "invoice amount 1000000 BTC is too large, max is 100000 BTC",
        ),
    ] {
        let new = AddInvoice {
            amount,
            ..new(&preimage, memo)
        };
        let refused = client.add_invoice(&new).await.expect_err("refused");
        let text = refused.refusal().expect("LND's words");
        assert!(text.contains(words), "{text}");
        assert!(!refused.is_duplicate_hash());
    }
    let nothing = client.lookup(preimage.payment_hash()).await;
    assert!(nothing.expect("an answer").is_none(), "nothing was made");
}

/// Whoever asks at the same time, and whatever became of it.
async fn a_preimage_is_used_once(world: &impl World) {
    let client = world.client();
    let preimage = labels().preimage_of_request("shop", "order-7");
    let new = new(&preimage, "once");
    let made = join_all((0..8).map(|_| client.add_invoice(&new))).await;
    let (made, refused): (Vec<_>, Vec<_>) = made.into_iter().partition(Result::is_ok);
    assert_eq!((made.len(), refused.len()), (1, 7));
    for refused in refused {
        let refused = refused.expect_err("refused");
        assert!(refused.is_duplicate_hash(), "{refused}");
    }
    let hash = preimage.payment_hash();
    assert_eq!(
        client.cancel(hash).await.expect("cancelled"),
        Cancelled::Yes
    );
    let again = client.add_invoice(&new).await.expect_err("refused");
    assert!(again.is_duplicate_hash(), "also when it is cancelled");
}

async fn payments_arrive(world: &impl World) {
    let client = world.client();
    for (asked, paid, arrives) in [
        (msat(10_000), None, 10_000),
        (Amount::Any, Some(7_000), 7_000),
        // lightningd would refuse more than twice as much.
        (msat(10_000), Some(50_000), 50_000),
    ] {
        let preimage = labels().random_preimage();
        let new = AddInvoice {
            amount: asked,
            ..new(&preimage, "to be paid")
        };
        let added = client.add_invoice(&new).await.expect("an invoice");
        let before = newest_settle_index(&client).await;
        let shown = world.pay(added.bolt11.as_str(), paid).await.expect("paid");
        assert_eq!(Preimage::parse(&shown).as_ref(), Ok(&preimage));
        // Whoever has the preimage finds it paid.
        let found = find(&client, added.payment_hash).await;
        assert_eq!(found.state(), InvoiceState::Settled);
        assert_eq!(found.settle_index(), before + 1);
        let read = found.read(Method::LookupInvoice).expect("it can be read");
        let settlement = read.settlement.expect("it is paid");
        assert_eq!(settlement.amount.msat(), arrives);
        assert!(settlement.at >= read.created_at);
        world
            .pay(added.bolt11.as_str(), paid)
            .await
            .expect_err("once");
        let late = client.cancel(added.payment_hash).await.expect("an answer");
        assert_eq!(late, Cancelled::Settled);
    }
    let little = add(&client, "too little").await;
    let paid = world.pay(little.bolt11.as_str(), Some(9_000)).await;
    paid.expect_err("refused");
    assert_eq!(
        state(&client, little.payment_hash).await,
        InvoiceState::Open
    );
}

async fn what_is_cancelled_cannot_be_paid(world: &impl World) {
    let client = world.client();
    let added = add(&client, "not needed").await;
    for _ in 0..2 {
        let cancelled = client.cancel(added.payment_hash).await;
        assert_eq!(cancelled.expect("an answer"), Cancelled::Yes);
    }
    let found = find(&client, added.payment_hash).await;
    assert_eq!(found.state(), InvoiceState::Canceled);
    let paid = world.pay(added.bolt11.as_str(), None).await;
    paid.expect_err("refused");
    let unknown = client.cancel(PaymentHash::from_bytes([0; 32])).await;
    assert_eq!(unknown.expect("an answer"), Cancelled::Unknown);
}

/// Without asking it to, and without another word for it.
async fn what_is_over_is_cancelled_by_the_node(world: &impl World) {
    let client = world.client();
    let preimage = labels().random_preimage();
    let new = AddInvoice {
        expiry: Expiry::from_seconds(1).expect("a second"),
        ..new(&preimage, "short")
    };
    let added = client.add_invoice(&new).await.expect("an invoice");
    world.let_time_pass(Duration::from_secs(1)).await;
    let over = until(&client, added.payment_hash, InvoiceState::Canceled).await;
    let read = over.read(Method::LookupInvoice).expect("it can be read");
    assert_eq!(read.settlement, None);
    let paid = world.pay(added.bolt11.as_str(), None).await;
    paid.expect_err("refused");
}

async fn streams_tell_what_is_made_and_paid(world: &impl World) {
    let client = world.client();
    let before = add(&client, "before").await;
    let newest = newest_settle_index(&client).await;
    let mut stream = client
        .subscribe(Cursor {
            add_index: before.add_index - 1,
            settle_index: newest - 1,
        })
        .await
        .expect("a stream");
    // What is behind the cursors comes first: what was made, then what was paid.
    let event = next(&mut stream).await.expect("no end");
    assert_eq!(event.payment_hash(), Some(before.payment_hash));
    let event = next(&mut stream).await.expect("no end");
    assert_eq!(event.settle_index(), newest);

    let cancelled = add(&client, "to be cancelled").await;
    let event = next(&mut stream).await.expect("no end");
    assert_eq!(event.payment_hash(), Some(cancelled.payment_hash));
    assert_eq!(event.state(), InvoiceState::Open);
    client
        .cancel(cancelled.payment_hash)
        .await
        .expect("an answer");
    // That is not told: the next event is about the next invoice.
    let paid = add(&client, "to be paid").await;
    let event = next(&mut stream).await.expect("no end");
    assert_eq!(event.payment_hash(), Some(paid.payment_hash));
    world.pay(paid.bolt11.as_str(), None).await.expect("paid");
    let event = next(&mut stream).await.expect("no end");
    assert_eq!(event.payment_hash(), Some(paid.payment_hash));
    assert_eq!(event.state(), InvoiceState::Settled);
    assert_eq!(event.settle_index(), newest + 1);

    // What was cancelled is left out of what is replayed, too.
    let mut again = client
        .subscribe(Cursor {
            add_index: cancelled.add_index - 1,
            settle_index: newest + 1,
        })
        .await
        .expect("a stream");
    let event = next(&mut again).await.expect("no end");
    assert_eq!(event.payment_hash(), Some(paid.payment_hash));
    assert_eq!(event.state(), InvoiceState::Settled, "as it is now");
}

async fn pages_have_all_invoices(world: &impl World) {
    let client = world.client();
    let newest = add(&client, "the newest").await.add_index;
    let mut seen = Vec::new();
    loop {
        let after = seen.last().copied().unwrap_or_default();
        let page = client.list(Page::After(after), 5).await.expect("a page");
        if page.is_empty() {
            break;
        }
        assert!(page.len() <= 5);
        seen.extend(page.iter().map(Listed::add_index));
    }
    assert!(seen.is_sorted(), "{seen:?}");
    assert_eq!(seen, (1..=newest).collect::<Vec<_>>());
    let page = client.list(Page::Newest, 2).await.expect("a page");
    let indexes: Vec<_> = page.iter().map(Listed::add_index).collect();
    assert_eq!(indexes, [newest - 1, newest]);
    let after = Page::PendingAfter(0);
    let pending = client.list(after, 1000).await.expect("a page");
    let is_pending =
        |listed: &Listed| matches!(listed.state(), InvoiceState::Open | InvoiceState::Accepted);
    assert!(!pending.is_empty() && pending.iter().all(is_pending));
    let all = client.list(Page::After(0), 1000).await.expect("a page");
    let expected = all.iter().filter(|listed| is_pending(listed)).count();
    assert_eq!(pending.len(), expected);
}

async fn a_held_payment_is_taken(world: &impl World) {
    let client = world.client();
    let (hash, preimage) = hold(&client, "held, then taken").await;
    let bolt11 = bolt11(&client, hash).await;
    assert!(find(&client, hash).await.preimage().is_none());
    let again = AddHoldInvoice {
        payment_hash: hash,
        amount: msat(1000),
        description: Description::Text("again"),
        expiry: Expiry::MAX,
        cltv_expiry: 144,
        hints: Hints::None,
    };
    let refused = client.add_hold_invoice(&again).await.expect_err("refused");
    assert!(refused.is_duplicate_hash(), "{refused}");
    assert_eq!(client.settle(&preimage).await.unwrap(), Settled::Open);
    let merchant = async {
        until_accepted(&client, hash).await;
        let held = find(&client, hash).await;
        assert_eq!(held.state(), InvoiceState::Accepted);
        assert!(held.preimage().is_none(), "the node does not know it yet");
        let read = held.read(Method::LookupInvoice).expect("it can be read");
        assert_eq!(read.settlement, None);
        for _ in 0..2 {
            assert_eq!(client.settle(&preimage).await.unwrap(), Settled::Yes);
        }
        let taken = until(&client, hash, InvoiceState::Settled).await;
        assert_eq!(taken.preimage(), Some(&preimage));
    };
    let (paid, ()) = tokio::join!(world.pay(&bolt11, None), merchant);
    let shown = paid.expect("paid");
    assert_eq!(Preimage::parse(&shown).as_ref(), Ok(&preimage));
    assert_eq!(client.cancel(hash).await.unwrap(), Cancelled::Settled);
    let unknown = client.settle(&labels().random_preimage()).await;
    assert_eq!(unknown.expect("an answer"), Settled::Unknown);
}

async fn a_held_payment_is_sent_back(world: &impl World) {
    let client = world.client();
    let (hash, preimage) = hold(&client, "held, then sent back").await;
    let bolt11 = bolt11(&client, hash).await;
    let merchant = async {
        until_accepted(&client, hash).await;
        for _ in 0..2 {
            assert_eq!(client.cancel(hash).await.unwrap(), Cancelled::Yes);
        }
        assert_eq!(client.settle(&preimage).await.unwrap(), Settled::Cancelled);
    };
    let (paid, ()) = tokio::join!(world.pay(&bolt11, None), merchant);
    paid.expect_err("sent back");
    let over = until(&client, hash, InvoiceState::Canceled).await;
    let read = over.read(Method::LookupInvoice);
    assert_eq!(read.expect("it can be read").settlement, None);
}

async fn others_are_not_taken_for_the_node(world: &impl World) {
    let directory = tempfile::tempdir().expect("a directory");
    let file = |name: &str, content: &[u8]| {
        let path = directory.path().join(name);
        std::fs::write(&path, content).expect("written");
        path
    };
    let key = rcgen::generate_simple_self_signed(["localhost".to_owned()]).expect("a certificate");
    let other = file("other.cert", key.cert.pem().as_bytes());
    let empty = file("empty", b"");
    let missing = directory.path().join("missing");
    let url = world.url().parse().expect("a URL");
    let certificate = world.certificate_file();
    let macaroon = world.macaroon_file();
    for (certificate, macaroon, words) in [
        (
            &other,
            &macaroon,
            "another certificate than the one in the file",
        ),
        (&empty, &macaroon, "there is no certificate in it"),
        (&missing, &macaroon, "missing"),
        (&certificate, &missing, "missing"),
        (&certificate, &empty, "it is empty"),
    ] {
        let endpoint = Endpoint::new(&url, certificate, macaroon).expect("an address");
        let client = Client::new(options(endpoint));
        for refused in [
            client.getinfo().await.map(drop),
            client.subscribe(Cursor::default()).await.map(drop),
        ] {
            let refused = refused.expect_err("refused");
            assert!(
                matches!(refused, Error::Unreachable(_) | Error::Credential { .. }),
                "{refused}"
            );
            assert!(refused.to_string().contains(words), "{refused}");
        }
    }
    let garbage = file("garbage", &[2, 1]);
    let endpoint = Endpoint::new(&url, &certificate, &garbage).expect("an address");
    let client = Client::new(options(endpoint));
    let refused = client.getinfo().await;
    assert!(
        matches!(refused, Err(Error::Forbidden { .. })),
        "{refused:?}"
    );
    // It is read again, so whoever replaces the file needs no restart. In hexadecimal it is as good.
    let good = std::fs::read(&macaroon).expect("the macaroon");
    let digits: String = good.iter().map(|byte| format!("{byte:02x}")).collect();
    for good in [good, format!("{digits}\n").into_bytes()] {
        file("garbage", &good);
        client.getinfo().await.expect("it is let in");
    }
}
