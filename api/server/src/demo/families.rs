//! Invented families, in the proportions published for the first real call: 9% of the children with a disability,
//! 5% with another fragility, 19% of the applicants in shifts. Families that can log in come from a file.

use super::data::{AppliesTo, Data, DataError, FamilyData, SexData, TerritoryData};
use super::dice::{Dice, spread};
use super::people::{Birth, Person, Registry, birth_date};
use chrono::NaiveDate;
use concilia_kernel::Money;

pub(super) struct Family {
    pub(super) worker: Person,
    /// Key of the employer.
    pub(super) employer: String,
    pub(super) email: String,
    /// Whether somebody may log in: the others have a locked password.
    pub(super) can_log_in: bool,
    pub(super) single_parent: bool,
    pub(super) both_parents_working: bool,
    pub(super) shift_work: bool,
    pub(super) no_relatives_nearby: bool,
    pub(super) woman_entrepreneur: bool,
    pub(super) isee: Option<Money>,
    pub(super) children: Vec<Child>,
    pub(super) applies_to: Option<AppliesTo>,
}

pub(super) struct Child {
    pub(super) person: Person,
    pub(super) disability: bool,
    pub(super) learning_disorder: bool,
    pub(super) other_fragility: bool,
}

/// Years in which the invented parents were born: all at least nineteen years older than their children.
const PARENTS: (i64, i64) = (1974, 1990);

/// All the families of a territory: first those that can log in.
pub(super) fn families(
    data: &Data,
    territory: &TerritoryData,
    registry: &mut Registry<'_>,
    today: NaiveDate,
) -> Result<Vec<Family>, DataError> {
    let code = &territory.head.code;
    let mut families = data
        .families
        .iter()
        .filter(|family| family.territory == *code)
        .map(|family| known(family, registry, today))
        .collect::<Result<Vec<_>, _>>()?;
    let mut inventor =
        Inventor { registry, dice: Dice::of(&format!("families/{code}")), today, families: 0, children: 0 };
    for employer in &territory.head.employers {
        for _ in 0..employer.applicants {
            families.push(inventor.family(
                &employer.organisation,
                AppliesTo::Ranked,
                territory.head.ranked_call.maximum_age,
            )?);
        }
    }
    let call = &territory.head.open_call;
    let late = std::iter::repeat_n(AppliesTo::Open, call.submitted)
        .chain(std::iter::repeat_n(AppliesTo::Draft, call.drafts));
    for (applies_to, employer) in late.zip(territory.head.employers.iter().cycle()) {
        families.push(inventor.family(&employer.organisation, applies_to, call.maximum_age)?);
    }
    Ok(families)
}

fn known(family: &FamilyData, registry: &mut Registry<'_>, today: NaiveDate) -> Result<Family, DataError> {
    registry.keep_email(&family.email);
    let twice = || DataError(format!("somebody of the family of {} is born twice", family.email));
    let birth = Birth {
        given_name: &family.given_name,
        family_name: &family.family_name,
        sex: family.sex,
        date: family.birth_date,
        place: family.birthplace,
    };
    let worker = registry.enter(&birth)?.ok_or_else(twice)?;
    let children = family.children.iter().map(|child| {
        let date = birth_date(today, child.age_in_months, 10).ok_or_else(twice)?;
        let birth = Birth { given_name: &child.given_name, sex: child.sex, date, ..birth };
        Ok(Child {
            person: registry.enter(&birth)?.ok_or_else(twice)?,
            disability: child.disability,
            learning_disorder: child.learning_disorder,
            other_fragility: false,
        })
    });
    Ok(Family {
        children: children.collect::<Result<_, DataError>>()?,
        worker,
        employer: family.employer.clone(),
        email: family.email.clone(),
        can_log_in: true,
        single_parent: family.single_parent,
        both_parents_working: family.both_parents_working,
        shift_work: family.shift_work,
        no_relatives_nearby: family.no_relatives_nearby,
        woman_entrepreneur: false,
        isee: Some(family.isee),
        applies_to: family.applies_to,
    })
}

struct Inventor<'r, 'd> {
    registry: &'r mut Registry<'d>,
    dice: Dice,
    today: NaiveDate,
    /// Invented so far.
    families: usize,
    children: usize,
}

impl Inventor<'_, '_> {
    fn family(&mut self, employer: &str, applies_to: AppliesTo, maximum_age: i16) -> Result<Family, DataError> {
        let index = self.families;
        self.families += 1;
        let sex = if spread(index, 72) { SexData::Female } else { SexData::Male };
        let worker = self.registry.adult(&mut self.dice, sex, PARENTS)?;
        let single_parent = self.dice.chance(12);
        let children = if index % 4 == 1 { 2 } else { 1 };
        Ok(Family {
            children: (0..children)
                .map(|_| self.child(&worker.family_name, maximum_age))
                .collect::<Result<_, _>>()?,
            email: self.registry.email(&worker, "famiglie.example"),
            worker,
            employer: employer.to_owned(),
            can_log_in: false,
            single_parent,
            both_parents_working: !single_parent && self.dice.chance(70),
            shift_work: spread(index, 19),
            no_relatives_nearby: self.dice.chance(35),
            woman_entrepreneur: sex == SexData::Male && self.dice.chance(6),
            isee: (!self.dice.chance(6)).then(|| Money::from_cents(self.dice.between(450_000, 5_500_000))),
            applies_to: Some(applies_to),
        })
    }

    fn child(&mut self, family_name: &str, maximum_age: i16) -> Result<Child, DataError> {
        let index = self.children;
        self.children += 1;
        let oldest = (i64::from(maximum_age) + 1) * 12 - 8;
        Ok(Child {
            person: self.registry.child(&mut self.dice, family_name, self.today, (6, oldest))?,
            disability: spread(index, 9),
            other_fragility: spread(index + 50, 5),
            learning_disorder: spread(index + 30, 4),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn families_are_in_the_published_proportions_and_the_same_each_time() {
        let data = Data::read().unwrap();
        let today = "2026-11-20".parse().unwrap();
        let invent = |code: &str| {
            let territory = data.territory(code).unwrap();
            let mut registry = Registry::new(&data.names, &data.places);
            let families = families(&data, territory, &mut registry, today).unwrap();
            families.into_iter().filter(|family| family.applies_to == Some(AppliesTo::Ranked)).collect::<Vec<_>>()
        };
        let families = invent("ATS-VALPADANA");
        let children: Vec<_> = families.iter().flat_map(|family| &family.children).collect();
        assert_eq!((families.len(), children.len()), (240, 301));
        let percent = |part: usize, whole: usize| (part * 100 + whole / 2) / whole;
        assert_eq!(percent(children.iter().filter(|c| c.disability).count(), children.len()), 9);
        assert_eq!(percent(children.iter().filter(|c| c.other_fragility).count(), children.len()), 5);
        let shifts = families.iter().filter(|family| family.shift_work).count();
        assert_eq!(percent(shifts, families.len()), 19);
        let names = |families: &[Family]| families.iter().map(|f| f.worker.tax_code).collect::<Vec<_>>();
        assert_eq!(names(&families), names(&invent("ATS-VALPADANA")));
    }
}
