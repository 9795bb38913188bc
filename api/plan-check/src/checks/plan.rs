//! The plan's own figures: years, dates of its acts, resources.

use super::{known, same_cent, to_cents};
use crate::document::{Day, Document, Plan, Resources};
use crate::finding::Findings;
use crate::rule::Rule;
use rust_decimal::Decimal;

pub(super) fn check(document: &Document, findings: &mut Findings) {
    years(&document.plan, findings);
    dates(&document.plan, findings);
    let budget = document.allocation.as_ref().and_then(|allocation| allocation.budget.as_ref());
    resources(&document.plan.resources, budget.map(|budget| budget.value), findings);
}

fn years(plan: &Plan, findings: &mut Findings) {
    let (Some(from), Some(to)) = (&plan.from, &plan.to) else { return };
    findings.check(Rule::PlanYearsOrder, &from.at, from.value <= to.value, |f| {
        f.expected(format!("<= {to}")).found(from).related([&to.at])
    });
    let Some(title) = &plan.title else { return };
    let Some((first, last)) = years_of(&title.text) else { return };
    let same = Decimal::from(first) == from.value && Decimal::from(last) == to.value;
    findings.check(Rule::PlanTitleYears, &title.at, same, |f| {
        f.expected(format!("{from}-{to}")).found(format!("{first}-{last}")).related([&from.at, &to.at])
    });
}

/// The years of a title such as `Piano 2017-18` or `Piano 2020-2023`.
pub(super) fn years_of(title: &str) -> Option<(u32, u32)> {
    let words = title.split(|c: char| !(c.is_ascii_digit() || matches!(c, '-' | '/' | '–')));
    let mut found = words.filter_map(|word| {
        let (first, last) = word.split_once(['-', '/', '–'])?;
        let plausible = first.len() == 4 && (last.len() == 4 || last.len() == 2);
        let (first, last): (u32, u32) = plausible.then(|| Some((first.parse().ok()?, last.parse().ok()?)))??;
        Some((first, if last < 100 { first / 100 * 100 + last } else { last }))
    });
    let years = found.next()?;
    found.next().is_none().then_some(years)
}

fn dates(plan: &Plan, findings: &mut Findings) {
    let (address, extension, deadline) = (&plan.address_document, &plan.extension_act, &plan.region_deadline);
    let after = |one: &Option<Day>, other: &Option<Day>| {
        one.as_ref().zip(other.as_ref()).is_some_and(|(one, other)| one.date > other.date)
    };
    // The extension act comes between the other two. Where its date is in order with one of them, the other one is the
    // date at fault, and the relation that it breaks with the extension says the more.
    let address_is_wrong = after(address, deadline) && after(address, extension) && !after(extension, deadline);
    let deadline_is_wrong = after(address, deadline) && after(extension, deadline) && !after(address, extension);
    for (rule, first, last) in [
        (Rule::AddressDocumentBeforeDeadline, address, deadline),
        (Rule::ExtensionAfterAddressDocument, address, extension),
        (Rule::ExtensionBeforeDeadline, extension, deadline),
    ] {
        let (Some(first), Some(last)) = (first, last) else { continue };
        let explained = rule == Rule::AddressDocumentBeforeDeadline && (address_is_wrong || deadline_is_wrong);
        let (limit, wrong, other) = if address_is_wrong { ("<=", first, last) } else { (">=", last, first) };
        findings.check(rule, &wrong.at, first.date <= last.date || explained, |f| {
            f.expected(format!("{limit} {}", other.date)).found(wrong.date).related([&other.at])
        });
    }
}

fn resources(resources: &Resources, allocated: Option<Decimal>, findings: &mut Findings) {
    let total = known(resources.total.as_ref());
    let local = known(resources.local_alliances.as_ref());
    let system = known(resources.system_actions.as_ref());
    let share = known(resources.system_actions_share.as_ref());
    let parts = local.zip(system).map(|((local, _), (system, _))| local + system);
    let sum_holds = total.zip(parts).is_none_or(|((total, _), parts)| total == parts);
    let owed = total.zip(share).map(|((total, _), (share, _))| total * share);
    let share_holds = system.zip(owed).is_none_or(|((system, _), owed)| same_cent(system, owed));
    // Both relations broken by one figure: by the total, or by the system actions.
    let both = !sum_holds && !share_holds;
    let system_is_wrong = both
        && total
            .zip(local)
            .zip(owed)
            .is_some_and(|(((total, _), (local, _)), owed)| same_cent(local, total - owed));
    let total_is_wrong = both
        && !system_is_wrong
        && parts
            .zip(share)
            .zip(system)
            .is_some_and(|((parts, (share, _)), (system, _))| same_cent(system, parts * share));

    if let (Some((total, total_at)), Some((local, local_at)), Some((system, system_at)), Some(parts)) =
        (total, local, system, parts)
    {
        // The budget that was allocated sides with one of the two; without it, the share does.
        let local_is_wrong = !sum_holds
            && match allocated {
                Some(allocated) if allocated == local => false,
                Some(allocated) if allocated == total - system => true,
                _ => share.is_some() && share_holds,
            };
        findings.check(
            Rule::ResourcesTotal,
            if local_is_wrong { local_at } else { total_at },
            sum_holds || system_is_wrong,
            |f| {
                if local_is_wrong {
                    f.expected(to_cents(total - system)).found(local).related([total_at, system_at])
                } else {
                    f.expected(to_cents(parts)).found(total).related([local_at, system_at])
                }
            },
        );
    }
    if let (Some((total, total_at)), Some((system, system_at)), Some((share, share_at)), Some(owed)) =
        (total, system, share, owed)
    {
        // Where the amounts agree among themselves, the share is at fault.
        let of_total = (parts == Some(total)).then(|| system.checked_div(total)).flatten();
        findings.check(
            Rule::SystemActionsShare,
            if of_total.is_some() { share_at } else { system_at },
            share_holds || total_is_wrong,
            |f| match of_total {
                Some(of_total) => {
                    f.expected(of_total.round_dp(12).normalize()).found(share).related([total_at, system_at])
                }
                None => f.expected(to_cents(owed)).found(system).related([total_at, share_at]),
            },
        );
    }
    if let (Some((share, at)), true) = (share, share_holds) {
        let fifth = Decimal::new(20, 2);
        findings.check(Rule::SystemActionsFifth, at, share == fifth, |f| f.expected(fifth).found(share));
    }
}

#[cfg(test)]
mod tests {
    use super::years_of;

    #[test]
    fn years_are_found_in_titles() {
        assert_eq!(years_of("Piano Territoriale di Conciliazione 2020-2023"), Some((2020, 2023)));
        assert_eq!(years_of("Piano 2017/18 dell'ATS"), Some((2017, 2018)));
        assert_eq!(years_of("Piano 2020-2023, delibera 12-345"), Some((2020, 2023)));
        assert_eq!(years_of("Piano 2020-2023 che segue il 2017-2018"), None);
        assert_eq!(years_of("Piano 2020"), None);
    }
}
