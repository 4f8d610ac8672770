//! What computes the version of a Python project, and the file from which it could be read.

use toml_edit::{Item, TableLike};

use super::NoVersion;

/// Returns what computes the version; `None` if the project does not say that it is computed.
pub(super) fn what_computes(root: &dyn TableLike) -> Option<NoVersion> {
    let tool = table(root, &["tool"]);
    if tool.is_some_and(is_computed_for_poetry) {
        return Some(dynamic("poetry-dynamic-versioning", None));
    }
    let listed = value(root, &["project", "dynamic"]).and_then(Item::as_array);
    if !listed.is_some_and(|fields| fields.iter().any(|field| field.as_str() == Some("version"))) {
        return None;
    }
    let by_tool = [hatch, setuptools_scm, setuptools, pdm].into_iter().find_map(|read| read(root));
    by_tool.or_else(|| by_backend(root)).or_else(|| Some(dynamic("the build backend", None)))
}

/// Returns `true` if a plugin of Poetry puts the version in; the value at `tool.poetry.version` is a placeholder then.
pub(super) fn is_computed_for_poetry(tool: &dyn TableLike) -> bool {
    value(tool, &["poetry-dynamic-versioning", "enable"]).and_then(Item::as_bool) == Some(true)
}

fn hatch(root: &dyn TableLike) -> Option<NoVersion> {
    let version = table(root, &["tool", "hatch", "version"])?;
    Some(match string(version, &["source"]) {
        Some("vcs") => dynamic("hatch-vcs", None),
        _ => dynamic("hatch", string(version, &["path"]).map(str::to_owned)),
    })
}

fn setuptools_scm(root: &dyn TableLike) -> Option<NoVersion> {
    let configured = table(root, &["tool", "setuptools_scm"]).is_some();
    let otherwise = table(root, &["tool", "setuptools", "dynamic", "version"]).is_some();
    (configured || (requires(root, "setuptools-scm") && !otherwise)).then(|| dynamic("setuptools-scm", None))
}

fn setuptools(root: &dyn TableLike) -> Option<NoVersion> {
    let setuptools = table(root, &["tool", "setuptools"])?;
    let version = table(setuptools, &["dynamic", "version"])?;
    let source = string(setuptools, &["package-dir", ""]).unwrap_or("");
    let files = version.get("file").and_then(|item| match item.as_array() {
        Some(files) => files.get(0)?.as_str(),
        None => item.as_str(),
    });
    let file = files.map(str::to_owned).or_else(|| Some(file_of_attribute(source, string(version, &["attr"])?)));
    Some(dynamic("setuptools", file))
}

fn pdm(root: &dyn TableLike) -> Option<NoVersion> {
    let version = table(root, &["tool", "pdm", "version"])?;
    let scm = string(version, &["source"]) == Some("scm") || value(version, &["use_scm"]).is_some();
    let file = string(version, &["path"]).or_else(|| string(version, &["from"]));
    Some(dynamic("pdm", if scm { None } else { file.map(str::to_owned) }))
}

fn by_backend(root: &dyn TableLike) -> Option<NoVersion> {
    let backend = string(root, &["build-system", "build-backend"])?;
    Some(match backend.split(['.', ':', '_']).next().unwrap_or(backend) {
        "flit" => dynamic("flit", flit_module(root)),
        "maturin" => {
            let manifest = string(root, &["tool", "maturin", "manifest-path"]).unwrap_or("Cargo.toml");
            dynamic("maturin", Some(manifest.to_owned()))
        }
        "mesonpy" => dynamic("meson-python", Some("meson.build".to_owned())),
        "hatchling" if requires(root, "hatch-vcs") => dynamic("hatch-vcs", None),
        "hatchling" => dynamic("hatch", None),
        "pdm" => dynamic("pdm", None),
        tool => dynamic(tool, None),
    })
}

/// Flit takes the version out of the module itself.
fn flit_module(root: &dyn TableLike) -> Option<String> {
    let named = string(root, &["tool", "flit", "module", "name"]).map(str::to_owned);
    let module = named.or_else(|| Some(string(root, &["project", "name"])?.replace('-', "_")))?;
    Some(format!("{}/__init__.py", module.replace('.', "/")))
}

/// Returns the file in which an attribute like `pkg.mod.__version__` most likely stands.
fn file_of_attribute(source: &str, attribute: &str) -> String {
    let (module, _) = attribute.rsplit_once('.').unwrap_or((attribute, ""));
    let file = if module.contains('.') { ".py" } else { "/__init__.py" };
    let source = source.trim_end_matches('/');
    let parent = if source.is_empty() || source == "." { String::new() } else { format!("{source}/") };
    format!("{parent}{}{file}", module.replace('.', "/"))
}

fn requires(root: &dyn TableLike, name: &str) -> bool {
    let required = value(root, &["build-system", "requires"]).and_then(Item::as_array);
    let is = |text: &str| text.trim_start().replace('_', "-").starts_with(name);
    required.is_some_and(|list| list.iter().any(|item| item.as_str().is_some_and(is)))
}

fn dynamic(by: &str, file: Option<String>) -> NoVersion {
    NoVersion::Dynamic { by: by.to_owned(), file }
}

fn value<'d>(parent: &'d dyn TableLike, keys: &[&str]) -> Option<&'d Item> {
    let (last, keys) = keys.split_last()?;
    table(parent, keys)?.get(last)
}

fn table<'d>(parent: &'d dyn TableLike, keys: &[&str]) -> Option<&'d dyn TableLike> {
    keys.iter().try_fold(parent, |table, key| table.get(key)?.as_table_like())
}

fn string<'d>(parent: &'d dyn TableLike, keys: &[&str]) -> Option<&'d str> {
    value(parent, keys)?.as_str()
}

#[cfg(test)]
mod tests {
    use crate::manifest::NoVersion;
    use crate::manifest::pyproject::find;

    #[test]
    fn what_computes_the_version_is_told() {
        for (rest, by, file) in [
            ("[tool.hatch.version]\npath = 'src/a/__about__.py'", "hatch", "src/a/__about__.py"),
            ("[tool.hatch]\nversion.path = 'a.py'", "hatch", "a.py"),
            ("[tool.hatch.version]\nsource = 'vcs'", "hatch-vcs", ""),
            ("[build-system]\nbuild-backend = 'hatchling.build'\nrequires = ['hatch-vcs']", "hatch-vcs", ""),
            ("[tool.setuptools_scm]\nwrite_to = 'a/_version.py'", "setuptools-scm", ""),
            ("[build-system]\nrequires = ['setuptools', 'setuptools_scm[toml]>=6']", "setuptools-scm", ""),
            (
                "[build-system]\nrequires = ['setuptools-scm']\nbuild-backend = 'setuptools.build_meta'",
                "setuptools-scm",
                "",
            ),
            ("[tool.setuptools.dynamic]\nversion = { attr = 'pkg.mod.__version__' }", "setuptools", "pkg/mod.py"),
            ("[tool.setuptools.dynamic]\nversion = { attr = 'pkg.__version__' }", "setuptools", "pkg/__init__.py"),
            (
                "[tool.setuptools]\npackage-dir = { '' = 'src' }\ndynamic.version.attr = 'pkg.v.V'",
                "setuptools",
                "src/pkg/v.py",
            ),
            ("[tool.setuptools.dynamic]\nversion = { file = 'VERSION' }", "setuptools", "VERSION"),
            ("[tool.setuptools.dynamic]\nversion = { file = ['VERSION'] }", "setuptools", "VERSION"),
            ("[tool.pdm.version]\nsource = 'file'\npath = 'a/v.py'", "pdm", "a/v.py"),
            ("[tool.pdm.version]\nsource = 'scm'\npath = 'a/v.py'", "pdm", ""),
            ("[build-system]\nbuild-backend = 'flit_core.buildapi'", "flit", "my_pkg/__init__.py"),
            ("[build-system]\nbuild-backend = 'maturin'", "maturin", "Cargo.toml"),
            ("[build-system]\nbuild-backend = 'mesonpy'", "meson-python", "meson.build"),
            ("[build-system]\nbuild-backend = 'setuptools.build_meta'", "setuptools", ""),
            ("[build-system]\nbuild-backend = 'backend'", "backend", ""),
            ("", "the build backend", ""),
            ("[tool.poetry-dynamic-versioning]\nenable = true", "poetry-dynamic-versioning", ""),
        ] {
            let text = format!("[project]\nname = 'my-pkg'\ndynamic = ['readme', 'version']\n{rest}\n");
            let expected =
                NoVersion::Dynamic { by: by.to_owned(), file: Some(file.to_owned()).filter(|file| !file.is_empty()) };
            assert_eq!(find(&text).unwrap().no_version, Some(expected), "{text}");
        }
    }

    #[test]
    fn a_placeholder_of_poetry_is_no_version() {
        let text = "[tool.poetry]\nname='a'\nversion='0.0.0'\n[tool.poetry-dynamic-versioning]\nenable=true\n";
        let found = find(text).unwrap();
        assert_eq!((found.versions.len(), found.name.unwrap().name.as_str()), (0, "a"));
        assert!(matches!(found.no_version, Some(NoVersion::Dynamic { .. })));
    }
}
