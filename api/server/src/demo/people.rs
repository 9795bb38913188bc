//! Invented people: common names combined by chance, valid tax codes, no two alike.

use super::data::{DataError, Names, PlaceData, SexData};
use super::dice::Dice;
use chrono::{Days, NaiveDate};
use concilia_kernel::identifiers::{BirthplaceCode, Sex, TaxCode};
use std::collections::HashSet;

#[derive(Debug, Clone)]
pub(super) struct Person {
    pub(super) given_name: String,
    pub(super) family_name: String,
    pub(super) birth_date: NaiveDate,
    pub(super) tax_code: TaxCode,
}

/// What is known of a person before the tax code is.
pub(super) struct Birth<'a> {
    pub(super) given_name: &'a str,
    pub(super) family_name: &'a str,
    pub(super) sex: SexData,
    pub(super) date: NaiveDate,
    pub(super) place: BirthplaceCode,
}

/// Gives birth to people, and remembers them so that none is born twice.
pub(super) struct Registry<'a> {
    names: &'a Names,
    places: &'a [PlaceData],
    tax_codes: HashSet<TaxCode>,
    emails: HashSet<String>,
}

fn bare(what: &str) -> DataError {
    DataError(format!("no {what} to choose from"))
}

impl<'a> Registry<'a> {
    pub(super) fn new(names: &'a Names, places: &'a [PlaceData]) -> Self {
        Self { names, places, tax_codes: HashSet::new(), emails: HashSet::new() }
    }

    /// A person of known birth; `None` when the tax code is another's already.
    pub(super) fn enter(&mut self, birth: &Birth<'_>) -> Result<Option<Person>, DataError> {
        let sex = match birth.sex {
            SexData::Female => Sex::Female,
            SexData::Male => Sex::Male,
        };
        let tax_code = TaxCode::compute(birth.family_name, birth.given_name, birth.date, sex, birth.place)
            .map_err(|error| DataError(error.to_string()))?;
        Ok(self.tax_codes.insert(tax_code).then(|| Person {
            given_name: birth.given_name.to_owned(),
            family_name: birth.family_name.to_owned(),
            birth_date: birth.date,
            tax_code,
        }))
    }

    /// An adult born in one of `years`.
    pub(super) fn adult(&mut self, dice: &mut Dice, sex: SexData, years: (i64, i64)) -> Result<Person, DataError> {
        loop {
            let family_name = dice.pick(&self.names.family).ok_or_else(|| bare("family name"))?;
            let first = NaiveDate::from_ymd_opt(dice.between(years.0, years.1) as i32, 1, 1);
            let date = first.and_then(|day| day.checked_add_days(Days::new(dice.below(365) as u64)));
            let date = date.ok_or_else(|| bare("day of birth"))?;
            if let Some(person) = self.somebody(dice, sex, family_name, date)? {
                return Ok(person);
            }
        }
    }

    /// A child that is from `youngest` to `oldest` months old on `today`.
    pub(super) fn child(
        &mut self,
        dice: &mut Dice,
        family_name: &str,
        today: NaiveDate,
        (youngest, oldest): (i64, i64),
    ) -> Result<Person, DataError> {
        loop {
            let sex = if dice.chance(49) { SexData::Female } else { SexData::Male };
            let months = dice.between(youngest, oldest) as u32;
            let date = birth_date(today, months, dice.below(28) as u32).ok_or_else(|| bare("day of birth"))?;
            if let Some(person) = self.somebody(dice, sex, family_name, date)? {
                return Ok(person);
            }
        }
    }

    fn somebody(
        &mut self,
        dice: &mut Dice,
        sex: SexData,
        family_name: &str,
        date: NaiveDate,
    ) -> Result<Option<Person>, DataError> {
        let given_names = match sex {
            SexData::Female => &self.names.female,
            SexData::Male => &self.names.male,
        };
        let given_name = dice.pick(given_names).ok_or_else(|| bare("given name"))?.clone();
        let place = dice.pick(self.places).ok_or_else(|| bare("place"))?.code;
        self.enter(&Birth { given_name: &given_name, family_name, sex, date, place })
    }

    /// Keeps an address for its owner.
    pub(super) fn keep_email(&mut self, email: &str) {
        self.emails.insert(email.to_owned());
    }

    /// An address that nobody else has, of a domain reserved for examples.
    pub(super) fn email(&mut self, person: &Person, domain: &str) -> String {
        let local = format!("{}.{}", ascii(&person.given_name), ascii(&person.family_name));
        let numbered = (2..).map(|n| format!("{local}{n}@{domain}"));
        let mut candidates = std::iter::once(format!("{local}@{domain}")).chain(numbered);
        candidates.find(|email| self.emails.insert(email.clone())).unwrap_or_default()
    }
}

/// The day on which somebody was born who is `months` months and `days` days old on `today`.
pub(super) fn birth_date(today: NaiveDate, months: u32, days: u32) -> Option<NaiveDate> {
    today.checked_sub_months(chrono::Months::new(months))?.checked_sub_days(Days::new(u64::from(days)))
}

fn ascii(name: &str) -> String {
    let plain = |letter| match letter {
        'à' => 'a',
        'è' | 'é' => 'e',
        'ì' => 'i',
        'ò' => 'o',
        'ù' => 'u',
        other => other,
    };
    name.to_lowercase().chars().map(plain).filter(char::is_ascii_alphabetic).collect()
}
