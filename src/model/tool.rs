//! [`Tool`]: other programs that version and release, and the files by which they are known.

use crate::model::RepoPath;

/// What relman knows of a tool.
#[derive(Clone, Copy, Debug)]
struct Facts {
    name: &'static str,
    /// Other names of it.
    aliases: &'static [&'static str],
    /// Its own files, relative to the folder that they are about.
    own: &'static [&'static str],
    /// Files of others in which it has a part, and texts that only occur where it has one.
    shared: &'static [(&'static str, &'static [&'static str])],
}

macro_rules! tools {
    ($($variant:ident: $name:literal, $aliases:expr, $own:expr, $shared:expr;)+) => {
        /// A program that versions or releases the packages of a repository.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Tool {
            $(#[doc = $name] $variant,)+
        }

        impl Tool {
            /// Every tool. Where two say different things, the first counts.
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            const fn facts(self) -> Facts {
                match self {
                    $(Self::$variant => Facts { name: $name, aliases: $aliases, own: $own, shared: $shared },)+
                }
            }
        }
    };
}

tools! {
    Changesets: "changesets", &["changeset"], &[".changeset/config.json", ".changeset/pre.json"], &[];
    ReleasePlease: "release-please", &[],
        &["release-please-config.json", ".release-please-config.json", ".release-please-manifest.json"], &[];
    Lerna: "lerna", &[], &["lerna.json"], &[];
    BumpMyVersion: "bump-my-version", &["bump2version", "bumpversion"], &[".bumpversion.toml", ".bumpversion.cfg"],
        &[("pyproject.toml", &["[tool.bumpversion"]), ("setup.cfg", &["[bumpversion"])];
    CargoRelease: "cargo-release", &[], &["release.toml", ".release.toml"],
        &[("Cargo.toml", &["metadata.release"])];
    Commitizen: "commitizen", &["cz"],
        &[".cz.toml", "cz.toml", ".cz.json", "cz.json", ".cz.yaml", "cz.yaml"],
        &[("pyproject.toml", &["[tool.commitizen"])];
    Towncrier: "towncrier", &[], &["towncrier.toml"], &[("pyproject.toml", &["[tool.towncrier"])];
    Eachdist: "eachdist", &[], &["eachdist.ini"], &[];
    Nx: "nx", &["nx-release"], &[], &[("nx.json", &["\"release\""])];
    Knope: "knope", &[], &["knope.toml"], &[];
    Monochange: "monochange", &[], &["monochange.toml"], &[];
    Changepacks: "changepacks", &[], &[".changepacks/config.json"], &[];
    Sampo: "sampo", &[], &[".sampo/config.toml"], &[];
    ReleasePlz: "release-plz", &[], &["release-plz.toml", ".release-plz.toml"], &[];
    Covector: "covector", &[], &[".changes/config.json"], &[];
    SemanticRelease: "semantic-release", &[],
        &[".releaserc", ".releaserc.json", ".releaserc.yaml", ".releaserc.yml"],
        &[("package.json", &["\"release\": {"])];
    PythonSemanticRelease: "python-semantic-release", &["psr"], &["releaserc.toml"],
        &[("pyproject.toml", &["[tool.semantic_release"])];
    GitCliff: "git-cliff", &["cliff"], &["cliff.toml"], &[];
}

impl Tool {
    /// Returns the name.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.facts().name
    }

    /// Returns other names of it.
    #[must_use]
    pub fn aliases(self) -> &'static [&'static str] {
        self.facts().aliases
    }

    /// Returns the tool of a name.
    #[must_use]
    pub fn of_name(name: &str) -> Option<Self> {
        let is_named = |tool: &Self| tool.name() == name || tool.aliases().contains(&name);
        Self::ALL.iter().copied().find(is_named)
    }

    /// Returns every file that is looked for, as a person names it.
    #[must_use]
    pub fn files(self) -> Vec<String> {
        let facts = self.facts();
        let own = facts.own.iter().map(|file| (*file).to_owned());
        let shared = facts.shared.iter().map(|(file, marks)| format!("{file} with {}", marks.join(" or ")));
        own.chain(shared).collect()
    }

    /// Returns the folder that a file of the tool is about; `None` if it is not one of its files.
    #[must_use]
    pub fn home(self, path: &RepoPath) -> Option<RepoPath> {
        let facts = self.facts();
        let names = facts.own.iter().chain(facts.shared.iter().map(|(file, _)| file));
        names.into_iter().find_map(|name| {
            let home = path.as_str().strip_suffix(name)?;
            match home.strip_suffix('/') {
                Some(home) => RepoPath::new(home).ok(),
                None => home.is_empty().then(RepoPath::root),
            }
        })
    }

    /// Returns `true` if the tool has a part in the text of such a file.
    #[must_use]
    pub fn is_in(self, path: &RepoPath, text: &str) -> bool {
        let marks = self.facts().shared.iter().find(|(file, _)| *file == path.file_name()).map(|(_, marks)| *marks);
        marks.is_none_or(|marks| marks.iter().any(|mark| text.contains(mark)))
    }
}

#[cfg(test)]
mod tests {
    use super::Tool;
    use crate::model::RepoPath;

    #[test]
    fn a_file_is_about_a_folder() {
        for (path, home) in [
            (".changeset/config.json", Some(".")),
            ("web/.changeset/config.json", Some("web")),
            ("x.changeset/config.json", None),
            ("config.json", None),
        ] {
            let path = RepoPath::new(path).unwrap();
            assert_eq!(Tool::Changesets.home(&path).map(|home| home.to_string()).as_deref(), home, "{path}");
        }
    }

    #[test]
    fn every_name_is_known() {
        for tool in Tool::ALL {
            assert!(!tool.files().is_empty());
            for name in [&[tool.name()], tool.aliases()].concat() {
                assert_eq!(Tool::of_name(name), Some(*tool), "{name}");
            }
        }
    }
}
