//! [`Skeleton`]: the files of a new plugin, which works as it is.

use crate::model::{PluginName, PluginRole};

/// A language in which a new plugin can be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PluginLanguage {
    /// Python, with its standard library alone.
    Python,
    /// JavaScript for Node.
    Node,
    /// A POSIX shell and awk.
    Shell,
    /// Rust, with `serde_json`.
    Rust,
}

/// A file: its path below the folder of the plugin, and its text.
type File = (&'static str, &'static str);

/// What a new plugin is made of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Skeleton<'a> {
    /// Its name.
    pub name: &'a PluginName,
    /// What it can do.
    pub role: PluginRole,
    /// The language that it is written in.
    pub language: PluginLanguage,
    /// Its folder, as relman.toml names it.
    pub folder: &'a str,
}

impl PluginLanguage {
    /// Returns what people call it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Python => "Python",
            Self::Node => "JavaScript",
            Self::Shell => "shell and awk",
            Self::Rust => "Rust",
        }
    }

    /// The files of the program.
    fn program(self, role: PluginRole) -> Vec<File> {
        match self {
            Self::Python => vec![("plugin.py", of_role(role, PYTHON))],
            Self::Node => vec![("plugin.mjs", of_role(role, NODE))],
            Self::Shell => vec![
                ("plugin.sh", include_str!("skeletons/shell/plugin.sh")),
                ("request.awk", include_str!("skeletons/shell/request.awk")),
                ("plugin.awk", of_role(role, SHELL)),
            ],
            Self::Rust => vec![
                ("Cargo.toml", include_str!("skeletons/rust/Cargo.toml.txt")),
                ("src/main.rs", of_role(role, RUST)),
                (".gitignore", "/target/\n"),
            ],
        }
    }

    /// The command that starts the program in a folder.
    fn command(self, folder: &str, name: &PluginName) -> Vec<String> {
        let file = |name: &str| format!("{folder}/{name}");
        match self {
            Self::Python => vec!["python3".to_owned(), file("plugin.py")],
            Self::Node => vec!["node".to_owned(), file("plugin.mjs")],
            Self::Shell => vec!["sh".to_owned(), file("plugin.sh")],
            Self::Rust => vec![file(&format!("target/release/{}", name.program()))],
        }
    }
}

/// The texts for manifest, check, notes, and for publish and announce.
type Texts = [&'static str; 4];

const PYTHON: Texts = [
    include_str!("skeletons/python/manifest.py"),
    include_str!("skeletons/python/check.py"),
    include_str!("skeletons/python/notes.py"),
    include_str!("skeletons/python/publish.py"),
];
const NODE: Texts = [
    include_str!("skeletons/node/manifest.mjs"),
    include_str!("skeletons/node/check.mjs"),
    include_str!("skeletons/node/notes.mjs"),
    include_str!("skeletons/node/publish.mjs"),
];
const SHELL: Texts = [
    include_str!("skeletons/shell/manifest.awk"),
    include_str!("skeletons/shell/check.awk"),
    include_str!("skeletons/shell/notes.awk"),
    include_str!("skeletons/shell/publish.awk"),
];
const RUST: Texts = [
    include_str!("skeletons/rust/manifest.rs.txt"),
    include_str!("skeletons/rust/check.rs.txt"),
    include_str!("skeletons/rust/notes.rs.txt"),
    include_str!("skeletons/rust/publish.rs.txt"),
];

const MANIFEST_CASES: [File; 5] = [
    ("cases/first/case.toml", include_str!("skeletons/cases/manifest/first/case.toml")),
    ("cases/first/in/example.txt", include_str!("skeletons/cases/manifest/first/in/example.txt")),
    ("cases/first/out/example.txt", include_str!("skeletons/cases/manifest/first/out/example.txt")),
    ("cases/without/case.toml", include_str!("skeletons/cases/manifest/without/case.toml")),
    ("cases/without/in/example.txt", include_str!("skeletons/cases/manifest/without/in/example.txt")),
];
const CHECK_CASES: [File; 2] = [
    ("cases/first/request.json", include_str!("skeletons/cases/check/first/request.json")),
    ("cases/first/answer.json", include_str!("skeletons/cases/check/first/answer.json")),
];
const NOTES_CASES: [File; 2] = [
    ("cases/first/request.json", include_str!("skeletons/cases/notes/first/request.json")),
    ("cases/first/answer.json", include_str!("skeletons/cases/notes/first/answer.json")),
];
const PUBLISH_CASES: [File; 4] = [
    ("cases/probe/request.json", include_str!("skeletons/cases/publish/probe/request.json")),
    ("cases/probe/answer.json", include_str!("skeletons/cases/publish/probe/answer.json")),
    ("cases/perform/request.json", include_str!("skeletons/cases/publish/perform/request.json")),
    ("cases/perform/answer.json", include_str!("skeletons/cases/publish/perform/answer.json")),
];

fn of_role(role: PluginRole, [manifest, check, notes, publish]: Texts) -> &'static str {
    match role {
        PluginRole::Manifest => manifest,
        PluginRole::Check => check,
        PluginRole::Notes => notes,
        PluginRole::Publish | PluginRole::Announce => publish,
    }
}

impl Skeleton<'_> {
    /// Returns the files: the path of each below the folder of the plugin, and its text.
    #[must_use]
    pub fn files(&self) -> Vec<(String, String)> {
        let cases = match self.role {
            PluginRole::Manifest => &MANIFEST_CASES[..],
            PluginRole::Check => &CHECK_CASES,
            PluginRole::Notes => &NOTES_CASES,
            PluginRole::Publish | PluginRole::Announce => &PUBLISH_CASES,
        };
        let filled = |(path, text): &File| {
            let text = text.replace("__NAME__", self.name.as_str()).replace("__ROLE__", self.role.name());
            ((*path).to_owned(), text)
        };
        let mut files = vec![("plugin.toml".to_owned(), self.plugin_toml()), ("README.md".to_owned(), self.readme())];
        files.extend(self.language.program(self.role).iter().chain(cases).map(filled));
        files
    }

    /// Returns the lines of relman.toml that use it.
    #[must_use]
    pub fn relman_toml(&self) -> String {
        let (name, command) = (self.name, list(&self.language.command(self.folder, self.name)));
        let table = format!("[plugins.{name}]\ncommand = {command}");
        match self.role {
            PluginRole::Manifest => {
                format!("[packages.app]\nmanifests = [{{ path = \"example.txt\", plugin = \"{name}\" }}]\n\n{table}")
            }
            PluginRole::Check | PluginRole::Notes => format!("{table}\nroles = [\"{}\"]", self.role),
            PluginRole::Publish => format!("[[release.run]]\nname = \"{name}\"\nplugin = \"{name}\"\n\n{table}"),
            PluginRole::Announce => format!("[verify]\nannounce = {{ plugin = \"{name}\" }}\n\n{table}"),
        }
    }

    fn about(&self) -> &'static str {
        match self.role {
            PluginRole::Manifest => "the version in lines `version = 1.2.0`",
            PluginRole::Check => "packages without a version",
            PluginRole::Notes => "entries for changes that begin with `feat: `",
            PluginRole::Publish => "releases are published",
            PluginRole::Announce => "releases are announced",
        }
    }

    fn plugin_toml(&self) -> String {
        let Self { name, role, .. } = self;
        let command = list(&self.language.command("{dir}", name));
        let mut text = format!("name = \"{name}\"\nversion = \"0.1.0\"\ndescription = \"{}\"\n", self.about());
        text.push_str(&format!("roles = [\"{role}\"]\ncommand = {command}\n"));
        if *role == PluginRole::Manifest {
            text.push_str("files = [\"example.txt\"]\n");
        }
        if self.language == PluginLanguage::Rust {
            text.push_str("build = [\"cargo\", \"build\", \"--release\", \"--manifest-path\", \"{dir}/Cargo.toml\", \"--target-dir\", \"{dir}/target\"]\n");
        }
        text
    }

    fn readme(&self) -> String {
        include_str!("skeletons/README.md.txt")
            .replace("__ABOUT__", self.about())
            .replace("__LINES__", &self.relman_toml())
            .replace("__FOLDER__", self.folder)
            .replace("__NAME__", self.name.as_str())
    }
}

/// An array of strings in TOML.
fn list(words: &[String]) -> String {
    let words: Vec<String> = words.iter().map(|word| format!("{word:?}")).collect();
    format!("[{}]", words.join(", "))
}
