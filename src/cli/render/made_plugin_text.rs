//! What `relman plugin new` made, and what to do next.

use crate::cli::output::{GOOD, LABEL};
use crate::cli::words::Text;
use crate::process::{MadePlugin, PluginWish};

/// Returns the files, the lines for relman.toml, and the next commands.
pub(in crate::cli) fn made_plugin_text(wish: &PluginWish, made: &MadePlugin) -> Text {
    let MadePlugin { folder, files, relman_toml } = made;
    let name = &wish.name;
    let heading = format!("a plugin in {} for the role {}", wish.language.name(), wish.role);
    let text = Text::default().styled(LABEL, folder).plain(format_args!(": {heading}\n"));
    let text = files.iter().fold(text, |text, file| text.plain(format_args!("  {file}\n")));
    let text = text.plain("\n").styled(LABEL, "For relman.toml:").plain("\n");
    let indented = |line: &str| if line.is_empty() { "\n".to_owned() } else { format!("  {line}\n") };
    let text = relman_toml.lines().fold(text, |text, line| text.plain(indented(line)));
    let text = text.plain("\n").styled(LABEL, "Next:").plain("\n");
    let text = text.plain("  ").styled(GOOD, format_args!("relman plugin test {folder}")).plain("\n");
    text.plain("  ").styled(GOOD, format_args!("relman plugin trust {name}")).plain("   once relman.toml names it\n")
}
