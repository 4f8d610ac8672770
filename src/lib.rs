//! relman: a versioner and release manager for monorepos that mix languages.
//!
//! This crate is the program; `main.rs` only hands the arguments over. The library is public so that tests can hold each floor by
//! itself, and promises nothing to other crates.
//!
//! # The idea
//!
//! Every command is a pure function from a read-only [`snapshot`] to a [`plan`]; one single place, [`apply`], carries a plan out. A
//! dry run is a plan that is not handed to it. And a manifest format *finds* where a version stands, but never edits: one mechanism
//! replaces those bytes in every format and proves the new text by reading it again.
//!
//! # The floors, lowest first
//!
//! | module | what it is for |
//! |---|---|
//! | [`model`] | the words: versions, schemes, bumps, tags, paths. Values that know nothing else |
//! | [`text`] | bytes of files: spans, edits, fingerprints |
//! | [`data`] | documents whose values know their bytes, whatever they mean |
//! | [`io`] | the only door to the machine: files, git, clock, terminal. It decides nothing |
//! | [`config`] | relman.toml, or all that is wrong in it |
//! | [`manifest`] | a file per format: text to places; and the one way to edit them |
//! | [`changelog`] | fragments and the text of changelogs, by span |
//! | [`history`] | commits: what their messages say, and which lie behind each package's last tag |
//! | [`workspace`] | packages, slots, groups, requirements: bound together, from texts alone |
//! | [`forge`] | the door to GitHub and GitLab |
//! | [`registry`] | the door to registries of images, charts and packages: they are only read |
//! | [`snapshot`] | all that was read |
//! | [`plan`] | pure: what a bump will do, what a check finds, where everything stands |
//! | [`init`] | turns the content of a repository into the text of a relman.toml |
//! | [`capture`] | makes a snapshot, in parallel |
//! | [`apply`] | the only writer: journal, files, commit, tags, pushes; all or nothing |
//! | [`process`] | sequences of reading, planning, asking and writing |
//! | [`demo`] | the sample monorepo of `relman demo` |
//! | [`cli`] | commands, words for people, exit codes |
//!
//! No module imports one that is listed after it. A test holds every module to that.
//!
//! # One value, several spellings
//!
//! ```
//! use relman::model::{Version, VersionScheme};
//!
//! let chart = VersionScheme::Semver.parse("0.3.0-alpha.1")?;
//! let wheel = VersionScheme::Pep440.parse("0.3.0a1")?;
//! assert_eq!(chart, wheel);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Find, replace, find again
//!
//! ```
//! use relman::manifest::{self, Locator, ManifestType};
//!
//! let text = "[package]\nname = \"ferry\"\nversion = \"0.2.0\" # not 0.2.0-rc.1\n";
//! let cargo = Locator::Known(ManifestType::Cargo);
//! let found = manifest::find(&cargo, text).map_err(|faults| format!("{faults:?}"))?;
//! let place = found.versions[0].scalar.clone();
//! let edited = manifest::edit(&[(&cargo, &found)], text, &[(place, "0.3.0".to_owned())])?;
//! assert_eq!(edited.edits.apply(text)?, text.replacen("0.2.0", "0.3.0", 1));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

pub mod apply;
pub mod capture;
pub mod changelog;
pub mod cli;
pub mod config;
pub mod data;
pub mod demo;
pub mod forge;
pub mod history;
pub mod init;
pub mod io;
pub mod manifest;
pub mod model;
pub mod plan;
pub mod plugin;
pub mod process;
pub mod registry;
pub mod snapshot;
pub mod text;
pub mod workspace;
