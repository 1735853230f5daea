//! The commands for lightning-cli. The web server carries them out, reached by its control socket; the records are never
//! opened here.

use std::{future::Future, time::Duration};

use cln_plugin::{Builder, Plugin, RpcMethodBuilder};
use serde_json::{Value, json};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    time::{Instant, sleep},
};

use super::{context::Context, error::CommandError, getword, params, web_server::WebState};
use crate::control::{self, Client};
use facture_domain::token::Scopes;
use facture_runtime::supervisor;

/// How long a command waits for a web server that starts.
const START_TIMEOUT: Duration = Duration::from_secs(10);

/// The pause between two attempts to reach it.
const RETRY_DELAY: Duration = Duration::from_millis(20);

/// The plugin with its commands.
pub(super) fn register<I, O>(builder: Builder<Context, I, O>) -> Builder<Context, I, O>
where
    I: AsyncRead + Send + Unpin + 'static,
    O: AsyncWrite + Send + Unpin + 'static,
{
    builder
        .rpcmethod_from_builder(command(
            "facture-invoice",
            params::INVOICE,
            "Makes an invoice with a page for its buyer",
            invoice,
        ))
        .rpcmethod_from_builder(command(
            "facture-status",
            params::STATUS,
            "Shows an invoice of facture's",
            status,
        ))
        .rpcmethod_from_builder(command(
            "facture-list",
            params::LIST,
            "Lists facture's invoices, newest first",
            list,
        ))
        .rpcmethod_from_builder(command(
            "facture-token",
            params::TOKEN,
            "Makes a token for facture's API, which is shown only now",
            token,
        ))
        .rpcmethod_from_builder(command(
            "facture-getword",
            params::GETWORD,
            "Buys a word or a file from another shop's page, by facture's payer",
            getword,
        ))
}

async fn invoice(context: Context, params: Value) -> Result<Value, CommandError> {
    let new = params::invoice(&params)?;
    Ok(reach(&context).await?.create_invoice(&new).await?)
}

async fn status(context: Context, params: Value) -> Result<Value, CommandError> {
    let label = params::status(&params)?;
    Ok(reach(&context).await?.invoice(&label).await?)
}

async fn list(context: Context, params: Value) -> Result<Value, CommandError> {
    let filters = params::list(&params)?;
    Ok(reach(&context).await?.invoices(&filters).await?)
}

async fn token(context: Context, params: Value) -> Result<Value, CommandError> {
    let new = params::token(&params)?;
    let scopes: Scopes = new
        .scopes
        .parse()
        .map_err(|error| CommandError::param("scopes", &format!("{error}")))?;
    let mut server = reach(&context).await?;
    let token = server.issue(new.name, &scopes, None).await?;
    Ok(json!({ "token": token.expose(), "scopes": scopes.to_string() }))
}

async fn getword(context: Context, params: Value) -> Result<Value, CommandError> {
    getword::run(&context, &params, async || reach(&context).await).await
}

/// A command, with its errors in lightningd's form. A panic is an error, too: without an answer the caller would wait for
/// ever.
fn command<F>(
    name: &'static str,
    usage: &str,
    description: &str,
    carry_out: impl Fn(Context, Value) -> F + Copy + Send + Sync + 'static,
) -> RpcMethodBuilder<Context>
where
    F: Future<Output = Result<Value, CommandError>> + Send + 'static,
{
    let callback = move |plugin: Plugin<Context>, params: Value| async move {
        let context = plugin.state().clone();
        answer(name, async { carry_out(context, params).await }).await
    };
    RpcMethodBuilder::new(name, callback)
        .usage(usage)
        .description(description)
}

async fn answer(
    name: &'static str,
    carried_out: impl Future<Output = Result<Value, CommandError>>,
) -> Result<Value, cln_plugin::Error> {
    let broken = || CommandError::failed(format!("{name} broke off; lightningd's log says why"));
    let answer = supervisor::catch_panic(name, carried_out).await;
    let answer = answer.unwrap_or_else(|| Err(broken()));
    answer.map_err(CommandError::into_plugin_error)
}

/// The web server. One that starts is waited for, one that cannot start is not.
async fn reach(context: &Context) -> Result<Client, CommandError> {
    let deadline = Instant::now() + START_TIMEOUT;
    loop {
        let state = context.web.borrow().clone();
        if let WebState::Down(reason) = state {
            return Err(CommandError::failed(format!(
                "facture's web server does not run: {reason}"
            )));
        }
        match control::connect(&context.data_dir).await {
            // Another one has the directory while ours cannot start.
            Ok(client) if state == WebState::Running => return Ok(client),
            _ if Instant::now() < deadline => sleep(RETRY_DELAY).await,
            Ok(_) => return Err(CommandError::failed("facture's web server does not start")),
            Err(error) => {
                return Err(CommandError::failed(format!(
                    "facture's web server cannot be reached: {error}"
                )));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_panic_is_answered() {
        let bug = async { panic!("what nobody thought of") };
        let error = answer("facture-status", bug).await.unwrap_err();
        let error: Value = serde_json::from_str(&error.to_string()).unwrap();
        assert_eq!(error["code"], -1);
        assert_eq!(
            error["message"],
            "facture-status broke off; lightningd's log says why"
        );
    }
}
