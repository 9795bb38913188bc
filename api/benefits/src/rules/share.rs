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

/// A share of an amount, from 0.01 to 1.00, as a string with two decimals.
#[derive(Debug, Clone, Copy, PartialEq, Eq, AsExpression, FromSqlRow, ToSchema)]
#[diesel(sql_type = Numeric)]
#[schema(value_type = String, format = "decimal", example = "0.50", min_length = 4, max_length = 4,
         pattern = r"^(0\.(0[1-9]|[1-9]\d)|1\.00)$")]
pub struct Share(u8);

impl Share {
    pub const WHOLE: Self = Self(100);

    /// Hundredths, 1 to 100.
    pub fn hundredths(value: i64) -> Option<Self> {
        u8::try_from(value).ok().filter(|h| (1..=100).contains(h)).map(Self)
    }

    /// The share of `amount`, cut to the cent: what is awarded never exceeds it.
    pub fn of(self, amount: Money) -> Money {
        Money::truncated(amount.decimal() * Decimal::new(i64::from(self.0), 2))
    }
}

impl Default for Share {
    fn default() -> Self {
        Self::WHOLE
    }
}

impl fmt::Display for Share {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{:02}", self.0 / 100, self.0 % 100)
    }
}

impl Serialize for Share {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Share {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let amount = Money::deserialize(deserializer)?;
        Self::hundredths(amount.cents()).ok_or_else(|| de::Error::custom("a share is from 0.01 to 1.00"))
    }
}

impl FromSql<Numeric, Pg> for Share {
    fn from_sql(bytes: PgValue<'_>) -> deserialize::Result<Self> {
        let stored = Money::from_sql(bytes)?;
        Self::hundredths(stored.cents()).ok_or_else(|| "a share is from 0.01 to 1.00".into())
    }
}

impl ToSql<Numeric, Pg> for Share {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
        ToSql::<Numeric, Pg>::to_sql(&Money::from_cents(i64::from(self.0)), &mut out.reborrow())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_is_read_strictly_and_cut_to_the_cent() {
        for good in ["0.01", "0.50", "1.00"] {
            let share: Share = serde_json::from_value(good.into()).unwrap();
            assert_eq!(share.to_string(), good);
        }
        for bad in ["0.00", "1.01", "0.5", "-0.50", "2.00"] {
            assert!(serde_json::from_value::<Share>(bad.into()).is_err(), "{bad}");
        }
        let third = Share::hundredths(33).unwrap();
        assert_eq!(third.of("100.01".parse().unwrap()).to_string(), "33.00");
    }
}
