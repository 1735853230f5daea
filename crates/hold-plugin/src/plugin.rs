//! The plugin as lightningd sees it: its options, calls, hook and notifications. Nothing here may break off: a hook that is
//! not answered holds a payment until its channel closes.

use std::{
    future::Future,
    panic::AssertUnwindSafe,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use cln_plugin::{
    Builder, ConfiguredPlugin, Plugin, RpcMethodBuilder,
    options::{DefaultIntegerConfigOption, DefaultStringConfigOption},
};
use futures_util::FutureExt;
use serde_json::Value;
use tokio::{
    io::{AsyncRead, AsyncWrite},
    sync::Notify,
};

use crate::{
    error::CallError,
    faults::Faults,
    holds::Holds,
    htlc::{Paying, Request, Verdict},
    journal::Journal,
    lightningd::Lightningd,
    machine::Rules,
    params,
    service::Service,
};

const DIRECTORY: DefaultStringConfigOption = DefaultStringConfigOption::new_str_with_default(
    "facture-hold-dir",
    "facture-hold",
    "Where the payments that facture holds are written down; beneath the network's directory, if not absolute",
);

const MPP_TIMEOUT: DefaultIntegerConfigOption = DefaultIntegerConfigOption::new_i64_with_default(
    "facture-hold-mpp-timeout",
    60,
    "Seconds that facture waits for the other parts of a payment (1 to 3600)",
);

/// With so many blocks left, a held payment is sent back: lightningd gives up a channel 17 blocks before (mainnet).
const LIMIT_BLOCKS: u32 = 18;

/// So long after its start, lightningd has offered again what was held. It does so at once.
const REPLAY_WINDOW: Duration = Duration::from_secs(30);

/// The plugin's state: every call gets a clone.
#[derive(Clone)]
pub(crate) struct Context {
    work: Arc<Work>,
    /// lightningd stops.
    pub(crate) stop: Arc<Notify>,
}

enum Work {
    Goes(Arc<Service>),
    /// Nothing can be written down: nothing is held, and the calls say why.
    Broken(String),
}

impl Context {
    /// The plugin at work, if it can.
    pub(crate) fn service(&self) -> Option<Arc<Service>> {
        match &*self.work {
            Work::Goes(service) => Some(Arc::clone(service)),
            Work::Broken(_) => None,
        }
    }

    fn needed(&self) -> Result<Arc<Service>, CallError> {
        match &*self.work {
            Work::Goes(service) => Ok(Arc::clone(service)),
            Work::Broken(reason) => Err(CallError::failed(reason)),
        }
    }
}

/// Everything that lightningd is told of the plugin.
pub(crate) fn builder<I, O>(input: I, output: O) -> Builder<Context, I, O>
where
    I: AsyncRead + Send + Unpin + 'static,
    O: AsyncWrite + Send + Unpin + 'static,
{
    Builder::new(input, output)
        .option(DIRECTORY)
        .option(MPP_TIMEOUT)
        .rpcmethod_from_builder(method(
            "facture-hold-create",
            params::CREATE,
            "Makes an invoice whose payment is held",
            |service, params| async move { service.create(params::create(&params)?).await },
        ))
        .rpcmethod_from_builder(method(
            "facture-hold-settle",
            params::SETTLE,
            "Takes a held payment",
            |service, params| async move {
                let (label, preimage) = params::settle(&params)?;
                service.settle(&label, preimage).await
            },
        ))
        .rpcmethod_from_builder(method(
            "facture-hold-cancel",
            params::CANCEL,
            "Returns a held payment, or cancels an invoice",
            |service, params| async move { service.cancel(&params::cancel(&params)?).await },
        ))
        .rpcmethod_from_builder(method(
            "facture-hold-list",
            params::LIST,
            "Lists hold invoices; with the status open, those that are unpaid or accepted",
            |service, params| async move { Ok(service.list(&params::list(&params)?).await) },
        ))
        .rpcmethod_from_builder(method(
            "facture-hold-wait",
            params::WAIT,
            "Waits for the next change of a hold invoice",
            |service, params| async move { Ok(service.wait(params::wait(&params)?).await) },
        ))
        .hook(
            "htlc_accepted",
            |plugin: Plugin<Context>, request| async move {
                Ok(htlc_accepted(plugin.state(), &request).await.answer())
            },
        )
        .subscribe("block_added", |plugin: Plugin<Context>, block| async move {
            block_added(plugin.state(), &block).await;
            Ok(())
        })
        .subscribe("shutdown", |plugin: Plugin<Context>, _| async move {
            plugin.state().stop.notify_one();
            Ok(())
        })
}

/// What the plugin works with, by its options. A journal that cannot be used is no reason to fail.
pub(crate) fn context<I, O>(configured: &ConfiguredPlugin<Context, I, O>) -> (Context, Vec<String>)
where
    I: AsyncRead + Send + Unpin + 'static,
    O: AsyncWrite + Send + Unpin + 'static,
{
    let (work, temporary) = match open(configured) {
        Ok((service, temporary)) => (Work::Goes(Arc::new(service)), temporary),
        Err(reason) => {
            tracing::error!(
                "{reason}; no payments are held until that is repaired and lightningd restarted"
            );
            (Work::Broken(reason), Vec::new())
        }
    };
    let context = Context {
        work: Arc::new(work),
        stop: Arc::new(Notify::new()),
    };
    (context, temporary)
}

fn open<I, O>(
    configured: &ConfiguredPlugin<Context, I, O>,
) -> Result<(Service, Vec<String>), String>
where
    I: AsyncRead + Send + Unpin + 'static,
    O: AsyncWrite + Send + Unpin + 'static,
{
    let wrong = |error: cln_plugin::Error| format!("an option cannot be read: {error}");
    let seconds = configured.option(&MPP_TIMEOUT).map_err(wrong)?;
    let seconds = u64::try_from(seconds)
        .ok()
        .filter(|seconds| (1..=3600).contains(seconds));
    let seconds = seconds.ok_or("facture-hold-mpp-timeout should be from 1 to 3600")?;
    let rules = Rules {
        mpp_timeout: Duration::from_secs(seconds),
        limit_blocks: LIMIT_BLOCKS,
        replay_window: REPLAY_WINDOW,
    };
    let configuration = configured.configuration();
    // It has the network in it.
    let lightning_dir = Path::new(&configuration.lightning_dir);
    let directory: PathBuf = lightning_dir.join(configured.option(&DIRECTORY).map_err(wrong)?);
    let (journal, contents) = Journal::open(&directory).map_err(|error| {
        format!(
            "the journal in {} cannot be used: {error}",
            directory.display()
        )
    })?;
    let temporary = contents.temporary.clone();
    let faults = Faults::at(&directory);
    let service = Service {
        holds: Holds::new(journal, contents, rules, faults.clone()),
        lightningd: Lightningd::new(lightning_dir.join(&configuration.rpc_file)),
        faults,
    };
    Ok((service, temporary))
}

/// A call, with its errors in lightningd's form. A panic is an error, too.
fn method<F>(
    name: &'static str,
    usage: &str,
    description: &str,
    call: impl Fn(Arc<Service>, Value) -> F + Clone + Send + Sync + 'static,
) -> RpcMethodBuilder<Context>
where
    F: Future<Output = Result<Value, CallError>> + Send + 'static,
{
    let callback = move |plugin: Plugin<Context>, params: Value| {
        let call = call.clone();
        async move {
            let called = async { call(plugin.state().needed()?, params).await };
            let answer = AssertUnwindSafe(called).catch_unwind().await;
            let broken = || CallError::failed(format!("{name} broke off; the log says why"));
            let answer = answer.unwrap_or_else(|_| Err(broken()));
            answer.map_err(CallError::into_plugin_error)
        }
    };
    RpcMethodBuilder::new(name, callback)
        .usage(usage)
        .description(description)
}

/// Foreign payments go on at once. Whatever breaks, the answer is "continue": lightningd does not know the preimage of what is
/// held, so that it fails.
async fn htlc_accepted(context: &Context, request: &Value) -> Verdict {
    let answered = async {
        let Some(service) = context.service() else {
            return Verdict::Continue;
        };
        let Request::Pays(hash, paying) = Request::read(request) else {
            return Verdict::Continue;
        };
        if !service.holds.is_ours(&hash) {
            return Verdict::Continue;
        }
        match *paying {
            Paying::Complete(htlc) => service.holds.receive(htlc).await,
            Paying::Unfit(amount_msat) => service.holds.refusal(amount_msat).await,
        }
    };
    let answered = AssertUnwindSafe(answered).catch_unwind().await;
    answered.unwrap_or(Verdict::Continue)
}

async fn block_added(context: &Context, block: &Value) {
    let block = block.get("block_added").unwrap_or(block);
    let height = block["height"].as_u64();
    let height = height.and_then(|height| u32::try_from(height).ok());
    if let (Some(height), Some(service)) = (height, context.service()) {
        service.holds.grow(height).await;
    }
}
