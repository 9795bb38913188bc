//! What the agency writes of a training event.

use crate::rules::kinds::{EventKind, EventPlace};
use chrono::{DateTime, SubsecRound, Utc};
use concilia_kernel::problem::Text;
use concilia_kernel::{Code, FieldError, Problem, Ratio, checks};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use validator::{Validate, ValidationError};

/// A training event as the agency writes it: the whole of it, at creation and at each change.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "action_id": null, "kind": "course",
    "title": "Smart working: dalla norma alla pratica", "description": "Quattro incontri per le imprese.",
    "place": "address", "municipality": "Mantova", "address": "Via dei Toscani 1", "online_url": null,
    "capacity": 30, "sign_up_opens_at": "2027-02-01T08:00:00Z", "sign_up_closes_at": "2027-03-01T22:59:00Z",
    "certificate_share": "0.75",
    "sessions": [{"id": null, "starts_at": "2027-03-03T13:00:00Z", "ends_at": "2027-03-03T15:00:00Z"}]
}))]
pub struct EventContent {
    /// The action that it is a part of; null for none.
    #[serde(default)]
    pub action_id: Option<Uuid>,
    pub kind: EventKind,
    /// What it is called.
    #[schema(min_length = 1, max_length = 200, pattern = r"^[^\x00-\x1f\x7f]*[^\x00-\x20\x7f][^\x00-\x1f\x7f]*$")]
    #[validate(length(min = 1, max = 200), custom(function = "checks::line"))]
    pub title: String,
    /// What it is about, for whom.
    #[schema(
        min_length = 1,
        max_length = 4000,
        pattern = r"^[^\x00-\x08\x0b-\x1f\x7f]*[^\x00-\x20\x7f][^\x00-\x08\x0b-\x1f\x7f]*$"
    )]
    #[validate(length(min = 1, max = 4000), custom(function = "checks::text"))]
    pub description: String,
    pub place: EventPlace,
    /// Municipality of the address; given where the place is `address`, and only there.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 100, pattern = r"^[^\x00-\x1f\x7f]*[^\x00-\x20\x7f][^\x00-\x1f\x7f]*$")]
    #[validate(length(min = 1, max = 100), custom(function = "checks::line"))]
    pub municipality: Option<String>,
    /// Street and number; given where the place is `address`, and only there.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 200, pattern = r"^[^\x00-\x1f\x7f]*[^\x00-\x20\x7f][^\x00-\x1f\x7f]*$")]
    #[validate(length(min = 1, max = 200), custom(function = "checks::line"))]
    pub address: Option<String>,
    /// Link to take part, only where the place is `online`; may be added later. Given to those who have a place.
    #[serde(default)]
    #[schema(
        min_length = 9,
        max_length = 500,
        pattern = "^https://[!-~]+$",
        example = "https://meet.example/abc"
    )]
    #[validate(length(min = 9, max = 500), custom(function = "https_link"))]
    pub online_url: Option<String>,
    /// Places in all; not below those taken.
    #[schema(format = Int32, minimum = 1, maximum = 5000)]
    #[validate(range(min = 1, max = 5000))]
    pub capacity: i32,
    /// From when people sign up.
    #[schema(pattern = r"^20\d{2}-")]
    #[validate(custom(function = "checks::instant_of_the_century"))]
    pub sign_up_opens_at: DateTime<Utc>,
    /// From when they no longer do; after it opens, not after the last session ends.
    #[schema(pattern = r"^20\d{2}-")]
    #[validate(custom(function = "checks::instant_of_the_century"))]
    pub sign_up_closes_at: DateTime<Utc>,
    /// Share of the hours to attend for a certificate, at least 0.01.
    #[schema(value_type = String, format = "decimal", min_length = 4, max_length = 6, example = "0.75",
             pattern = r"^(0\.(0[1-9]|[1-9]\d)\d{0,2}|1\.00)$")]
    #[validate(custom(function = "at_least_a_hundredth"))]
    pub certificate_share: Ratio,
    /// Its sessions, none during another.
    #[schema(min_items = 1, max_items = 100)]
    #[validate(length(min = 1, max = 100), nested)]
    pub sessions: Vec<EventSessionContent>,
}

/// A session of an event.
#[derive(Debug, Clone, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EventSessionContent {
    /// The session that this one changes; null for a new one.
    #[serde(default)]
    pub id: Option<Uuid>,
    /// When it starts.
    #[schema(pattern = r"^20\d{2}-")]
    #[validate(custom(function = "checks::instant_of_the_century"))]
    pub starts_at: DateTime<Utc>,
    /// When it ends: after it starts, at most a day later.
    #[schema(pattern = r"^20\d{2}-")]
    #[validate(custom(function = "checks::instant_of_the_century"))]
    pub ends_at: DateTime<Utc>,
}

fn https_link(link: &str) -> Result<(), ValidationError> {
    let rest = link.strip_prefix("https://").unwrap_or_default();
    let good = !rest.is_empty() && rest.bytes().all(|byte| byte.is_ascii_graphic());
    if good { Ok(()) } else { Err(ValidationError::new("pattern")) }
}

#[allow(clippy::trivially_copy_pass_by_ref)] // validator hands out references
fn at_least_a_hundredth(share: &Ratio) -> Result<(), ValidationError> {
    if Ratio::hundredths(1).is_some_and(|least| *share >= least) {
        Ok(())
    } else {
        Err(ValidationError::new("range"))
    }
}

impl EventContent {
    /// Instants as PostgreSQL keeps them, and sessions in their order.
    pub fn normalise(&mut self) {
        self.sign_up_opens_at = self.sign_up_opens_at.trunc_subsecs(6);
        self.sign_up_closes_at = self.sign_up_closes_at.trunc_subsecs(6);
        for session in &mut self.sessions {
            session.starts_at = session.starts_at.trunc_subsecs(6);
            session.ends_at = session.ends_at.trunc_subsecs(6);
        }
    }

    /// Start of the first session and end of the last.
    pub fn span(&self) -> (DateTime<Utc>, DateTime<Utc>) {
        let starts = self.sessions.iter().map(|session| session.starts_at).min();
        let ends = self.sessions.iter().map(|session| session.ends_at).max();
        (starts.unwrap_or_default(), ends.unwrap_or_default())
    }

    /// The rules that look at several fields together.
    pub fn check_together(&self) -> Result<(), Problem> {
        let mut errors = self.faults_of_place();
        errors.extend(self.faults_of_sessions());
        if self.sign_up_closes_at <= self.sign_up_opens_at {
            errors.push(FieldError::pointer("/sign_up_closes_at", "date_order"));
        } else if self.sign_up_closes_at > self.span().1 {
            errors.push(FieldError::pointer("/sign_up_closes_at", "date_order").explain(&Text::new(
                "le iscrizioni chiudono dopo la fine dell'ultimo incontro",
                "sign-up closes after the end of the last session",
            )));
        }
        if errors.is_empty() { Ok(()) } else { Err(Problem::new(Code::ValidationFailed).with_errors(errors)) }
    }

    fn faults_of_place(&self) -> Vec<FieldError> {
        let at_address = self.place == EventPlace::Address;
        let mut errors = vec![];
        for (pointer, is_given) in
            [("/address", self.address.is_some()), ("/municipality", self.municipality.is_some())]
        {
            if is_given != at_address {
                errors.push(FieldError::pointer(pointer, "address_place"));
            }
        }
        if at_address && self.online_url.is_some() {
            errors.push(FieldError::pointer("/online_url", "address_place"));
        }
        errors
    }

    fn faults_of_sessions(&self) -> Vec<FieldError> {
        let mut errors = vec![];
        for (at, session) in self.sessions.iter().enumerate() {
            let length = session.ends_at - session.starts_at;
            if length <= chrono::TimeDelta::zero() {
                errors.push(FieldError::pointer(format!("/sessions/{at}/ends_at"), "date_order"));
            } else if length < chrono::TimeDelta::minutes(1) || length > chrono::TimeDelta::days(1) {
                errors.push(FieldError::pointer(format!("/sessions/{at}/ends_at"), "range"));
            }
            let before = &self.sessions[..at];
            if before.iter().any(|other| other.starts_at < session.ends_at && session.starts_at < other.ends_at) {
                errors.push(FieldError::pointer(format!("/sessions/{at}/starts_at"), "overlap"));
            }
            if session.id.is_some() && before.iter().any(|other| other.id == session.id) {
                errors.push(FieldError::pointer(format!("/sessions/{at}/id"), "duplicate"));
            }
        }
        errors
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn accepted(change: impl FnOnce(&mut Value)) -> bool {
        let mut value = json!({
            "kind": "course", "title": "Corso", "description": "Testo.", "place": "address", "municipality": "Mantova",
            "address": "Via Roma 1", "capacity": 10, "sign_up_opens_at": "2027-01-01T00:00:00Z",
            "sign_up_closes_at": "2027-02-01T00:00:00Z", "certificate_share": "0.75",
            "sessions": [{"starts_at": "2027-02-10T10:00:00Z", "ends_at": "2027-02-10T12:00:00Z"},
                         {"starts_at": "2027-02-10T08:00:00Z", "ends_at": "2027-02-10T10:00:00Z"}],
        });
        change(&mut value);
        serde_json::from_value::<EventContent>(value)
            .is_ok_and(|content| content.validate().is_ok() && content.check_together().is_ok())
    }

    #[test]
    fn each_rule_of_the_content_is_held() {
        assert!(accepted(|_| ()));
        let session = |from: &str, to: &str| json!([{"starts_at": from, "ends_at": to}]);
        let broken: &[(&str, Value)] = &[
            ("title", json!("\u{7f}")),
            ("place", json!("online")),
            ("address", json!(null)),
            ("municipality", json!(null)),
            ("online_url", json!("https://meet.example/a")),
            ("capacity", json!(0)),
            ("capacity", json!(5001)),
            ("sign_up_closes_at", json!("2027-01-01T00:00:00Z")),
            ("sign_up_closes_at", json!("2027-02-10T12:00:01Z")),
            ("certificate_share", json!("0.00")),
            ("certificate_share", json!("1.01")),
            ("sessions", json!([])),
            ("sessions", session("2027-02-10T10:00:00Z", "2027-02-10T10:00:00Z")),
            ("sessions", session("2027-02-10T10:00:00Z", "2027-02-10T10:00:59Z")),
            ("sessions", session("2027-02-10T10:00:00Z", "2027-02-11T10:00:01Z")),
            (
                "sessions",
                json!([{"starts_at": "2027-02-10T10:00:00Z", "ends_at": "2027-02-10T12:00:00Z"},
                       {"starts_at": "2027-02-10T11:59:00Z", "ends_at": "2027-02-10T13:00:00Z"}]),
            ),
            (
                "sessions",
                json!([{"id": Uuid::nil(), "starts_at": "2027-02-10T10:00:00Z", "ends_at": "2027-02-10T12:00:00Z"},
                       {"id": Uuid::nil(), "starts_at": "2027-02-11T10:00:00Z", "ends_at": "2027-02-11T13:00:00Z"}]),
            ),
        ];
        for (field, value) in broken {
            assert!(!accepted(|event| event[*field] = value.clone()), "{field} = {value}");
        }
        let online = |url: Value| {
            accepted(|event| {
                event["place"] = json!("online");
                event["address"] = json!(null);
                event["municipality"] = json!(null);
                event["online_url"] = url;
            })
        };
        assert!(online(json!(null)) && online(json!("https://meet.example/a?b=c")));
        for link in ["http://meet.example", "https://", "https://a b", "javascript:alert(1)"] {
            assert!(!online(json!(link)), "{link}");
        }
    }
}
