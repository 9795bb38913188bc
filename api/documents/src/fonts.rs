//! The embedded typefaces. Titillium Web is the typeface of the Italian public administration; what it lacks (Greek,
//! Cyrillic, signs) comes from a part of Noto Sans. Licences are beside the files.

use std::sync::LazyLock;
use ttf_parser::Face;

pub(crate) const FAMILY: &str = "Titillium Web";

pub(crate) const FILES: [&[u8]; 4] = [
    include_bytes!("../fonts/TitilliumWeb-Regular.ttf"),
    include_bytes!("../fonts/TitilliumWeb-SemiBold.ttf"),
    include_bytes!("../fonts/TitilliumWeb-Italic.ttf"),
    include_bytes!("../fonts/NotoSans-Subset.ttf"),
];

static FACES: LazyLock<Vec<Face<'static>>> =
    LazyLock::new(|| FILES.iter().filter_map(|file| Face::parse(file, 0).ok()).collect());

const REGULAR: [usize; 2] = [0, 3];
const SEMIBOLD: [usize; 2] = [1, 3];

/// Whether a character can be set in every style.
pub(crate) fn covers(c: char) -> bool {
    // Tables of characters end in a sentinel that maps to glyph 0, the box of what is missing.
    let has =
        |index: usize| FACES.get(index).and_then(|face| face.glyph_index(c)).is_some_and(|glyph| glyph.0 != 0);
    has(3) || (0..3).all(has)
}

/// Width of a line of text, in the unit of `size`.
pub(crate) fn width(text: &str, size: f64, bold: bool) -> f64 {
    let order = if bold { SEMIBOLD } else { REGULAR };
    let advance = |c: char| {
        let glyph = |index: &usize| {
            let face = FACES.get(*index)?;
            let advance = face.glyph_hor_advance(face.glyph_index(c)?)?;
            Some(f64::from(advance) / f64::from(face.units_per_em()))
        };
        order.iter().find_map(glyph).unwrap_or(0.6)
    };
    text.chars().map(advance).sum::<f64>() * size
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_faces_are_there_and_cover_what_italians_write() {
        assert_eq!(FACES.len(), FILES.len());
        for c in "àèéìòùÀÈÉÌÒÙâêîôûç€°«»“”‘’–—…·•≤≥→✓−×½ñüößšžćđłőαЖ\u{a0}\u{fffd}".chars()
        {
            assert!(covers(c), "{c:?}");
        }
        assert!(!covers('漢') && !covers('\u{ffff}'));
    }

    #[test]
    fn digits_are_equally_wide() {
        let widths: Vec<f64> = ('0'..='9').map(|d| width(&d.to_string(), 10.0, true)).collect();
        assert!(widths.windows(2).all(|w| (w[0] - w[1]).abs() < 1e-9), "{widths:?}");
    }
}
