//! Figures as the two languages write them.

use concilia_kernel::Money;
use rust_decimal::Decimal;

/// A figure to be put in a sentence.
#[derive(Debug, Clone, Copy)]
pub struct Figure(Decimal);

impl From<Money> for Figure {
    fn from(amount: Money) -> Self {
        Self(amount.decimal())
    }
}

impl From<Decimal> for Figure {
    /// At least two decimals, no more zeros than that.
    fn from(value: Decimal) -> Self {
        let mut value = value.normalize();
        value.rescale(value.scale().max(2));
        Self(value)
    }
}

impl Figure {
    /// 1.234,56
    pub fn it(self) -> String {
        self.written('.', ',')
    }

    /// 1,234.56
    pub fn en(self) -> String {
        self.written(',', '.')
    }

    fn written(self, thousands: char, point: char) -> String {
        let text = self.0.to_string();
        let (whole, decimals) = text.split_once('.').unwrap_or((&text, ""));
        let (sign, digits) = whole.strip_prefix('-').map_or(("", whole), |digits| ("-", digits));
        let mut grouped = sign.to_owned();
        for (at, digit) in digits.chars().enumerate() {
            if at > 0 && (digits.len() - at).is_multiple_of(3) {
                grouped.push(thousands);
            }
            grouped.push(digit);
        }
        if decimals.is_empty() { grouped } else { format!("{grouped}{point}{decimals}") }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_grouped_in_thousands() {
        let money = |text: &str| Figure::from(text.parse::<Money>().unwrap());
        assert_eq!(money("171718.40").it(), "171.718,40");
        assert_eq!(money("1234567.00").en(), "1,234,567.00");
        assert_eq!(money("0.05").it(), "0,05");
        assert_eq!(money("-999.10").it(), "-999,10");
        let exact = |text: &str| Figure::from(text.parse::<Decimal>().unwrap());
        assert_eq!(exact("3333.003333").it(), "3.333,003333");
        assert_eq!(exact("17400.000000").en(), "17,400.00");
    }
}
