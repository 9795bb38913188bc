//! What the plan expects, against what its projects aim at. An expectation that is missed is worth a note.

use crate::document::{Document, Figure, Target};
use crate::finding::Findings;
use crate::rule::Rule;
use rust_decimal::Decimal;

/// Targets that count people.
const PEOPLE: [&str; 6] = ["workers", "workers_reachable", "children", "citizens", "people", "families"];

pub(super) fn check(document: &Document, findings: &mut Findings) {
    let expected = &document.plan.expected;
    let Some(projects) = document.projects.as_ref().filter(|projects| !projects.is_empty()) else { return };
    if let Some(minimum) = &expected.direct_budget_min {
        let totals = projects
            .iter()
            .filter(|project| project.stands())
            .map(|project| Some(project.budget.as_ref()?.total.as_ref()?.value));
        let system = document.plan.resources.system_actions.as_ref().map(|system| system.value);
        if let (Some(sum), Some(system)) = (totals.sum::<Option<Decimal>>(), system) {
            reaches(Rule::ExpectedDirectBudget, minimum, sum + system, findings);
        }
    }
    if let (Some(companies), Some(sum)) = (&expected.companies, targets(document, &["companies"])) {
        reaches(Rule::ExpectedCompanies, companies, sum, findings);
    }
    if let (Some(citizens), Some(sum)) = (&expected.citizens, targets(document, &PEOPLE)) {
        reaches(Rule::ExpectedCitizens, citizens, sum, findings);
    }
}

fn reaches(rule: Rule, expected: &Figure, reached: Decimal, findings: &mut Findings) {
    findings.check(rule, &expected.at, reached >= expected.value, |f| {
        f.expected(format!(">= {expected}")).found(reached).related(["/projects"])
    });
}

/// The sum of the targets of those names, all years together; `None` where there is none.
fn targets(document: &Document, names: &[&str]) -> Option<Decimal> {
    let projects = document.projects.iter().flatten().filter(|project| project.stands());
    let activities = projects.flat_map(|project| project.activities.iter().flatten());
    let targets = activities.flat_map(|activity| &activity.targets);
    let mut sums =
        targets.filter(|(name, _)| names.contains(&name.text.as_str())).map(|(_, target)| match target {
            Target::Number(number) => number.value,
            Target::Years(years) => years.iter().map(|(_, number)| number.value).sum(),
            Target::Worth { count, .. } => count.as_ref().map_or(Decimal::ZERO, |count| count.value),
            Target::Words => Decimal::ZERO,
        });
    let first = sums.next()?;
    Some(first + sums.sum::<Decimal>())
}
