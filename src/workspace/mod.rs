//! The workspace: its packages, the places of their versions, and their requirements on each other.
//!
//! Pure: it is given listings and texts. [`bind()`] joins the declarations of relman.toml ([`PackageSeed`]) with the findings of the formats
//! ([`SourceFile`]) into [`Package`]s whose slots are bytes in files.

mod bind;
mod bind_input;
mod discover;
mod group;
mod locks;
mod names;
mod owners;
mod package;
mod pin;
mod requirements;
mod samples;
mod seed;
mod source;
mod tag_versions;
mod tagging;
mod users;

pub use bind::{Broken, Workspace, bind, read_version};
pub use bind_input::{BindInput, Heir};
pub use discover::{FolderFinding, Primaries, known_files, primaries};
pub use group::Group;
pub use owners::{Below, Owners};
pub use package::{FromTag, ModulePath, Package, PartSlot, RequirementSlot, VersionSlot};
pub use pin::{Pin, PinSlot, bind_pin, pin_locator};
pub use samples::{folder_of_others, folder_of_samples, is_sample, is_template};
pub use seed::{PackageSeed, SeedManifest, SeedTagging, slot_scheme};
pub use source::{SourceFile, View};
pub use tagging::Tagging;
pub use users::Users;
