//! [`YamlReader`]: what the YAML formats share: parsing, and faults with what to do about a version.

use crate::data::yaml::{self, Kind, Node, SECOND_DOCUMENT};
use crate::data::{Fault, Scalar};

/// What to do about a file that becomes YAML only when Helm has filled it in.
const TEMPLATE: &str = "this looks like a template; name its version with `search`, or leave the file out";

/// Parses a YAML text.
///
/// # Errors
/// If it is not one valid document.
pub(super) fn parse(text: &str) -> Result<Node<'_>, Fault> {
    yaml::parse(text).map_err(|fault| match &fault.help {
        None if fault.message == SECOND_DOCUMENT => fault.help("name the version with `search`, which does not mind"),
        None if text.contains("{{") => fault.help(TEMPLATE),
        _ => fault,
    })
}

/// Returns a value that can be edited. `name` is what messages call it.
///
/// # Errors
/// If its bytes in `text` are not its value.
pub(super) fn scalar(node: &Node<'_>, text: &str, name: &str) -> Result<Scalar, Fault> {
    node.scalar(text, name).map_err(|fault| {
        let token = fault.span.of(text).unwrap_or("");
        let help = match token {
            _ if token.starts_with("{{") => TEMPLATE,
            _ if token.starts_with('*') => "write the value itself here",
            _ => "write it plainly on one line, as in \"1.2.3\"",
        };
        fault.help(help)
    })
}

/// A YAML manifest that is being read, and what was found wrong in it so far.
pub(super) struct YamlReader<'t> {
    text: &'t str,
    faults: Vec<Fault>,
}

impl<'t> YamlReader<'t> {
    /// Returns a reader of this text.
    pub(super) fn new(text: &'t str) -> Self {
        Self { text, faults: Vec::new() }
    }

    /// Returns the mapping that the text is; `what` is what messages call it.
    ///
    /// # Errors
    /// If it is not valid, or something else.
    pub(super) fn root(&self, what: &str) -> Result<Node<'t>, Vec<Fault>> {
        let root = parse(self.text).map_err(|fault| vec![fault])?;
        if !matches!(root.kind, Kind::Map(_)) {
            let fault = Fault::new(root.span, format!("{what} is {}, expected a mapping", root.what()));
            return Err(vec![fault]);
        }
        Ok(root)
    }

    /// Returns what was found, or all faults.
    pub(super) fn finish<T>(self, found: T) -> Result<T, Vec<Fault>> {
        if self.faults.is_empty() { Ok(found) } else { Err(self.faults) }
    }

    /// Notes that something is wrong.
    pub(super) fn fault(&mut self, fault: Fault) {
        self.faults.push(fault);
    }

    /// Returns a value that can be edited; anything else is a fault that calls it `name`.
    pub(super) fn scalar(&mut self, node: &Node<'_>, name: &str) -> Option<Scalar> {
        scalar(node, self.text, name).map_err(|fault| self.fault(fault)).ok()
    }

    /// Returns the keys and values of a mapping; what is written as nothing has none. Anything else is a fault that calls it `name`.
    pub(super) fn pairs<'n, 'a>(&mut self, node: &'n Node<'a>, name: &str) -> Vec<(&'n str, &'n Node<'a>)> {
        match &node.kind {
            Kind::Map(pairs) => pairs.iter().filter_map(|(key, value)| Some((key.text()?, value))).collect(),
            _ if node.is_null() => Vec::new(),
            _ => {
                self.fault(Fault::new(node.span, format!("`{name}` is {}, expected a mapping", node.what())));
                Vec::new()
            }
        }
    }

    /// Returns a text for reading only; anything else is a fault that calls it `name`.
    pub(super) fn text<'n>(&mut self, node: &'n Node<'_>, name: &str) -> Option<&'n str> {
        let text = node.text().filter(|_| !node.is_null()).map(str::trim);
        if text.is_none() {
            self.fault(Fault::new(node.span, format!("`{name}` is {}, expected a text", node.what())));
        }
        text
    }
}
