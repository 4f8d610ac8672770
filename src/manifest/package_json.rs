//! package.json, as npm documents it.

use super::json_value::Document;
use super::npm_fields::{choice, read};
use super::{Fault, Found, NoVersion, VersionPlace};

/// Finds name, version and the ranges of all four tables of dependencies.
pub(super) fn find(text: &str) -> Result<Found, Vec<Fault>> {
    let document = Document::new(text);
    let members = document.object(document.body(), &choice).map_err(|fault| vec![fault])?;
    let fields = read(document, &members);
    if !fields.faults.is_empty() {
        return Err(fields.faults);
    }
    let versions: Vec<VersionPlace> =
        fields.version.into_iter().map(|scalar| VersionPlace::behind_v("version", scalar)).collect();
    Ok(Found {
        name: fields.name,
        no_version: versions.is_empty().then_some(NoVersion::Absent),
        versions,
        requirements: fields.requirements,
        ..Found::default()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::EdgeKind;
    use crate::text::Span;

    const TEXT: &str = "\u{feff}{
\t\"name\": \"@acme\\/web\", \"private\": true,
\t\"config\": { \"version\": \"9.9.9\", \"dependencies\": { \"a\": \"9.9.9\" } },
\t\"peerDependencies\": { \"react\": \"^18 || ^19\", \"a\": \"workspace:^0.1.0\" },
\t\"version\": \"0.1.0\",
\t\"dependencies\": { \"a\": \"^0.1.0\", \"b\": \"workspace:*\", \"c\": \"https:\\/\\/x\" },
\t\"devDependencies\": null,
\t\"optionalDependencies\": { \"version\": \"0.1.0\" }
}";

    #[test]
    fn what_is_found_stands_where_it_says() {
        let found = find(TEXT).unwrap();
        assert_eq!(found.name.unwrap().name, "@acme/web");
        assert_eq!(found.versions[0].scalar.span.of(TEXT), Some("0.1.0"));
        let places: Vec<_> =
            found.requirements.iter().map(|r| (r.on.name.as_str(), r.kind, r.scalar.span.of(TEXT).unwrap())).collect();
        let expected = [
            ("react", EdgeKind::Peer, "^18 || ^19"),
            ("a", EdgeKind::Peer, "^0.1.0"),
            ("a", EdgeKind::Normal, "^0.1.0"),
            ("version", EdgeKind::Optional, "0.1.0"),
        ];
        assert_eq!(places, expected);
    }

    #[test]
    fn a_private_root_has_no_version() {
        let found = find("{\"private\": true, \"devDependencies\": {\"a\": \"1\"}}").unwrap();
        assert_eq!((found.name, found.no_version), (None, Some(NoVersion::Absent)));
        assert_eq!(found.requirements.len(), 1);
    }

    #[test]
    fn all_faults_are_told() {
        let text = "{\"name\": [], \"version\": 1, \"dependencies\": {\"a\": {}, \"b\": \"\\u003e=1\"}, \"peerDependencies\": []}";
        let faults = find(text).unwrap_err();
        let told: Vec<_> = faults.iter().map(|f| (f.message.as_str(), f.span.of(text).unwrap())).collect();
        let expected = [
            ("`name` is an array, expected a string", "[]"),
            ("`version` is a number, expected a string", "1"),
            ("`dependencies.a` is an object, expected a string", "{}"),
            ("`dependencies.b` is written with escapes", "\"\\u003e=1\""),
            ("`peerDependencies` is an array, expected an object", "peerDependencies"),
        ];
        assert_eq!(told, expected);
        assert_eq!(faults[1].help.as_deref(), Some("write it between double quotes: \"1\""));
        let double = find("{\"version\": \"1.0.0\", \"version\": \"1.0.0\"}").unwrap_err();
        assert_eq!(double[0].span, Span::new(22, 29));
        assert!(find("").is_err() && find("null").is_err() && find("{,}").is_err());
    }
}
