use chrono::NaiveDate;
use concilia_kernel::identifiers::TaxCode;
use concilia_kernel::{Code, FieldError, Problem, text_enum, today};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

text_enum! {
    /// What a member of the household is to the worker.
    pub enum Relationship {
        Child = "child",
        /// Anyone else whom the worker looks after.
        Dependant = "dependant",
    }
}

text_enum! {
    /// School that a member attends.
    pub enum SchoolLevel {
        None = "none",
        /// Nursery, 0 to 3 years.
        Nursery = "nursery",
        /// Preschool, 3 to 6 years.
        Preschool = "preschool",
        Primary = "primary",
        LowerSecondary = "lower_secondary",
        UpperSecondary = "upper_secondary",
    }
}

/// A child or dependant of the worker.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct HouseholdPerson {
    /// Given name.
    #[schema(
        min_length = 1,
        max_length = 120,
        pattern = r"^[^\s\x00-\x1f\x7f-\x9f]([^\x00-\x1f\x7f-\x9f]*[^\s\x00-\x1f\x7f-\x9f])?$",
        example = "Luca"
    )]
    #[validate(length(min = 1, max = 120))]
    pub given_name: String,
    /// Family name.
    #[schema(
        min_length = 1,
        max_length = 120,
        pattern = r"^[^\s\x00-\x1f\x7f-\x9f]([^\x00-\x1f\x7f-\x9f]*[^\s\x00-\x1f\x7f-\x9f])?$",
        example = "Rossi"
    )]
    #[validate(length(min = 1, max = 120))]
    pub family_name: String,
    /// Birth date, from 1900 to today.
    #[schema(example = "2019-05-14")]
    pub birth_date: NaiveDate,
    /// What the person is to the worker.
    pub relationship: Relationship,
    /// Certified disability.
    pub disability: bool,
    /// Certified learning disorder (DSA) or attention deficit.
    pub learning_disorder: bool,
    /// Another fragility that calls for care.
    pub other_fragility: bool,
    /// School that the person attends.
    pub school_level: SchoolLevel,
    /// Tax code (codice fiscale), when given; it must agree with the birth date.
    #[schema(
        min_length = 16,
        max_length = 16,
        example = "RSSLCU19E14E897V",
        pattern = "^[A-Za-z]{6}[0-9L-NP-Vl-np-v]{2}[A-EHLMPR-Ta-ehlmpr-t][0-9L-NP-Vl-np-v]{2}[A-IL-MZa-il-mz][0-9L-NP-Vl-np-v]{3}[A-Za-z]$"
    )]
    #[validate(length(max = 64))]
    pub tax_code: Option<String>,
}

impl HouseholdPerson {
    /// The person as it is kept, with the tax code read; 422 naming each fault.
    pub(super) fn checked(mut self) -> Result<(Self, Option<TaxCode>), Problem> {
        let mut faults = vec![];
        for (name, pointer) in [(&mut self.given_name, "/given_name"), (&mut self.family_name, "/family_name")] {
            *name = name.trim().to_owned();
            if name.is_empty() {
                faults.push(FieldError::pointer(pointer, "required"));
            } else if name.chars().any(char::is_control) {
                faults.push(FieldError::pointer(pointer, "control_character"));
            }
        }
        if self.birth_date > today() {
            faults.push(FieldError::pointer("/birth_date", "in_future"));
        } else if self.birth_date < FIRST_BIRTH {
            faults.push(FieldError::pointer("/birth_date", "range"));
        }
        let tax_code = match self.tax_code.as_deref().map(TaxCode::parse) {
            None => None,
            Some(Err(_)) => {
                faults.push(FieldError::pointer("/tax_code", "tax_code_invalid"));
                None
            }
            Some(Ok(tax_code)) => {
                // Counted back from the birth date itself, as the code tells only two digits of the year.
                if tax_code.birth_date_in(self.birth_date) != Some(self.birth_date) {
                    faults.push(FieldError::pointer("/tax_code", "birth_date_mismatch"));
                }
                Some(tax_code)
            }
        };
        self.tax_code = tax_code.map(|tax_code| tax_code.as_str().to_owned());
        if faults.is_empty() {
            Ok((self, tax_code))
        } else {
            Err(Problem::new(Code::ValidationFailed).with_errors(faults))
        }
    }
}

/// 1 January 1900.
const FIRST_BIRTH: NaiveDate = match NaiveDate::from_ymd_opt(1900, 1, 1) {
    Some(day) => day,
    None => NaiveDate::MIN,
};

#[cfg(test)]
mod tests {
    use super::*;

    fn person(birth_date: &str, tax_code: Option<&str>) -> HouseholdPerson {
        HouseholdPerson {
            given_name: " Luca ".into(),
            family_name: "Rossi".into(),
            birth_date: birth_date.parse().unwrap(),
            relationship: Relationship::Child,
            disability: false,
            learning_disorder: false,
            other_fragility: false,
            school_level: SchoolLevel::Primary,
            tax_code: tax_code.map(str::to_owned),
        }
    }

    #[test]
    fn a_tax_code_agrees_with_the_birth_date_in_any_century() {
        let (kept, _) = person("1980-01-01", Some("rssmra80a01h501u")).checked().unwrap();
        assert_eq!(kept.tax_code.as_deref(), Some("RSSMRA80A01H501U"));
        assert_eq!(kept.given_name, "Luca");
        assert!(person("1980-01-02", Some("RSSMRA80A01H501U")).checked().is_err());
        assert!(person("1980-01-01", Some("RSSMRA80A01H501X")).checked().is_err());
    }

    #[test]
    fn nobody_is_born_tomorrow_or_in_the_nineteenth_century() {
        let tomorrow = today().succ_opt().unwrap().to_string();
        assert!(person(&tomorrow, None).checked().is_err());
        assert!(person("1899-12-31", None).checked().is_err());
        assert!(person("1900-01-01", None).checked().is_ok());
    }
}
