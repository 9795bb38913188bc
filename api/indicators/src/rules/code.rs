use concilia_kernel::problem::Text;
use concilia_kernel::text_enum;
use rust_decimal::Decimal;

text_enum! {
    /// An indicator of a plan or of a project.
    pub enum IndicatorCode {
        /// Members of the network, in all and by kind.
        NetworkMembers = "network_members",
        /// Projects concluded, of all that were funded.
        ProjectsConcluded = "projects_concluded",
        /// People reached by the system actions, of those expected.
        SystemPeople = "system_people",
        /// People reached by the whole plan, of those expected.
        PlanPeople = "plan_people",
        /// Companies reached by the system actions, of those expected.
        SystemCompanies = "system_companies",
        /// Companies reached by the whole plan, of those expected.
        PlanCompanies = "plan_companies",
        /// Money paid for system actions, of that planned.
        SystemPaid = "system_paid",
        /// Co-financing of the system actions, of the money planned for them.
        SystemCofinancing = "system_cofinancing",
        /// Monetary part of the co-financing of the system actions.
        SystemMonetaryCofinancing = "system_monetary_cofinancing",
        /// Working groups started.
        WorkingGroups = "working_groups",
        /// Meetings that working groups held.
        WorkingGroupMeetings = "working_group_meetings",
        /// Positive ratings in questionnaires, of all ratings.
        Satisfaction = "satisfaction",
        /// Partners of a project, in all and by kind.
        ProjectPartners = "project_partners",
        /// People reached by an activity, of those expected.
        ActivityPeople = "activity_people",
        /// Companies reached by an activity, of those expected.
        ActivityCompanies = "activity_companies",
        /// Money paid to a project, of its assigned grant.
        ProjectPaid = "project_paid",
        /// Co-financing of a project, against its assigned grant.
        ProjectCofinancing = "project_cofinancing",
        /// Private part of a project's co-financing.
        ProjectPrivateCofinancing = "project_private_cofinancing",
        /// Monetary part of a project's co-financing.
        ProjectMonetaryCofinancing = "project_monetary_cofinancing",
    }
}

text_enum! {
    /// What an indicator is of.
    pub enum Level {
        /// The whole plan.
        Plan = "plan",
        /// One project.
        Project = "project",
    }
}

text_enum! {
    /// What an indicator counts.
    pub enum IndicatorUnit {
        /// Whole things: members, people, meetings.
        Count = "count",
        /// EUR with two decimals.
        Money = "money",
    }
}

/// What an indicator is, in words.
#[derive(Debug, Clone)]
pub struct Definition {
    pub level: Level,
    pub unit: IndicatorUnit,
    pub title: Text,
    pub numerator: Text,
    /// `None` for what is only counted.
    pub denominator: Option<Text>,
    /// The share to reach, where the plan states one.
    pub target: Option<Decimal>,
}

impl IndicatorCode {
    #[allow(clippy::too_many_lines, reason = "one table of definitions")]
    pub fn definition(self) -> Definition {
        use IndicatorUnit::{Count, Money};
        use Level::{Plan, Project};
        let of = |level, unit, it: [&str; 3], en: [&str; 3]| Definition {
            level,
            unit,
            title: Text::new(it[0], en[0]),
            numerator: Text::new(it[1], en[1]),
            denominator: (!it[2].is_empty()).then(|| Text::new(it[2], en[2])),
            target: None,
        };
        match self {
            Self::NetworkMembers => of(
                Plan,
                Count,
                ["Enti aderenti alla rete", "enti aderenti", "enti aderenti in totale"],
                ["Members of the network", "members", "members in all"],
            ),
            Self::ProjectsConcluded => of(
                Plan,
                Count,
                ["Progetti conclusi", "progetti conclusi", "progetti finanziati"],
                ["Projects concluded", "projects concluded", "projects funded"],
            ),
            Self::SystemPeople => of(
                Plan,
                Count,
                ["Persone raggiunte dalle azioni di sistema", "persone raggiunte", "persone attese"],
                ["People reached by system actions", "people reached", "people expected"],
            ),
            Self::PlanPeople => of(
                Plan,
                Count,
                ["Persone raggiunte dal piano", "persone raggiunte", "persone attese"],
                ["People reached by the plan", "people reached", "people expected"],
            ),
            Self::SystemCompanies => of(
                Plan,
                Count,
                ["Imprese raggiunte dalle azioni di sistema", "imprese raggiunte", "imprese attese"],
                ["Companies reached by system actions", "companies reached", "companies expected"],
            ),
            Self::PlanCompanies => of(
                Plan,
                Count,
                ["Imprese raggiunte dal piano", "imprese raggiunte", "imprese attese"],
                ["Companies reached by the plan", "companies reached", "companies expected"],
            ),
            Self::SystemPaid => of(
                Plan,
                Money,
                ["Risorse liquidate per le azioni di sistema", "liquidato", "programmato"],
                ["Money paid for system actions", "paid", "planned"],
            ),
            Self::SystemCofinancing => of(
                Plan,
                Money,
                ["Cofinanziamento delle azioni di sistema", "cofinanziamento", "programmato"],
                ["Co-financing of system actions", "co-financing", "planned"],
            ),
            Self::SystemMonetaryCofinancing => of(
                Plan,
                Money,
                [
                    "Cofinanziamento monetario delle azioni di sistema",
                    "cofinanziamento monetario",
                    "cofinanziamento",
                ],
                ["Monetary co-financing of system actions", "monetary co-financing", "co-financing"],
            ),
            Self::WorkingGroups => of(
                Plan,
                Count,
                ["Gruppi di lavoro avviati", "gruppi avviati", ""],
                ["Working groups started", "groups started", ""],
            ),
            Self::WorkingGroupMeetings => of(
                Plan,
                Count,
                ["Incontri dei gruppi di lavoro", "incontri tenuti", ""],
                ["Meetings of working groups", "meetings held", ""],
            ),
            Self::Satisfaction => Definition {
                target: Some(Decimal::new(70, 2)),
                ..of(
                    Plan,
                    Count,
                    ["Gradimento nei questionari", "giudizi positivi", "giudizi espressi"],
                    ["Satisfaction in questionnaires", "positive ratings", "ratings given"],
                )
            },
            Self::ProjectPartners => of(
                Project,
                Count,
                ["Partner del progetto", "partner", "partner in totale"],
                ["Partners of the project", "partners", "partners in all"],
            ),
            Self::ActivityPeople => of(
                Project,
                Count,
                ["Persone raggiunte dall'attività", "persone raggiunte", "persone attese"],
                ["People reached by the activity", "people reached", "people expected"],
            ),
            Self::ActivityCompanies => of(
                Project,
                Count,
                ["Imprese raggiunte dall'attività", "imprese raggiunte", "imprese attese"],
                ["Companies reached by the activity", "companies reached", "companies expected"],
            ),
            Self::ProjectPaid => of(
                Project,
                Money,
                ["Contributo liquidato", "liquidato", "contributo assegnato"],
                ["Grant paid", "paid", "grant assigned"],
            ),
            Self::ProjectCofinancing => of(
                Project,
                Money,
                ["Cofinanziamento del progetto", "cofinanziamento", "contributo assegnato"],
                ["Co-financing of the project", "co-financing", "grant assigned"],
            ),
            Self::ProjectPrivateCofinancing => of(
                Project,
                Money,
                ["Cofinanziamento privato", "cofinanziamento privato", "cofinanziamento"],
                ["Private co-financing", "private co-financing", "co-financing"],
            ),
            Self::ProjectMonetaryCofinancing => of(
                Project,
                Money,
                ["Cofinanziamento monetario", "cofinanziamento monetario", "cofinanziamento"],
                ["Monetary co-financing", "monetary co-financing", "co-financing"],
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_indicator_says_what_it_is_in_both_languages() {
        for code in IndicatorCode::ALL {
            let definition = code.definition();
            let texts = [Some(definition.title), Some(definition.numerator), definition.denominator];
            assert!(texts.into_iter().flatten().all(|t| !t.it.is_empty() && !t.en.is_empty()), "{code}");
        }
    }
}
