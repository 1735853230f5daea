//! Killed at any moment, again and again, while invoices are made, paid and expire on the node, with the program and
//! without it: in the end the records are the node's, once and in order.
//!
//! `FACTURE_CRASH_ROUNDS=200` makes it long, `FACTURE_CRASH_SEED` repeats the choices of a run, though not its timing.

use std::{
    env,
    future::pending,
    io::Write,
    path::PathBuf,
    sync::Arc,
    time::{Duration, Instant},
};

use cln_rpc::ClnRpc;
use facture_sandbox::{CallFault, Calls, Hanging, Hold, SandboxNode};
use futures_util::{FutureExt, future::join_all};
use rand::{Rng, RngExt, SeedableRng, rngs::StdRng};
use reqwest::StatusCode;
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::{
    sync::watch,
    time::{sleep, timeout},
};

use crate::{
    agreement::{check, listed},
    harness::TIMEOUT,
    program::{Running, Visitor, reconcile, run_beside, serve},
    world::{Sandbox, own_label},
};

/// How many visitors make invoices at once.
const VISITORS: usize = 4;

/// Long enough that some outlive a round or two of [`Shop::time_passes`].
const EXPIRY_SECONDS: &str = "600";

/// A node that outlives every crash, the records, and what people saw.
struct Shop {
    sandbox: Sandbox,
    directory: TempDir,
    shown: Shown,
}

/// What visitors were shown.
type Shown = Arc<watch::Sender<Vec<Value>>>;

/// What a run came to.
#[derive(Debug, Default)]
struct Figures {
    killed_at_start: usize,
    killed_at_work: usize,
    node_restarts: usize,
    node_hangs: usize,
    lost_answers: usize,
    paid_while_down: usize,
}

/// When the program is killed.
enum Moment {
    /// So long after its start, whatever it does then.
    Starting(Duration),
    /// So long after the first invoice of the round was shown.
    Working(Duration),
}

/// What the node does to the program meanwhile.
enum Trouble {
    None,
    /// It is gone, for so long, and comes back.
    Restart {
        after: Duration,
        away: Duration,
    },
    /// From then on it does not answer.
    Hang {
        after: Duration,
        hold: Hold,
    },
    /// It makes an invoice and the answer is lost.
    LostAnswer,
}

impl Shop {
    async fn open() -> Self {
        Self {
            sandbox: Sandbox::start().await,
            directory: tempfile::tempdir().expect("a directory"),
            shown: Arc::default(),
        }
    }

    fn node(&self) -> &SandboxNode {
        &self.sandbox.node
    }

    fn records(&self) -> PathBuf {
        self.directory.path().join("records")
    }

    fn log(&self) -> PathBuf {
        self.directory.path().join("log")
    }

    fn start(&self) -> Running {
        let mut command = serve(self.node().rpc_file(), &self.records());
        command.env("FACTURE_INVOICE__EXPIRY_SECONDS", EXPIRY_SECONDS);
        Running::logged(command, &self.log())
    }

    /// Sets the node's clock to a moment after which no invoice expires for a minute: what is compared then stays so.
    async fn no_invoice_ends_soon(&self) {
        const A_MINUTE: Duration = Duration::from_secs(60);
        loop {
            let soon = facture_sandbox::Sandbox::from(self.node().clone()).now() + A_MINUTE;
            let invoices = listed(self.node().rpc_file()).await;
            let ends_soon = |invoice: &Value| {
                let expires_at = invoice["expires_at"].as_u64().expect("a time");
                invoice["status"] == "unpaid" && Duration::from_secs(expires_at) <= soon
            };
            if !invoices.iter().any(ends_soon) {
                return;
            }
            self.node().advance(A_MINUTE);
        }
    }

    /// From a start to a kill.
    async fn round(&self, rng: &mut StdRng, figures: &mut Figures) {
        let trouble = trouble(rng);
        match trouble {
            Trouble::None => {}
            Trouble::Restart { .. } => figures.node_restarts += 1,
            Trouble::Hang { .. } => figures.node_hangs += 1,
            Trouble::LostAnswer => figures.lost_answers += 1,
        }
        let moment = match rng.random_ratio(1, 4) {
            true => Moment::Starting(Duration::from_micros(rng.random_range(0..60_000))),
            false => Moment::Working(millis(rng, 0..150)),
        };
        let running = self.start();
        match moment {
            Moment::Starting(after) => {
                figures.killed_at_start += 1;
                tokio::select! {
                    () = sleep(after) => {}
                    _ = self.trouble(&trouble) => {}
                }
                running.kill().await;
            }
            Moment::Working(after) => {
                figures.killed_at_work += 1;
                self.work(running, after, &trouble, rng).await;
            }
        }
        self.node().faults().clear();
        if let Trouble::Restart { .. } = trouble {
            self.node().restart().await.expect("it starts");
        }
    }

    /// Visitors come and go on until the kill.
    async fn work(
        &self,
        mut running: Running,
        after: Duration,
        trouble: &Trouble,
        rng: &mut StdRng,
    ) {
        let mut shown = self.shown.subscribe();
        let before = shown.borrow().len();
        let visitor = running.visitor().await;
        let visiting: Vec<_> = (0..VISITORS)
            .map(|_| {
                let (visitor, node) = (visitor.clone(), self.node().clone());
                let rng = StdRng::seed_from_u64(rng.random());
                tokio::spawn(visit(visitor, node, self.shown.clone(), rng))
            })
            .collect();
        // A node that hangs from the first call on lets nothing be shown.
        let hangs = matches!(trouble, Trouble::Hang { .. });
        let limit = match hangs {
            true => Duration::from_millis(500),
            false => TIMEOUT,
        };
        let moment = async {
            let first = shown.wait_for(|shown| shown.len() > before);
            // What it gives is a lock, which the visitors need.
            let first = timeout(limit, first).await.is_ok();
            assert!(hangs || first, "nothing is shown in time");
            sleep(after).await;
        };
        tokio::select! {
            () = moment => {}
            _ = self.trouble(trouble) => {}
        }
        running.kill().await;
        for visitor in join_all(visiting).await {
            visitor.expect("no panic");
        }
    }

    /// It ends only when it is given up.
    async fn trouble(&self, trouble: &Trouble) -> Hanging {
        match *trouble {
            Trouble::None => {}
            Trouble::Restart { after, away } => {
                sleep(after).await;
                self.node().stop().await;
                sleep(away).await;
                self.node().restart().await.expect("it starts");
            }
            Trouble::Hang { after, hold } => {
                sleep(after).await;
                let hanging = self.node().faults().hang(Calls::All, hold);
                pending::<()>().await;
                return hanging;
            }
            Trouble::LostAnswer => {
                let faults = self.node().faults();
                faults.once(Calls::of("invoice"), CallFault::CloseAfter);
            }
        }
        pending().await
    }

    /// What happens on the node while the program is down.
    async fn meanwhile(&self, rng: &mut StdRng, figures: &mut Figures) {
        let mut client = ClnRpc::new(self.node().rpc_file())
            .await
            .expect("a connection");
        for _ in 0..rng.random_range(0..3) {
            // As if the program had ended before it stored it; and another program's.
            let ours = own_label(&self.records()).to_string();
            for label in [ours, format!("other-{}", rng.random::<u64>())] {
                let invoice = json!({ "amount_msat": 1000, "label": label, "description": "made meanwhile",
                                      "expiry": rng.random_range(1..600) });
                let _: Value = client.call_raw("invoice", &invoice).await.expect("made");
            }
        }
        let mut open = listed(self.node().rpc_file()).await;
        open.retain(|listed| listed["status"] == "unpaid");
        for _ in 0..rng.random_range(0..6) {
            if open.is_empty() {
                break;
            }
            let invoice = open.swap_remove(rng.random_range(0..open.len()));
            figures.paid_while_down += usize::from(pay(self.node(), &invoice, rng));
        }
        if rng.random_ratio(1, 2) {
            time_passes(self.node(), rng);
        }
    }
}

/// Makes invoices and pays some, until the program is gone.
async fn visit(visitor: Visitor, node: SandboxNode, shown: Shown, mut rng: StdRng) {
    loop {
        let description = rng.random::<u64>().to_string();
        let Ok((status, invoice)) = visitor.submit("5", &description).await else {
            return;
        };
        if status != StatusCode::CREATED {
            assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE, "{invoice}");
            // A node that is away refuses at once.
            sleep(Duration::from_millis(5)).await;
            continue;
        }
        shown.send_modify(|shown| shown.push(invoice.clone()));
        match rng.random_range(0..20) {
            0 => time_passes(&node, &mut rng),
            1..=12 => drop(pay(&node, &invoice, &mut rng)),
            _ => {}
        }
    }
}

/// Pays, sometimes more than was asked for. False when it is expired or the node is away.
fn pay(node: &SandboxNode, invoice: &Value, rng: &mut impl Rng) -> bool {
    let asked = invoice["amount_msat"].as_u64().expect("an amount");
    let amount = rng.random_ratio(1, 4).then_some(asked + asked / 2);
    let bolt11 = invoice["bolt11"].as_str().expect("a bolt11");
    node.pay(bolt11, amount).is_ok()
}

fn time_passes(node: &SandboxNode, rng: &mut impl Rng) {
    node.advance(Duration::from_secs(rng.random_range(1..400)));
}

fn trouble(rng: &mut StdRng) -> Trouble {
    match rng.random_range(0..10) {
        0..=3 => Trouble::None,
        4..=5 => Trouble::Restart {
            after: millis(rng, 0..100),
            away: millis(rng, 0..50),
        },
        6..=7 => Trouble::Hang {
            after: millis(rng, 0..100),
            hold: match rng.random_ratio(1, 3) {
                true => Hold::Call,
                false => Hold::Answer,
            },
        },
        _ => Trouble::LostAnswer,
    }
}

fn millis(rng: &mut StdRng, range: std::ops::Range<u64>) -> Duration {
    Duration::from_millis(rng.random_range(range))
}

async fn crash(seed: u64, rounds: usize) -> String {
    let began = Instant::now();
    let rng = &mut StdRng::seed_from_u64(seed);
    let shop = Shop::open().await;
    let mut figures = Figures::default();
    for _ in 0..rounds {
        shop.round(rng, &mut figures).await;
        shop.meanwhile(rng, &mut figures).await;
    }
    let took = began.elapsed();

    shop.no_invoice_ends_soon().await;
    let mut running = shop.start();
    let visitor = running.visitor().await;
    visitor.ready().await;
    assert!(running.terminate().await.success());
    let shown: Vec<String> = {
        let shown = shop.shown.borrow();
        let label = |invoice: &Value| invoice["label"].as_str().expect("a label").to_owned();
        shown.iter().map(label).collect()
    };
    let labels = shown.iter().map(String::as_str);
    let compared = check(shop.node().rpc_file(), &shop.records(), labels).await;
    assert!(
        !shown.is_empty() && compared.paid > 0,
        "enough happened: {compared:?}"
    );
    assert_eq!(compared.gone, 0, "nobody cancelled any");

    // Going through everything once more finds nothing.
    let report = run_beside(reconcile(shop.node().rpc_file(), &shop.records())).await;
    assert!(
        report.1.ends_with("; 0 adopted, 0 changed, 0 cancelled\n"),
        "{}",
        report.1
    );
    let log = std::fs::read_to_string(shop.log()).expect("a log");
    for trouble in ["panicked", " ERROR "] {
        let line = log.lines().find(|line| line.contains(trouble));
        assert_eq!(line, None);
    }
    format!(
        "seed {seed}: {rounds} rounds in {took:?}, {} shown, {compared:?}, {figures:?}",
        shown.len()
    )
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killed_at_any_moment_nothing_is_lost_or_told_twice() {
    let number = |name: &str| env::var(name).ok().map(|value| value.parse().expect(name));
    let seed = number("FACTURE_CRASH_SEED").unwrap_or_else(rand::random);
    let asked = number("FACTURE_CRASH_ROUNDS");
    let rounds = asked.map_or(12, |rounds| usize::try_from(rounds).expect("not so many"));
    let run = std::panic::AssertUnwindSafe(crash(seed, rounds)).catch_unwind();
    let figures = run
        .await
        .unwrap_or_else(|_| panic!("FACTURE_CRASH_SEED={seed} FACTURE_CRASH_ROUNDS={rounds}"));
    if asked.is_some() {
        writeln!(std::io::stderr(), "{figures}").expect("written");
    }
}
