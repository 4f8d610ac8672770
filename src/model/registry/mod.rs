//! What registries hold: images, charts, files of Python projects, packages of npm, crates, pages.

mod asked;
mod chart_facts;
mod crate_release;
mod image_facts;
mod image_name;
mod index_file;
mod npm_facts;
mod page_facts;

pub use asked::Asked;
pub use chart_facts::{ChartFacts, chart_tag};
pub use crate_release::CrateRelease;
pub use image_facts::ImageFacts;
pub use image_name::{ImageName, ImageNameError};
pub use index_file::{IndexFile, IndexFileKind};
pub use npm_facts::NpmFacts;
pub use page_facts::PageFacts;
