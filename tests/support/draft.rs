//! [`Draft`]: plans for tests, made by hand.

use relman::io::Branch;
use relman::model::{CommitId, PackageId, RepoPath, TagName};
use relman::plan::{Action, CommitPlan, FilePlan, Plan, PushPlan, TagPlan};
use relman::text::{Edit, Fingerprint, Span, TextEdits};

use super::repo::Repo;

/// A plan that grows.
pub struct Draft<'a> {
    repo: &'a Repo,
    folder: &'a str,
    pub plan: Plan,
}

impl<'a> Draft<'a> {
    /// An empty plan on HEAD, with paths relative to the top.
    pub fn new(repo: &'a Repo) -> Self {
        Self::below(repo, "")
    }

    /// An empty plan on HEAD, with paths relative to a folder (with `/` at its end).
    pub fn below(repo: &'a Repo, folder: &'a str) -> Self {
        let head = repo.open().head().unwrap();
        let plan = Plan {
            schema: 1,
            base: head.commit.map(CommitId),
            branch: match head.branch {
                Branch::Attached(name) | Branch::Unborn(name) => Some(name),
                Branch::Detached => None,
            },
            bumps: Vec::new(),
            files: Vec::new(),
            commit: None,
            tags: Vec::new(),
            pushes: Vec::new(),
            time: None,
            notes: Vec::new(),
            refusals: Vec::new(),
        };
        Self { repo, folder, plan }
    }

    /// Replaces the first `from` in a file.
    pub fn edit(mut self, path: &str, from: &str, to: &str) -> Self {
        let text = self.repo.read(&format!("{}{path}", self.folder)).unwrap();
        let at = text.find(from).unwrap();
        let edit = Edit { span: Span::new(at, at + from.len()), new: to.to_owned() };
        let mut file = file(path, Action::Edit);
        file.before = Some(Fingerprint::of(text.as_bytes()));
        file.edits = TextEdits::new(vec![edit]).unwrap();
        self.plan.files.push(file);
        self
    }

    /// Makes a file.
    pub fn create(mut self, path: &str, text: &str) -> Self {
        let mut file = file(path, Action::Create);
        file.content = Some(text.to_owned());
        self.plan.files.push(file);
        self
    }

    /// Removes a file.
    pub fn delete(mut self, path: &str) -> Self {
        let text = self.repo.read(&format!("{}{path}", self.folder)).unwrap();
        let mut file = file(path, Action::Delete);
        file.before = Some(Fingerprint::of(text.as_bytes()));
        self.plan.files.push(file);
        self
    }

    /// Makes a commit.
    pub fn commit(mut self) -> Self {
        let message = "chore(release): a 0.2.0\n\n- a 0.1.0 -> 0.2.0\n\nRelman-Release: a-v0.2.0\n".to_owned();
        self.plan.commit = Some(CommitPlan { message, sign: false, id: None });
        self
    }

    /// Makes tags.
    pub fn tags(mut self, names: &[&str]) -> Self {
        self.plan.tags.extend(names.iter().map(|name| TagPlan {
            name: TagName((*name).to_owned()),
            package: PackageId("a".to_owned()),
            message: format!("Release {name}"),
            sign: false,
            id: None,
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
        let tags = tags.iter().map(|name| TagName((*name).to_owned())).collect();
        self.plan.pushes.push(PushPlan { remote: "origin".to_owned(), branch: branch.map(str::to_owned), tags });
        self
    }
}

fn file(path: &str, action: Action) -> FilePlan {
    FilePlan {
        path: RepoPath::new(path).unwrap(),
        action,
        slots: Vec::new(),
        before: None,
        edits: TextEdits::default(),
        content: None,
    }
}
