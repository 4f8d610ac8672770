//! [`cases!`]: a test for each case of a folder of cases.

/// Makes one test for each case, which calls `hold` with its name, and `CASES`, the list of them. The name is that of the case's file or
/// folder, with `_` for `-`.
macro_rules! cases {
    ($($name:ident,)*) => {
        const CASES: &[&str] = &[$(stringify!($name)),*];
        $(
            #[test]
            fn $name() {
                hold(stringify!($name));
            }
        )*
    };
}

pub(crate) use cases;
