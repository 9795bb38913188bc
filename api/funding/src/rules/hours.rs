//! Hours of work that a partner puts in, and what they are worth.

use concilia_kernel::Money;
use diesel::deserialize::{self, FromSql, FromSqlRow};
use diesel::expression::AsExpression;
use diesel::pg::{Pg, PgValue};
use diesel::serialize::{self, Output, ToSql};
use diesel::sql_types::Numeric;
use rust_decimal::Decimal;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use std::fmt;
use utoipa::ToSchema;

/// Hours with two decimals, from 0.01 to 99,999.99, as a string.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, AsExpression, FromSqlRow, ToSchema)]
#[diesel(sql_type = Numeric)]
#[schema(value_type = String, format = "decimal", example = "12.50", min_length = 4, max_length = 8,
         pattern = r"^(0\.(0[1-9]|[1-9]\d)|[1-9]\d{0,4}\.\d{2})$")]
pub struct Hours(i32);

impl Hours {
    /// Hundredths of an hour, 1 to 9,999,999.
    pub fn hundredths(value: i64) -> Option<Self> {
        i32::try_from(value).ok().filter(|h| (1..=9_999_999).contains(h)).map(Self)
    }

    /// Hours times the hourly rate, rounded half up to the cent; `None` beyond the greatest amount or below a cent.
    pub fn at(self, hourly_rate: Money) -> Option<Money> {
        let exact = Decimal::new(i64::from(self.0), 2) * hourly_rate.decimal();
        let amount = Money::rounded(exact);
        (amount.is_positive() && amount <= Money::MAX).then_some(amount)
    }
}

impl fmt::Display for Hours {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{:02}", self.0 / 100, self.0 % 100)
    }
}

impl Serialize for Hours {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Hours {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        // Hours are spelled as amounts are.
        let value = Money::deserialize(deserializer)?;
        Self::hundredths(value.cents()).ok_or_else(|| de::Error::custom("hours are from 0.01 to 99999.99"))
    }
}

impl FromSql<Numeric, Pg> for Hours {
    fn from_sql(bytes: PgValue<'_>) -> deserialize::Result<Self> {
        let value = Money::from_sql(bytes)?;
        Self::hundredths(value.cents()).ok_or_else(|| "hours are from 0.01 to 99999.99".into())
    }
}

impl ToSql<Numeric, Pg> for Hours {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
        ToSql::<Numeric, Pg>::to_sql(&Money::from_cents(i64::from(self.0)), &mut out.reborrow())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn euro(text: &str) -> Money {
        text.parse().unwrap()
    }

    #[test]
    fn hours_are_worth_their_rate_to_the_cent() {
        let worth = |hundredths, rate: &str| Hours::hundredths(hundredths).unwrap().at(euro(rate));
        assert_eq!(worth(12_50, "21.30"), Some(euro("266.25")));
        // 0.25 hours at 33.33 are 8.3325, at 33.34 are 8.335: half a cent goes up.
        assert_eq!(worth(25, "33.33"), Some(euro("8.33")));
        assert_eq!(worth(25, "33.34"), Some(euro("8.34")));
        assert_eq!(worth(1, "0.01"), None);
        assert_eq!(worth(9_999_999, "9999999999.99"), None);
    }

    #[test]
    fn hours_are_read_as_they_are_written() {
        for text in ["0.01", "12.50", "99999.99"] {
            let read: Hours = serde_json::from_value(serde_json::json!(text)).unwrap();
            assert_eq!(serde_json::to_value(read).unwrap(), serde_json::json!(text));
        }
        for bad in ["0.00", "-1.00", "100000.00", "1", "1.5"] {
            assert!(serde_json::from_value::<Hours>(serde_json::json!(bad)).is_err(), "{bad}");
        }
    }

    proptest! {
        #[test]
        fn the_worth_is_within_half_a_cent(hundredths in 1_i64..=9_999_999, cents in 1_i64..=100_000) {
            let exact = i128::from(hundredths) * i128::from(cents); // hundredths of a cent
            let worth = Hours::hundredths(hundredths).unwrap().at(Money::from_cents(cents));
            let found = i128::from(worth.unwrap_or(Money::ZERO).cents()) * 100;
            prop_assert!(found - exact <= 50 && exact - found < 50);
        }
    }
}
