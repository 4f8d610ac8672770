//! Status: a row per package.

use super::table::{Table, plain, styled};
use crate::cli::error::{CliError, Exit};
use crate::cli::output::{FAINT, GOOD, LABEL, WARNING};
use crate::plan::{PackageStatus, StatusReport};

/// Writes the table of packages.
pub(in crate::cli) fn status_table(report: &StatusReport) -> String {
    let mut table = Table::default();
    let grouped = !report.groups.is_empty();
    let mut headings = vec!["PACKAGE", "VERSION", "LAST TAG"];
    if grouped {
        headings.push("GROUP");
    }
    headings.push("IN SYNC");
    table.headings(&headings);
    for package in &report.packages {
        let mut cells = vec![
            styled(package.name.0.clone(), LABEL),
            plain(package.version.clone()),
            package.tag.as_ref().map_or_else(|| styled("-", FAINT), |tag| plain(tag.clone())),
        ];
        if grouped {
            cells.push(package.group.as_ref().map_or_else(|| styled("-", FAINT), |group| plain(group.0.clone())));
        }
        cells.push(in_sync(package));
        table.row(cells);
    }
    table.text()
}

fn in_sync(package: &PackageStatus) -> super::table::Cell {
    let differing: Vec<&str> = package.manifests.iter().filter(|m| !m.in_sync).map(|m| m.path.as_str()).collect();
    match differing.as_slice() {
        [] if package.in_sync => styled("yes", GOOD),
        [one] => styled(format!("no: {one}"), WARNING),
        many => styled(format!("no: {} places", many.len()), WARNING),
    }
}

/// Fills a template such as `{name} {version}` for one package; a value that there is not is empty.
///
/// # Errors
/// Where the template has a placeholder that there is not.
pub(in crate::cli) fn status_line(template: &str, package: &PackageStatus) -> Result<String, CliError> {
    let mut out = String::new();
    let mut rest = template;
    while let Some((head, tail)) = rest.split_once('{') {
        out.push_str(head);
        let Some((key, behind)) = tail.split_once('}') else {
            return Err(unknown(&format!("{{{tail}")));
        };
        out.push_str(&value(key, package).ok_or_else(|| unknown(&format!("{{{key}}}")))?);
        rest = behind;
    }
    out.push_str(rest);
    out.push('\n');
    Ok(out)
}

fn value(key: &str, package: &PackageStatus) -> Option<String> {
    Some(match key {
        "name" => package.name.0.clone(),
        "version" => package.version.clone(),
        "scheme" => package.scheme.name().to_owned(),
        "tag" => package.tag.clone().unwrap_or_default(),
        "group" => package.group.as_ref().map(|group| group.0.clone()).unwrap_or_default(),
        "in-sync" => package.in_sync.to_string(),
        _ => return None,
    })
}

fn unknown(placeholder: &str) -> CliError {
    let message = format!("`{placeholder}` is no placeholder of --format");
    CliError::failed(Exit::Usage, message, "they are {name} {version} {scheme} {tag} {group} {in-sync}")
}
