//! Amounts of money: euro with exactly two decimals, at most 9,999,999,999.99 either way.

use diesel::deserialize::{self, FromSql, FromSqlRow};
use diesel::expression::AsExpression;
use diesel::pg::{Pg, PgValue, data_types::PgNumeric};
use diesel::serialize::{self, Output, ToSql};
use diesel::sql_types::Numeric;
use rust_decimal::{Decimal, RoundingStrategy};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use std::fmt;
use std::iter::Sum;
use std::ops::{Add, AddAssign, Neg, Sub, SubAssign};
use utoipa::ToSchema;

/// Amount in euro with two decimals, as a string.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, AsExpression, FromSqlRow, ToSchema,
)]
#[diesel(sql_type = Numeric)]
#[schema(value_type = String, format = "decimal", example = "300.00", max_length = 14, pattern = r"^-?(0|[1-9]\d{0,9})\.\d{2}$")]
pub struct Money(Decimal);

impl Money {
    pub const ZERO: Self = Self(Decimal::ZERO);
    /// EUR 9,999,999,999.99.
    pub const MAX: Self = Self(Decimal::from_parts(3_567_587_327, 232, 0, false, 2));

    /// Cents to euro.
    pub fn from_cents(cents: i64) -> Self {
        Self(Decimal::new(cents, 2))
    }

    /// The amount in whole cents.
    pub fn cents(self) -> i64 {
        i64::try_from(self.0.mantissa() * 10_i128.pow(2 - self.0.scale().min(2))).unwrap_or(i64::MAX)
    }

    /// An exact decimal with at most two places; `None` when it has more, or is out of range.
    pub fn exact(value: Decimal) -> Option<Self> {
        let normal = value.normalize();
        (normal.scale() <= 2 && normal.abs() <= Self::MAX.0).then(|| Self::rescaled(normal))
    }

    /// A computed amount cut to the cent towards zero (the rule of co-financing limits).
    pub fn truncated(value: Decimal) -> Self {
        Self::rescaled(value.trunc_with_scale(2))
    }

    /// A computed amount rounded half away from zero (the rule of invoices).
    pub fn rounded(value: Decimal) -> Self {
        Self::rescaled(value.round_dp_with_strategy(2, RoundingStrategy::MidpointAwayFromZero))
    }

    fn rescaled(mut value: Decimal) -> Self {
        value.rescale(2);
        if value.is_zero() { Self::from_cents(0) } else { Self(value) }
    }

    pub fn decimal(self) -> Decimal {
        self.0
    }

    pub fn is_zero(self) -> bool {
        self.0.is_zero()
    }

    pub fn is_positive(self) -> bool {
        self.0 > Decimal::ZERO
    }

    /// The price of `quantity` units; `None` beyond [`Money::MAX`].
    pub fn times(self, quantity: u32) -> Option<Self> {
        self.0.checked_mul(Decimal::from(quantity)).and_then(Self::exact)
    }
}

impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.2}", self.0)
    }
}

impl Add for Money {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(self.0 + other.0)
    }
}

impl Sub for Money {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        Self(self.0 - other.0)
    }
}

impl Neg for Money {
    type Output = Self;
    fn neg(self) -> Self {
        Self(-self.0)
    }
}

impl AddAssign for Money {
    fn add_assign(&mut self, other: Self) {
        self.0 += other.0;
    }
}

impl SubAssign for Money {
    fn sub_assign(&mut self, other: Self) {
        self.0 -= other.0;
    }
}

impl Sum for Money {
    fn sum<I: Iterator<Item = Self>>(iter: I) -> Self {
        iter.fold(Self::ZERO, Add::add)
    }
}

impl Serialize for Money {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Money {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        parse(&text).ok_or_else(|| de::Error::custom("an amount is a string like \"300.00\""))
    }
}

/// The written form is strict, so that one amount has one spelling in signatures and hashes.
fn parse(text: &str) -> Option<Money> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let (whole, cents) = digits.split_once('.')?;
    let plain = |s: &str| !s.is_empty() && s.bytes().all(|b| b.is_ascii_digit());
    let leading_zero = whole.len() > 1 && whole.starts_with('0');
    if whole.len() > 10 || leading_zero || cents.len() != 2 || !plain(whole) || !plain(cents) {
        return None;
    }
    text.parse().ok().and_then(Money::exact)
}

impl std::str::FromStr for Money {
    type Err = &'static str;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        parse(text).ok_or("an amount is written like 300.00")
    }
}

impl FromSql<Numeric, Pg> for Money {
    fn from_sql(bytes: PgValue<'_>) -> deserialize::Result<Self> {
        let (negative, weight, digits) = match PgNumeric::from_sql(bytes)? {
            PgNumeric::Positive { weight, digits, .. } => (false, weight, digits),
            PgNumeric::Negative { weight, digits, .. } => (true, weight, digits),
            PgNumeric::NaN => return Err("NaN is no amount".into()),
        };
        // Base 10,000 digits; the first has exponent `weight`. Two decimals need exponent -1 at most.
        let mut cents: i128 = 0;
        for exponent in (-1..=weight.max(-1)).rev() {
            let index = usize::try_from(weight - exponent).ok();
            let digit = index.and_then(|i| digits.get(i)).copied().unwrap_or(0);
            let scaled = i128::from(digit);
            cents = if exponent == -1 { cents * 100 + scaled / 100 } else { cents * 10_000 + scaled };
        }
        let cents = i64::try_from(if negative { -cents } else { cents })?;
        Ok(Self::from_cents(cents))
    }
}

impl ToSql<Numeric, Pg> for Money {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
        let cents = self.cents();
        let (mut whole, fraction) = (cents.unsigned_abs() / 100, cents.unsigned_abs() % 100);
        let mut digits: Vec<i16> = vec![i16::try_from(fraction * 100)?];
        while whole > 0 {
            digits.insert(0, i16::try_from(whole % 10_000)?);
            whole /= 10_000;
        }
        let weight = i16::try_from(digits.len())? - 2;
        let numeric = if cents < 0 {
            PgNumeric::Negative { weight, scale: 2, digits }
        } else {
            PgNumeric::Positive { weight, scale: 2, digits }
        };
        ToSql::<Numeric, Pg>::to_sql(&numeric, &mut out.reborrow())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn only_the_plain_spelling_is_read() {
        for good in ["0.00", "300.00", "-5.10", "9999999999.99"] {
            assert_eq!(parse(good).unwrap().to_string(), good);
        }
        for bad in ["", "300", "300.0", "300.000", "1e3", "+1.00", "01.00", ".50", "NaN", "99999999999.99", "1,00"]
        {
            assert!(parse(bad).is_none(), "{bad}");
        }
    }

    #[test]
    fn seventeen_thousand_euro_pass_by_the_stated_truncation() {
        // Project 2.5 of the 2020-2023 plan: 30% of 57,142.85 is 17,142.855.
        let total: Decimal = "57142.85".parse().unwrap();
        let limit = Money::truncated(total * Decimal::new(30, 2));
        assert_eq!(limit.to_string(), "17142.85");
    }

    #[test]
    fn the_greatest_amount_is_what_its_name_says() {
        assert_eq!(Money::MAX.to_string(), "9999999999.99");
    }

    proptest! {
        #[test]
        fn cents_and_text_agree(cents in -999_999_999_999_i64..=999_999_999_999) {
            let money = Money::from_cents(cents);
            prop_assert_eq!(money.cents(), cents);
            let text = money.to_string();
            prop_assert_eq!(text.parse::<Money>().unwrap(), money);
        }
    }
}
