//! The question by which address buyers come. It may lead nowhere yet: the proxy can follow.

use super::{
    answers::Answers,
    dialog::{Dialog, complain},
    file,
};
use crate::{
    checks,
    cli::setup::SetupArgs,
    config::{Config, PublicUrl},
};

const QUESTION: &str = "The address by which buyers reach the shop, such as https://shop.example (empty: only this machine)";

/// The address; empty for none.
///
/// # Errors
/// When what was given is no address, and nobody can be asked.
pub(super) async fn ask(
    args: &SetupArgs,
    answers: &Answers,
    dialog: Dialog,
) -> anyhow::Result<String> {
    let mut given = args.public_url.clone();
    loop {
        let address = match given.take() {
            Some(address) => address,
            None => dialog.text(QUESTION, "")?,
        };
        let with_address = Answers {
            public_url: address.clone(),
            ..answers.clone()
        };
        match (file::parse(&file::text(&with_address)), dialog) {
            (Ok(config), _) if is_wanted(&config, dialog).await? => return Ok(address),
            (Err(error), Dialog::Silent) => return Err(error),
            (Err(error), Dialog::Terminal) => complain(&error)?,
            (Ok(_), _) => {}
        }
    }
}

/// Whether it is to be taken. What nobody answers at is shown first.
async fn is_wanted(config: &Config, dialog: Dialog) -> anyhow::Result<bool> {
    let (PublicUrl::Fixed(url), Dialog::Terminal) = (&config.server.public_url, dialog) else {
        return Ok(true);
    };
    let finding = checks::reachable(url, &config.webhooks.onion_proxy).await;
    if !finding.is_problem() {
        return Ok(true);
    }
    complain(&finding)?;
    dialog.confirm("Use this address all the same?", true)
}
