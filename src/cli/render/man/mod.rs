//! Manual pages: of every command, and of relman.toml.

mod command_page;
mod config_page;
mod page;

pub(in crate::cli) use command_page::command_pages;
pub(in crate::cli) use config_page::config_page;
pub(in crate::cli) use page::ManPage;
