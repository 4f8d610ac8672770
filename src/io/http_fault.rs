//! [`HttpFault`]: why a request got no answer. [`Method`]: what it asked for.

use std::fmt;

use super::pace::Again;

/// The method of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Method {
    /// Reads.
    Get,
    /// Reads without a body.
    Head,
    /// Creates.
    Post,
    /// Replaces.
    Put,
    /// Changes.
    Patch,
    /// Removes.
    Delete,
}

impl Method {
    /// Returns the word on the wire.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Head => "HEAD",
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Patch => "PATCH",
            Self::Delete => "DELETE",
        }
    }

    /// Returns `true` if a request with this method changes nothing.
    #[must_use]
    pub fn is_read(self) -> bool {
        matches!(self, Self::Get | Self::Head)
    }
}

impl fmt::Display for Method {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

/// Why a request got no answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HttpFault {
    /// The address is not one of http or https.
    #[error("`{0}` is not a valid address; expected https://HOST/PATH")]
    BadAddress(String),
    /// The address is not encrypted, and leads to another machine.
    #[error("http:// is accepted for addresses of this machine only; use https://")]
    NotEncrypted,
    /// The name of the host has no address.
    #[error("the host {0} was not found")]
    UnknownHost(String),
    /// The connection was refused, or the host cannot be reached.
    #[error("failed to connect: {0}")]
    Connect(String),
    /// The proxy did not make a connection.
    #[error("the proxy did not connect: {0}")]
    Proxy(String),
    /// No encrypted connection was made, as with a certificate that is not trusted.
    #[error("no secure connection: {0}")]
    Tls(String),
    /// No connection within the time limit.
    #[error("no connection within {0} s")]
    ConnectTimeout(u64),
    /// No answer, or only a part of it, within the time limit.
    #[error("no answer within {0} s")]
    Timeout(u64),
    /// The connection ended before the answer was complete.
    #[error("the connection ended before the answer was complete: {0}")]
    Cut(String),
    /// The answer is longer than what is read.
    #[error("the answer is larger than {0} bytes")]
    TooLarge(u64),
}

impl HttpFault {
    /// Returns `true` if the request may have reached the server.
    #[must_use]
    pub fn may_have_arrived(&self) -> bool {
        matches!(self, Self::Timeout(_) | Self::Cut(_) | Self::TooLarge(_))
    }

    /// Returns whether, and when, the same request may succeed.
    #[must_use]
    pub fn again(&self) -> Again {
        match self {
            Self::UnknownHost(_) | Self::Connect(_) | Self::Proxy(_) | Self::ConnectTimeout(_) => Again::Unsent,
            Self::Timeout(_) | Self::Cut(_) => Again::Soon,
            _ => Again::Never,
        }
    }
}
