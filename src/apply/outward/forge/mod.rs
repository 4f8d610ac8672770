//! The steps that a forge takes: each looks, acts, and after an unclear answer looks again before anything is repeated.

mod acting;
mod asset;
mod milestone;
mod publish;
mod release;
mod request;
mod wait;

pub(super) use asset::{perform as upload, probe as probe_asset};
pub(super) use milestone::{perform as milestone, probe as probe_milestone};
pub(super) use publish::{make_latest, perform as publish, probe as probe_publish, probe_latest};
pub(super) use release::{perform as create_release, probe as probe_release};
pub(super) use request::{ensure as ensure_request, perform as request, probe as probe_request};
pub(super) use wait::{perform as wait, probe as probe_ci};
