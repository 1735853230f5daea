//! The packages for node platforms ask LND for the rights that facture names, and for no others; and they ask a server how it is
//! by the command that `tests/it/doctor/only.rs` tries out.

use std::{collections::BTreeSet, fs, path::Path};

use facture_node::lnd::bakemacaroon;

#[test]
fn packages_ask_lnd_for_what_facture_needs() {
    let command = bakemacaroon();
    let needed = calls(&command);
    let packaging = Path::new(env!("CARGO_MANIFEST_DIR")).join("packaging");
    for file in [
        "nix-bitcoin/default.nix",
        "raspiblitz/bonus.facture.sh",
        "umbrel/docker-compose.yml",
    ] {
        let text = fs::read_to_string(packaging.join(file)).unwrap();
        assert_eq!(calls(&text), needed, "{file}");
    }
}

#[test]
fn packages_ask_a_server_how_it_is() {
    let packaging = Path::new(env!("CARGO_MANIFEST_DIR")).join("packaging");
    for file in [
        "container/Containerfile",
        "container/compose.yaml",
        "raspiblitz/bonus.facture.sh",
        "start9/startos/main.ts",
        "umbrel/docker-compose.yml",
    ] {
        let text = fs::read_to_string(packaging.join(file)).unwrap();
        let words = text.replace(['"', '\''], "").replace(", ", " ");
        let command = "facture doctor --only server,follower";
        assert!(words.contains(command), "{file}");
    }
}

/// The calls of LND that a text names, such as `/lnrpc.Lightning/GetInfo`.
fn calls(text: &str) -> BTreeSet<&str> {
    text.split(|c: char| !c.is_ascii_alphanumeric() && !"/.".contains(c))
        .filter(|word| word.starts_with("/lnrpc.") || word.starts_with("/invoicesrpc."))
        .collect()
}
