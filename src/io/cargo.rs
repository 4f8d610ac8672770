//! Cargo, asked for the members of its workspace.

use std::path::{Path, PathBuf};

use cargo_metadata::{Error, MetadataCommand};

/// Why cargo did not answer.
#[derive(Debug, thiserror::Error)]
pub enum CargoError {
    /// The cargo program was not found.
    #[error("cargo was not found")]
    Missing,
    /// Cargo failed, or its answer was not understood.
    #[error("cargo metadata failed: {0}")]
    Failed(String),
}

/// Returns the manifests of all members of the Cargo workspace with this root manifest, sorted. Works offline, neither reads nor writes a
/// lock file, and never installs a toolchain.
///
/// # Errors
/// Returns an error if cargo is not installed, or it refuses the manifest.
pub fn cargo_members(manifest: &Path) -> Result<Vec<PathBuf>, CargoError> {
    let mut command = MetadataCommand::new();
    command.manifest_path(manifest).no_deps().other_options(vec!["--offline".to_owned()]);
    command.env("RUSTUP_AUTO_INSTALL", "0");
    // Started in the repository, cargo would run the toolchain and the compiler that files there name.
    if let Some(top) = manifest.ancestors().last() {
        command.current_dir(top);
    }
    let metadata = command.exec().map_err(|error| match error {
        Error::Io(source) if source.kind() == std::io::ErrorKind::NotFound => CargoError::Missing,
        Error::CargoMetadata { stderr } => {
            let first = stderr.lines().find(|line| !line.trim().is_empty()).unwrap_or("it gave no reason");
            CargoError::Failed(first.trim_start_matches("error: ").to_owned())
        }
        other => CargoError::Failed(other.to_string()),
    })?;
    let mut members: Vec<PathBuf> =
        metadata.workspace_packages().iter().map(|package| package.manifest_path.clone().into_std_path_buf()).collect();
    members.sort();
    Ok(members)
}
