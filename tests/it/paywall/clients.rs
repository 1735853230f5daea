//! A paying program, written by others: PyPI's `l402-requests`, by both schemes.

use std::{
    io::{BufRead, BufReader, Write},
    path::Path,
    process::{Command, Stdio},
};

use facture_domain::Bolt11;
use facture_test_support::report::skipped;

use super::Site;
use crate::world::Sandbox;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_paying_program_of_others_gets_in_by_both_schemes() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let python = root.join("target/lnurl/bin/python");
    let mut has = Command::new(&python);
    has.args(["-c", "import l402_requests"])
        .stderr(Stdio::null());
    if !has.status().is_ok_and(|status| status.success()) {
        return skipped("PyPI's l402-requests is not in target/lnurl");
    }
    let single = super::RESOURCES.replace("[\"l402\"]", "[\"payment\"]");
    let sandbox = Sandbox::start().await;
    let server = super::server(&sandbox.node, &[], &single).await;
    let site = Site { sandbox, server };
    for (resource, by_token) in [("article", true), ("archive", false)] {
        let mut program = Command::new(&python);
        program
            .arg(root.join("tests/clients/paywall.py"))
            .arg(format!(
                "{}/402/check?resource={resource}",
                site.server.origin
            ))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped());
        let mut program = program.spawn().unwrap();
        let mut lines = BufReader::new(program.stdout.take().unwrap()).lines();
        let next = tokio::task::spawn_blocking(move || (lines.next(), lines)).await;
        let (bolt11, mut lines) = next.unwrap();
        let bolt11 = bolt11.expect("it wants to pay").unwrap();
        let preimage = super::pay(&site.sandbox.node, &bolt11).await;
        let mut input = program.stdin.take().unwrap();
        writeln!(input, "{preimage}").unwrap();
        let said = tokio::task::spawn_blocking(move || lines.next()).await;
        let said = said.unwrap().expect("an answer").unwrap();
        let expected = match by_token {
            true => "200 no receipt".to_owned(),
            false => format!("200 {}", Bolt11::decode(&bolt11).unwrap().payment_hash),
        };
        assert_eq!(said, expected, "{resource}");
        assert!(program.wait().unwrap().success());
    }
}
