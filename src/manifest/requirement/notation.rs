//! [`RequirementSyntax`]: the table of all notations. A further one is a file with its [`Facts`], and a row here.

use super::facts::Facts;
use super::{cargo, chart, composer, dart, exact, go, npm, pep440, poetry};

macro_rules! notations {
    ($($(#[doc = $doc:literal])+ $variant:ident: $facts:expr;)+) => {
        /// The language of a requirement.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum RequirementSyntax {
            $($(#[doc = $doc])+ $variant,)+
        }

        impl RequirementSyntax {
            /// Every notation.
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            /// Returns the row of the table.
            pub(super) const fn facts(self) -> &'static Facts {
                match self {
                    $(Self::$variant => const { &$facts },)+
                }
            }
        }
    };
}

notations! {
    /// Cargo's requirements.
    Cargo: cargo::FACTS;
    /// npm's ranges.
    Npm: npm::FACTS;
    /// The version specifiers of PEP 440, as PEP 508 uses them.
    Pep440: pep440::FACTS;
    /// Poetry's own constraints, with carets and tildes, or specifiers of PEP 440.
    Poetry: poetry::FACTS;
    /// Helm's constraints.
    Chart: chart::FACTS;
    /// The version constraints of Dart's pub.
    Dart: dart::FACTS;
    /// The lowest version of a Go module.
    Go: go::FACTS;
    /// The version constraints of PHP's Composer.
    Composer: composer::FACTS;
    /// One exact version, as uv.lock writes it behind a name.
    Exact: exact::FACTS;
}
