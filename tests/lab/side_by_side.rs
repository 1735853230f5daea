//! Two labs at once, what is killed, what is kept, and what is not ours.

use std::{
    fs,
    net::TcpListener,
    process::Command,
    thread,
    time::{Duration, Instant},
};

use crate::home::{DEADLINE, Home, Said, is_running, pid};

const NODES: [&str; 3] = ["bitcoind", "alice", "bob"];

fn kill(pid: i32) {
    let killed = Command::new("kill").args(["-9", &pid.to_string()]).status();
    assert!(killed.unwrap().success());
    let began = Instant::now();
    while is_running(pid) {
        assert!(began.elapsed() < DEADLINE, "{pid} does not end");
    }
}

#[test]
#[ignore = "needs bitcoind, bitcoin-cli, lightningd and lightning-cli on PATH"]
fn two_labs_run_side_by_side_and_each_ends_only_its_own() {
    let home = Home::new();
    let (a, b) = (home.dir().join("a"), home.dir().join("b"));
    let (in_a, in_b) = (a.to_str().unwrap(), b.to_str().unwrap());
    thread::scope(|scope| {
        let one = scope.spawn(|| home.lab(&["up", "--dir", in_a]));
        home.lab(&["up", "--dir", in_b]);
        let up = one.join().unwrap();
        assert!(
            up.contains(&format!("facture lab --dir {in_a} pay 1000")),
            "{up}"
        );
    });
    for dir in [in_a, in_b] {
        home.lab(&["pay", "1000", "--dir", dir]);
    }
    let before: Vec<_> = NODES.iter().map(|name| pid(&a, name)).collect();
    let other: Vec<_> = NODES.iter().map(|name| pid(&b, name)).collect();
    let up = home.lab(&["up", "--dir", in_a]);
    assert!(up.starts_with("The lab is already up in"), "{up}");
    let after: Vec<_> = NODES.iter().map(|name| pid(&a, name)).collect();
    assert_eq!(before, after, "nothing was started again");

    // A record with another time of start is of a process that has ended: the one with its number now is not ours.
    let record = b.join("alice.pid");
    let of_alice = fs::read_to_string(&record).unwrap();
    let mut foreign: serde_json::Value = serde_json::from_str(&of_alice).unwrap();
    foreign["pid"] = std::process::id().into();
    fs::write(a.join("wallet.pid"), foreign.to_string()).unwrap();

    let down = home.lab(&["down", "--dir", in_a]);
    assert!(down.starts_with("Stopped alice, bob, bitcoind;"), "{down}");
    assert!(!a.exists());
    assert!(before.iter().all(|pid| !is_running(*pid)));
    assert!(other.iter().all(|pid| is_running(*pid)));
    home.lab(&["pay", "1000", "--dir", in_b]);
}

/// As after a power cut: bitcoind, too, has no time to write anything.
#[test]
#[ignore = "needs bitcoind, bitcoin-cli, lightningd, lightning-cli, lnd and lncli on PATH"]
fn what_was_killed_goes_on_where_it_was() {
    for kind in ["cln", "lnd"] {
        let home = Home::new();
        home.lab(&["up", "--node", kind]);
        home.lab(&["pay", "1000"]);
        let lab = home.usual_lab();
        kill(pid(&lab, "alice"));
        let refused = home.run(&["pay", "1000"]);
        assert!(
            refused.error.contains("alice is not running"),
            "{refused:?}"
        );
        let up = home.lab(&["up"]);
        assert!(up.starts_with("The lab is up in"), "{up}");
        home.lab(&["pay", "1000"]);

        home.lab(&["mine", "1"]);
        for name in NODES {
            kill(pid(&lab, name));
        }
        home.lab(&["up"]);
        home.lab(&["pay", "1000"]);
        home.until(&["balances"], " 3,000 sat");

        // Kept, it continues with the same money.
        home.lab(&["down", "--keep"]);
        let state = fs::read_to_string(lab.join("lab.json")).unwrap();
        let state: serde_json::Value = serde_json::from_str(&state).unwrap();
        // Another program has taken its ports meanwhile.
        let take = |port: &serde_json::Value| {
            let port = u16::try_from(port.as_u64().unwrap()).unwrap();
            TcpListener::bind(("127.0.0.1", port)).unwrap()
        };
        let taken = [take(&state["bitcoind"]), take(&state["alice"][0])];
        home.lab(&["up"]);
        drop(taken);
        home.until(&["balances"], " 3,000 sat");
    }
}

#[test]
#[ignore = "needs bitcoind, bitcoin-cli, lightningd and lightning-cli on PATH"]
fn two_commands_at_once_start_one_lab() {
    let home = Home::new();
    let said: Vec<Said> = thread::scope(|scope| {
        let all: Vec<_> = (0..4).map(|_| scope.spawn(|| home.run(&["up"]))).collect();
        all.into_iter().map(|one| one.join().unwrap()).collect()
    });
    let succeeded = said.iter().filter(|said| said.succeeded).count();
    assert!(succeeded >= 1, "{said:?}");
    for refused in said.iter().filter(|said| !said.succeeded) {
        assert!(refused.error.contains("is at work on"), "{refused:?}");
    }
    home.lab(&["pay", "1000"]);
}

/// At every moment: what it has started is remembered, and nothing is started twice.
#[test]
#[ignore = "needs bitcoind, bitcoin-cli, lightningd and lightning-cli on PATH"]
fn an_up_that_is_killed_is_continued_by_the_next() {
    for milliseconds in [10, 40, 70, 100, 400, 2000, 4000] {
        let home = Home::new();
        let mut up = home.command(&["up"]).spawn().unwrap();
        // The moment at which it is killed; nothing is waited for.
        thread::sleep(Duration::from_millis(milliseconds));
        up.kill().unwrap();
        up.wait().unwrap();
        home.lab(&["up"]);
        home.lab(&["pay", "1000"]);
        home.lab(&["down"]);
        let left = Command::new("pgrep").arg("-f").arg(home.dir()).output();
        assert_eq!(left.unwrap().stdout, b"", "after {milliseconds} ms");
    }
}
