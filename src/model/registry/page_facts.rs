//! [`PageFacts`].

/// What a web server answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PageFacts {
    /// The status, as 200.
    pub status: u16,
    /// The body.
    pub body: Vec<u8>,
}
