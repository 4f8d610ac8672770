//! [`find_program`] and [`find_everywhere`]: where is a program?

use std::path::{Path, PathBuf};

/// Returns the file that a command of this name runs: looked up in PATH, or from `dir` where the name has a slash. `None` if there is
/// none that this user may run.
#[must_use]
pub fn find_program(name: &str, dir: &Path) -> Option<PathBuf> {
    if name.is_empty() {
        return None;
    }
    if name.contains('/') || (cfg!(windows) && name.contains('\\')) {
        return candidates(dir.join(name)).into_iter().find(|path| is_program(path));
    }
    let path = std::env::var_os("PATH")?;
    // An empty entry, and a relative one, is a folder below the one that the command runs in.
    std::env::split_paths(&path)
        .flat_map(|folder| candidates(dir.join(folder).join(name)))
        .find(|path| is_program(path))
}

/// Returns the file that a command of this name runs from any folder; `None` if that may differ: if PATH has a folder that is relative to
/// the one that the command runs in, or the system also looks elsewhere.
pub(super) fn find_everywhere(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    let is_same_everywhere = cfg!(unix) && std::env::split_paths(&path).all(|folder| folder.is_absolute());
    if is_same_everywhere { find_program(name, Path::new("/")) } else { None }
}

#[cfg(not(windows))]
fn candidates(path: PathBuf) -> Vec<PathBuf> {
    vec![path]
}

#[cfg(windows)]
fn candidates(path: PathBuf) -> Vec<PathBuf> {
    let with = |extension: &str| PathBuf::from(format!("{}{extension}", path.display()));
    let mut all: Vec<PathBuf> = [".exe", ".com", ".bat", ".cmd"].into_iter().map(with).collect();
    all.push(path);
    all
}

#[cfg(unix)]
fn is_program(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    std::fs::metadata(path).is_ok_and(|data| data.is_file() && data.permissions().mode() & 0o111 != 0)
}

#[cfg(not(unix))]
fn is_program(path: &Path) -> bool {
    std::fs::metadata(path).is_ok_and(|data| data.is_file())
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn programs_are_found_as_a_shell_finds_them() {
        let here = Path::new(env!("CARGO_MANIFEST_DIR"));
        assert!(find_program("sh", here).is_some_and(|path| path.is_absolute()));
        assert_eq!(find_program("relman-no-such-program", here), None);
        assert_eq!(find_program("", here), None);
        assert_eq!(find_program(".ci/run", here), Some(here.join(".ci/run")));
        assert_eq!(find_program("./Cargo.toml", here), None, "not executable");
        assert_eq!(find_program("./src", here), None, "a folder");
    }
}
