//! What the note under the table says of the residue, in Italian or in English.

use rust_decimal::Decimal;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ResidueBand {
    First,
    Last,
}

/// Where the note says that the residue went.
pub(super) fn residue_band(note: &str) -> Option<ResidueBand> {
    let note = note.to_lowercase();
    let says = |phrases: &[&str]| phrases.iter().any(|phrase| note.contains(phrase));
    let last = says(&["last band", "ultima fascia", "lowest band", "fascia più bassa"]);
    let first = says(&["first band", "prima fascia", "highest band", "fascia più alta"]);
    match (first, last) {
        (true, false) => Some(ResidueBand::First),
        (false, true) => Some(ResidueBand::Last),
        _ => None,
    }
}

/// The amounts with cents that a note on the residue names: `38.40`, `38,40`, `1.038,40`.
pub(super) fn amounts(note: &str) -> Vec<Decimal> {
    if !note.to_lowercase().contains("resid") {
        return vec![];
    }
    let words = note.split(|c: char| !(c.is_ascii_digit() || c == '.' || c == ','));
    words.filter_map(|word| amount(word.trim_end_matches(['.', ',']))).collect()
}

fn amount(word: &str) -> Option<Decimal> {
    let (whole, cents) = word.rsplit_once(['.', ','])?;
    let digits: String = whole.chars().filter(char::is_ascii_digit).collect();
    let plain = cents.len() == 2 && (1..=12).contains(&digits.len());
    plain.then(|| format!("{digits}.{cents}").parse().ok())?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn notes_are_read_in_both_languages() {
        let real = "band percentages were cut only in bands 1 and 2; the residual of 38.40 left after the whole \
                    percentages went to the last band";
        assert_eq!(residue_band(real), Some(ResidueBand::Last));
        assert_eq!(amounts(real), [Decimal::new(3840, 2)]);
        assert_eq!(residue_band("Il residuo di € 1.038,40 va alla prima fascia."), Some(ResidueBand::First));
        assert_eq!(amounts("Il residuo di € 1.038,40 va alla prima fascia."), [Decimal::new(103_840, 2)]);
        assert_eq!(residue_band("first band, then last band"), None);
        assert!(amounts("the budget of 171718.40").is_empty());
        assert!(amounts("residuo: 87, 66 e 50 per cento, art. 3.1.").is_empty());
    }
}
