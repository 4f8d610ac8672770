//! [`parse_duration`]: spans of time such as `30m` and `1h30m`.

use std::time::Duration;

use super::Spanned;
use super::reader::TableReader;

/// The units, the longest first, with their seconds.
const UNITS: [(char, u64); 4] = [('d', 86_400), ('h', 3_600), ('m', 60), ('s', 1)];

/// The longest span. What is added to a time stays in the range of clocks.
const LONGEST: Duration = Duration::from_secs(30 * 86_400);

/// Why a text is not a valid span of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DurationError {
    /// It has another form.
    #[error("a duration consists of numbers with the units d, h, m or s, the longest unit first")]
    Form,
    /// It is longer than 30 days.
    #[error("a duration has at most 30 days")]
    TooLong,
}

/// Reads a span of time: `0s`, `30m`, `1h30m`.
///
/// # Errors
/// Returns an error if a number has no unit, the units are not in descending order, or it is longer than 30 days.
pub fn parse_duration(text: &str) -> Result<Duration, DurationError> {
    let mut seconds = 0_u64;
    let mut rest = text;
    let mut units = UNITS.as_slice();
    loop {
        let end = rest.find(|c: char| !c.is_ascii_digit()).ok_or(DurationError::Form)?;
        let (number, behind) = rest.split_at(end);
        let unit = behind.chars().next().and_then(|unit| units.iter().position(|(known, _)| *known == unit));
        let at = unit.filter(|_| !number.is_empty()).ok_or(DurationError::Form)?;
        let (_, length) = units.get(at).ok_or(DurationError::Form)?;
        let part = number.parse::<u64>().ok().and_then(|number| number.checked_mul(*length));
        seconds = part.and_then(|part| seconds.checked_add(part)).ok_or(DurationError::TooLong)?;
        (rest, units) = (behind.get(1..).unwrap_or(""), units.get(at + 1..).unwrap_or(&[]));
        if rest.is_empty() {
            let duration = Duration::from_secs(seconds);
            return if duration > LONGEST { Err(DurationError::TooLong) } else { Ok(duration) };
        }
    }
}

/// Reads a key whose value is a span of time.
pub(super) fn read_duration(reader: &mut TableReader<'_>, key: &'static str) -> Option<Spanned<Duration>> {
    let text = reader.string(key)?;
    let duration = parse_duration(&text.value);
    duration
        .map_err(|error| {
            let message = format!("`{}` is not a valid duration: {error}", text.value);
            reader.problems().add(text.span, message, format!("write it as in {key} = \"30m\" or \"1h30m\""));
        })
        .map(|duration| text.with(duration))
        .ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations() {
        let cases = [
            ("0s", Ok(0)),
            ("30m", Ok(1_800)),
            ("1h30m", Ok(5_400)),
            ("90m", Ok(5_400)),
            ("1d2h3m4s", Ok(93_784)),
            ("", Err(DurationError::Form)),
            ("30", Err(DurationError::Form)),
            ("m", Err(DurationError::Form)),
            ("30m1h", Err(DurationError::Form)),
            ("1m1m", Err(DurationError::Form)),
            ("-1m", Err(DurationError::Form)),
            ("1.5h", Err(DurationError::Form)),
            ("1 h", Err(DurationError::Form)),
            ("1é", Err(DurationError::Form)),
            ("31d", Err(DurationError::TooLong)),
            ("99999999999999999999s", Err(DurationError::TooLong)),
        ];
        for (text, expected) in cases {
            assert_eq!(parse_duration(text).map(|found| found.as_secs()), expected, "{text}");
        }
    }
}
