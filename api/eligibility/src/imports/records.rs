//! Cuts a stream of bytes, arriving in pieces of any size, into the records of an import.

/// Longest record, in bytes without its line end.
pub(super) const RECORD_LIMIT: usize = 65_536;

/// Most lines over which one quoted CSV record may run.
const CSV_RECORD_LINES: usize = 16;

/// Form of an import's text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Format {
    /// One JSON object per line.
    Ndjson,
    /// RFC 4180 with this delimiter: a line end within quotes belongs to the record.
    Csv { delimiter: u8 },
}

/// A record, or what stands where one should be.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Record<'a> {
    /// Line on which it starts, and its bytes without the line end.
    Row(i64, &'a [u8]),
    /// Line that cannot be cut, and the code of the reason.
    Fault(i64, &'static str),
}

/// The cutter. It holds at most one unfinished record, and the piece last fed.
#[derive(Debug)]
pub(super) struct Records {
    format: Format,
    buffer: Vec<u8>,
    /// Start of the next record within the buffer.
    start: usize,
    /// Start of the next record within the stream.
    offset: u64,
    /// Line of the next record, from 1.
    line: i64,
    /// In the middle of a line too long, which is passed over.
    skipping: bool,
    ended: bool,
}

/// Where a record ends.
enum Cut {
    /// Its length, the bytes that end it, the lines over which it runs.
    Whole {
        length: usize,
        terminator: usize,
        lines: i64,
    },
    /// Quotes stay open: the first line, of this length with its end, stands alone as a fault.
    Unclosed(usize),
    TooLong,
    /// Nobody knows before more is fed.
    Open,
}

impl Records {
    /// Starts at the beginning of a stream, or where [`Records::position`] said.
    pub(super) fn new(format: Format, (offset, line): (u64, i64)) -> Self {
        Self { format, buffer: vec![], start: 0, offset, line, skipping: false, ended: false }
    }

    /// Reads what follows in another format; used once the header line has told the delimiter.
    pub(super) fn set_format(&mut self, format: Format) {
        self.format = format;
    }

    /// Stream offset and line of the next record.
    pub(super) fn position(&self) -> (u64, i64) {
        (self.offset, self.line)
    }

    pub(super) fn feed(&mut self, piece: &[u8]) {
        self.buffer.drain(..self.start);
        self.start = 0;
        self.buffer.extend_from_slice(piece);
    }

    /// Nothing more will be fed.
    pub(super) fn end(&mut self) {
        self.ended = true;
    }

    /// The next record; `None` until more is fed, or at the end.
    pub(super) fn next(&mut self) -> Option<Record<'_>> {
        if self.offset == 0 && !self.pass_byte_order_mark() {
            return None;
        }
        if self.skipping {
            return self.skip();
        }
        let rest = &self.buffer[self.start..];
        if rest.is_empty() {
            return None;
        }
        let cut = match self.format {
            Format::Ndjson => cut_line(rest, self.ended),
            Format::Csv { delimiter } => cut_csv(rest, delimiter, self.ended),
        };
        let (start, line) = (self.start, self.line);
        match cut {
            Cut::Whole { length, terminator, lines } => {
                self.pass(length + terminator, lines);
                Some(Record::Row(line, &self.buffer[start..start + length]))
            }
            Cut::Unclosed(length) => {
                self.pass(length, 1);
                Some(Record::Fault(line, "unclosed_quote"))
            }
            Cut::TooLong => {
                self.skipping = true;
                self.skip()
            }
            Cut::Open => None,
        }
    }

    fn pass(&mut self, bytes: usize, lines: i64) {
        self.start += bytes;
        self.offset += bytes as u64;
        self.line += lines;
    }

    /// Passes over a line too long without keeping it; the fault comes when its end is met.
    fn skip(&mut self) -> Option<Record<'_>> {
        let rest = &self.buffer[self.start..];
        let (bytes, met) = match rest.iter().position(|byte| *byte == b'\n') {
            Some(end) => (end + 1, true),
            None => (rest.len(), self.ended),
        };
        self.pass(bytes, i64::from(met));
        if !met {
            return None;
        }
        self.skipping = false;
        Some(Record::Fault(self.line - 1, "line_too_long"))
    }

    /// Excel begins UTF-8 with a byte order mark. False when more must be fed to know.
    fn pass_byte_order_mark(&mut self) -> bool {
        const MARK: &[u8] = b"\xEF\xBB\xBF";
        let rest = &self.buffer[self.start..];
        if rest.starts_with(MARK) {
            self.pass(MARK.len(), 0);
            return true;
        }
        self.ended || rest.len() >= MARK.len() || !MARK.starts_with(rest)
    }
}

fn cut_line(rest: &[u8], ended: bool) -> Cut {
    let window = &rest[..rest.len().min(RECORD_LIMIT + 2)];
    match window.iter().position(|byte| *byte == b'\n') {
        Some(end) => whole(rest, end, 1),
        None if rest.len() > RECORD_LIMIT + 1 => Cut::TooLong,
        None if ended => whole(rest, rest.len(), 1),
        None => Cut::Open,
    }
}

/// The record that ends before the line end at `end`, or at the end of the stream.
fn whole(rest: &[u8], end: usize, lines: i64) -> Cut {
    let length = end - usize::from(end > 0 && rest[end - 1] == b'\r');
    if length > RECORD_LIMIT {
        return if lines == 1 { Cut::TooLong } else { unclosed(rest) };
    }
    let terminator = end - length + usize::from(end < rest.len());
    Cut::Whole { length, terminator, lines }
}

/// The first line by itself, when it can be told.
fn unclosed(rest: &[u8]) -> Cut {
    let window = &rest[..rest.len().min(RECORD_LIMIT + 2)];
    match window.iter().position(|byte| *byte == b'\n') {
        Some(end) => Cut::Unclosed(end + 1),
        None if rest.len() > RECORD_LIMIT + 1 => Cut::TooLong,
        None => Cut::Unclosed(rest.len()),
    }
}

/// A quote opens only at the start of a field; elsewhere it is a character like any other.
fn cut_csv(rest: &[u8], delimiter: u8, ended: bool) -> Cut {
    let window = &rest[..rest.len().min(RECORD_LIMIT + 2)];
    let (mut quoted, mut field_starts, mut lines, mut at) = (false, true, 1, 0);
    while let Some(&byte) = window.get(at) {
        if quoted {
            match byte {
                b'"' if at + 1 == rest.len() && !ended => return Cut::Open,
                b'"' if rest.get(at + 1) == Some(&b'"') => at += 1,
                b'"' => quoted = false,
                b'\n' if lines == CSV_RECORD_LINES => return unclosed(rest),
                b'\n' => lines += 1,
                _ => {}
            }
        } else {
            match byte {
                b'\n' => return whole(rest, at, lines as i64),
                b'"' if field_starts => quoted = true,
                _ => {}
            }
            field_starts = byte == delimiter;
        }
        at += 1;
    }
    if rest.len() > RECORD_LIMIT + 1 || (ended && quoted) {
        unclosed(rest)
    } else if ended {
        whole(rest, rest.len(), lines as i64)
    } else {
        Cut::Open
    }
}
