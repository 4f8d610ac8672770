//! The clock, and the variable that replaces it.

use std::time::SystemTime;

/// A day of the calendar in UTC.
pub type Date = jiff::civil::Date;

/// Why the date could not be determined.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ClockError {
    /// SOURCE_DATE_EPOCH is set to something other than a number of seconds.
    #[error("SOURCE_DATE_EPOCH is `{0}`; it must be the number of seconds since 1970, such as 1767225600")]
    BadEpoch(String),
}

/// Returns the seconds since 1970 that SOURCE_DATE_EPOCH fixes, if it is set and not empty
/// (as <https://reproducible-builds.org/specs/source-date-epoch/> asks).
///
/// # Errors
/// Returns an error if it is set to something other than a number of seconds with a date.
pub fn source_date_epoch() -> Result<Option<i64>, ClockError> {
    super::variable("SOURCE_DATE_EPOCH").filter(|text| !text.is_empty()).map(|text| read_epoch(&text)).transpose()
}

fn read_epoch(text: &str) -> Result<i64, ClockError> {
    let bad = || ClockError::BadEpoch(text.to_owned());
    let seconds: i64 = text.trim().parse().map_err(|_| bad())?;
    if seconds < 0 || jiff::Timestamp::from_second(seconds).is_err() {
        return Err(bad());
    }
    Ok(seconds)
}

/// A stopwatch. For progress messages only, never for results.
#[derive(Clone, Copy, Debug)]
pub struct Stopwatch(std::time::Instant);

impl Stopwatch {
    /// Starts the stopwatch.
    #[must_use]
    pub fn start() -> Self {
        Self(std::time::Instant::now())
    }

    /// Returns the milliseconds since the start.
    #[must_use]
    pub fn milliseconds(self) -> u64 {
        u64::try_from(self.0.elapsed().as_millis()).unwrap_or(u64::MAX)
    }
}

/// Returns the day in UTC: that of SOURCE_DATE_EPOCH, else today.
///
/// # Errors
/// Returns an error if SOURCE_DATE_EPOCH is set to something other than a number of seconds.
pub fn today() -> Result<Date, ClockError> {
    let seconds = source_date_epoch()?.unwrap_or_else(now_seconds);
    let time = jiff::Timestamp::from_second(seconds).unwrap_or(jiff::Timestamp::UNIX_EPOCH);
    Ok(jiff::tz::Offset::UTC.to_datetime(time).date())
}

/// Returns the seconds since 1970 that the machine's clock shows, 0 if the clock is set earlier.
#[must_use]
pub fn now_seconds() -> i64 {
    let passed = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).map_or(0, |time| time.as_secs());
    i64::try_from(passed).unwrap_or(0)
}

/// Returns a number that differs from call to call and from machine to machine: to spread what would happen at the same moment, never
/// for results or secrets.
#[must_use]
pub fn chance() -> u64 {
    let passed = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    u64::from(passed.subsec_nanos()) ^ u64::from(std::process::id()).rotate_left(7)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_epoch_is_a_number_of_seconds() {
        assert_eq!(read_epoch("1767225600"), Ok(1_767_225_600));
        for bad in ["yesterday", "-1", "99999999999999999", "1.5"] {
            assert_eq!(read_epoch(bad), Err(ClockError::BadEpoch(bad.to_owned())), "{bad}");
        }
    }
}
