use crate::finding::Finding;

/// How a value must be written. Whoever wrote it otherwise is told the form in words, and never as what was expected:
/// an example that stands there would be copied for the value.
#[derive(Debug, Clone, Copy)]
pub(super) enum Form {
    Amount,
    Share,
    Count,
    Score,
    Day,
    Month,
    Text,
    Flag,
    Object,
    List,
    /// A list of exactly so many elements.
    Tuple(usize),
    Target,
}

impl Form {
    pub(super) fn explain(self, finding: Finding) -> Finding {
        let (it, en) = match self {
            Self::Amount => (
                "un importo senza separatori delle migliaia e con il punto prima dei centesimi, scritto come \"36000.00\"",
                "an amount without thousands separators and with a point before the cents, written like \"36000.00\"",
            ),
            Self::Share => (
                "una quota da 0 a 1 con il punto prima dei decimali, scritta come \"0.25\" per il 25%",
                "a share from 0 to 1 with a point before the decimals, written like \"0.25\" for 25%",
            ),
            Self::Count => (
                "un numero intero senza virgolette, in cifre",
                "a whole number without quotation marks, in digits",
            ),
            Self::Score => {
                ("un numero con il punto prima dei decimali", "a number with a point before the decimals")
            }
            Self::Day => ("una data che esiste, scritta AAAA-MM-GG", "a date that exists, written YYYY-MM-DD"),
            Self::Month => ("un mese che esiste, scritto AAAA-MM", "a month that exists, written YYYY-MM"),
            Self::Text => ("un testo tra virgolette", "a text in quotation marks"),
            Self::Flag => ("true o false, senza virgolette", "true or false, without quotation marks"),
            Self::Object => ("un oggetto tra parentesi graffe", "an object in braces"),
            Self::List => ("un elenco tra parentesi quadre", "a list in square brackets"),
            Self::Tuple(length) => {
                return finding.detail(
                    format!("forma richiesta: un elenco di {length} elementi tra parentesi quadre"),
                    format!("form required: a list of {length} elements in square brackets"),
                );
            }
            Self::Target => (
                "un numero, un numero per anno, quantità e valore, o un testo",
                "a number, a number for each year, count and value, or a text",
            ),
        };
        finding.detail(format!("forma richiesta: {it}"), format!("form required: {en}"))
    }
}
