//! `docs/workshop.md`: every command in it is run, in order, in one lab, and shows what the document says. Of hashes, keys,
//! invoices and ports the document may show any, and may cut them short with `…`.

use std::{collections::VecDeque, path::Path, time::Instant};

use crate::home::{Beside, DEADLINE, Home};

/// A command and what the document says it shows.
struct Step {
    command: String,
    shows: Vec<String>,
}

#[test]
#[ignore = "needs bitcoind, bitcoin-cli, lightningd, lightning-cli, lnd and lncli on PATH"]
fn the_workshop_shows_what_it_says() {
    let home = Home::new();
    let mut invoice = String::new();
    let mut paying = None;
    let mut watching: Option<(Beside, VecDeque<String>)> = None;
    let steps = steps();
    assert!(steps.len() > 10);
    for step in steps {
        let command = with_invoice(&step.command, &invoice);
        if command == "wait" {
            let paying: Beside = paying.take().expect("a payment under way");
            same(&step, &plain(&paying.rest().0, &home));
            continue;
        }
        let args = command
            .strip_prefix("facture lab ")
            .expect("a command of the lab");
        if let Some(args) = args.strip_suffix(" &") {
            paying = Some(Beside::start(home.command(&words(args))));
            continue;
        }
        let args = words(args);
        if args == ["watch"] {
            let started = Beside::start(home.command(&args));
            let mut shows: VecDeque<_> = step.shows.iter().map(|line| neutral(line)).collect();
            assert_eq!(shows.pop_front(), Some(neutral(&started.line())));
            watching = Some((started, shows));
            continue;
        }
        let began = Instant::now();
        let printed = loop {
            let said = home.run(&args);
            let printed = plain(&format!("{}{}", said.error, said.out), &home);
            // A question may come a moment too early.
            let asks = matches!(args[0], "lookup" | "balances");
            if !asks || shows(&step, &printed) || began.elapsed() > DEADLINE {
                break printed;
            }
        };
        same(&step, &printed);
        let made = printed
            .lines()
            .find_map(|line| line.strip_prefix("invoice "));
        if let Some(made) = made {
            made.trim().clone_into(&mut invoice);
        }
    }
    let (watching, shows) = watching.expect("the document watches");
    for line in shows {
        assert_eq!(neutral(&watching.line()), line);
    }
    assert!(!home.usual_lab().exists(), "it ends with `down`");
}

fn same(step: &Step, printed: &str) {
    let printed: Vec<_> = printed.lines().map(neutral).collect();
    let shown: Vec<_> = step.shows.iter().map(|line| neutral(line)).collect();
    assert_eq!(printed, shown, "{}", step.command);
}

fn shows(step: &Step, printed: &str) -> bool {
    printed
        .lines()
        .map(neutral)
        .eq(step.shows.iter().map(|line| neutral(line)))
}

/// With the home's name left out.
fn plain(printed: &str, home: &Home) -> String {
    let dir = home.dir().canonicalize().expect("it is there");
    printed.replace(dir.to_str().expect("plain"), "~")
}

/// The steps of the document, from its blocks that are a console.
fn steps() -> Vec<Step> {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/workshop.md");
    let text = std::fs::read_to_string(file).expect("the document");
    let mut steps: Vec<Step> = Vec::new();
    for block in text.split("```console\n").skip(1) {
        let (block, _) = block.split_once("```").expect("its end");
        for line in block.lines() {
            match (line.strip_prefix("$ "), steps.last_mut()) {
                (Some(command), _) => steps.push(Step {
                    command: command.to_owned(),
                    shows: Vec::new(),
                }),
                (None, Some(step)) => step.shows.push(line.to_owned()),
                (None, None) => panic!("a block begins with a command: {line}"),
            }
        }
    }
    steps
}

/// With the last invoice in place of the document's.
fn with_invoice(command: &str, invoice: &str) -> String {
    let words = command.split(' ');
    let words = words.map(|word| match word.starts_with("lnbcrt") {
        true => invoice,
        false => word,
    });
    words.collect::<Vec<_>>().join(" ")
}

fn words(args: &str) -> Vec<&str> {
    args.split(' ').collect()
}

/// A line without what differs from run to run.
fn neutral(line: &str) -> String {
    let mut neutral = String::new();
    let mut word = String::new();
    for c in line.trim_end().chars().chain(['\n']) {
        if c.is_ascii_alphanumeric() || c == '…' {
            word.push(c);
            continue;
        }
        let bare = word.trim_end_matches('…');
        let is_hex = bare.len() >= 8 && bare.chars().all(|c| matches!(c, '0'..='9' | 'a'..='f'));
        let is_port = neutral.ends_with("127.0.0.1:");
        match bare {
            _ if bare.starts_with("lnbcrt") => neutral += "<invoice>",
            _ if is_hex => neutral += "<hex>",
            _ if is_port => neutral += "<port>",
            _ => neutral += &word,
        }
        word.clear();
        neutral.push(c);
    }
    neutral.trim_end().to_owned()
}
