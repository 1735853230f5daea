//! The client of LND against LND: the same assertions on the stand-in and on a real pair.

#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "a test's helper fails by panicking, as the test does"
)]

mod contract;
mod stand_in;

use std::{
    path::Path,
    time::{Duration, Instant},
};

use facture_domain::NodeId;
use facture_node::lnd::{Client, Cursor, Endpoint, Error, Options, Settled, bakemacaroon};

use contract::World;
use facture_test_support::lnd::Pair;

/// Nothing here takes longer.
const DEADLINE: Duration = Duration::from_secs(20);

/// How a client is made.
fn options(endpoint: Endpoint) -> Options {
    Options {
        endpoint,
        deadline: DEADLINE,
        connections: 4,
        queue: 100,
        node: None,
    }
}

impl World for Pair {
    fn url(&self) -> String {
        self.merchant.rest_url()
    }

    fn certificate_file(&self) -> std::path::PathBuf {
        self.merchant.certificate_file()
    }

    fn macaroon_file(&self) -> std::path::PathBuf {
        self.merchant.macaroon_file("checkout")
    }

    async fn pay(&self, bolt11: &str, amount_msat: Option<u64>) -> anyhow::Result<String> {
        Pair::pay(self, bolt11, amount_msat).await
    }

    async fn let_time_pass(&self, by: Duration) {
        tokio::time::sleep(by).await;
    }
}

/// With the macaroon that the printed command makes: it is enough for everything, and not for a payment.
#[tokio::test]
#[ignore = "needs bitcoind, bitcoin-cli, lnd and lncli on PATH"]
async fn the_contract_holds_on_a_real_pair() {
    let mut pair = Pair::start().await.expect("a pair");
    pair.bake(&bakemacaroon()).await.expect("baked");
    contract::all(&pair).await;
    pair.refuses_a_payment().await.expect("it is refused");
    other_macaroons_are_refused(&pair).await;
    stops_and_starts(&mut pair).await;
}

/// A macaroon of another node, and one that allows too little, are named as the reason.
async fn other_macaroons_are_refused(pair: &Pair) {
    let with = |macaroon: &Path| {
        let url = pair.url().parse().expect("a URL");
        let endpoint = Endpoint::new(&url, &pair.certificate_file(), macaroon);
        Client::new(options(endpoint.expect("an address")))
    };
    for macaroon in [
        pair.payer.macaroon_file("admin"),
        pair.merchant.macaroon_file("invoice"),
    ] {
        let refused = with(&macaroon).getinfo().await;
        assert!(
            matches!(refused, Err(Error::Forbidden { .. })),
            "{refused:?}"
        );
    }
    let expected = NodeId::new(format!("02{}", "11".repeat(32)));
    let client = Client::new(Options {
        node: Some(expected.clone()),
        ..options(pair.endpoint())
    });
    let refused = client.getinfo().await;
    assert!(
        matches!(&refused, Err(Error::OtherNode { expected: named, .. }) if *named == expected),
        "{refused:?}"
    );
}

/// A stop ends a stream or cuts it, a kill cuts it; what was held is held after a restart; the client needs no help.
async fn stops_and_starts(pair: &mut Pair) {
    let client = Client::new(options(pair.endpoint()));
    let (hash, preimage) = contract::hold(&client, "over a restart").await;
    let bolt11 = contract::bolt11(&client, hash).await;
    let paying = pair.start_paying(&bolt11).expect("the payer begins");
    contract::until_accepted(&client, hash).await;

    let newest = contract::newest_settle_index(&client).await;
    let cursor = Cursor {
        settle_index: newest - 1,
        ..Cursor::default()
    };
    for kill in [false, true] {
        let mut stream = client.subscribe(cursor).await.expect("a stream");
        let event = stream.next().await.expect("a payment").expect("no end");
        assert_eq!(event.settle_index(), newest, "the one after the cursor");
        if kill {
            pair.merchant.kill().await.expect("killed");
        } else {
            pair.merchant.stop().await.expect("stopped");
        }
        let end = tokio::time::timeout(DEADLINE, stream.next()).await;
        let end = end.expect("the stream ends");
        // A stop ends it in order, if it comes to that in time.
        assert!(!matches!(end, Ok(Some(_))), "{end:?}");
        assert!(end.is_err() || !kill, "{end:?}");
        assert!(matches!(stream.next().await, Ok(None)), "and stays so");
        let away = client.getinfo().await;
        assert!(
            matches!(away, Err(Error::Unreachable(_) | Error::Lost { .. })),
            "{away:?}"
        );
        pair.merchant.start().await.expect("started");
        let began = Instant::now();
        while let Err(error) = client.getinfo().await {
            assert!(began.elapsed() < DEADLINE, "{error}");
        }
        contract::until_accepted(&client, hash).await;
    }
    pair.reconnect().await.expect("connected");
    assert_eq!(
        client.settle(&preimage).await.expect("settled"),
        Settled::Yes
    );
    paying
        .succeeded()
        .await
        .expect("the payer has its preimage");
}
