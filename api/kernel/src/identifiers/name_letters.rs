//! The three letters that a family name or a given name leaves in a tax code.

use super::IdentifierError;

/// The letters of a name that can enter a code, kept apart as the rule reads them: consonants, then
/// vowels.
#[derive(Default)]
struct NameLetters {
    consonants: [u8; 4],
    consonant_count: usize,
    vowels: [u8; 3],
    vowel_count: usize,
}

impl NameLetters {
    /// Letters beyond the fourth consonant or the third vowel never enter a code.
    fn push(&mut self, letter: u8) {
        let (kept, count) = if is_vowel(letter) {
            (self.vowels.as_mut_slice(), &mut self.vowel_count)
        } else {
            (self.consonants.as_mut_slice(), &mut self.consonant_count)
        };
        if let Some(place) = kept.get_mut(*count) {
            *place = letter;
            *count += 1;
        }
    }

    /// Consonants, then vowels, then X.
    fn triple(&self) -> [u8; 3] {
        let consonants = &self.consonants[..self.consonant_count];
        let vowels = &self.vowels[..self.vowel_count];
        let mut triple = [b'X'; 3];
        for (place, letter) in triple.iter_mut().zip(consonants.iter().chain(vowels)) {
            *place = *letter;
        }
        triple
    }
}

/// The first three consonants, completed with vowels and X.
pub(super) fn of_family_name(name: &str) -> Result<[u8; 3], IdentifierError> {
    Ok(read(name)?.triple())
}

/// As for a family name, but with four consonants or more the second is skipped.
pub(super) fn of_given_name(name: &str) -> Result<[u8; 3], IdentifierError> {
    let letters = read(name)?;
    let [first, _, third, fourth] = letters.consonants;
    if letters.consonant_count == 4 {
        return Ok([first, third, fourth]);
    }
    Ok(letters.triple())
}

const fn is_vowel(letter: u8) -> bool {
    matches!(letter, b'A' | b'E' | b'I' | b'O' | b'U')
}

fn read(name: &str) -> Result<NameLetters, IdentifierError> {
    let mut letters = NameLetters::default();
    let mut previous = '\0';
    for character in name.chars() {
        for &letter in latin_letters(previous, character)? {
            letters.push(letter);
        }
        previous = character;
    }
    if letters.consonant_count + letters.vowel_count == 0 {
        return Err(IdentifierError::Name);
    }
    Ok(letters)
}

/// The letters A-Z that stand for a character; none for blanks, apostrophes, hyphens and the like.
///
/// Umlauts and ligatures follow the table of circular 34/E of 20 July 2011 of the Agenzia delle
/// Entrate (Ä=AE, Ö=OE, Ü=UE, Æ=AE, Œ=OE, ß=SS; every other sign falls). Programs that drop the
/// umlaut, as python-codicefiscale does, differ here. `previous` serves the umlaut written as a
/// combining mark.
fn latin_letters(previous: char, character: char) -> Result<&'static [u8], IdentifierError> {
    Ok(match character {
        'a'..='z' | 'A'..='Z' => single(character as u8),
        'À'..='Ã' | 'à'..='ã' | 'Å' | 'å' | 'Ā'..='ą' | 'ª' => b"A",
        'Ä' | 'ä' | 'Æ' | 'æ' => b"AE",
        'Ç' | 'ç' | 'Ć'..='č' => b"C",
        'Ď'..='đ' | 'Ð' | 'ð' => b"D",
        'È'..='Ë' | 'è'..='ë' | 'Ē'..='ě' => b"E",
        'Ĝ'..='ģ' => b"G",
        'Ĥ'..='ħ' => b"H",
        'Ì'..='Ï' | 'ì'..='ï' | 'Ĩ'..='ı' => b"I",
        'Ĳ' | 'ĳ' => b"IJ",
        'Ĵ' | 'ĵ' => b"J",
        'Ķ'..='ĸ' => b"K",
        'Ĺ'..='ł' => b"L",
        'Ñ' | 'ñ' | 'Ń'..='ŉ' => b"N",
        'Ŋ' | 'ŋ' => b"NG",
        'Ò'..='Õ' | 'ò'..='õ' | 'Ø' | 'ø' | 'Ō'..='ő' | 'º' => b"O",
        'Ö' | 'ö' | 'Œ' | 'œ' => b"OE",
        'Ŕ'..='ř' => b"R",
        'Ś'..='š' | 'Ș' | 'ș' | 'ſ' => b"S",
        'ß' | 'ẞ' => b"SS",
        'Ţ'..='ŧ' | 'Ț' | 'ț' => b"T",
        'Þ' | 'þ' => b"TH",
        'Ù'..='Û' | 'ù'..='û' | 'Ũ'..='ų' => b"U",
        'Ü' | 'ü' => b"UE",
        'Ŵ' | 'ŵ' => b"W",
        'Ý' | 'ý' | 'ÿ' | 'Ŷ'..='Ÿ' => b"Y",
        'Ź'..='ž' => b"Z",
        '\u{308}' if matches!(previous, 'a' | 'o' | 'u' | 'A' | 'O' | 'U') => b"E",
        // An apostrophe that Unicode files among the letters.
        'ʼ' | 'ʻ' => b"",
        other if other.is_alphabetic() => return Err(IdentifierError::Name),
        _ => b"",
    })
}

fn single(letter: u8) -> &'static [u8] {
    const ALPHABET: &[u8; 26] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    let index = usize::from(letter.to_ascii_uppercase() - b'A');
    &ALPHABET[index..=index]
}
