//! What a run of the program waits for until it stops.

use std::{future, io, os::fd::AsFd};

use tokio::{
    io::AsyncReadExt,
    net::unix::pipe,
    signal::unix::{SignalKind, signal},
};

/// Done when standard input, a pipe, is closed, if that is wanted.
pub(crate) fn end_of_input(wanted: bool) -> anyhow::Result<impl Future<Output = ()> + Send> {
    let input = match wanted {
        true => Some(io::stdin().as_fd().try_clone_to_owned()?),
        false => None,
    };
    let input = input.map(pipe::Receiver::from_owned_fd).transpose()?;
    Ok(async move {
        match input {
            Some(mut input) => {
                // Nothing is written to it.
                let _ = input.read(&mut [0]).await;
                tracing::info!("stopping: standard input was closed");
            }
            None => future::pending().await,
        }
    })
}

/// Done when one of them is.
pub(crate) async fn first_of(
    one: impl Future<Output = ()> + Send,
    other: impl Future<Output = ()> + Send,
) {
    tokio::select! {
        () = one => {}
        () = other => {}
    }
}

/// Done at the first SIGINT or SIGTERM.
pub(crate) fn stop_signal() -> anyhow::Result<impl Future<Output = ()> + Send> {
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
        tracing::info!("stopping");
    })
}
