//! A pub workspace, from `init` to a release.

use crate::support::repo::Repo;

const ROOT: &str =
    "name: suite\npublish_to: none\nenvironment: {sdk: ^3.6.0}\nworkspace:\n  - apps/ferry\n  - examples/core\n";
const APP: &str = "name: ferry\nresolution: workspace\nversion: 1.2.3+4 # the store\ndependencies:\n  flutter: {sdk: flutter}\n  core: ^0.1.2\n";
const CORE: &str = "name: core\r\nresolution: workspace\r\nversion: 0.1.2\r\n";

#[test]
fn a_workspace_is_found_and_released() {
    let repo =
        Repo::with(&[("pubspec.yaml", ROOT), ("apps/ferry/pubspec.yaml", APP), ("examples/core/pubspec.yaml", CORE)]);
    repo.relman(&["init"]).exits(0);
    let config = repo.read("relman.toml").unwrap();
    assert!(config.contains("apps/ferry") && config.contains("examples/core"), "{config}");
    repo.git(&["add", "."]);
    repo.git(&["commit", "-qm", "chore: init"]);
    repo.idle(&["check"]).exits(0);
    repo.relman(&["bump", "-y", "-p", "core", "minor"]).exits(0);
    assert_eq!(repo.read("examples/core/pubspec.yaml"), Some(CORE.replace("0.1.2", "0.2.0")));
    // The constraint follows, and so does the application: by a patch, with the build that it has.
    let app = APP.replace("^0.1.2", "^0.2.0").replace("1.2.3+4", "1.2.4+4");
    assert_eq!(repo.read("apps/ferry/pubspec.yaml"), Some(app.clone()));
    assert_eq!(repo.git(&["tag"]), "core-v0.2.0\nferry-v1.2.4+4");
    for (version, written) in
        [("1.2.4+5", "1.2.4+5"), ("1.3.0", "1.3.0+5"), ("2.0.0-dev.1+6", "2.0.0-dev.1+6"), ("release", "2.0.0+6")]
    {
        repo.relman(&["bump", "-y", "-p", "ferry", version]).exits(0);
        assert_eq!(repo.read("apps/ferry/pubspec.yaml"), Some(app.replace("1.2.4+4", written)), "{version}");
        repo.idle(&["check"]).exits(0);
    }
    repo.relman(&["bump", "-y", "-p", "ferry", "1.9.0"]).exits(4);
}
