//! `facture payer totp`: the secret of an authenticator app, shown once.

use std::io::{self, Write};

use anyhow::{Context, bail};
use facture_payer::{TotpSecret, config::Config};
use qrcode::{QrCode, render::unicode::Dense1x2};

/// Makes the secret, and prints what the app reads.
pub(super) fn create(config: &Config, account: &str) -> anyhow::Result<()> {
    let Some(file) = config.approval.totp_file() else {
        bail!(
            "approval.totp_file is missing in the configuration: it names the file that the secret is written to"
        );
    };
    let place = file.display();
    let secret = TotpSecret::create(&file, account).with_context(|| format!("{place}"))?;
    let uri = secret.uri()?;
    let code = QrCode::new(&uri)?.render::<Dense1x2>().build();
    let mut out = io::stdout();
    writeln!(out, "{code}\n\n{uri}\n")?;
    writeln!(
        out,
        "Scan it with an authenticator app. The secret is in {place}: keep it, it is not shown again.\nStart the payer again."
    )?;
    Ok(())
}
