//! Processes: the sequences of reading, planning, asking and writing that commands are made of.
//!
//! A command says what it wants. Here the repository is opened and read, missing history is fetched, the plan is shown and asked about
//! until it is accepted, and handed to `apply`. Nothing is printed here: a [`Prompt`] is told what happens, and answers.

mod artifact_looks;
mod carry_out;
mod checkout;
mod choose;
mod confirm;
mod delivery;
mod doctor;
mod editor;
mod error;
mod fetch;
mod fetch_remote;
mod gated;
mod generate;
mod hotfix;
mod later_gates;
mod milestone_items;
mod own_command;
mod pins;
mod plugin_deed;
mod plugin_new;
mod plugin_proof;
mod plugin_test;
mod plugins;
mod prepare;
mod prompt;
mod proof;
mod publisher;
mod release;
mod release_request;
mod resume;
mod session;
mod verify;
mod world;

pub use carry_out::{Outcome, carry_out};
pub use confirm::confirm;
pub use delivery::{DeliveryOptions, Proposed, deliver, propose_delivery};
pub use doctor::{DoctorOptions, DoctorReport, TokenReport, VariableReport, doctor};
pub use editor::edit;
pub use error::ProcessError;
pub use gated::GateOptions;
pub use hotfix::{FinishOptions, Finished, StartOptions, Started, finish_hotfix, propose_finish, start_hotfix};
pub use pins::ask_upstreams;
pub use plugin_new::{MadePlugin, PluginWish, new_plugin};
pub use plugin_proof::against_plugins;
pub use plugin_test::{CheckState, PluginCheck, PluginTestReport, TestedPlugin, test_plugins};
pub use plugins::{PluginState, PluginStatus, PluginsReport, Trusted, distrust_plugin, list_plugins, trust_plugin};
pub use prepare::{PrepareOptions, Prepared, prepare};
pub use prompt::{Answer, CommandWriter, Pick, Prompt, Question};
pub use publisher::Decisions;
pub use release::{ReleaseOptions, propose, release};
pub use release_request::{ProposedRequest, RequestOptions, keep_request, propose_request};
pub use resume::resume;
pub use session::{Opening, Session, find_place, glance};
pub use verify::{VerifyOptions, Wait, verify};
