//! On a terminal: `script` of util-linux gives the program one, and somebody types.

use std::{fs, path::Path, process::Stdio};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    process::{Child, ChildStdin, ChildStdout, Command},
    time::timeout,
};

use super::Place;
use crate::{harness::TIMEOUT, world::Sandbox};

/// Somebody at a terminal.
struct Typist {
    child: Child,
    keys: ChildStdin,
    screen: ChildStdout,
    seen: String,
}

impl Typist {
    fn start(command: &str, home: &Path) -> Self {
        let mut child = Command::new("script")
            .args(["--quiet", "--return", "--command", command, "/dev/null"])
            .env("HOME", home)
            .env("TERM", "xterm")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::inherit())
            .kill_on_drop(true)
            .spawn()
            .expect("util-linux has script");
        let (keys, screen) = (child.stdin.take(), child.stdout.take());
        Self {
            child,
            keys: keys.expect("its keys"),
            screen: screen.expect("its screen"),
            seen: String::new(),
        }
    }

    /// Waits until the screen says this, then types.
    async fn answer(&mut self, question: &str, keys: &str) {
        let reading = async {
            let mut bytes = [0; 1024];
            while !self.seen.contains(question) {
                let read = self.screen.read(&mut bytes).await.expect("the screen");
                assert!(read > 0, "{question} is not in {}", self.seen);
                self.seen += &String::from_utf8_lossy(&bytes[..read]);
            }
        };
        let in_time = timeout(TIMEOUT, reading).await;
        assert!(in_time.is_ok(), "{question} is not in {}", self.seen);
        // What came after it is for the next question.
        let end = self.seen.find(question).expect("it is there") + question.len();
        self.seen.drain(..end);
        self.keys.write_all(keys.as_bytes()).await.expect("typed");
        self.keys.flush().await.expect("typed");
    }

    /// The rest of the screen, and whether all went well.
    async fn end(mut self) -> (String, bool) {
        let ending = async {
            let mut rest = Vec::new();
            self.screen
                .read_to_end(&mut rest)
                .await
                .expect("the screen");
            self.seen += &String::from_utf8_lossy(&rest);
            self.child.wait().await.expect("its end").success()
        };
        let ended = timeout(TIMEOUT, ending).await.expect("it ends in time");
        (self.seen, ended)
    }
}

fn setup(place: &Place) -> String {
    format!(
        "{} setup --config {} --data-dir {}",
        env!("CARGO_BIN_EXE_facture"),
        place.config().display(),
        place.records().display()
    )
}

#[tokio::test]
async fn each_answer_is_tried_at_once_and_asked_again_if_it_is_wrong() {
    let (place, sandbox) = (Place::new(), Sandbox::start().await);
    let mut typist = Typist::start(&setup(&place), place.0.path());
    // The last of the choices: the first one is chosen by Enter.
    let choices = "LND, also on another machine";
    typist.answer(choices, "\r").await;
    typist
        .answer("lightningd's socket", "/nowhere/socket\r")
        .await;
    typist.answer("start the node", "").await;
    typist.answer(choices, "\r").await;
    let socket = format!("{}\r", sandbox.node.rpc_file().display());
    typist.answer("lightningd's socket", &socket).await;
    typist
        .answer("buyers reach the shop", "shop.example\r")
        .await;
    typist.answer("server.public_url", "").await;
    typist.answer("buyers reach the shop", "\r").await;
    typist.answer("The shop's name", "Corner shop\r").await;
    typist.answer("Switch on the desk", "y").await;
    let (screen, well) = typist.end().await;
    assert!(well, "{screen}");
    assert!(screen.contains("desk-first-owner.link"), "{screen}");
    let written = fs::read_to_string(place.config()).expect("written");
    for line in ["name = \"Corner shop\"", "enabled = true"] {
        assert!(written.contains(line), "{line}: {written}");
    }
}

#[tokio::test]
async fn what_is_there_is_replaced_only_if_somebody_says_so() {
    let place = Place::new();
    fs::create_dir(place.0.path().join("etc")).expect("made");
    fs::write(place.config(), "# mine\n").expect("written");
    let mut typist = Typist::start(&setup(&place), place.0.path());
    typist.answer("Replace it?", "n").await;
    let (screen, well) = typist.end().await;
    assert!(!well, "{screen}");
    assert!(screen.contains("was left as it is"), "{screen}");
    assert_eq!(
        fs::read_to_string(place.config()).expect("there"),
        "# mine\n"
    );
}
