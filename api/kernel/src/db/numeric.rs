//! `numeric` columns of up to four decimals as whole ten-thousandths, for types that are exact decimals.

use diesel::deserialize::{self, FromSql};
use diesel::pg::{Pg, PgValue, data_types::PgNumeric};
use diesel::serialize::{self, Output, ToSql};
use diesel::sql_types::Numeric;

/// Reads a `numeric`; refuses what has more than four decimals.
pub fn ten_thousandths_from_sql(bytes: PgValue<'_>) -> deserialize::Result<i64> {
    let (negative, weight, digits) = match PgNumeric::from_sql(bytes)? {
        PgNumeric::Positive { weight, digits, .. } => (false, weight, digits),
        PgNumeric::Negative { weight, digits, .. } => (true, weight, digits),
        PgNumeric::NaN => return Err("NaN is no number".into()),
    };
    // Digits are of base 10,000; the first has exponent `weight`, and that of exponent -1 is the fraction.
    let mut value: i128 = 0;
    for (at, digit) in digits.iter().enumerate() {
        let exponent = i128::from(weight) - at as i128;
        if exponent < -1 && *digit != 0 {
            return Err("more than four decimals".into());
        }
        let power = u32::try_from(exponent + 1).unwrap_or(0);
        value += i128::from(*digit) * 10_000_i128.checked_pow(power).ok_or("out of range")?;
    }
    Ok(i64::try_from(if negative { -value } else { value })?)
}

/// Writes ten-thousandths as a `numeric` of `scale` decimals, 0 to 4.
pub fn ten_thousandths_to_sql(value: i64, scale: u16, out: &mut Output<'_, '_, Pg>) -> serialize::Result {
    let mut rest = value.unsigned_abs();
    let mut digits: Vec<i16> = vec![];
    while digits.is_empty() || rest > 0 {
        digits.insert(0, i16::try_from(rest % 10_000)?);
        rest /= 10_000;
    }
    let weight = i16::try_from(digits.len())? - 2;
    let numeric = if value < 0 {
        PgNumeric::Negative { weight, scale, digits }
    } else {
        PgNumeric::Positive { weight, scale, digits }
    };
    ToSql::<Numeric, Pg>::to_sql(&numeric, &mut out.reborrow())
}
