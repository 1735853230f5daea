//! What the executable is called decides what it is: as `facture-hold`, it is lightningd's plugin that holds payments. That
//! is a hard link: lightningd follows a symbolic one, and starts what it points to by its own name.

use std::{
    env,
    io::{self, Write},
    path::Path,
    process,
};

/// The name of the plugin that holds payments.
const HOLD_PLUGIN: &str = "facture-hold";

/// Whether we were started as the plugin that holds payments.
pub(crate) fn is_hold_plugin() -> bool {
    let name = env::args_os().next();
    let name = name.as_deref().map(Path::new).and_then(Path::file_name);
    name.is_some_and(|name| name == HOLD_PLUGIN)
}

/// Runs the plugin that holds payments, and ends the process: a read of standard input that lightningd has not ended would
/// hold it up.
pub(crate) async fn run_hold_plugin() -> ! {
    let code = match facture_hold::run().await {
        Ok(()) => 0,
        Err(error) => {
            // Where standard error is closed, the exit code still tells.
            let _ = writeln!(io::stderr(), "{HOLD_PLUGIN}: {error:#}");
            1
        }
    };
    process::exit(code)
}
