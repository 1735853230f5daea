//! Commands of all kinds while bridge, payer and broker are killed, while the broker is away, and while members of the group come
//! and go. What must become of each command is in `mix.py`, and `client.py` checks it.

use std::{
    env,
    path::Path,
    str::FromStr,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use tokio::{
    io::{AsyncBufReadExt, BufReader},
    task::JoinHandle,
    time::sleep,
};

use crate::{
    program::Running,
    world::{SECRET, World, python},
};

/// Everything that a frame can ask for.
const ALL: &str = "tasks = [\"decode\", \"create\", \"lookup\", \"cancel\", \"pay\"]";

/// A number of the environment, for long runs.
fn number<T: FromStr>(name: &str, default: T) -> T {
    let value = env::var(name).ok().and_then(|value| value.parse().ok());
    value.unwrap_or(default)
}

/// The other side, which sends so many messages.
struct Other {
    done: Arc<AtomicU64>,
    /// Its last line.
    told: JoinHandle<String>,
}

impl Other {
    fn start(world: &World, count: u64, invoices: Option<&Path>) -> Self {
        let count = count.to_string();
        let mut arguments = vec!["commands", &world.bootstrap, SECRET, &count];
        arguments.extend(invoices.and_then(Path::to_str));
        let mut command = python("tests/kafka/client.py", &arguments);
        let done = Arc::new(AtomicU64::new(0));
        let counter = Arc::clone(&done);
        let told = tokio::spawn(async move {
            let mut child = command.spawn().unwrap();
            let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
            let mut last = String::new();
            while let Some(line) = lines.next_line().await.unwrap() {
                if let Ok(number) = line.parse() {
                    counter.store(number, Ordering::Relaxed);
                }
                last = line;
            }
            let output = child.wait_with_output().await.unwrap();
            let error = String::from_utf8_lossy(&output.stderr).into_owned();
            assert!(output.status.success(), "{error}");
            last
        });
        Self { done, told }
    }

    /// How many of its messages have come to their end.
    fn done(&self) -> u64 {
        self.done.load(Ordering::Relaxed)
    }

    fn has_ended(&self) -> bool {
        self.told.is_finished()
    }
}

/// What runs beside the broker, and is started again when it dies.
struct Beside {
    bridge: Running,
    payer: Running,
    /// How often the bridge ended by itself: it does when it starts and there is no broker.
    ended: u32,
}

impl Beside {
    async fn start(world: &World) -> Self {
        Self {
            bridge: world.working_bridge(ALL).await,
            payer: world.payer(),
            ended: 0,
        }
    }

    /// As a service manager does.
    async fn keep(&mut self, world: &World) {
        assert!(!self.payer.has_ended(), "{}", world.log("payer"));
        if self.bridge.has_ended() {
            self.ended += 1;
            self.bridge = world.working_bridge(ALL).await;
        }
    }

    async fn kill_bridge(self, world: &World) -> Self {
        self.bridge.kill().await;
        let bridge = world.bridge(ALL);
        Self { bridge, ..self }
    }

    async fn kill_payer(self, world: &World) -> Self {
        self.payer.kill().await;
        let payer = world.payer();
        Self { payer, ..self }
    }
}

/// Each `create` makes one invoice, each `pay` at most one payment, each command has one answer, whatever dies meanwhile; and
/// what is bad is a dead letter.
#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs Apache Kafka: .ci/kafka"]
async fn once_although_everything_is_killed() {
    let mut world = World::start().await;
    let kills = number("FACTURE_KAFKA_KILLS", 10_u32);
    let count = number("FACTURE_KAFKA_COMMANDS", 3000_u64);
    let (invoices, file) = world.invoices(count / 40 + 10).await;
    let mut beside = Beside::start(&world).await;
    let other = Other::start(&world, count, Some(&file));
    let mut in_time = 0;
    for kill in 0..kills {
        // All along the way, and each time at another moment: while it joins the group, acts, answers or commits.
        let part = count * u64::from(kill) / u64::from(kills);
        while other.done() < part && !other.has_ended() {
            sleep(Duration::from_millis(50)).await;
            beside.keep(&world).await;
        }
        sleep(Duration::from_millis(u64::from(kill * 737 % 3600))).await;
        in_time += u32::from(!other.has_ended());
        match kill % 5 {
            0 | 2 => beside = beside.kill_bridge(&world).await,
            1 | 3 => beside = beside.kill_payer(&world).await,
            _ => {
                world.kill_broker().await;
                world.start_broker();
            }
        }
        beside.keep(&world).await;
    }
    while !other.has_ended() {
        sleep(Duration::from_millis(200)).await;
        beside.keep(&world).await;
    }
    let (told, ended) = (other.told.await.unwrap(), beside.ended);
    println!(
        "{kills} kills, {in_time} of them meanwhile; the bridge was started again {ended} times: {told}"
    );
    let mut paid = 0;
    for invoice in invoices {
        paid += usize::from(world.is_paid(&invoice).await);
    }
    assert_eq!(paid, world.payments(), "one payment for each");
    assert!(beside.bridge.terminate().await.success());
}

/// Commands and events wait while the broker is away.
#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs Apache Kafka: .ci/kafka"]
async fn nothing_is_lost_although_the_broker_is_away() {
    let mut world = World::start().await;
    let away = number("FACTURE_KAFKA_AWAY_SECONDS", 5);
    let mut beside = Beside::start(&world).await;
    let other = Other::start(&world, 6000, None);
    sleep(Duration::from_millis(2500)).await;
    world.kill_broker().await;
    for _ in 0..away {
        sleep(Duration::from_secs(1)).await;
        beside.keep(&world).await;
    }
    assert!(!other.has_ended());
    world.start_broker();
    while !other.has_ended() {
        sleep(Duration::from_millis(200)).await;
        beside.keep(&world).await;
    }
    let (told, ended) = (other.told.await.unwrap(), beside.ended);
    println!("{away} s without a broker; the bridge was started again {ended} times: {told}");
    assert!(beside.bridge.terminate().await.success());
}

/// Every second a member leaves the group, in order or not, and another joins.
#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs Apache Kafka: .ci/kafka"]
async fn once_although_partitions_move_every_second() {
    let world = World::start().await;
    let moves = number("FACTURE_KAFKA_MOVES", 8_u32);
    let bridge = world.working_bridge("").await;
    let mut members = vec![world.another_bridge(""), world.another_bridge("")];
    let other = Other::start(&world, number("FACTURE_KAFKA_COMMANDS", 3000_u64), None);
    let mut in_time = 0;
    for step in 0..moves {
        sleep(Duration::from_secs(1)).await;
        in_time += u32::from(!other.has_ended());
        let leaves = members.remove(0);
        members.push(world.another_bridge(""));
        match step % 4 {
            3 => leaves.kill().await,
            _ => assert!(leaves.terminate().await.success()),
        }
    }
    let told = other.told.await.unwrap();
    println!("{moves} members left, {in_time} of them meanwhile: {told}");
    assert!(bridge.terminate().await.success());
}
