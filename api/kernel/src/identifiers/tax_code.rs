use std::fmt;

use chrono::{Datelike, NaiveDate};

use super::{IdentifierError, as_text, characters, name_letters};

/// Tax code of a person (codice fiscale): 16 characters, upper case, as assigned.
///
/// Two people whose data give the same code receive *omocodia* variants, in which letters stand for
/// digits: different codes of different people, hence equality is on the code as assigned.
/// [`TaxCode::canonical`] is equal for all the variants of the same data.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TaxCode([u8; 16]);

/// The sex written in a tax code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sex {
    Female,
    Male,
}

/// Cadastral code of a place of birth: an Italian municipality (`D969`) or a foreign state
/// (`Z110`).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BirthplaceCode([u8; 4]);

const MONTH_LETTERS: &[u8; 12] = b"ABCDEHLMPRST";
/// The letter that stands for each digit in an omocodia variant.
const OMOCODIA_LETTERS: &[u8; 10] = b"LMNPQRSTUV";
const DIGIT_POSITIONS: [usize; 7] = [6, 7, 9, 10, 12, 13, 14];
/// What is added to the day of birth of a woman.
const FEMALE_DAY_OFFSET: u32 = 40;

impl TaxCode {
    /// Reads a code, with blanks around it and lower case admitted.
    ///
    /// Checks length, characters, month, day (29 February if it exists in either century),
    /// birthplace, the letters of the names and the check character, in this order.
    ///
    /// Refuses days from 81, and birthplaces that begin with J, K, N-Y or are numbered 000, as the
    /// published control does and python-stdnum does not. As that control, it does not ask whether
    /// the first six letters can come from a name: assigned codes are what they are.
    pub fn parse(text: &str) -> Result<Self, IdentifierError> {
        let code = Self(characters(text)?);
        if !code.has_letters_and_digits_in_place() {
            return Err(IdentifierError::Character);
        }
        let month = code.month().ok_or(IdentifierError::Month)?;
        if !(1..=longest_month(month, code.year_of_century())).contains(&code.day()) {
            return Err(IdentifierError::Day);
        }
        code.birthplace_code().checked()?;
        if code.0[15] != code.check_character() {
            return Err(IdentifierError::CheckCharacter);
        }
        Ok(code)
    }

    /// The code that the data of a person give, before any omocodia.
    ///
    /// Several names are written one after the other; a married woman's family name is the one she
    /// was born with. Fails with [`IdentifierError::Name`] for a name without letters or not in the
    /// Latin alphabet.
    pub fn compute(
        family_name: &str,
        given_name: &str,
        birth_date: NaiveDate,
        sex: Sex,
        birthplace_code: BirthplaceCode,
    ) -> Result<Self, IdentifierError> {
        let year = birth_date.year().rem_euclid(100) as u8;
        let day = match sex {
            Sex::Female => birth_date.day() + FEMALE_DAY_OFFSET,
            Sex::Male => birth_date.day(),
        } as u8;

        let mut code = Self([b'0'; 16]);
        code.0[..3].copy_from_slice(&name_letters::of_family_name(family_name)?);
        code.0[3..6].copy_from_slice(&name_letters::of_given_name(given_name)?);
        code.0[6..8].copy_from_slice(&two_digits(year));
        code.0[8] = MONTH_LETTERS[birth_date.month0() as usize];
        code.0[9..11].copy_from_slice(&two_digits(day));
        code.0[11..15].copy_from_slice(&birthplace_code.0);
        code.0[15] = code.check_character();
        Ok(code)
    }

    pub fn as_str(&self) -> &str {
        str::from_utf8(&self.0).unwrap_or_default()
    }

    /// The code without omocodia, equal for all the codes that come from the same data.
    #[must_use]
    pub fn canonical(mut self) -> Self {
        for position in DIGIT_POSITIONS {
            self.0[position] = b'0' + self.digit(position) as u8;
        }
        self.0[15] = self.check_character();
        self
    }

    /// The most recent day, not after `reference`, on which the holder may have been born.
    ///
    /// The code holds only two digits of the year, so whoever is over a hundred years old looks a
    /// century younger. None if the day does not exist in either of the two years considered
    /// (29 February of a year 00 that was not a leap year).
    pub fn birth_date_in(self, reference: NaiveDate) -> Option<NaiveDate> {
        let century = reference.year() - reference.year().rem_euclid(100);
        let month = self.month()?;
        [century, century - 100]
            .into_iter()
            .filter_map(|century| {
                NaiveDate::from_ymd_opt(century + self.year_of_century() as i32, month, self.day())
            })
            .find(|date| *date <= reference)
    }

    pub fn sex(self) -> Sex {
        if self.day_with_sex() > FEMALE_DAY_OFFSET { Sex::Female } else { Sex::Male }
    }

    /// Where the holder was born, with omocodia letters turned back to digits.
    pub fn birthplace_code(self) -> BirthplaceCode {
        let digit = |position| b'0' + self.digit(position) as u8;
        BirthplaceCode([self.0[11], digit(12), digit(13), digit(14)])
    }

    fn has_letters_and_digits_in_place(self) -> bool {
        self.0.iter().enumerate().all(|(position, &character)| {
            if DIGIT_POSITIONS.contains(&position) {
                digit_value(character).is_some()
            } else {
                character.is_ascii_uppercase()
            }
        })
    }

    fn digit(self, position: usize) -> u32 {
        digit_value(self.0[position]).unwrap_or_default()
    }

    fn year_of_century(self) -> u32 {
        self.digit(6) * 10 + self.digit(7)
    }

    fn month(self) -> Option<u32> {
        let index = MONTH_LETTERS.iter().position(|letter| *letter == self.0[8])?;
        Some(index as u32 + 1)
    }

    fn day_with_sex(self) -> u32 {
        self.digit(9) * 10 + self.digit(10)
    }

    fn day(self) -> u32 {
        match self.day_with_sex() {
            day if day > FEMALE_DAY_OFFSET => day - FEMALE_DAY_OFFSET,
            day => day,
        }
    }

    /// The letter that closes the code, from the other fifteen characters (tables of the decree).
    fn check_character(self) -> u8 {
        /// Values of A-Z, and of 0-9 as of A-J, in the first, third, fifth... position.
        const ODD_VALUES: [u8; 26] =
            [1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23];
        let sum: u32 = self.0[..15]
            .iter()
            .enumerate()
            .map(|(index, &character)| {
                let value = match character {
                    b'0'..=b'9' => character - b'0',
                    _ => character - b'A',
                };
                // The decree counts positions from one: index 0 is odd.
                if index % 2 == 0 { u32::from(ODD_VALUES[usize::from(value)]) } else { u32::from(value) }
            })
            .sum();
        b'A' + (sum % 26) as u8
    }
}

impl fmt::Debug for TaxCode {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("TaxCode(***)")
    }
}

as_text!(TaxCode, "a tax code of 16 characters");

impl BirthplaceCode {
    /// Reads a letter and three digits, with blanks around them and lower case admitted.
    pub fn parse(text: &str) -> Result<Self, IdentifierError> {
        let code = characters(text)?;
        if !code[0].is_ascii_uppercase() || !code[1..].iter().all(u8::is_ascii_digit) {
            return Err(IdentifierError::Character);
        }
        Self(code).checked()
    }

    pub fn as_str(&self) -> &str {
        str::from_utf8(&self.0).unwrap_or_default()
    }

    /// Only the series are checked: which municipalities exist changes every year.
    fn checked(self) -> Result<Self, IdentifierError> {
        match self.0 {
            [b'A'..=b'I' | b'L' | b'M' | b'Z', number @ ..] if number != *b"000" => Ok(self),
            _ => Err(IdentifierError::Birthplace),
        }
    }
}

impl fmt::Debug for BirthplaceCode {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "BirthplaceCode({})", self.as_str())
    }
}

as_text!(BirthplaceCode, "a birthplace code of 4 characters");

/// The digit written by a character, directly or by its omocodia letter.
fn digit_value(character: u8) -> Option<u32> {
    if character.is_ascii_digit() {
        return Some(u32::from(character - b'0'));
    }
    let index = OMOCODIA_LETTERS.iter().position(|letter| *letter == character)?;
    Some(index as u32)
}

fn two_digits(number: u8) -> [u8; 2] {
    [b'0' + number / 10, b'0' + number % 10]
}

/// The days of a month in the longer of the years that share two digits (00 is 1900 and 2000).
fn longest_month(month: u32, year_of_century: u32) -> u32 {
    match month {
        2 if year_of_century.is_multiple_of(4) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}
