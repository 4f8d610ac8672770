//! How the clients of the ecosystems are configured, by their own variables and files: where their registries are, and with what they are
//! asked. No program is run for it, and what is secret here is not sent to a host that only a file of the workspace names.

mod cargo;
mod docker;
mod entries;
mod files;
mod netrc;
mod npm;
mod python;

pub(super) use cargo::CargoClient;
pub(super) use docker::DockerLogins;
pub(super) use npm::NpmClient;
pub(super) use python::PythonClients;
