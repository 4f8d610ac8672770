//! [`BumpReason`]: why a package is released.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::model::{GroupId, Level, PackageId};

/// Why a package is released.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(try_from = "KindAndOf", into = "KindAndOf")]
pub enum BumpReason {
    /// The user asked for it.
    Requested,
    /// This fixed group is released together.
    FixedGroup(GroupId),
    /// This linked group shares one version.
    LinkedGroup(GroupId),
    /// It requires this package, which is released.
    Dependent(PackageId),
    /// It has changes.
    Changes,
    /// It was never released.
    FirstRelease,
}

impl fmt::Display for BumpReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Requested => f.write_str("requested"),
            Self::FixedGroup(group) => write!(f, "fixed group {group}"),
            Self::LinkedGroup(group) => write!(f, "linked group {group}"),
            Self::Dependent(package) => write!(f, "requires {package}"),
            Self::Changes => f.write_str("has changes"),
            Self::FirstRelease => f.write_str("first release"),
        }
    }
}

impl BumpReason {
    /// Describes the reason to people, with the level of the changes where they are the reason.
    #[must_use]
    pub fn words(&self, level: Option<Level>) -> String {
        match (self, level) {
            (Self::Changes, Some(level)) => format!("{level} changes"),
            _ => self.to_string(),
        }
    }

    /// Returns `true` if the package is released because of its group.
    pub(super) fn is_of_group(&self) -> bool {
        matches!(self, Self::FixedGroup(_) | Self::LinkedGroup(_))
    }
}

/// Why a package is released, as JSON has it: both keys are always there.
#[derive(Serialize, Deserialize, schemars::JsonSchema)]
#[schemars(rename = "BumpReason")]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct KindAndOf {
    /// The kind of the reason.
    kind: Kind,
    /// The group, or the package that is followed; null for the other kinds.
    of: Option<String>,
}

/// The kinds of reasons.
#[derive(Serialize, Deserialize, schemars::JsonSchema)]
#[schemars(rename = "ReasonKind")]
#[serde(rename_all = "kebab-case")]
enum Kind {
    /// The user asked for it.
    Requested,
    /// A fixed group is released together.
    FixedGroup,
    /// A linked group shares one version.
    LinkedGroup,
    /// It requires a package that is released.
    Dependent,
    /// It has changes.
    Changes,
    /// It was never released.
    FirstRelease,
}

impl From<BumpReason> for KindAndOf {
    fn from(reason: BumpReason) -> Self {
        let (kind, of) = match reason {
            BumpReason::Requested => (Kind::Requested, None),
            BumpReason::FixedGroup(group) => (Kind::FixedGroup, Some(group.to_string())),
            BumpReason::LinkedGroup(group) => (Kind::LinkedGroup, Some(group.to_string())),
            BumpReason::Dependent(package) => (Kind::Dependent, Some(package.to_string())),
            BumpReason::Changes => (Kind::Changes, None),
            BumpReason::FirstRelease => (Kind::FirstRelease, None),
        };
        Self { kind, of }
    }
}

impl TryFrom<KindAndOf> for BumpReason {
    type Error = &'static str;

    fn try_from(KindAndOf { kind, of }: KindAndOf) -> Result<Self, Self::Error> {
        match (kind, of) {
            (Kind::Requested, None) => Ok(Self::Requested),
            (Kind::FixedGroup, Some(group)) => Ok(Self::FixedGroup(GroupId::new(group))),
            (Kind::LinkedGroup, Some(group)) => Ok(Self::LinkedGroup(GroupId::new(group))),
            (Kind::Dependent, Some(package)) => Ok(Self::Dependent(PackageId::new(package))),
            (Kind::Changes, None) => Ok(Self::Changes),
            (Kind::FirstRelease, None) => Ok(Self::FirstRelease),
            (Kind::FixedGroup | Kind::LinkedGroup | Kind::Dependent, None) => Err("`of` is missing in a reason"),
            (Kind::Requested | Kind::Changes | Kind::FirstRelease, Some(_)) => {
                Err("a reason of this kind does not have an `of`")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_has_kind_and_of() {
        let table = [
            (BumpReason::Requested, r#"{"kind":"requested","of":null}"#),
            (BumpReason::FixedGroup(GroupId::new("g")), r#"{"kind":"fixed-group","of":"g"}"#),
            (BumpReason::LinkedGroup(GroupId::new("g")), r#"{"kind":"linked-group","of":"g"}"#),
            (BumpReason::Dependent(PackageId::new("a")), r#"{"kind":"dependent","of":"a"}"#),
            (BumpReason::Changes, r#"{"kind":"changes","of":null}"#),
            (BumpReason::FirstRelease, r#"{"kind":"first-release","of":null}"#),
        ];
        for (reason, json) in table {
            assert_eq!(serde_json::to_string(&reason).unwrap(), json);
            assert_eq!(serde_json::from_str::<BumpReason>(json).unwrap(), reason);
        }
        for wrong in [r#"{"kind":"dependent","of":null}"#, r#"{"kind":"changes","of":"a"}"#] {
            assert!(serde_json::from_str::<BumpReason>(wrong).is_err(), "{wrong}");
        }
    }
}
