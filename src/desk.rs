//! What the program does for the merchant's desk: `facture user`, and what a start says about the desk.

use std::{
    io::{self, Write},
    path::Path,
};

use anyhow::Context;
use facture::{
    app::{self, AnsweredBy, Checkout, DeskUsers},
    cli::user::UserAction,
    config::{Config, PublicUrl},
    web,
};
use facture_domain::desk::SecretText;
use tokio::net::TcpListener;

/// Carries out a command about users. Returns who answered for the records.
pub(crate) async fn manage(
    config: &Config,
    data_dir: &Path,
    action: UserAction,
) -> anyhow::Result<AnsweredBy> {
    let mut users = DeskUsers::open(config, data_dir).await?;
    match action {
        UserAction::Add { name, role } => print_link(config, &users.add(name, role).await?)?,
        UserAction::Reset { name } => print_link(config, &users.reset(&name).await?)?,
        UserAction::List => {
            for user in users.list().await? {
                let password = match user.has_password {
                    true => "password set",
                    false => "link not used",
                };
                let factor = match user.has_second_factor {
                    true => "second factor",
                    false => "no second factor",
                };
                writeln!(
                    io::stdout(),
                    "{}\t{}\t{}\t{password}\t{factor}",
                    user.name,
                    user.role,
                    user.created_at
                )?;
            }
        }
    }
    Ok(users.answered_by())
}

/// Switches the desk on in a sandbox that nobody else on the network reaches: there, its owner needs no password.
pub(crate) fn enable_in_sandbox(config: &mut Config) {
    let is_local = config.server.listen.ip().is_loopback();
    let is_direct = config.server.public_url == PublicUrl::AsVisited;
    config.desk.enabled |= is_local && is_direct;
}

/// Opens the desk's own listener, if it has one, and sees to it that there is an owner. Returns what the console is told.
///
/// # Errors
/// When the address is in use, or the records cannot be written.
pub(crate) async fn open(
    config: &Config,
    data_dir: &Path,
    checkout: Checkout,
    main: &TcpListener,
    is_sandbox: bool,
) -> anyhow::Result<(Checkout, String)> {
    if !config.desk.enabled {
        return Ok((checkout, String::new()));
    }
    let own = match config.desk.listen {
        Some(address) => Some(
            web::listen(address)
                .with_context(|| format!("cannot listen on {address} (desk.listen)"))?,
        ),
        None => None,
    };
    let listening = own.as_ref().unwrap_or(main).local_addr()?;
    let url = match config.desk.url(&config.server) {
        PublicUrl::AsVisited => format!("http://{listening}"),
        fixed @ PublicUrl::Fixed(_) => fixed.to_string(),
    };
    let checkout = match own {
        Some(listener) => checkout.with_desk(listener),
        None => checkout,
    };
    let mut told = format!("desk: {url}/desk\n");
    if is_sandbox {
        checkout.users().first_owner().await?;
        app::make_sample_links(checkout.links()).await?;
        app::make_sample_items(checkout.counter()).await?;
        let samples = match checkout.add_sample_sales().await? {
            true => "; the sales of the last 60 days are samples",
            false => "",
        };
        told = format!("desk: {url}/desk (demo owner: no password needed{samples})\n");
    } else if let Some(file) = app::invite_first_owner(checkout.users(), data_dir, &url).await? {
        told += &format!("desk: the owner's one-time link is in {}\n", file.display());
    }
    Ok((checkout, told))
}

/// The link goes to standard output, for its user alone.
fn print_link(config: &Config, secret: &SecretText) -> anyhow::Result<()> {
    let url = match config.desk.url(&config.server) {
        PublicUrl::AsVisited => format!("http://{}", config.desk.address(&config.server)),
        fixed @ PublicUrl::Fixed(_) => fixed.to_string(),
    };
    let secret = secret.expose();
    Ok(writeln!(io::stdout(), "{url}/desk/welcome/{secret}")?)
}
