//! Tax codes (codice fiscale) of people who do not exist.

/// What a character is worth in odd places, counted from one: digits as the letters `A` to `J`.
const ODD: [u32; 26] =
    [1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23];
const MONTHS: &[u8; 12] = b"ABCDEHLMPRST";
const PLACES: &[u8; 11] = b"ABCDEFGHILM";

/// The code of a woman whose names give `letters`; another birth for each `serial`, some hundred million in all.
pub(crate) fn of_woman(letters: &str, serial: u64) -> String {
    let mut rest = serial;
    let mut take = |choices: u64| {
        let taken = rest % choices;
        rest /= choices;
        taken
    };
    let number = 1 + take(999);
    let place = char::from(PLACES[take(11) as usize]);
    let day = 41 + take(28);
    let month = char::from(MONTHS[take(12) as usize]);
    let year = 70 + take(30);
    let code = format!("{letters}{year:02}{month}{day:02}{place}{number:03}");
    let check = check_character(&code);
    format!("{code}{check}")
}

fn check_character(code: &str) -> char {
    let worth = |(index, byte): (usize, u8)| {
        let value = if byte.is_ascii_digit() { byte - b'0' } else { byte - b'A' };
        if index % 2 == 0 { ODD[usize::from(value)] } else { u32::from(value) }
    };
    let sum: u32 = code.bytes().enumerate().map(worth).sum();
    char::from(b'A' + (sum % 26) as u8)
}
