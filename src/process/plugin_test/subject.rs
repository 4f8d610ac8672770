//! [`Subject`]: a plugin that is tested, and its cases.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use super::find::{PLUGIN_FILE, Start};
use crate::config::{CaseKind, PluginCase, PluginFile};
use crate::io::{self, FileError, Git, Kind};
use crate::model::{Diagnostic, ProblemCode, RepoPath};
use crate::plugin::Said;

/// So many bytes plugin.toml and case.toml may have.
const LARGEST: u64 = 1024 * 1024;

/// A plugin that is tested.
pub(super) struct Subject {
    /// What its plugin.toml says.
    pub(super) file: PluginFile,
    /// The folder of plugin.toml.
    pub(super) folder: PathBuf,
    /// The same for people.
    pub(super) shown: String,
    /// The folder in which it is started.
    pub(super) root: PathBuf,
    /// The tree that it must leave alone.
    pub(super) tree: PathBuf,
    /// Its command.
    pub(super) command: Vec<String>,
    /// Its cases, in the order of their names.
    pub(super) cases: Vec<Case>,
    /// What it wrote to standard error.
    pub(super) said: Mutex<Vec<Said>>,
}

/// A case.
pub(super) struct Case {
    /// The name of its folder.
    pub(super) name: String,
    /// Its folder.
    pub(super) folder: PathBuf,
    /// What its case.toml says.
    pub(super) content: PluginCase,
}

impl Subject {
    /// Reads the plugin.toml and every case.toml of a plugin.
    ///
    /// # Errors
    /// Returns everything that is wrong in them.
    pub(super) fn read(start: &Start, folder: PathBuf) -> Result<Self, Vec<Diagnostic>> {
        let below = folder.strip_prefix(&start.base).ok().and_then(Path::to_str);
        let home = below.and_then(|below| RepoPath::new(if below.is_empty() { "." } else { below }).ok());
        let shown = below.filter(|below| !below.is_empty()).map_or(folder.display().to_string(), str::to_owned);
        // A plugin of another tree is shown by the paths below its own folder.
        let home = home.unwrap_or_else(RepoPath::root);
        let mut problems = Vec::new();
        let path = home.child(PLUGIN_FILE);
        let file = read(&folder.join(PLUGIN_FILE), &path).and_then(|text| PluginFile::parse(&path, &text));
        let file = file.map_err(|wrong| problems.extend(wrong)).ok();
        let cases = cases(&folder, &home, &mut problems);
        let Some(file) = file.filter(|_| problems.is_empty()) else { return Err(problems) };
        let tree = Git::discover(&folder).map_or_else(|_| folder.clone(), |git| git.toplevel().to_owned());
        let root = if start.base.starts_with(&tree) { start.base.clone() } else { tree.clone() };
        let command = file.command_in(&folder.display().to_string());
        Ok(Self { file, folder, shown, root, tree, command, cases, said: Mutex::default() })
    }

    /// Returns what it wrote to standard error since the last call.
    pub(super) fn take_said(&self) -> Vec<Said> {
        std::mem::take(&mut self.said.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

fn cases(folder: &Path, home: &RepoPath, problems: &mut Vec<Diagnostic>) -> Vec<Case> {
    let (folder, home) = (folder.join("cases"), home.child("cases"));
    // A plugin without cases is reported as such.
    let entries = io::read_dir(&folder).unwrap_or_default();
    let mut cases = Vec::new();
    for entry in entries.into_iter().filter(|entry| entry.kind == Kind::Directory) {
        match case(&folder.join(&entry.name), &home.child(&entry.name), entry.name) {
            Ok(case) => cases.push(case),
            Err(wrong) => problems.extend(wrong),
        }
    }
    cases
}

fn case(folder: &Path, home: &RepoPath, name: String) -> Result<Case, Vec<Diagnostic>> {
    let has = |name: &str, wanted: Kind| io::kind(&folder.join(name)).is_ok_and(|kind| kind == wanted);
    let kind = if has("in", Kind::Directory) {
        CaseKind::Files
    } else if has("request.json", Kind::File) {
        CaseKind::Request
    } else {
        let problem = Diagnostic::new(ProblemCode::Missing, "the case has neither `in/` nor `request.json`");
        return Err(vec![problem.in_file(home).help("put the files that the plugin reads into `in/`")]);
    };
    let path = home.child("case.toml");
    // A request needs no case.toml.
    let is_left_out = kind == CaseKind::Request && has("case.toml", Kind::Missing);
    let text = if is_left_out { Arc::from("") } else { read(&folder.join("case.toml"), &path)? };
    Ok(Case { name, folder: folder.to_owned(), content: PluginCase::parse(kind, &path, &text)? })
}

fn read(file: &Path, path: &RepoPath) -> Result<Arc<str>, Vec<Diagnostic>> {
    let wrong = |error: FileError| {
        let code = if error.is_missing() { ProblemCode::Missing } else { ProblemCode::Unreadable };
        vec![Diagnostic::new(code, error.to_string()).in_file(path)]
    };
    io::read_text(file, LARGEST).map(Arc::from).map_err(wrong)
}
