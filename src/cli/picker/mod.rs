//! The picker: what is released, and by which level. What is shown and what a key does are functions of its state; only `run` knows the
//! terminal.

mod keys;
mod run;
mod screen;
mod state;
mod typed;

pub(super) use run::pick;
