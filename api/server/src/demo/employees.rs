//! Invented employees: 72% women and 19% in shifts, the shares published for the real project.

use super::data::{Data, DataError, EmployerData, SexData, TerritoryData};
use super::dice::{Dice, spread};
use super::families::Family;
use super::people::{Person, Registry};
use chrono::{Days, Months, NaiveDate};

/// A line of an employer's payroll.
pub(super) struct Employee {
    pub(super) external_id: String,
    pub(super) person: Person,
    pub(super) email: String,
    pub(super) employed_from: NaiveDate,
    pub(super) is_permanent: bool,
    pub(super) shift_worker: bool,
    pub(super) workplace: String,
}

/// The payroll of one employer: the workers of its families, then others up to its number.
pub(super) fn payroll(
    data: &Data,
    territory: &TerritoryData,
    employer: &EmployerData,
    families: &[Family],
    registry: &mut Registry<'_>,
) -> Result<Vec<Employee>, DataError> {
    let key = &employer.organisation;
    let mut dice = Dice::of(&format!("employees/{}/{key}", territory.head.code));
    let seat = territory.organisation(key)?.municipality.as_deref();
    let own = families.iter().filter(|family| family.employer == *key);
    let mut people: Vec<(Person, String, bool)> =
        own.map(|family| (family.worker.clone(), family.email.clone(), family.shift_work)).collect();
    for index in people.len()..employer.employees {
        let sex = if spread(index, 72) { SexData::Female } else { SexData::Male };
        let person = registry.adult(&mut dice, sex, (1961, 2003))?;
        let email = registry.email(&person, &format!("{key}.example"));
        people.push((person, email, spread(index, 19)));
    }
    people
        .into_iter()
        .enumerate()
        .map(|(index, (person, email, shift_worker))| {
            Ok(Employee {
                external_id: format!("{:05}", index + 1),
                employed_from: employed_from(&person, &mut dice)?,
                person,
                email,
                is_permanent: !dice.chance(12),
                shift_worker,
                workplace: match seat {
                    Some(seat) if !dice.chance(25) => seat.to_owned(),
                    _ => dice.pick(&data.places).map(|place| place.name.clone()).unwrap_or_default(),
                },
            })
        })
        .collect()
}

/// A day from the nineteenth birthday, or from 2001, to the end of 2025.
fn employed_from(person: &Person, dice: &mut Dice) -> Result<NaiveDate, DataError> {
    let (first, last) = (NaiveDate::from_ymd_opt(2001, 1, 1), NaiveDate::from_ymd_opt(2025, 12, 31));
    let of_age = person.birth_date.checked_add_months(Months::new(19 * 12));
    let first = first.max(of_age);
    first
        .zip(last)
        .and_then(|(first, last)| {
            first.checked_add_days(Days::new(dice.below((last - first).num_days() as usize) as u64))
        })
        .ok_or_else(|| DataError("no day of hiring".into()))
}
