//! The vocabulary of relman. Values only: nothing here reads, writes or prompts.
//!
//! Text from outside becomes one of these at the border and stays one: a [`Version`] and not a string, a [`RepoPath`] that cannot
//! leave the workspace, a [`TagTemplate`] that reads what it writes. A version is compared by value and *spelled* by a
//! [`VersionScheme`]: `0.2.0-alpha.1` and `0.2.0a1` are one.

mod artifact_name;
mod branch_name;
mod bump;
mod commit_body;
mod commit_id;
mod device_name;
mod diagnostic;
mod dot_git;
mod ecosystem;
mod event;
mod forge;
mod git_operation;
mod index_vec;
mod level;
mod locator;
mod manifest_type;
mod object_id;
mod package_id;
mod plugin;
mod problem_code;
mod registry;
mod repo_path;
mod scheme;
mod secret;
mod stage;
mod suggestion;
mod tag;
mod tag_language;
mod tag_name;
mod template_engine;
mod template_growth;
mod tool;
mod version;
mod version_part;
mod workspace_prefix;

pub use artifact_name::{ArtifactKind, ArtifactName};
pub use branch_name::is_branch_name;
pub use bump::{Bump, BumpError};
pub use commit_body::CommitBody;
pub use commit_id::CommitId;
pub use device_name::is_device_name;
pub use diagnostic::{Diagnostic, Place};
pub use dot_git::is_dot_git;
pub use ecosystem::{DependencyKind, Ecosystem, RegistryName};
pub use event::{Event, EventKind, EventState};
pub use forge::{
    BranchRule, CiJob, CiState, CiVariable, CiVerdict, ForgeKind, ForgeRelease, ForgeRequest, Milestone, MilestoneMiss,
    NewRelease, NewRequest, ReleaseAsset, ReleaseEdit, RequestEdit, RequestState, TagRule, TokenFacts, TokenKind,
    WorkItem, ci_verdict, milestone_named, milestone_titled, second_before, version_of,
};
pub use git_operation::GitOperation;
pub use index_vec::{BoxIx, CommitIx, EdgeIx, FragmentIx, GraphIx, GroupIx, IndexVec, PackageIx, Position};
pub use level::Level;
pub use locator::{Locator, Pointer, PointerError, SearchPattern, SearchPatternError, SearchValue};
pub use manifest_type::ManifestType;
pub use object_id::{ObjectId, ObjectIdError};
pub use package_id::{GroupId, PackageId};
pub use plugin::{PluginName, PluginRole};
pub use problem_code::ProblemCode;
pub use registry::{
    Asked, ChartFacts, CrateRelease, ImageFacts, ImageName, ImageNameError, IndexFile, IndexFileKind, NpmFacts,
    PageFacts, chart_tag,
};
pub use repo_path::{RepoPath, RepoPathError};
pub use scheme::{ParseVersionError, Unspellable, VersionScheme};
pub use secret::Secret;
pub use stage::{PreStage, StagePolicy};
pub use suggestion::{choices, did_you_mean, nearest};
pub use tag::{TagError, TagTemplate};
pub use tag_name::{TagName, TagNameError};
pub use template_engine::{LONGEST_TEMPLATE, on_deep_stack, template_engine};
pub use template_growth::{MOST_TIMES, TemplateGrowth};
pub use tool::Tool;
pub use version::{Pre, Version};
pub use version_part::{VersionPart, VersionPartError};
pub use workspace_prefix::WorkspacePrefix;
