//! `facture token`: what it does, and what it prints.

use std::{
    io::{self, Write},
    path::Path,
};

use anyhow::bail;
use facture::{app::Tokens, cli::TokenAction};
use facture_domain::token::{Scopes, TokenId};

/// Carries out a command about tokens.
pub(crate) async fn manage(
    tokens: &mut Tokens,
    data_dir: &Path,
    action: TokenAction,
) -> anyhow::Result<()> {
    let mut out = io::stdout();
    match action {
        TokenAction::Create { name, scope, shop } => {
            let token = tokens.issue_for(name, Scopes::new(scope)?, shop).await?;
            writeln!(out, "{}", token.expose())?;
        }
        TokenAction::List => {
            for token in tokens.list().await? {
                let state = match token.revoked_at {
                    Some(at) => format!("revoked {at}"),
                    None => "valid".to_owned(),
                };
                let shop = token.shop.map(|shop| format!("\tshop {shop}"));
                writeln!(
                    out,
                    "{}\t{}\t{}\t{}\t{state}{}",
                    token.id,
                    token.name,
                    token.scopes,
                    token.created_at,
                    shop.unwrap_or_default()
                )?;
            }
        }
        TokenAction::Revoke { id } => {
            if !tokens.revoke(&TokenId::new(id.clone())).await? {
                bail!("there is no token {id} in {}", data_dir.display());
            }
        }
    }
    Ok(())
}
