//! What is stored of how far a node was followed. Only the back end that wrote it can read it.

/// How far a node's invoices are in the store: opaque text of the node's back end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredCursor(String);

/// What is remembered of a node's last changes, to recognise one that was restored from a backup: opaque text of the
/// node's back end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredHistory(String);

impl StoredCursor {
    /// As the back end wrote it.
    pub fn new(text: String) -> Self {
        Self(text)
    }

    /// As the back end wrote it.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl StoredHistory {
    /// As the back end wrote it.
    pub fn new(text: String) -> Self {
        Self(text)
    }

    /// As the back end wrote it.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}
