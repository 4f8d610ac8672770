//! How the clients of the ecosystems are configured, by their own variables and files: where their registries are, and with what they are
//! asked. No program is run for it.

mod docker;
mod files;

pub(super) use docker::DockerLogins;
