use concilia_kernel::db::numeric::{ten_thousandths_from_sql, ten_thousandths_to_sql};
use diesel::deserialize::{self, FromSql, FromSqlRow};
use diesel::expression::AsExpression;
use diesel::pg::{Pg, PgValue};
use diesel::serialize::{self, Output, ToSql};
use diesel::sql_types::Numeric;
use rust_decimal::Decimal;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use std::fmt;
use utoipa::ToSchema;

/// Points of an evaluation, from 0.00 to 99999.99, as a string with two decimals.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, AsExpression, FromSqlRow, ToSchema,
)]
#[diesel(sql_type = Numeric)]
#[schema(value_type = String, format = "decimal", example = "8.50", min_length = 4, max_length = 8,
         pattern = r"^(0|[1-9]\d{0,4})\.\d{2}$")]
pub struct Points(i64);

impl Points {
    pub const ZERO: Self = Self(0);
    const MAX: i64 = 9_999_999;

    /// Hundredths of a point, up to 9,999,999.
    pub fn hundredths(value: i64) -> Option<Self> {
        (0..=Self::MAX).contains(&value).then_some(Self(value))
    }

    pub fn decimal(self) -> Decimal {
        Decimal::new(self.0, 2)
    }

    pub fn is_zero(self) -> bool {
        self.0 == 0
    }
}

impl fmt::Display for Points {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{:02}", self.0 / 100, self.0 % 100)
    }
}

impl std::str::FromStr for Points {
    type Err = &'static str;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        const EXPECTED: &str = "points are written like 8.50";
        let (whole, decimals) = text.split_once('.').ok_or(EXPECTED)?;
        let plain = |s: &str| !s.is_empty() && s.bytes().all(|b| b.is_ascii_digit());
        let leading_zero = whole.len() > 1 && whole.starts_with('0');
        if whole.len() > 5 || decimals.len() != 2 || leading_zero || !plain(whole) || !plain(decimals) {
            return Err(EXPECTED);
        }
        format!("{whole}{decimals}").parse().ok().and_then(Self::hundredths).ok_or(EXPECTED)
    }
}

impl Serialize for Points {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Points {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        std::borrow::Cow::<'de, str>::deserialize(deserializer)?.parse().map_err(de::Error::custom)
    }
}

impl FromSql<Numeric, Pg> for Points {
    fn from_sql(bytes: PgValue<'_>) -> deserialize::Result<Self> {
        let value = ten_thousandths_from_sql(bytes)?;
        let whole = (value % 100 == 0).then(|| Self::hundredths(value / 100)).flatten();
        whole.ok_or_else(|| format!("{value} ten-thousandths are no points").into())
    }
}

impl ToSql<Numeric, Pg> for Points {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
        ten_thousandths_to_sql(self.0 * 100, 2, out)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_have_one_spelling() {
        for good in ["0.00", "8.50", "60.00", "99999.99"] {
            assert_eq!(good.parse::<Points>().unwrap().to_string(), good);
        }
        for bad in ["", "8", "8.5", "8.500", "-1.00", "08.00", ".50", "100000.00", "1e3", "+1.00"] {
            assert!(bad.parse::<Points>().is_err(), "{bad}");
        }
    }
}
