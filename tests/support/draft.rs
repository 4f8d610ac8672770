//! [`Draft`]: plans for tests, made by hand.

use relman::io::Branch;
use relman::model::{CommitId, PackageId, RepoPath, TagName};
use relman::plan::{CommitPlan, FileChange, OutwardStep, Push, ReleasePlan, TagPlan};
use relman::text::{Fingerprint, Span, TextEdits};

use super::repo::Repo;

/// A plan that grows.
pub struct Draft<'a> {
    repo: &'a Repo,
    folder: &'a str,
    pub plan: ReleasePlan,
    pushes: Vec<Push>,
}

impl<'a> Draft<'a> {
    /// An empty plan on HEAD, with paths relative to the top.
    pub fn new(repo: &'a Repo) -> Self {
        Self::below(repo, "")
    }

    /// An empty plan on HEAD, with paths relative to a folder (with `/` at its end).
    pub fn below(repo: &'a Repo, folder: &'a str) -> Self {
        let head = repo.open().head().unwrap();
        let plan = ReleasePlan {
            base: head.commit.map(CommitId::new),
            branch: match head.branch {
                Branch::Attached(name) | Branch::Unborn(name) => Some(name),
                Branch::Detached => None,
            },
            ..ReleasePlan::default()
        };
        Self { repo, folder, plan, pushes: Vec::new() }
    }

    fn text(&self, path: &str) -> String {
        self.repo.read(&format!("{}{path}", self.folder)).unwrap()
    }

    fn change(mut self, path: &str, change: FileChange) -> Self {
        self.plan.files.add(RepoPath::new(path).unwrap(), change).unwrap();
        self
    }

    /// Replaces the first `from` in a file.
    pub fn edit(self, path: &str, from: &str, to: &str) -> Self {
        let text = self.text(path);
        let at = text.find(from).unwrap();
        let edits = TextEdits::of(&text, [(Span::new(at, at + from.len()), to.to_owned())]).unwrap();
        let before = Fingerprint::of(text.as_bytes());
        self.change(path, FileChange::Edit { slots: Vec::new(), before, edits })
    }

    /// Makes a file.
    pub fn create(self, path: &str, text: &str) -> Self {
        self.change(path, FileChange::Create { text: text.to_owned() })
    }

    /// Removes a file.
    pub fn delete(self, path: &str) -> Self {
        let before = Fingerprint::of(self.text(path).as_bytes());
        self.change(path, FileChange::Delete { before })
    }

    /// Makes a commit.
    pub fn commit(mut self) -> Self {
        let message = "chore(release): a 0.2.0\n\n- a 0.1.0 -> 0.2.0\n\nRelman-Release: a-v0.2.0\n".to_owned();
        self.plan.commit = Some(CommitPlan { message, sign: false });
        self
    }

    /// Makes tags.
    pub fn tags(mut self, names: &[&str]) -> Self {
        self.plan.tags.extend(names.iter().map(|name| TagPlan {
            name: TagName::new(*name),
            package: PackageId::new("a".to_owned()),
            message: format!("Release {name}"),
            sign: false,
        }));
        self
    }

    /// Signs all that can be signed.
    pub fn signed(mut self) -> Self {
        self.plan.tags.iter_mut().for_each(|tag| tag.sign = true);
        self.plan.commit.iter_mut().for_each(|commit| commit.sign = true);
        self
    }

    /// Pushes.
    pub fn push(mut self, branch: Option<&str>, tags: &[&str]) -> Self {
        let tags = tags.iter().map(|name| TagName::new(*name)).collect();
        self.pushes.push(Push {
            remote: "origin".to_owned(),
            branch: branch.map(str::to_owned),
            commit: None,
            tags,
            over: None,
        });
        self.plan.outward = OutwardStep::pushes(self.pushes.clone());
        self
    }
}
