//! The commands of the guide, really run.

use facture_test_support::report::skipped;
use tokio::process::Command;

use super::shop;
use crate::api::TOKEN;

const GUIDE: &str = include_str!("../../../docs/shop-developers.md");

#[tokio::test]
async fn a_payment_is_authorised_and_captured_by_the_commands_of_the_guide() {
    let (_, chapter) = GUIDE
        .split_once("## Authorise now, capture later")
        .expect("the chapter");
    let (_, commands) = chapter.split_once("```sh\n").expect("commands");
    let (commands, _) = commands.split_once("```").expect("their end");
    let shop = shop(&[]).await;
    let mut bash = Command::new("bash");
    bash.args(["-ec", commands])
        .env("FACTURE", &shop.server.origin)
        .env("TOKEN", TOKEN)
        .env("no_proxy", "127.0.0.1");
    let Ok(ran) = bash.output().await else {
        skipped("bash is not on PATH");
        return;
    };
    let said = String::from_utf8_lossy(&ran.stdout);
    let statuses: Vec<_> = said
        .match_indices("\"status\":\"")
        .map(|(at, found)| said[at + found.len()..].split('"').next().unwrap_or(""))
        .collect();
    assert_eq!(statuses, ["accepted", "accepted", "paid"], "{said}");
}
