//! When minutes are good.

use chrono::{DateTime, Utc};

/// Where the answers to a version of minutes stand.
#[derive(Debug, Clone, Copy)]
pub struct Answers {
    /// Somebody who was there objects.
    pub objections: usize,
    /// All who were there have answered.
    pub complete: bool,
    /// Until when answers are awaited.
    pub due: DateTime<Utc>,
}

/// Why minutes cannot be closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotYet {
    /// An objection asks for another version.
    Objections,
    /// Answers may still come: silence agrees only once the days have passed.
    Waiting,
}

/// Whether the chair may close them at `now`.
pub fn may_close(answers: Answers, now: DateTime<Utc>) -> Result<(), NotYet> {
    match answers {
        Answers { objections: 1.., .. } => Err(NotYet::Objections),
        Answers { complete, due, .. } if complete || now >= due => Ok(()),
        _ => Err(NotYet::Waiting),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::Duration;

    #[test]
    fn silence_agrees_once_the_days_have_passed_and_an_objection_never_does() {
        let due = DateTime::UNIX_EPOCH;
        let (before, after) = (due - Duration::seconds(1), due);
        let answers = |objections, complete| Answers { objections, complete, due };
        assert_eq!(may_close(answers(0, false), before), Err(NotYet::Waiting));
        assert_eq!(may_close(answers(0, false), after), Ok(()));
        assert_eq!(may_close(answers(0, true), before), Ok(()));
        assert_eq!(may_close(answers(1, true), after), Err(NotYet::Objections));
    }
}
