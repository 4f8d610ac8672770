//! [`Texts`]: a workspace in memory. It plans, releases and checks as the program does, without a process and without a disk, for tests of
//! rules. What git, the terminal and the disk have to do with a result is tested on a [`Repo`](super::repo::Repo).

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use relman::capture::of_texts;
use relman::model::{CommitId, Diagnostic, RepoPath};
use relman::plan::{BumpRequest, BumpSpec, FileChange, PlanReport, Proposal, bump, check, status};
use relman::snapshot::{GitFacts, Snapshot, Tags, TrackedFiles};

use super::program::Ran;

/// The files, and what git would say of them.
#[derive(Default)]
pub struct Texts {
    files: RefCell<BTreeMap<RepoPath, Arc<str>>>,
    tags: RefCell<BTreeSet<String>>,
}

impl Texts {
    /// A workspace on the branch `main` whose files are all committed.
    pub fn with(files: &[(&str, &str)]) -> Self {
        let texts = Self::default();
        texts.commit(files);
        texts
    }

    /// Puts files in.
    pub fn commit(&self, files: &[(&str, &str)]) {
        files.iter().for_each(|(path, text)| self.write(path, text));
    }

    /// Puts a file in.
    pub fn write(&self, path: &str, text: &str) {
        self.files.borrow_mut().insert(RepoPath::new(path).unwrap(), Arc::from(text));
    }

    /// Puts tags in.
    pub fn tag(&self, names: &[&str]) {
        self.tags.borrow_mut().extend(names.iter().map(|name| (*name).to_owned()));
    }

    /// Takes all files out.
    pub fn clear(&self) {
        self.files.borrow_mut().clear();
    }

    /// All files.
    pub fn files(&self) -> Vec<(String, String)> {
        self.files.borrow().iter().map(|(path, text)| (path.to_string(), text.to_string())).collect()
    }

    /// The names of all tags.
    pub fn tags(&self) -> Vec<String> {
        self.tags.borrow().iter().cloned().collect()
    }

    /// The text of a file.
    pub fn read(&self, path: &str) -> Option<String> {
        self.files.borrow().get(&RepoPath::new(path).unwrap()).map(|text| text.as_ref().to_owned())
    }

    /// What the program says to `bump -n` and `bump -y` (as with `--json`), `check --json` and `status --json`.
    pub fn relman(&self, args: &[&str]) -> Ran {
        let is_flag = |arg: &&&str| ["-n", "-y", "--json"].contains(*arg);
        let rest: Vec<&str> = args[1..].iter().filter(|arg| !is_flag(arg)).copied().collect();
        let ran = match args[0] {
            "bump" if args.contains(&"-y") => self.release(&rest),
            "bump" | "plan" => self.plan(&rest),
            "check" => self.check(),
            "status" => self.status(&rest),
            other => panic!("{other} needs a repository"),
        };
        ran.unwrap_or_else(|problems| failed(&problems))
    }

    /// The same; a name that tests of the program use where nothing may be written.
    pub fn idle(&self, args: &[&str]) -> Ran {
        let (files, tags) = (self.files.borrow().clone(), self.tags());
        let ran = self.relman(args);
        assert!(files == *self.files.borrow() && tags == self.tags(), "{args:?} wrote something");
        ran
    }

    /// Runs the program for its report as JSON, which must leave everything as it was.
    #[track_caller]
    pub fn report(&self, args: &[&str]) -> Ran {
        self.idle(&[args, &["--json"]].concat())
    }

    /// All that a plan is made of.
    pub fn snapshot(&self) -> Result<Snapshot, Vec<Diagnostic>> {
        let files = self.files.borrow();
        let git = GitFacts {
            commit: Some(CommitId::new("1".repeat(40))),
            branch: Some("main".to_owned()),
            tracked: Some(TrackedFiles::new(files.keys().map(RepoPath::to_string).collect(), BTreeSet::new())),
            tags: Tags::new(self.tags(), None),
            ..GitFacts::default()
        };
        of_texts(files.clone(), git, "2023-11-14")
    }

    fn plan(&self, args: &[&str]) -> Result<Ran, Vec<Diagnostic>> {
        Ok(printed(&bump(&self.snapshot()?, &request(args))?))
    }

    fn release(&self, args: &[&str]) -> Result<Ran, Vec<Diagnostic>> {
        let proposal = bump(&self.snapshot()?, &request(args))?;
        let ran = printed(&proposal);
        if let Ok(plan) = proposal.accept() {
            for (path, change) in plan.files.iter() {
                let new = match change {
                    FileChange::Edit { edits, .. } => Some(edits.apply(&self.read(path.as_str()).unwrap()).unwrap()),
                    FileChange::Create { text } => Some(text.clone()),
                    FileChange::Delete { .. } => None,
                };
                self.files.borrow_mut().remove(path);
                self.files.borrow_mut().extend(new.map(|text| (path.clone(), Arc::from(text))));
            }
            self.tags.borrow_mut().extend(plan.tags.into_iter().map(|tag| tag.name.to_string()));
        }
        Ok(ran)
    }

    fn check(&self) -> Result<Ran, Vec<Diagnostic>> {
        let report = check(&self.snapshot()?).report;
        Ok(ran(if report.findings.is_empty() { 0 } else { 3 }, &report))
    }

    fn status(&self, names: &[&str]) -> Result<Ran, Vec<Diagnostic>> {
        let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
        Ok(ran(0, &status(&self.snapshot()?, &names)?))
    }
}

fn ran(code: i32, report: &impl serde::Serialize) -> Ran {
    Ran { code, out: serde_json::to_string(report).unwrap(), err: String::new() }
}

fn printed(proposal: &Proposal) -> Ran {
    let report = PlanReport::from(proposal);
    match proposal {
        _ if proposal.is_refused() => ran(4, &report),
        _ if report.bumps.is_empty() => ran(5, &report),
        _ => ran(0, &report),
    }
}

fn failed(problems: &[Diagnostic]) -> Ran {
    let told = problems.iter().map(|problem| {
        let place = problem.place.as_ref().map_or_else(String::new, |place| {
            let at = place.position();
            format!("{}:{}:{}: ", place.path, at.line, at.column)
        });
        format!("error: {place}{}\n  help: {}\n", problem.message, problem.help.as_deref().unwrap_or(""))
    });
    let listed = problems.iter().map(|problem| {
        let at = problem.place.as_ref().map(|place| (place.path.as_str(), place.position()));
        let (path, at) = (at.map(|(path, _)| path), at.map(|(_, at)| at));
        serde_json::json!({ "code": problem.code, "path": path, "line": at.map(|at| at.line), "column": at.map(|at| at.column) })
    });
    let report = serde_json::json!({ "problems": listed.collect::<Vec<_>>() });
    Ran { code: 2, out: report.to_string(), err: told.collect() }
}

/// Reads the arguments of `bump`, as far as rules need them.
pub fn request(args: &[&str]) -> BumpRequest {
    let mut request = BumpRequest::default();
    let mut words = Vec::new();
    let mut args = args.iter();
    while let Some(arg) = args.next() {
        let value = |short: &str, args: &mut std::slice::Iter<'_, &str>| match arg.strip_prefix(short) {
            Some("") => Some((*args.next().unwrap()).to_owned()),
            rest => rest.map(str::to_owned),
        };
        match *arg {
            "--all" => request.all = true,
            "--no-tag" => request.no_tag = true,
            "--no-commit" => request.no_commit = true,
            "--allow-dirty" => request.allow_dirty = true,
            "--allow-branch" => request.allow_branch = true,
            "--allow-downgrade" => request.allow_downgrade = true,
            _ => match (value("-p", &mut args), value("-g", &mut args)) {
                (Some(text), _) => {
                    let (name, ask) =
                        text.split_once('=').map_or((text.as_str(), None), |(name, ask)| (name, Some(ask)));
                    let (level, stage) = ask.map_or((None, None), |ask| {
                        ask.split_once(':').map_or((Some(ask), None), |(level, stage)| (Some(level), Some(stage)))
                    });
                    request.packages.push((name.to_owned(), level.map(|level| BumpSpec::parse(level, stage).unwrap())));
                }
                (_, Some(group)) => request.groups.push(group),
                _ => words.push(*arg),
            },
        }
    }
    request.ask = words.first().map(|level| BumpSpec::parse(level, words.get(1).copied()).unwrap());
    request
}
