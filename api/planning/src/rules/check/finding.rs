use concilia_kernel::problem::Text;
use concilia_kernel::text_enum;

text_enum! {
    /// A rule that a project must respect before it is submitted.
    pub enum ProjectRule {
        /// A + B + C + D + E is above zero.
        BudgetNotEmpty = "budget_not_empty",
        /// A + B + C + D + E is the requested grant plus the co-financing.
        BudgetAddsUp = "budget_adds_up",
        /// Coordination is part of A, so it is not above A.
        CoordinationWithinStaff = "coordination_within_staff",
        /// Coordination is not above the call's share of the total, truncated to the cent.
        CoordinationLimit = "coordination_limit",
        /// Co-financing reaches the call's share of the total, truncated to the cent.
        CofinancingMinimum = "cofinancing_minimum",
        /// The requested grant is not above the call's maximum.
        MaximumGrant = "maximum_grant",
        /// Each partner has signed off what it puts in.
        CofinancingSignedOff = "cofinancing_signed_off",
        /// The lead is of a kind that may lead an alliance in this call.
        LeadKind = "lead_kind",
        /// A private lead has a local public body or a territorial area among its partners.
        PrivateLeadHasPublicPartner = "private_lead_has_public_partner",
        /// The lead and each partner are members of the network.
        PartnersAreMembers = "partners_are_members",
        /// Each partner has signed its mandate to the lead.
        MandatesSigned = "mandates_signed",
        /// There is at least one intervention type, and each is of the call.
        InterventionTypes = "intervention_types",
        /// The last day is not before the first.
        DatesInOrder = "dates_in_order",
        /// The first and the last day are within the years of the plan that the call carries out.
        WithinPlanYears = "within_plan_years",
        /// There is at least one activity.
        HasActivities = "has_activities",
        /// Each activity has months, and all within the project.
        MonthsWithinProject = "months_within_project",
        /// The targets are for years of the project.
        TargetsWithinProject = "targets_within_project",
    }
}

text_enum! {
    /// How what is found must compare with what is expected.
    pub enum Relation {
        Equal = "equal",
        AtLeast = "at_least",
        AtMost = "at_most",
        /// One of those expected.
        Among = "among",
    }
}

/// A rule as it stands in one place of a project.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    pub rule: ProjectRule,
    pub ok: bool,
    pub relation: Relation,
    pub expected: String,
    pub found: String,
    /// JSON Pointer into the project as it is read.
    pub pointer: String,
}

impl ProjectRule {
    /// The rule in words.
    pub fn text(self) -> Text {
        let (it, en) = match self {
            Self::BudgetNotEmpty => {
                ("il totale dei costi A-E è maggiore di zero", "the total of costs A to E is above zero")
            }
            Self::BudgetAddsUp => (
                "il totale dei costi A-E è la somma di contributo richiesto e cofinanziamento",
                "the total of costs A to E is the requested grant plus the co-financing",
            ),
            Self::CoordinationWithinStaff => (
                "coordinamento, monitoraggio e rendicontazione sono parte della voce A",
                "coordination, monitoring and reporting are part of item A",
            ),
            Self::CoordinationLimit => (
                "coordinamento, monitoraggio e rendicontazione non superano la quota del totale stabilita \
                 dall'avviso, troncata al centesimo",
                "coordination, monitoring and reporting do not exceed the share of the total set by the call, \
                 truncated to the cent",
            ),
            Self::CofinancingMinimum => (
                "il cofinanziamento raggiunge la quota del totale stabilita dall'avviso, troncata al centesimo",
                "the co-financing reaches the share of the total set by the call, truncated to the cent",
            ),
            Self::MaximumGrant => (
                "il contributo richiesto non supera il massimo stabilito dall'avviso",
                "the requested grant does not exceed the maximum set by the call",
            ),
            Self::CofinancingSignedOff => (
                "ogni partner ha confermato il proprio cofinanziamento",
                "each partner has signed off its co-financing",
            ),
            Self::LeadKind => (
                "il capofila è di un tipo ammesso dall'avviso a guidare un'alleanza",
                "the lead is of a kind that the call admits as an alliance's lead",
            ),
            Self::PrivateLeadHasPublicPartner => (
                "un capofila privato ha tra i partner almeno un ente pubblico locale o un ambito territoriale",
                "a private lead has at least one local public body or territorial area among its partners",
            ),
            Self::PartnersAreMembers => (
                "il capofila e ogni partner aderiscono alla rete territoriale",
                "the lead and each partner are members of the territorial network",
            ),
            Self::MandatesSigned => (
                "ogni partner ha firmato il mandato al capofila",
                "each partner has signed its mandate to the lead",
            ),
            Self::InterventionTypes => (
                "il progetto indica almeno un tipo di intervento, tra quelli dell'avviso",
                "the project names at least one intervention type, among the call's",
            ),
            Self::DatesInOrder => {
                ("la fine del progetto non precede l'inizio", "the project's end does not precede its start")
            }
            Self::WithinPlanYears => (
                "il progetto si svolge negli anni del piano di cui l'avviso fa parte",
                "the project lies within the years of the plan that its call carries out",
            ),
            Self::HasActivities => ("il progetto ha almeno un'attività", "the project has at least one activity"),
            Self::MonthsWithinProject => (
                "ogni attività ha almeno un mese, e tutti entro la durata del progetto",
                "each activity has at least one month, and all of them within the project",
            ),
            Self::TargetsWithinProject => (
                "i risultati attesi riguardano anni compresi nella durata del progetto",
                "the targets are for years within the project",
            ),
        };
        Text::new(it, en)
    }
}

impl Finding {
    /// The rule with what it wanted here, for a refusal.
    pub fn explanation(&self) -> Text {
        let Text { it, en } = self.rule.text();
        let (relation_it, relation_en) = match self.relation {
            Relation::Equal => ("atteso", "expected"),
            Relation::AtLeast => ("atteso almeno", "expected at least"),
            Relation::AtMost => ("atteso al massimo", "expected at most"),
            Relation::Among => ("atteso uno di", "expected one of"),
        };
        let expected = &self.expected;
        Text::new(format!("{it}: {relation_it} {expected}"), format!("{en}: {relation_en} {expected}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_has_words_that_fit_a_refusal() {
        for rule in ProjectRule::ALL {
            let finding = Finding {
                rule: *rule,
                ok: false,
                relation: Relation::Among,
                expected: "x".repeat(255),
                found: String::new(),
                pointer: String::new(),
            };
            let Text { it, en } = finding.explanation();
            assert!(it.chars().count() <= 500 && en.chars().count() <= 500, "{rule}");
        }
    }
}
