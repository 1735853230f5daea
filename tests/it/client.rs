//! The client of lightningd, by its socket and by clnrest: one call at a time per connection, deadlines, lost answers, a bounded pool.

use std::time::Duration;

use facture::{
    config::HoldConfig,
    invoices::{Found, Freshness, Invoicing},
    pricing::{self, Pricing},
    sync::{Adoption, Follower, HoldRules, Rules},
};
use facture_domain::{
    Amount, Description, Expiry, Identity, Label, LabelPrefix, LabelScheme, Msat, NewInvoice,
    Order, OurLabels, Precision, RenewalWindow, Status,
};
use facture_node::Node;
use facture_node::cln::{Client, Error, Method, Options, Transport};
use facture_runtime::{
    fetch::FetchOptions,
    guard::{AllowedAddresses, Proxy},
};
use facture_sandbox::{CallFault, Calls, Hold};
use facture_store::{LabelKeyFile, Store};
use tempfile::TempDir;
use tokio::time::timeout;

use crate::{
    harness::TIMEOUT,
    rest::transport::{ConnectedSandbox, by_both_transports},
    world::socket_path,
};

fn client(transport: &Transport, connections: usize, queue: usize) -> Client {
    let deadline = Duration::from_secs(5);
    Client::new(Options {
        transport: transport.clone(),
        deadline,
        connections,
        queue,
        node: None,
    })
}

fn impatient(transport: &Transport) -> Client {
    let deadline = Duration::from_secs(1);
    Client::new(Options {
        transport: transport.clone(),
        deadline,
        connections: 1,
        queue: 10,
        node: None,
    })
}

/// The use cases on a store of their own. Nothing follows the node: there is nothing to follow.
async fn invoicing(transport: &Transport) -> (Invoicing, TempDir) {
    let directory = tempfile::tempdir().expect("a directory");
    let store = Store::open(directory.path()).await.expect("a database");
    let node = Node::Cln(client(transport, 1, 10));
    let key = LabelKeyFile::open(directory.path()).expect("a key");
    let labels = OurLabels::new(
        LabelPrefix::default(),
        key.key().clone(),
        LabelScheme::Chosen,
        [],
    );
    let rules = Rules {
        labels: labels.clone(),
        key,
        adoption: Adoption::Auto,
        prune_after: None,
        forget_after: None,
        hold: HoldRules {
            deadline: HoldConfig::default().deadline(),
            warning_blocks: 12,
        },
    };
    let follower = Follower::new(node.clone(), store.clone(), rules);
    let reads = Node::Cln(client(transport, 1, 10));
    let no_rates = pricing::Options {
        sources: Vec::new(),
        minimum_sources: 1,
        max_age: TIMEOUT,
        max_spread_percent: 1,
        round_up_to: Precision::Msat,
        fetch: FetchOptions {
            allowed: AllowedAddresses::Public,
            proxy: Proxy::Off,
            deadline: TIMEOUT,
        },
    };
    let pricing = Pricing::new(reads.clone(), no_rates).expect("TLS");
    (
        Invoicing::new(
            node,
            reads,
            pricing,
            store,
            follower.barrier(),
            labels,
            RenewalWindow::from_seconds(60),
        ),
        directory,
    )
}

fn new_invoice(description: &str) -> NewInvoice {
    NewInvoice {
        amount: Amount::Exact(Msat::from_sat(1).expect("one")),
        description: Description::parse(description).expect("a description"),
        expiry: Expiry::from_seconds(60).expect("a minute"),
        order: Order::default(),
        lnurl_metadata: None,
        webhooks: Vec::new(),
        hold: None,
    }
}

fn label() -> Label {
    LabelPrefix::default().random_label()
}

/// Makes an invoice; its label.
async fn made(client: &Client, description: &str) -> Label {
    let label = label();
    let invoice = client
        .invoice(&Identity::Label(label.clone()), &new_invoice(description))
        .await;
    invoice.expect("made");
    label
}

#[tokio::test]
async fn a_cancelled_call_cannot_give_its_answer_to_the_next_caller() {
    for ConnectedSandbox {
        sandbox, transport, ..
    } in &by_both_transports().await
    {
        let client = client(transport, 1, 10);
        let (first, second) = (made(&client, "first").await, made(&client, "second").await);

        let hanging = sandbox
            .node
            .faults()
            .hang(Calls::of("listinvoices"), Hold::Answer);
        let given_up = tokio::spawn({
            let (client, first) = (client.clone(), first.clone());
            async move { client.invoice_by_label(&first).await }
        });
        timeout(TIMEOUT, hanging.reached(1))
            .await
            .expect("the node has the answer ready");
        given_up.abort();
        assert!(given_up.await.expect_err("it was given up").is_cancelled());
        hanging.release();

        // The only connection of the pool had the first one's answer under way.
        let found = client
            .invoice_by_label(&second)
            .await
            .expect("an answer")
            .expect("it is there");
        assert_eq!(
            (found.label, found.description.as_str()),
            (second, "second")
        );
    }
}

#[tokio::test]
async fn a_call_past_its_deadline_cannot_either() {
    for ConnectedSandbox {
        sandbox, transport, ..
    } in &by_both_transports().await
    {
        let client = impatient(transport);
        let (first, second) = (made(&client, "first").await, made(&client, "second").await);
        let hanging = sandbox.node.faults().hang(Calls::All, Hold::Answer);
        let late = client.invoice_by_label(&first).await;
        assert!(
            matches!(
                late,
                Err(Error::TimedOut {
                    method: Method::Listinvoices,
                    ..
                })
            ),
            "{late:?}"
        );
        hanging.release();
        let found = client
            .invoice_by_label(&second)
            .await
            .expect("an answer")
            .expect("it is there");
        assert_eq!(found.label, second);
    }
}

#[tokio::test]
async fn an_idle_connection_from_before_a_restart_is_no_error() {
    for ConnectedSandbox {
        sandbox, transport, ..
    } in &by_both_transports().await
    {
        let client = client(transport, 4, 10);
        let info = client.getinfo().await.expect("a node");
        sandbox.node.stop().await;
        assert!(
            matches!(client.getinfo().await, Err(Error::Lost { .. })),
            "sent on the old connection"
        );
        assert!(matches!(client.getinfo().await, Err(Error::Unreachable(_))));
        sandbox.node.restart().await.expect("it starts");
        assert_eq!(client.getinfo().await.expect("the same node").id, info.id);
        sandbox.node.stop().await;
        sandbox.node.restart().await.expect("it starts");
        assert_eq!(client.getinfo().await.expect("the same node").id, info.id);
    }
}

#[tokio::test]
async fn a_lost_answer_ends_in_exactly_one_invoice() {
    for fault in [
        CallFault::CloseBefore,
        CallFault::CloseAfter,
        CallFault::CutAnswer,
        CallFault::NotJson,
    ] {
        for ConnectedSandbox {
            sandbox, transport, ..
        } in &by_both_transports().await
        {
            let (invoicing, _directory) = invoicing(transport).await;
            sandbox
                .node
                .faults()
                .once(Calls::of("invoice"), fault.clone());
            let made = invoicing
                .create(new_invoice("once"))
                .await
                .unwrap_or_else(|error| panic!("{fault:?}: {error}"));
            assert_eq!(
                (made.description.as_str(), &made.status),
                ("once", &Status::Unpaid),
                "{fault:?}"
            );
            assert_eq!(sandbox.node.invoice_count(), 1, "{fault:?}");
            assert_eq!(
                invoicing.find(&made.label).await.expect("an answer"),
                Some(Found {
                    invoice: made,
                    freshness: Freshness::Current
                }),
                "{fault:?}"
            );
        }
    }
}

#[tokio::test]
async fn an_answer_lost_twice_is_an_error_and_still_no_second_invoice() {
    for ConnectedSandbox {
        sandbox, transport, ..
    } in &by_both_transports().await
    {
        let (invoicing, _directory) = invoicing(transport).await;
        for _ in 0..2 {
            sandbox
                .node
                .faults()
                .once(Calls::of("invoice"), CallFault::CloseAfter);
        }
        assert!(invoicing.create(new_invoice("twice")).await.is_err());
        assert_eq!(sandbox.node.invoice_count(), 1);
    }
}

#[tokio::test]
async fn an_invoice_is_made_to_the_end_although_nobody_waits_for_it() {
    for ConnectedSandbox {
        sandbox, transport, ..
    } in &by_both_transports().await
    {
        let (invoicing, _directory) = invoicing(transport).await;
        let hanging = sandbox.node.faults().hang(Calls::of("invoice"), Hold::Call);
        let given_up = tokio::spawn({
            let invoicing = invoicing.clone();
            async move {
                invoicing
                    .create(new_invoice("closed tab"))
                    .await
                    .map(|_| ())
            }
        });
        timeout(TIMEOUT, hanging.reached(1))
            .await
            .expect("the node has the call");
        given_up.abort();
        assert!(given_up.await.is_err());
        hanging.release();
        timeout(TIMEOUT, invoicing.finish())
            .await
            .expect("it is finished");
        assert_eq!(sandbox.node.invoice_count(), 1);
    }
}

#[tokio::test]
async fn errors_say_what_happened() {
    for ConnectedSandbox {
        sandbox, transport, ..
    } in &by_both_transports().await
    {
        let client = client(transport, 1, 10);
        let label = label();
        client
            .invoice(&Identity::Label(label.clone()), &new_invoice("a"))
            .await
            .expect("made");
        let again = client
            .invoice(&Identity::Label(label.clone()), &new_invoice("b"))
            .await
            .expect_err("the label exists");
        assert!(again.is_duplicate(), "{again}");

        let refusal = CallFault::Fail {
            code: -1,
            message: "out of coffee".to_owned(),
        };
        sandbox.node.faults().once(Calls::of("getinfo"), refusal);
        let refused = client.getinfo().await.expect_err("refused");
        assert!(
            matches!(&refused, Error::Rejected { code: -1, message, .. } if message == "out of coffee"),
            "{refused}"
        );

        let unknown = CallFault::Fail {
            code: -32601,
            message: "Unknown command 'wait'".to_owned(),
        };
        sandbox.node.faults().once(Calls::of("wait"), unknown);
        let old = client.updated_index().await.expect_err("unknown");
        assert!(old.to_string().contains("v23.08"), "{old}");

        sandbox
            .node
            .faults()
            .once(Calls::of("getinfo"), CallFault::NoResult);
        let nonsense = client.getinfo().await.expect_err("nonsense");
        assert!(
            matches!(
                nonsense,
                Error::Malformed {
                    method: Method::Getinfo,
                    ..
                }
            ),
            "{nonsense}"
        );
        client.getinfo().await.expect("and the next call works");

        let (nowhere, _directory) = socket_path();
        let away = self::client(&Transport::Socket(nowhere), 1, 1)
            .getinfo()
            .await
            .expect_err("nobody is there");
        assert!(matches!(away, Error::Unreachable(_)), "{away}");
    }
}

#[tokio::test]
async fn the_pool_is_bounded_and_so_is_its_queue() {
    for ConnectedSandbox {
        sandbox, transport, ..
    } in &by_both_transports().await
    {
        let client = client(transport, 2, 3);
        let hanging = sandbox.node.faults().hang(Calls::of("wait"), Hold::Answer);
        let calls: Vec<_> = (0..20)
            .map(|_| {
                let client = client.clone();
                tokio::spawn(async move { client.updated_index().await })
            })
            .collect();
        timeout(TIMEOUT, hanging.reached(2))
            .await
            .expect("two calls at once");
        hanging.release();
        let (mut answered, mut busy) = (0, 0);
        for call in calls {
            match call.await.expect("no panic") {
                Ok(_) => answered += 1,
                Err(Error::Busy) => busy += 1,
                Err(other) => panic!("{other}"),
            }
        }
        assert_eq!((answered, busy), (5, 15));
        assert_eq!(sandbox.node.calls("wait"), 5);
    }
}

#[tokio::test]
async fn many_callers_share_few_connections_and_each_gets_its_own() {
    for ConnectedSandbox {
        sandbox, transport, ..
    } in &by_both_transports().await
    {
        let client = client(transport, 4, 1000);
        let calls: Vec<_> = (0..200)
            .map(|number| {
                let client = client.clone();
                tokio::spawn(async move {
                    let (label, description) = (label(), format!("number {number}"));
                    let made = client
                        .invoice(&Identity::Label(label.clone()), &new_invoice(&description))
                        .await
                        .expect("made")
                        .invoice;
                    let found = client
                        .invoice_by_label(&label)
                        .await
                        .expect("an answer")
                        .expect("it is there");
                    assert_eq!(made, found);
                    assert_eq!((found.label, found.description), (label, description));
                })
            })
            .collect();
        for call in calls {
            call.await.expect("its own");
        }
        assert_eq!(sandbox.node.invoice_count(), 200);
    }
}
