//! relman.
fn main() {}
