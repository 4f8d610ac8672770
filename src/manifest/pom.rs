//! pom.xml, as Maven documents it (model versions 4.0.0 and 4.1.0).
//!
//! A version is the number alone: `-SNAPSHOT` and a fixed qualifier behind it (`.Final`, `-jre`) stay where they are. A property that
//! holds it (`${revision}`) is the place. What refers to the project (`${project.version}`) follows by itself.

use super::xml::{Element, XmlReader};
use super::{Found, InheritedVersion, NoVersion, RequirementPlace, RequirementSyntax, VersionPlace, WorkspaceRoot};
use crate::data::{Fault, Scalar};
use crate::model::{DependencyKind, Ecosystem, RegistryName, VersionScheme};
use crate::text::Span;

/// The words behind a number that make a version one before a release, by Maven's `ComparableVersion`.
const STAGES: [&str; 8] = ["a", "alpha", "b", "beta", "m", "milestone", "rc", "cr"];
/// The names of Java's releases, which stand before a number in a qualifier (`-jre8`).
const JAVA: [&str; 4] = ["java", "jdk", "jre", "j"];
/// How many properties may hold each other.
const DEPTH: usize = 8;

/// Finds the coordinates, the version or the one that is inherited, the modules, and the exact versions of dependencies.
pub(super) fn find(text: &str) -> Result<Found, Vec<Fault>> {
    let document = XmlReader::parse(text).map_err(|fault| vec![fault])?;
    let project = document.root();
    if project.name() != "project" {
        let message = format!("the document is <{}>, expected <project>", project.name());
        return Err(vec![Fault::new(project.span(), message)]);
    }
    let mut pom = Pom { project, parent: project.child("parent"), faults: Vec::new() };
    let mut found = Found { name: pom.name(), ..Found::default() };
    found.written_name = pom.project.child("artifactId").map(|id| pom.resolved(&id.text()));
    pom.own_version(&mut found);
    found.workspace = Some(pom.modules()).filter(|modules| !modules.members.is_empty());
    for element in project.descendants().filter(|element| element.name() == "dependency") {
        found.requirements.extend(pom.dependency(element));
    }
    if pom.faults.is_empty() { Ok(found.in_order()) } else { Err(pom.faults) }
}

/// The pom.xml, while it is read.
struct Pom<'d, 't> {
    project: Element<'d, 't>,
    parent: Option<Element<'d, 't>>,
    faults: Vec<Fault>,
}

impl<'d, 't> Pom<'d, 't> {
    fn name(&self) -> Option<RegistryName> {
        let artifact = self.project.child("artifactId")?;
        Some(coordinates(&self.group()?, &self.resolved(&artifact.text())))
    }

    fn group(&self) -> Option<String> {
        let own = self.project.child("groupId").or_else(|| self.parent?.child("groupId"))?;
        Some(own.text())
    }

    /// Returns a text with the group of the project, or a property, in the place of an expression that is all of it.
    fn resolved(&self, text: &str) -> String {
        match expression(text) {
            Some("project.groupId" | "pom.groupId" | "groupId") => self.group().unwrap_or_default(),
            Some("project.parent.groupId") => {
                self.parent.and_then(|parent| parent.child("groupId")).map(Element::text).unwrap_or_default()
            }
            Some(name) => self.property(name).map_or_else(|| text.to_owned(), Element::text),
            None => text.to_owned(),
        }
    }

    fn property(&self, name: &str) -> Option<Element<'d, 't>> {
        self.project.child("properties")?.child(name)
    }

    /// Its own version; that of its parent, where it has none.
    fn own_version(&mut self, found: &mut Found) {
        let Some(version) = self.project.child("version") else {
            self.inherited_version(found);
            return;
        };
        let written = version.text();
        match self.holder(version) {
            Some(holder) => found.versions.extend(self.place(holder, "version")),
            None => found.no_version = Some(NoVersion::Dynamic { by: format!("`{written}`"), file: None }),
        }
        found.requirements.extend(self.parent.and_then(|parent| self.required_parent(parent)));
    }

    /// A parent that a repository holds has nothing to do with the packages here.
    fn inherited_version(&mut self, found: &mut Found) {
        found.no_version = Some(NoVersion::Absent);
        let Some((parent, from)) = self.parent.and_then(|parent| Some((parent, relative(parent)?))) else { return };
        found.no_version = Some(NoVersion::Inherited);
        let copy = parent.child("version").filter(|version| !version.text().contains("${"));
        let copy = copy.and_then(|version| self.place(version, "parent.version"));
        found.inherited = Some(InheritedVersion { from, copy });
    }

    /// Returns the element that holds the number of a version: itself, or the property that it names first. The other ones are qualifiers.
    fn holder(&self, version: Element<'d, 't>) -> Option<Element<'d, 't>> {
        let mut holder = version;
        for _ in 0..DEPTH {
            let text = holder.text();
            let Some(rest) = text.strip_prefix("${") else { return Some(holder) };
            holder = self.property(rest.split_once('}')?.0)?;
        }
        None
    }

    /// Returns the number in an element.
    fn place(&mut self, element: Element<'d, 't>, name: &str) -> Option<VersionPlace> {
        let scalar = element.scalar(name).map_err(|fault| self.faults.push(fault)).ok()?;
        Some(VersionPlace { field: name.to_owned(), scalar: number(scalar) })
    }

    /// A module with a version of its own has to name its parent's exactly, or Maven looks for it in a repository.
    fn required_parent(&mut self, parent: Element<'d, 't>) -> Option<RequirementPlace> {
        let folder = relative(parent)?;
        let folder = folder.rsplit_once('/').map_or(String::new(), |(folder, _)| folder.to_owned());
        let place = self.exact(parent, DependencyKind::Normal)?;
        Some(RequirementPlace { folder: Some(folder), ..place })
    }

    fn dependency(&mut self, element: Element<'d, 't>) -> Option<RequirementPlace> {
        let is_optional = element.child("optional").is_some_and(|optional| optional.text() == "true");
        let is_test = element.child("scope").is_some_and(|scope| scope.text() == "test");
        let kind = match (is_test, is_optional) {
            (true, _) => DependencyKind::Dev,
            (false, true) => DependencyKind::Optional,
            (false, false) => DependencyKind::Normal,
        };
        self.exact(element, kind)
    }

    /// Returns the exact version that an element with coordinates names; `None` for a range, and for the project's own version.
    fn exact(&mut self, element: Element<'d, 't>, kind: DependencyKind) -> Option<RequirementPlace> {
        let on = coordinates(
            &self.resolved(&element.child("groupId")?.text()),
            &self.resolved(&element.child("artifactId")?.text()),
        );
        let own = self.project.child("version").and_then(|version| self.holder(version));
        let holder = self.holder(element.child("version")?).filter(|holder| Some(*holder) != own)?;
        // A range or a word (`RELEASE`) bounds otherwise.
        if !holder.text().starts_with(|c: char| c.is_ascii_digit()) {
            return None;
        }
        let scalar = self.place(holder, "version")?.scalar;
        VersionScheme::Semver.parse(&scalar.text).ok()?;
        let notation = RequirementSyntax::Exact;
        Some(RequirementPlace { on, kind, notation, scalar, folder: None, shared_as: None, is_alias: false })
    }

    fn modules(&mut self) -> WorkspaceRoot {
        let lists = self.project.descendants().filter(|element| matches!(element.name(), "modules" | "subprojects"));
        let modules = lists.flat_map(Element::children).filter(|e| matches!(e.name(), "module" | "subproject"));
        // A module may be the file itself.
        let folder = |module: Element<'_, '_>| match module.text() {
            file if is_pom(&file) => file.rsplit_once('/').map_or(String::new(), |(folder, _)| folder.to_owned()),
            folder => folder,
        };
        let members = modules.map(folder).filter(|folder| !folder.is_empty()).collect();
        WorkspaceRoot { members, exclude: Vec::new(), shares_version: true }
    }
}

/// The name of a package.
fn coordinates(group: &str, artifact: &str) -> RegistryName {
    RegistryName::new(Ecosystem::Maven, &format!("{group}:{artifact}"))
}

/// Returns the name in a text that is one expression.
fn expression(text: &str) -> Option<&str> {
    text.strip_prefix("${")?.strip_suffix('}').filter(|name| !name.contains(['$', '{', '}']))
}

fn is_pom(path: &str) -> bool {
    path.ends_with(".xml")
}

/// Returns the file of a parent, relative to the folder of its module; `None` if it comes from a repository.
fn relative(parent: Element<'_, '_>) -> Option<String> {
    let written = parent.child("relativePath").map_or_else(|| "../pom.xml".to_owned(), Element::text);
    match written.trim_end_matches('/') {
        "" => None,
        file if is_pom(file) => Some(file.to_owned()),
        folder => Some(format!("{folder}/pom.xml")),
    }
}

/// Returns the place of a version without what stays behind it.
fn number(mut scalar: Scalar) -> Scalar {
    let length = number_length(&scalar.text);
    scalar.text.truncate(length);
    scalar.span = Span::new(scalar.span.start, scalar.span.start + length);
    scalar
}

/// Returns the length of a version without `-SNAPSHOT`, a fixed qualifier and expressions (`${changelist}`) at its end.
fn number_length(version: &str) -> usize {
    let mut rest = version.split_once("${").map_or(version, |(number, _)| number);
    while let Some((before, word)) = rest.rsplit_once(['-', '.']) {
        if !(is_fixed(word) && before.starts_with(|c: char| c.is_ascii_digit())) {
            break;
        }
        rest = before;
    }
    rest.len()
}

/// Returns `true` if a qualifier does not change from one release to the next.
fn is_fixed(word: &str) -> bool {
    let letters = word.trim_end_matches(|c: char| c.is_ascii_digit());
    let lower = letters.to_ascii_lowercase();
    let is_word = !letters.is_empty() && letters.bytes().all(|byte| byte.is_ascii_alphabetic());
    is_word && !STAGES.contains(&lower.as_str()) && (letters == word || JAVA.contains(&lower.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn project(body: &str) -> String {
        format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\r\n<project xmlns=\"http://maven.apache.org/POM/4.0.0\">{body}</project>"
        )
    }

    /// Versions and requirements as they are in the text.
    fn places(text: &str) -> (Vec<String>, Vec<String>) {
        let found = find(text).unwrap();
        let version = |place: &VersionPlace| format!("{} {}", place.field, place.scalar.span.of(text).unwrap());
        let requirement = |place: &RequirementPlace| {
            let folder = place.folder.as_ref().map(|folder| format!(" {folder}")).unwrap_or_default();
            format!("{} {:?} {}{folder}", place.on.name, place.kind, place.scalar.span.of(text).unwrap())
        };
        (found.versions.iter().map(version).collect(), found.requirements.iter().map(requirement).collect())
    }

    #[test]
    fn qualifiers_stay() {
        for (version, number) in [
            ("1.2.3", "1.2.3"),
            ("1.2.3-SNAPSHOT", "1.2.3"),
            ("1.2.3.Final", "1.2.3"),
            ("1.2.3.RELEASE", "1.2.3"),
            ("31.1-jre", "31.1"),
            ("12.4.0.jre11", "12.4.0"),
            ("1.2.3-jre-SNAPSHOT", "1.2.3"),
            ("1.2.3-rc.1-SNAPSHOT", "1.2.3-rc.1"),
            ("1.2.3-RC1", "1.2.3-RC1"),
            ("1.2.3-M2", "1.2.3-M2"),
            ("1.2.3-alpha", "1.2.3-alpha"),
            ("1.2.3-alpha.1.Final", "1.2.3-alpha.1"),
            ("1.2.3${changelist}", "1.2.3"),
            ("1.2.3-SNAPSHOT${sha1}", "1.2.3"),
            ("Final", "Final"),
            ("", ""),
        ] {
            assert_eq!(version.get(..number_length(version)), Some(number), "{version}");
        }
    }

    #[test]
    fn a_version_is_in_its_element_or_in_a_property() {
        for (body, expected) in [
            ("<version>1.2.3</version>", "version 1.2.3"),
            ("<version>\r\n\t1.2.3-SNAPSHOT <!-- no --></version>", "version 1.2.3"),
            ("<version><![CDATA[1.2.3.Final]]></version>", "version 1.2.3"),
            ("<version>${revision}</version><properties><revision> 1.2.3 </revision></properties>", "version 1.2.3"),
            (
                "<properties><revision>1.2.3-rc.1</revision><changelist>-SNAPSHOT</changelist></properties><version>${revision}${changelist}</version>",
                "version 1.2.3-rc.1",
            ),
        ] {
            assert_eq!(places(&project(body)).0, [expected], "{body}");
        }
        let found = find(&project("<version>${env.V}</version>")).unwrap();
        assert_eq!(found.no_version, Some(NoVersion::Dynamic { by: "`${env.V}`".into(), file: None }));
        let endless = project("<version>${a}</version><properties><a>${b}</a><b>${a}</b></properties>");
        assert!(find(&endless).unwrap().versions.is_empty());
        assert_eq!(find(&project("")).unwrap().no_version, Some(NoVersion::Absent));
    }

    #[test]
    fn names_are_coordinates() {
        let parent =
            "<parent><groupId>org.acme</groupId><artifactId>root</artifactId><version>1.2.3</version></parent>";
        for (body, name) in [
            ("<groupId>org.own</groupId><artifactId>core</artifactId>", Some("org.own:core")),
            ("<artifactId>core</artifactId>", None),
        ] {
            assert_eq!(find(&project(body)).unwrap().name.map(|name| name.name).as_deref(), name);
        }
        let found = find(&project(&format!("{parent}<artifactId>core</artifactId>"))).unwrap();
        assert_eq!((found.name.unwrap().name.as_str(), found.written_name.as_deref()), ("org.acme:core", Some("core")));
    }

    #[test]
    fn a_module_repeats_the_version_of_its_parent() {
        let parent = |more: &str| {
            project(&format!(
                "<parent><groupId>a</groupId><artifactId>b</artifactId><version>1.2.3-SNAPSHOT</version>{more}</parent>"
            ))
        };
        for (more, from) in [
            ("", Some("../pom.xml")),
            ("<relativePath>../parent</relativePath>", Some("../parent/pom.xml")),
            ("<relativePath>../parent/other.xml</relativePath>", Some("../parent/other.xml")),
            ("<relativePath/>", None),
        ] {
            let text = parent(more);
            let found = find(&text).unwrap();
            let why = if from.is_some() { NoVersion::Inherited } else { NoVersion::Absent };
            assert_eq!(found.no_version, Some(why), "{more}");
            let inherited =
                found.inherited.map(|inherited| (inherited.from, inherited.copy.unwrap().scalar.span.of(&text)));
            assert_eq!(inherited, from.map(|from| (from.to_owned(), Some("1.2.3"))), "{more}");
            let own = text.replace("</parent>", "</parent><version>2.0.0</version>");
            let folder = from.map(|from| format!("a:b Normal 1.2.3 {}", from.rsplit_once('/').unwrap().0));
            assert_eq!(places(&own).1, folder.into_iter().collect::<Vec<_>>(), "{more}");
        }
    }

    #[test]
    fn exact_versions_of_dependencies_are_requirements() {
        let text = project(
            "<groupId>a</groupId><artifactId>b</artifactId><version>${revision}</version><properties><revision>1.2.3</revision><core.version>1.2.3-SNAPSHOT</core.version></properties>\
            <dependencyManagement><dependencies><dependency><groupId>${project.groupId}</groupId><artifactId>core</artifactId><version>${core.version}</version></dependency></dependencies></dependencyManagement>\
            <dependencies><dependency><groupId>a</groupId><artifactId>t</artifactId><version>1.2.3.Final</version><scope>test</scope></dependency>\
            <dependency><groupId>a</groupId><artifactId>o</artifactId><version>1.2.3</version><optional>true</optional></dependency>\
            <dependency><groupId>a</groupId><artifactId>own</artifactId><version>${project.version}</version></dependency>\
            <dependency><groupId>a</groupId><artifactId>own</artifactId><version>${revision}</version></dependency>\
            <dependency><groupId>a</groupId><artifactId>range</artifactId><version>[1.2,2)</version></dependency>\
            <dependency><groupId>a</groupId><artifactId>short</artifactId><version>1.2</version></dependency>\
            <dependency><groupId>a</groupId><artifactId>managed</artifactId></dependency></dependencies>",
        );
        assert_eq!(places(&text).1, ["a:core Normal 1.2.3", "a:t Dev 1.2.3", "a:o Optional 1.2.3"]);
    }

    #[test]
    fn modules_are_members() {
        let text = project(
            "<modules><module>core</module><module>apps/web/</module><module>tools/pom.xml</module></modules><profiles><profile><modules><module>../x</module></modules></profile></profiles>",
        );
        let workspace = find(&text).unwrap().workspace.unwrap();
        assert_eq!(workspace.members, ["core", "apps/web/", "tools", "../x"]);
    }

    #[test]
    fn faults_have_places() {
        for (text, message, at) in [
            (
                project("<version>1.<!-- x -->2.3</version>"),
                "`version` is not one plain text",
                "<version>1.<!-- x -->2.3</version>",
            ),
            (
                project("<version>1&#46;2.3</version>"),
                "`version` is not one plain text",
                "<version>1&#46;2.3</version>",
            ),
            ("<html></html>".to_owned(), "the document is <html>, expected <project>", "<html></html>"),
            (
                "<?xml version='1.0' encoding='ISO-8859-1'?><project><name>\u{e9}</name></project>".to_owned(),
                "the encoding is ISO-8859-1, expected UTF-8",
                "ISO-8859-1",
            ),
        ] {
            let faults = find(&text).unwrap_err();
            assert_eq!((faults[0].message.as_str(), faults[0].span.of(&text)), (message, Some(at)));
        }
        assert!(find("<project>").unwrap_err()[0].message.starts_with("invalid XML: "));
        assert!(find("").is_err());
        assert!(find("<!DOCTYPE project [<!ENTITY a \"b\">]><project/>").is_err());
        let deep = format!("{}{}", "<a>".repeat(50_000), "</a>".repeat(50_000));
        assert!(find(&deep).is_err());
    }
}
