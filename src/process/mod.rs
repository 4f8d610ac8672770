//! Processes: the sequences of reading, planning, asking and writing that commands are made of.
//!
//! A command says what it wants. Here the repository is opened and read, missing history is fetched, the plan is shown and asked about
//! until it is accepted, and handed to `apply`. Nothing is printed here: a [`Prompt`] is told what happens, and answers.

mod carry_out;
mod confirm;
mod editor;
mod error;
mod fetch;
mod fetch_remote;
mod prompt;
mod proof;
mod release;
mod resume;
mod session;

pub use carry_out::{Outcome, carry_out};
pub use confirm::confirm;
pub use editor::edit;
pub use error::ProcessError;
pub use prompt::{Answer, Prompt};
pub use release::{ReleaseOptions, propose, release};
pub use resume::resume;
pub use session::{Opening, Session};
