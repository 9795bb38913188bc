//! What a service and its sessions may be and become.

use concilia_kernel::text_enum;
use concilia_kernel::transition::StateMachine;
pub use concilia_planning::InterventionType;
use diesel::deserialize::{self, FromSql, FromSqlRow};
use diesel::expression::AsExpression;
use diesel::pg::{Pg, PgValue};
use diesel::serialize::{self, Output, ToSql};
use diesel::sql_types::{Array, Nullable, Text};
use serde::{Deserialize, Serialize};

text_enum! {
    /// State of a service: only a published one is seen by the public and booked.
    pub enum ServiceState {
        Draft = "draft",
        Published = "published",
        Withdrawn = "withdrawn",
    }
}

text_enum! {
    /// State of a session: a cancelled one is over and holds no places.
    pub enum SessionState {
        Open = "open",
        Cancelled = "cancelled",
    }
}

text_enum! {
    /// Where a service takes place: at the provider's address, at the family's home, or online.
    pub enum Place {
        Address = "address",
        AtHome = "at_home",
        Online = "online",
    }
}

text_enum! {
    /// What the price is for.
    pub enum Unit {
        Hour = "hour",
        Day = "day",
        Week = "week",
        Module = "module",
        Session = "session",
    }
}

text_enum! {
    /// What makes a service fit for a child with a disability or a learning disorder.
    pub enum InclusionFeature {
        WheelchairAccess = "wheelchair_access",
        SpecialistEducators = "specialist_educators",
        LearningDisorders = "learning_disorders",
        AttentionDeficit = "attention_deficit",
        Autism = "autism",
        SignLanguage = "sign_language",
    }
}

/// What the history of a provider in stores is recorded under: it goes from accredited to revoked, and back.
pub const ACCREDITATION: &str = "accreditation";

pub const SERVICE_STATES: StateMachine<ServiceState> = StateMachine {
    aggregate: "service",
    moves: &[
        (ServiceState::Draft, ServiceState::Published),
        (ServiceState::Published, ServiceState::Withdrawn),
        (ServiceState::Withdrawn, ServiceState::Published),
    ],
};

pub const SESSION_STATES: StateMachine<SessionState> =
    StateMachine { aggregate: "service_session", moves: &[(SessionState::Open, SessionState::Cancelled)] };

/// A set of inclusion features, each at most once, in the order of the enum.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, AsExpression, FromSqlRow)]
#[serde(from = "Vec<InclusionFeature>")]
#[diesel(sql_type = Array<Nullable<Text>>)]
pub struct Inclusion(Vec<InclusionFeature>);

impl From<Vec<InclusionFeature>> for Inclusion {
    fn from(mut features: Vec<InclusionFeature>) -> Self {
        features.sort_unstable();
        features.dedup();
        Self(features)
    }
}

impl FromSql<Array<Nullable<Text>>, Pg> for Inclusion {
    fn from_sql(bytes: PgValue<'_>) -> deserialize::Result<Self> {
        let features: Vec<InclusionFeature> = FromSql::<Array<Text>, Pg>::from_sql(bytes)?;
        Ok(Self(features))
    }
}

impl ToSql<Array<Nullable<Text>>, Pg> for Inclusion {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
        ToSql::<Array<Text>, Pg>::to_sql(&self.0, &mut out.reborrow())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_withdrawn_service_may_come_back_but_a_draft_is_not_withdrawn() {
        use ServiceState::{Draft, Published, Withdrawn};
        assert!(SERVICE_STATES.check(Withdrawn, Published).is_ok());
        assert!(SERVICE_STATES.check(Draft, Withdrawn).is_err());
        assert!(SERVICE_STATES.check(Published, Published).is_err());
    }

    #[test]
    fn a_cancelled_session_stays_cancelled() {
        assert!(SESSION_STATES.check(SessionState::Cancelled, SessionState::Open).is_err());
    }

    #[test]
    fn features_are_a_set() {
        use InclusionFeature::{Autism, WheelchairAccess};
        assert_eq!(
            Inclusion::from(vec![Autism, WheelchairAccess, Autism]),
            Inclusion(vec![WheelchairAccess, Autism])
        );
    }
}
