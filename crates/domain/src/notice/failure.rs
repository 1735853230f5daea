//! Why notices do not arrive.

/// Why a notice did not arrive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoticeFailure {
    /// The server did not answer as it should: it is worth another try.
    Unreachable,
    /// The server refuses who we say that we are.
    Credentials,
    /// The server will never take a message for this address.
    Refused,
    /// The server did not take the message now.
    NotTaken,
    /// The address is private, or this machine's own, and such are not allowed.
    NotAllowed,
    /// The configuration has not what this channel needs, or the file with its secret cannot be read.
    NotConfigured,
    /// We could not write the message. The log has the cause.
    Internal,
}

impl NoticeFailure {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::Unreachable,
        Self::Credentials,
        Self::Refused,
        Self::NotTaken,
        Self::NotAllowed,
        Self::NotConfigured,
        Self::Internal,
    ];

    /// Its name in the store: one word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Unreachable => "unreachable",
            Self::Credentials => "credentials",
            Self::Refused => "refused",
            Self::NotTaken => "not_taken",
            Self::NotAllowed => "not_allowed",
            Self::NotConfigured => "not_configured",
            Self::Internal => "internal",
        }
    }

    /// Reads a name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|failure| failure.as_str() == name)
    }
}
