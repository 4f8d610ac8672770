//! Laws of dependents on generated workspaces, and what a long chain of them costs.

use std::cell::LazyCell;

use proptest::collection::vec;
use proptest::prelude::*;
use relman::config::DependentPolicy;
use relman::manifest::requirement::names_version;
use relman::model::{Level, PackageId, Version};
use relman::plan::{BumpReason, BumpRequest, BumpSpec, FindingCode, PackageBump, ReleasePlan, bump, check};
use relman::snapshot::Snapshot;
use relman::workspace::RequirementSlot;

use crate::laws_workspace::{World, config};
use crate::support::graphs::graph;
use crate::support::workspaces::Dice;

/// A chain of packages each of which requires the one before exactly, among others that require the first one loosely.
fn chain(length: usize, packages: usize) -> Vec<(String, String)> {
    let mut files = vec![("relman.toml".to_owned(), "[workspace]\nmembers = [\"p/*\"]\n".to_owned())];
    for index in 0..packages {
        let requires = match index {
            0 => String::new(),
            _ if index < length => format!(", \"dependencies\": {{ \"p{:04}\": \"1.0.0\" }}", index - 1),
            _ => ", \"dependencies\": { \"p0000\": \">=1.0.0\", \"p0001\": \"^1.0.0\" }".to_owned(),
        };
        let text = format!("{{ \"name\": \"p{index:04}\", \"version\": \"1.0.0\"{requires} }}\n");
        files.push((format!("p/p{index:04}/package.json"), text));
    }
    files
}

#[test]
fn a_long_chain_is_followed_to_its_end() {
    let world = World::new();
    world.fill(&chain(150, 200));
    let snapshot = world.read();
    let ask = Some(BumpSpec::Level(Level::Minor));
    let request = BumpRequest { packages: vec![("p0000".to_owned(), None)], ask, ..BumpRequest::default() };
    let plan = bump(&snapshot, &request).unwrap().accept().unwrap();
    assert_eq!(plan.bumps.len(), 150);
    for (index, bump) in plan.bumps.iter().enumerate().skip(1) {
        let of = PackageId::new(format!("p{:04}", index - 1));
        assert_eq!((bump.to.as_str(), &bump.reason), ("1.0.1", &BumpReason::Dependent(of)));
    }
}

fn request(dice: &mut Dice<'_>) -> BumpRequest {
    let level = [Level::Patch, Level::Minor, Level::Major][dice.below(3)];
    let ask = match dice.below(4) {
        0 => BumpSpec::Start(level, dice.of(&["alpha", "beta", "rc"]).to_owned()),
        1 => BumpSpec::Exact(dice.of(&["3.0.0", "3.1.0-rc.2", "1.0.0-next.4"]).to_owned()),
        _ => BumpSpec::Level(level),
    };
    let mut packages = vec![("p0".to_owned(), Some(ask))];
    if dice.below(3) == 0 {
        packages.push(("p1".to_owned(), Some(BumpSpec::Start(Level::Minor, "beta".to_owned()))));
    }
    BumpRequest { packages, ..BumpRequest::default() }
}

/// What a package of the plan becomes.
fn target(snapshot: &Snapshot, plan: &ReleasePlan, id: &PackageId) -> Option<Version> {
    let package = snapshot.workspace.package(id)?;
    let bump = plan.bumps.iter().find(|bump| bump.package == *id)?;
    package.scheme.parse(&bump.to).ok()
}

/// Returns `true` if a requirement moves without a release of its holder: it names the version of its package.
fn is_in_step(snapshot: &Snapshot, slot: &RequirementSlot) -> bool {
    let version = snapshot.workspace.package(&slot.of).and_then(|package| package.version());
    let names = |version: &Version| names_version(slot.place.notation, &slot.place.scalar.text, version);
    snapshot.config.dependents.policy_of(slot.edge()) == DependentPolicy::InStep && version.is_some_and(names)
}

/// A requirement in step that named the version of a package names its new one, where it has one.
fn is_still_in_step(before: &Snapshot, after: &Snapshot) -> Result<(), TestCaseError> {
    for (old, new) in before.workspace.requirements.iter().zip(&after.workspace.requirements) {
        let version = |snapshot: &Snapshot| snapshot.workspace.package(&old.of).and_then(|p| p.version().cloned());
        let (from, to) = (version(before), version(after));
        // Of several alternatives those that were named stay.
        let is_one = !old.place.scalar.text.contains('|');
        if from != to && is_one && is_in_step(before, old) {
            let text = &new.place.scalar.text;
            let names_old = from.is_some_and(|from| names_version(new.place.notation, text, &from));
            prop_assert!(!names_old, "{text} in {} names what {} was", new.file, new.of);
        }
    }
    Ok(())
}

/// Each package is released for a reason that is in the plan itself, and none is ahead of what it follows.
fn has_its_reasons(before: &Snapshot, after: &Snapshot, plan: &ReleasePlan) -> Result<(), TestCaseError> {
    for bump in &plan.bumps {
        let BumpReason::Dependent(of) = &bump.reason else { continue };
        let requires = |slot: &&RequirementSlot| slot.holder.as_ref() == Some(&bump.package) && slot.of == *of;
        prop_assert!(plan.bumps.iter().any(|other| other.package == *of), "{bump:?} follows what is not released");
        prop_assert!(
            before.workspace.requirements.iter().any(|slot| requires(&slot)),
            "{bump:?} requires no such thing"
        );
    }
    let (old, new) = (&before.workspace.requirements, &after.workspace.requirements);
    prop_assert_eq!(old.len(), new.len());
    for (old, new) in old.iter().zip(new).filter(|(old, new)| old.place.scalar.text != new.place.scalar.text) {
        let Some(holder) = &old.holder else { continue };
        let bump = plan.bumps.iter().find(|bump| bump.package == *holder);
        let follows =
            before.config.dependents.level.is_some() && old.inherited_by.is_none() && !is_in_step(before, old);
        prop_assert!(bump.is_some() || !follows, "{holder} is not released, and {old:?} became {new:?}");
        let followed = target(before, plan, &old.of).is_some_and(|version| version.is_prerelease());
        let asked = |reason: &BumpReason| {
            matches!(reason, BumpReason::Requested | BumpReason::LinkedGroup(_) | BumpReason::FixedGroup(_))
        };
        if followed && follows && bump.is_some_and(|bump| !asked(&bump.reason)) {
            let own = target(before, plan, holder);
            prop_assert!(own.is_some_and(|v| v.is_prerelease()), "{bump:?} is final and follows a prerelease: {old:?}");
        }
    }
    Ok(())
}

/// The same versions once more move nothing.
fn again(snapshot: &Snapshot, plan: &ReleasePlan) -> Result<(), TestCaseError> {
    let exact = |bump: &PackageBump| (bump.package.to_string(), Some(BumpSpec::Exact(bump.to.clone())));
    let request = BumpRequest { packages: plan.bumps.iter().map(exact).collect(), ..BumpRequest::default() };
    let second = bump(snapshot, &request).map_err(|problems| TestCaseError::fail(format!("{problems:?}")))?;
    let second = second.plan();
    prop_assert!(second.files.is_empty(), "{:#?}", second.files);
    prop_assert_eq!(second.bumps.len(), plan.bumps.len());
    Ok(())
}

thread_local! {
    static WORLD: LazyCell<World> = const { LazyCell::new(World::new) };
}

proptest! {
    #![proptest_config(config(100))]

    #[test]
    fn after_a_cascade_every_requirement_admits_the_version_beside_it(bytes in vec(any::<u8>(), 0..160)) {
        WORLD.with(|world| {
            let mut dice = Dice(bytes.iter());
            world.fill(&graph(&mut dice));
            let before = world.fix()?;
            let request = request(&mut dice);
            let proposal = match bump(&before, &request) {
                Ok(proposal) => proposal,
                // PEP 440 has no words for it.
                Err(problems) if format!("{problems:?}").contains("next.4") => return Ok(()),
                Err(problems) => return Err(TestCaseError::fail(format!("{problems:?}"))),
            };
            prop_assert_eq!(&proposal, &bump(&before, &request).unwrap());
            let Ok(plan) = proposal.accept() else { return Ok(()) };
            world.write(&plan.files)?;
            let after = world.read();
            let found = check(&after).report.findings;
            let wrong: Vec<_> = found.iter().filter(|f| f.code != FindingCode::GroupDrift).collect();
            prop_assert!(wrong.is_empty(), "{wrong:#?}");
            has_its_reasons(&before, &after, &plan)?;
            is_still_in_step(&before, &after)?;
            again(&after, &plan)
        })?;
    }
}
