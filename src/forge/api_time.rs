//! [`api_time`].

use jiff::Timestamp;

/// Writes a moment, in seconds since 1970, as forges read it in a query (RFC 3339, in UTC); `None` if no calendar has it.
pub(super) fn api_time(seconds: i64) -> Option<String> {
    Timestamp::from_second(seconds).ok().map(|moment| moment.to_string())
}

#[cfg(test)]
mod tests {
    use super::api_time;

    #[test]
    fn moments_of_a_query() {
        assert_eq!(api_time(1_767_312_000).as_deref(), Some("2026-01-02T00:00:00Z"));
        assert_eq!(api_time(i64::MAX), None);
    }
}
