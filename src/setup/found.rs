//! Nodes on this machine, where they usually are.

use std::{
    os::unix::fs::FileTypeExt,
    path::{Path, PathBuf},
};

use facture_runtime::secret_file::home;

use super::answers::NodeAnswer;

/// lightningd's directories: its default, Debian's, nix-bitcoin's, RaspiBlitz's.
const LIGHTNINGD: [&str; 6] = [
    "~/.lightning",
    "/var/lib/lightning",
    "/var/lib/lightningd",
    "/var/lib/clightning",
    "/run/lightningd",
    "/home/bitcoin/.lightning",
];

/// lightningd's names for networks; real money first.
const NETWORKS: [&str; 5] = ["bitcoin", "signet", "testnet4", "testnet", "regtest"];

/// LND's directories.
const LND: [&str; 3] = ["~/.lnd", "/var/lib/lnd", "/home/bitcoin/.lnd"];

/// Where LND's REST interface listens if nothing else was set.
const LND_URL: &str = "https://localhost:8080";

/// What the command that `facture lnd-macaroon` prints writes.
const MACAROON: &str = "facture.macaroon";

/// Where that may have been moved to.
const MACAROON_PLACES: [&str; 3] = ["/etc/facture", "~", "."];

/// The nodes that seem to be on this machine. An LND without a macaroon for facture is not one of them: its own macaroons
/// can spend.
pub(super) fn nodes() -> Vec<NodeAnswer> {
    let sockets = sockets().map(NodeAnswer::Socket);
    sockets.chain(lnds()).collect()
}

fn sockets() -> impl Iterator<Item = PathBuf> {
    let places = LIGHTNINGD.iter().flat_map(|directory| {
        let directory = home(Path::new(directory));
        NETWORKS.map(|network| directory.join(network).join("lightning-rpc"))
    });
    places.filter(|place| {
        let found = place.metadata();
        found.is_ok_and(|found| found.file_type().is_socket())
    })
}

fn lnds() -> impl Iterator<Item = NodeAnswer> {
    LND.iter().filter_map(|directory| {
        let directory = home(Path::new(directory));
        let tls_cert_file = directory.join("tls.cert");
        tls_cert_file.exists().then_some(())?;
        let elsewhere = MACAROON_PLACES.map(|place| home(Path::new(place)));
        let mut macaroons = [directory]
            .into_iter()
            .chain(elsewhere)
            .map(|place| place.join(MACAROON));
        Some(NodeAnswer::Lnd {
            url: LND_URL.to_owned(),
            tls_cert_file,
            macaroon_file: macaroons.find(|file| file.exists())?,
        })
    })
}

/// What is proposed where nothing was found: the default of the configuration.
pub(super) fn usual_socket() -> String {
    "~/.lightning/bitcoin/lightning-rpc".to_owned()
}

/// The same for LND: its address and its certificate.
pub(super) fn usual_lnd() -> (&'static str, &'static str) {
    (LND_URL, "~/.lnd/tls.cert")
}
