//! Laws of plans, on generated workspaces: applied they leave nothing to repair, they are the same each time, they change no byte
//! outside of their places, and they fit once.
//!
//! `PROPTEST_CASES=10000 cargo test laws_workspace` holds them longer.

use std::cell::LazyCell;
use std::collections::BTreeMap;

use proptest::collection::vec;
use proptest::prelude::*;
use relman::apply::{self, Services};
use relman::capture::{CaptureNeeds, CaptureOptions, Place, capture};
use relman::model::{Level, RepoPath};
use relman::plan::{
    BumpRequest, BumpSpec, FileChange, FileChanges, FindingCode, PlanReport, ReleasePlan, SlotChange, bump, check,
};
use relman::snapshot::Snapshot;

use crate::support::repo::Repo;
use crate::support::texts::Texts;
use crate::support::workspaces::{Dice, workspace};

/// As many cases as the environment asks for; fewer by default.
pub fn config(few: u32) -> ProptestConfig {
    let asked = std::env::var("PROPTEST_CASES").ok().and_then(|text| text.parse().ok());
    ProptestConfig {
        cases: asked.unwrap_or(few),
        failure_persistence: None,
        max_shrink_iters: 200,
        ..ProptestConfig::default()
    }
}

/// A workspace whose files change from case to case.
pub struct World {
    pub texts: Texts,
}

impl World {
    pub fn new() -> Self {
        Self { texts: Texts::with(&[]) }
    }

    /// Puts these files in the place of all others.
    pub fn fill(&self, files: &[(String, String)]) {
        self.texts.clear();
        files.iter().for_each(|(path, text)| self.texts.write(path, text));
    }

    pub fn read(&self) -> Snapshot {
        self.texts.snapshot().unwrap()
    }

    /// Writes the files of a plan, and holds each against what its places say.
    pub fn write(&self, files: &FileChanges) -> Result<(), TestCaseError> {
        for (path, change) in files.iter() {
            let FileChange::Edit { slots, edits, .. } = change else { panic!("{path}: {change:?}") };
            let old = self.texts.read(path.as_str()).unwrap();
            let new = edits.apply(&old).unwrap();
            only_the_places(path, slots, &old, &new)?;
            self.texts.write(path.as_str(), &new);
        }
        Ok(())
    }

    /// Fixes what needs no decision; afterwards nothing is left to fix.
    pub fn fix(&self) -> Result<Snapshot, TestCaseError> {
        let first = check(&self.read());
        self.write(&first.repairs)?;
        let snapshot = self.read();
        nothing_to_mend(&snapshot)?;
        Ok(snapshot)
    }
}

/// No step is planned, and what is found needs a decision.
fn nothing_to_mend(snapshot: &Snapshot) -> Result<(), TestCaseError> {
    let checked = check(snapshot);
    prop_assert!(checked.repairs.is_empty(), "{:#?}", checked.repairs);
    let fixable = checked.report.findings.iter().find(|f| f.code != FindingCode::GroupDrift);
    prop_assert!(fixable.is_none(), "{fixable:#?}");
    Ok(())
}

/// Every line that no place names stands as it did; in the others the old values alone became the new ones.
fn only_the_places(path: &RepoPath, slots: &[SlotChange], old: &str, new: &str) -> Result<(), TestCaseError> {
    let mut by_line: BTreeMap<usize, Vec<(&str, &str)>> = BTreeMap::new();
    for slot in slots {
        by_line.entry(slot.line).or_default().push((&slot.from, &slot.to));
    }
    let (old, new): (Vec<&str>, Vec<&str>) = (old.split('\n').collect(), new.split('\n').collect());
    prop_assert_eq!(old.len(), new.len());
    for (at, (old, new)) in old.iter().zip(&new).enumerate() {
        let changes = by_line.remove(&(at + 1)).unwrap_or_default();
        prop_assert!(becomes(old, new, &changes), "{path}:{}: {old:?} became {new:?}, not by {changes:?}", at + 1);
    }
    prop_assert!(by_line.is_empty());
    Ok(())
}

/// Tells whether `new` is `old` with these values replaced, in their order.
fn becomes(old: &str, new: &str, changes: &[(&str, &str)]) -> bool {
    let Some(((from, to), rest)) = changes.split_first() else { return old == new };
    old.match_indices(from).any(|(at, _)| {
        let behind = new.strip_prefix(&old[..at]).and_then(|new| new.strip_prefix(to));
        behind.is_some_and(|new| becomes(&old[at + from.len()..], new, rest))
    })
}

fn request(dice: &mut Dice<'_>) -> BumpRequest {
    let level = [Level::Patch, Level::Minor, Level::Major][dice.below(3)];
    let ask = match dice.below(6) {
        0 => BumpSpec::Level(level),
        1 => BumpSpec::Start(level, dice.of(&["alpha", "beta", "rc"]).to_owned()),
        2 => BumpSpec::Stage(dice.of(&["alpha", "beta", "rc"]).to_owned()),
        3 => BumpSpec::Finalize,
        4 => BumpSpec::Exact(dice.of(&["3.0.0", "3.1.0-rc.2"]).to_owned()),
        _ => BumpSpec::Level(Level::Minor),
    };
    let all = dice.below(3) == 0;
    let packages = if all { Vec::new() } else { vec![("p0".to_owned(), None)] };
    BumpRequest { packages, all, ask: Some(ask), ..BumpRequest::default() }
}

/// The plan, where the request can be met.
fn planned(snapshot: &Snapshot, request: &BumpRequest) -> Option<ReleasePlan> {
    bump(snapshot, request).ok()?.accept().ok()
}

thread_local! {
    static WORLD: LazyCell<World> = const { LazyCell::new(World::new) };
}

proptest! {
    #![proptest_config(config(100))]

    #[test]
    fn what_is_applied_leaves_nothing_to_mend(bytes in vec(any::<u8>(), 0..120)) {
        WORLD.with(|world| {
            let mut dice = Dice(bytes.iter());
            world.fill(&workspace(&mut dice));
            let snapshot = world.fix()?;
            let request = request(&mut dice);
            let Some(plan) = planned(&snapshot, &request) else { return Ok(()) };
            world.write(&plan.files)?;
            let after = world.read();
            nothing_to_mend(&after)?;
            for bump in &plan.bumps {
                let package = after.workspace.package(&bump.package).unwrap();
                prop_assert_eq!(package.version().cloned(), package.scheme.parse(&bump.to).ok());
            }
            Ok(())
        })?;
    }

    #[test]
    fn the_same_snapshot_and_request_give_the_same_bytes(bytes in vec(any::<u8>(), 0..120)) {
        WORLD.with(|world| {
            let mut dice = Dice(bytes.iter());
            world.fill(&workspace(&mut dice));
            let request = request(&mut dice);
            let (first, second) = (world.read(), world.read());
            let said = |snapshot: &Snapshot| match bump(snapshot, &request) {
                Ok(proposal) => serde_json::to_string_pretty(&PlanReport::from(&proposal)).unwrap(),
                Err(problems) => format!("{problems:?}"),
            };
            prop_assert_eq!(said(&first), said(&second));
            prop_assert_eq!(format!("{:?}", check(&first)), format!("{:?}", check(&second)));
            Ok(())
        })?;
    }
}

proptest! {
    #![proptest_config(config(8))]

    #[test]
    fn a_plan_fits_once(bytes in vec(any::<u8>(), 0..120)) {
        let world = World::new();
        let mut dice = Dice(bytes.iter());
        world.fill(&workspace(&mut dice));
        world.fix()?;
        let files = world.texts.files();
        let repo = Repo::with(&files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect::<Vec<_>>());
        let place = Place::find(repo.root(), None).unwrap();
        let read = || capture(&place, CaptureOptions { needs: CaptureNeeds::default(), staged: false }, &|_, _| ()).unwrap();
        let git = repo.open();
        let Some(plan) = planned(&read(), &request(&mut dice)) else { return Ok(()) };
        if plan.bumps.is_empty() {
            // What changes nothing fits as often as one likes.
            return Ok(());
        }
        let receipt = apply::run(&plan, &Services::new(&git, repo.root()), repo.root()).unwrap();
        prop_assert_eq!(receipt.tags.len(), plan.tags.len());
        nothing_to_mend(&read())?;
        prop_assert_eq!(repo.git(&["status", "--porcelain"]), "");
        let before = repo.state();
        let again = apply::run(&plan, &Services::new(&git, repo.root()), repo.root());
        prop_assert!(again.is_err());
        prop_assert!(repo.state() == before);
    }
}
