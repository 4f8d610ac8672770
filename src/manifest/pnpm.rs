//! pnpm-workspace.yaml, which names the members of a workspace whose packages have a package.json each.

use serde::Deserialize;

use super::WorkspaceRoot;

/// The name of the file.
pub const PNPM_WORKSPACE: &str = "pnpm-workspace.yaml";

#[derive(Deserialize)]
struct File {
    packages: Vec<String>,
}

/// Returns the workspace of a pnpm-workspace.yaml; `None` if it cannot be read or names no packages.
#[must_use]
pub fn pnpm_workspace(text: &str) -> Option<WorkspaceRoot> {
    // Nothing in this file is edited, so no reader has to know where its values are, and anchors may be followed.
    let file: File = serde_yaml::from_str(text).ok()?;
    Some(WorkspaceRoot::of(file.packages))
}

#[cfg(test)]
mod tests {
    use super::pnpm_workspace;

    #[test]
    fn members_are_read() {
        for (text, expected) in [
            ("packages:\n  - 'examples/*' # all\n  - '!examples/x'\n", Some(vec!["examples/*"])),
            ("a: &a [x]\npackages: *a\ncatalog: {b: 1}\n", Some(vec!["x"])),
            ("packages: 1\n", None),
            ("catalog: {}\n", None),
            ("packages: [", None),
        ] {
            assert_eq!(
                pnpm_workspace(text).map(|root| root.members),
                expected.map(|m| m.iter().map(ToString::to_string).collect()),
                "{text}"
            );
        }
    }
}
