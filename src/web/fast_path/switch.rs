//! Whether the fast path is used.

/// Whether it is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FastPath {
    /// All of it.
    On,
    /// None of it.
    Off,
}

impl FastPath {
    /// As `server.fast_path` says.
    pub(crate) fn configured(enabled: bool) -> Self {
        match enabled {
            true => Self::On,
            false => Self::Off,
        }
    }
}
