//! What the note under the table says of the residue and of the cut, in Italian or in English.

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

/// The bands, from 1, that the note says were the only ones cut: `cut only in bands 1 and 2`, `ridotte solo nelle fasce
/// 1 e 2`.
pub(super) fn bands_cut(note: &str) -> Option<Vec<usize>> {
    let note = note.to_lowercase();
    let phrases = ["only in bands ", "only in band ", "solo nelle fasce ", "solo nella fascia "];
    let cuts = ["cut", "reduced", "lowered", "ridott", "tagliat", "abbassat"];
    let (before, after) = phrases.iter().find_map(|phrase| note.split_once(phrase))?;
    if !cuts.iter().any(|cut| before.contains(cut)) {
        return None;
    }
    let words = after.split(|c: char| c.is_whitespace() || c == ',').filter(|word| !word.is_empty());
    let listed = words
        .take_while(|word| ["and", "e", "ed"].contains(word) || word.starts_with(|c: char| c.is_ascii_digit()));
    let numbers = listed.filter(|word| word.starts_with(|c: char| c.is_ascii_digit()));
    let bands: Option<Vec<usize>> =
        numbers.map(|word| word.trim_end_matches(['.', ';', ':', ')']).parse().ok()).collect();
    bands.filter(|bands| !bands.is_empty())
}

/// The amounts with cents that a note on the residue names: `38.40`, `38,40`, `1.038,40`.
pub(super) fn amounts(note: &str) -> Vec<Decimal> {
    if !note.to_lowercase().contains("resid") {
        return vec![];
    }
    let words = note.split(|c: char| !(c.is_ascii_digit() || c == '.' || c == ','));
    words.filter_map(|word| amount(word.trim_end_matches(['.', ',']))).collect()
}

/// Whether a note on the residue names `amount`: as one of the [`amounts`], or as whole euro next to their sign.
pub(super) fn names(note: &str, amount: Decimal) -> bool {
    if amounts(note).contains(&amount) {
        return true;
    }
    let note = note.to_lowercase().replace('€', " euro ");
    let words: Vec<&str> = note.split_whitespace().collect();
    let is_sign = |word: &&str| ["euro", "eur"].contains(&word.trim_matches(|c: char| !c.is_alphanumeric()));
    let whole = |word: &str| word.replace(['.', ','], "").parse::<Decimal>().ok();
    note.contains("resid")
        && words.windows(2).any(|pair| {
            is_sign(&pair[0]) && whole(pair[1]) == Some(amount)
                || is_sign(&pair[1]) && whole(pair[0]) == Some(amount)
        })
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
        assert_eq!(bands_cut(real), Some(vec![1, 2]));
        assert_eq!(bands_cut("Percentuali ridotte solo nelle fasce 1, 2 e 3; il residuo"), Some(vec![1, 2, 3]));
        assert_eq!(bands_cut("Percentuale ridotta solo nella fascia 2."), Some(vec![2]));
        assert_eq!(bands_cut("paid only in bands 1 and 2"), None);
        assert_eq!(bands_cut("cut only in bands 1-2"), None);
        let thousand = Decimal::new(1000, 0);
        for note in ["Residuo di € 1.000,00", "residuo: 1.000 euro.", "a residue of EUR 1000 is left"] {
            assert!(names(note, thousand), "{note}");
        }
        assert!(
            !names("restano 1.000 euro", thousand) && !names("residuo del 2020: 10 euro", Decimal::new(2020, 0))
        );
        assert!(amounts("the budget of 171718.40").is_empty());
        assert!(amounts("residuo: 87, 66 e 50 per cento, art. 3.1.").is_empty());
    }
}
