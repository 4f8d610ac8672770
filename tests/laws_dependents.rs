//! Laws of dependents on generated workspaces, and what a long chain of them costs.

use relman::model::Level;
use relman::plan::{Ask, BumpRequest, ReasonKind, bump};

use crate::laws_workspace::World;

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
    let ask = Some(Ask::Level(Level::Minor));
    let request = BumpRequest { packages: vec![("p0000".to_owned(), None)], ask, ..BumpRequest::default() };
    let plan = bump(&snapshot, &request).unwrap();
    assert_eq!(plan.bumps.len(), 150);
    for (index, bump) in plan.bumps.iter().enumerate().skip(1) {
        let of = Some(format!("p{:04}", index - 1));
        assert_eq!((bump.to.as_str(), bump.reason.kind, &bump.reason.of), ("1.0.1", ReasonKind::Dependent, &of));
    }
}
