//! Shares of a whole, exact to the ten-thousandth.

use crate::Money;
use crate::db::numeric::{ten_thousandths_from_sql, ten_thousandths_to_sql};
use diesel::deserialize::{self, FromSql, FromSqlRow};
use diesel::expression::AsExpression;
use diesel::pg::{Pg, PgValue};
use diesel::serialize::{self, Output, ToSql};
use diesel::sql_types::Numeric;
use rust_decimal::Decimal;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use std::fmt;
use utoipa::ToSchema;

/// A share of a whole, from 0.00 to 1.00, as a string with two to four decimals.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, AsExpression, FromSqlRow, ToSchema,
)]
#[diesel(sql_type = Numeric)]
#[schema(value_type = String, format = "decimal", example = "0.15", min_length = 4, max_length = 6,
         pattern = r"^(0\.\d{2,4}|1\.00)$")]
pub struct Ratio(i64);

impl Ratio {
    pub const ZERO: Self = Self(0);
    pub const WHOLE: Self = Self(10_000);

    /// Ten-thousandths, 0 to 10,000.
    pub fn ten_thousandths(value: i64) -> Option<Self> {
        (0..=10_000).contains(&value).then_some(Self(value))
    }

    /// Hundredths, 0 to 100.
    pub fn hundredths(value: i64) -> Option<Self> {
        value.checked_mul(100).and_then(Self::ten_thousandths)
    }

    pub fn decimal(self) -> Decimal {
        Decimal::new(self.0, 4)
    }

    /// The share of `amount`, exact: cut or round it as the rule at hand says.
    pub fn of(self, amount: Money) -> Decimal {
        amount.decimal() * self.decimal()
    }
}

impl fmt::Display for Ratio {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (whole, fraction) = (self.0 / 10_000, self.0 % 10_000);
        match (fraction % 100, fraction % 10) {
            (0, _) => write!(f, "{whole}.{:02}", fraction / 100),
            (_, 0) => write!(f, "{whole}.{:03}", fraction / 10),
            _ => write!(f, "{whole}.{fraction:04}"),
        }
    }
}

impl std::str::FromStr for Ratio {
    type Err = &'static str;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        const EXPECTED: &str = "a share is written like 0.15, from 0.00 to 1.00";
        let (whole, decimals) = text.split_once('.').ok_or(EXPECTED)?;
        let plain = (2..=4).contains(&decimals.len()) && decimals.bytes().all(|b| b.is_ascii_digit());
        let fraction: i64 = format!("{decimals:0<4}").parse().map_err(|_| EXPECTED)?;
        match whole {
            "0" if plain => Ok(Self(fraction)),
            "1" if decimals == "00" => Ok(Self::WHOLE),
            _ => Err(EXPECTED),
        }
    }
}

impl Serialize for Ratio {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Ratio {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        std::borrow::Cow::<'de, str>::deserialize(deserializer)?.parse().map_err(de::Error::custom)
    }
}

impl FromSql<Numeric, Pg> for Ratio {
    fn from_sql(bytes: PgValue<'_>) -> deserialize::Result<Self> {
        Self::ten_thousandths(ten_thousandths_from_sql(bytes)?).ok_or_else(|| "a share is from 0 to 1".into())
    }
}

impl ToSql<Numeric, Pg> for Ratio {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
        ten_thousandths_to_sql(self.0, 4, out)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_ratio_has_one_spelling() {
        for good in ["0.00", "0.15", "0.125", "0.3333", "1.00"] {
            assert_eq!(good.parse::<Ratio>().unwrap().to_string(), good);
        }
        assert_eq!("0.1500".parse::<Ratio>().unwrap().to_string(), "0.15");
        for bad in ["", "0", "1", "1.01", "0.1", "0.12345", "-0.10", ".50", "00.10", "0.1x", "1.000", "0.-1"] {
            assert!(bad.parse::<Ratio>().is_err(), "{bad}");
        }
    }

    #[test]
    fn a_share_of_an_amount_is_exact_until_it_is_cut() {
        // Project 2.5 of the 2020-2023 plan: 30% of 57,142.85 is 17,142.855.
        let share = Ratio::hundredths(30).unwrap().of("57142.85".parse().unwrap());
        assert_eq!(share.normalize().to_string(), "17142.855");
        assert_eq!(Money::truncated(share).to_string(), "17142.85");
    }

    proptest! {
        #[test]
        fn text_gives_back_the_ratio(value in 0_i64..=10_000) {
            let ratio = Ratio::ten_thousandths(value).unwrap();
            prop_assert_eq!(ratio.to_string().parse::<Ratio>().unwrap(), ratio);
        }
    }
}
