//! The thread that talks to PostgreSQL, and waiting for it on another one.
//!
//! The store's statements wait for their answer on the thread that runs them, as with SQLite. So what talks to the server
//! needs a thread of its own: on a runtime whose only thread waits for it, nothing would come.

use std::{future::Future, io};

use tokio::runtime::{Builder, Handle, Runtime, RuntimeFlavor};

/// The runtime of all connections of a store. It ends when this is dropped.
#[derive(Debug)]
pub(super) struct ConnectionRuntime {
    /// Only taken out when this is dropped.
    runtime: Option<Runtime>,
    handle: Handle,
}

impl ConnectionRuntime {
    /// Starts the thread.
    ///
    /// # Errors
    /// When it cannot be started.
    pub(super) fn start() -> io::Result<Self> {
        let runtime = Builder::new_multi_thread()
            .worker_threads(1)
            .thread_name("store-postgres")
            .enable_all()
            .build()?;
        let handle = runtime.handle().clone();
        Ok(Self {
            runtime: Some(runtime),
            handle,
        })
    }

    pub(super) fn handle(&self) -> &Handle {
        &self.handle
    }
}

impl Drop for ConnectionRuntime {
    fn drop(&mut self) {
        // Waiting for it is not allowed everywhere.
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

/// Waits on this thread.
pub(super) fn wait<T>(future: impl Future<Output = T>) -> T {
    blocking(|| futures_executor::block_on(future))
}

/// Does something that may wait. On a thread of a runtime with several, the others take over what it would do meanwhile.
pub(crate) fn blocking<T>(work: impl FnOnce() -> T) -> T {
    match Handle::try_current().map(|handle| handle.runtime_flavor()) {
        Ok(RuntimeFlavor::MultiThread) => tokio::task::block_in_place(work),
        _ => work(),
    }
}
