//! [`is_device_name`]: whether Windows opens a device instead of the file of that name.

/// Returns `true` if Windows takes a file name for a device, in every folder, in any case and whatever its ending is: `NUL`, `con.txt`,
/// `com1`, with blanks before the ending (Microsoft's "Naming Files, Paths, and Namespaces").
#[must_use]
pub fn is_device_name(name: &str) -> bool {
    let stem = name.split(['.', ':']).next().unwrap_or("").trim_end_matches(' ');
    let is_numbered = |kind: &str| {
        let number = stem.get(..3).filter(|head| head.eq_ignore_ascii_case(kind)).and(stem.get(3..));
        number.is_some_and(|number| {
            let mut digits = number.chars();
            matches!(digits.next(), Some('1'..='9' | '¹' | '²' | '³')) && digits.next().is_none()
        })
    };
    ["con", "prn", "aux", "nul", "conin$", "conout$"].iter().any(|device| stem.eq_ignore_ascii_case(device))
        || is_numbered("com")
        || is_numbered("lpt")
}

#[cfg(test)]
mod tests {
    use super::is_device_name;

    #[test]
    fn names_of_devices() {
        let devices = [
            "nul",
            "NUL",
            "Con",
            "aux.txt",
            "PRN.tar.gz",
            "com1",
            "COM9.md",
            "lpt¹",
            "nul .txt",
            "con:stream",
            "CONIN$",
        ];
        let files =
            ["", "null", "console", "auxiliary.rs", "com", "com0", "com10", "lpt", "a.nul", "+con", "coné", "é"];
        for name in devices {
            assert!(is_device_name(name), "{name:?}");
        }
        for name in files {
            assert!(!is_device_name(name), "{name:?}");
        }
    }
}
