//! `facture lab up`: the nodes, the checkout if it is asked for, and what to try next.

use std::{
    env,
    ffi::OsString,
    io::{self, Write},
};

use anyhow::Context;
use facture_lab::{Found, Kind, Lab};

use super::{checkout, output::sat, places::Place, steps::Steps};
use crate::cli::lab::NodeKind;

/// Brings the lab up and prints what there is.
pub(super) async fn up(
    place: &Place,
    kind: Option<NodeKind>,
    with_checkout: bool,
) -> anyhow::Result<()> {
    let kind = kind.map(|kind| match kind {
        NodeKind::Cln => Kind::Cln,
        NodeKind::Lnd => Kind::Lnd,
        NodeKind::Mixed => Kind::Mixed,
    });
    let steps = Steps::new();
    let (mut lab, mut found) = Lab::up(&place.dir, kind, launcher()?, &steps).await?;
    // Once asked for, it comes back with the lab.
    if (with_checkout || lab.checkout().is_some()) && checkout::start(&mut lab, &steps).await? {
        found = Found::Down;
    }
    steps.done();
    print(&lab, place, found).await
}

/// What starts the lab's programs: this one (`facture lab launch`).
fn launcher() -> anyhow::Result<Vec<OsString>> {
    let this = env::current_exe().context("this program's own file")?;
    // What follows is not read as options of ours.
    Ok(vec![
        this.into(),
        "lab".into(),
        "launch".into(),
        "--".into(),
    ])
}

async fn print(lab: &Lab, place: &Place, found: Found) -> anyhow::Result<()> {
    let already = match found {
        Found::Up => "is already up",
        Found::Down => "is up",
    };
    let mut text = format!(
        "The lab {already} in {} (regtest: no real money).\n\n",
        lab.dir().display()
    );
    for (name, node) in [("Alice", &lab.alice), ("Bob", &lab.bob)] {
        let peer = node.peer();
        let (id, address) = (peer.id().await?, peer.address());
        text += &format!("{name} ({}): {id}@{address}\n", node.software());
        text += &format!("  {}\n", node.shell());
    }
    if let Some(ports) = lab.checkout() {
        text += &format!("Checkout on Bob: http://127.0.0.1:{}/\n", ports.facture);
        text += &format!("Alice's wallet:  http://127.0.0.1:{}/\n", ports.wallet);
    }
    text += &format!("\n{}", balances(lab).await?);
    text += "\nTry:\n";
    for action in ["invoice 1000 Tea", "pay 1000", "balances"] {
        text += &format!("  {}\n", place.command(action));
    }
    text += &format!("`{}` ends it.\n", place.command("down"));
    Ok(io::stdout().write_all(text.as_bytes())?)
}

/// A table of what each has.
pub(super) async fn balances(lab: &Lab) -> anyhow::Result<String> {
    let mut text = format!(
        "{:<6} {:>20} {:>20}\n",
        "", "on the chain", "in the channel"
    );
    for (name, node) in [("Alice", &lab.alice), ("Bob", &lab.bob)] {
        let peer = node.peer();
        let coins = sat(peer.coins_sat().await?.saturating_mul(1000));
        let channel = match peer.channel().await? {
            Some(channel) => sat(channel.ours_msat),
            None => "no channel".to_owned(),
        };
        text += &format!("{name:<6} {coins:>20} {channel:>20}\n");
    }
    Ok(text)
}
