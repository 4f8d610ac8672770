//! [`HttpLimits`]: what a request may take.

/// What a request may take.
#[derive(Clone, Copy, Debug)]
pub struct HttpLimits {
    /// Milliseconds for finding the host and connecting to it.
    pub connect: u64,
    /// Milliseconds for sending the request, and again until the answer begins, and again for the rest of it. Files have
    /// ten times as long.
    pub answer: u64,
    /// Bytes of an answer.
    pub body: u64,
}

impl Default for HttpLimits {
    fn default() -> Self {
        Self { connect: 10_000, answer: 60_000, body: 16 * 1024 * 1024 }
    }
}
