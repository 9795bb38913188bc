//! The closed table of problem codes: code, status, title in Italian and in English.
//! A code never changes its meaning; a new refusal gets a new row.

use actix_web::http::StatusCode;

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident = $code:literal, $status:literal, $it:literal, $en:literal;)+) => {
        /// Stable code of a problem; `type` is `https://concilia.example/problems/{code}`.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Code { $($(#[$doc])* $name),+ }

        impl Code {
            /// Every code, in the order of the table.
            pub const ALL: &[Self] = &[$(Self::$name),+];

            pub fn as_str(self) -> &'static str { match self { $(Self::$name => $code),+ } }
            pub fn status(self) -> StatusCode {
                let status = match self { $(Self::$name => $status),+ };
                StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
            }
            pub fn title_it(self) -> &'static str { match self { $(Self::$name => $it),+ } }
            pub fn title_en(self) -> &'static str { match self { $(Self::$name => $en),+ } }
        }
    };
}

codes! {
    MalformedRequest = "malformed_request", 400, "Richiesta malformata", "Malformed request";
    InvalidParameter = "invalid_parameter", 400, "Parametro non valido", "Invalid parameter";
    InvalidGrant = "invalid_grant", 400, "Credenziale non valida o scaduta", "Invalid or expired grant";
    UnsupportedGrantType = "unsupported_grant_type", 400, "Tipo di concessione non supportato", "Unsupported grant type";
    Unauthenticated = "unauthenticated", 401, "Autenticazione richiesta", "Authentication required";
    InvalidToken = "invalid_token", 401, "Token non valido o scaduto", "Invalid or expired token";
    InvalidCredentials = "invalid_credentials", 401, "Credenziali errate", "Wrong credentials";
    Forbidden = "forbidden", 403, "Operazione non consentita al ruolo", "Operation not allowed to this role";
    NotFound = "not_found", 404, "Risorsa non trovata", "Resource not found";
    MethodNotAllowed = "method_not_allowed", 405, "Metodo non consentito", "Method not allowed";
    RequestTimeout = "request_timeout", 408, "Invio interrotto: nessun dato ricevuto", "No data received in time";
    Conflict = "conflict", 409, "Conflitto con lo stato attuale", "Conflict with the present state";
    AlreadyExists = "already_exists", 409, "Risorsa già esistente", "Resource already exists";
    TransitionNotAllowed = "transition_not_allowed", 409, "Passaggio di stato non consentito", "State transition not allowed";
    ApproverIsAuthor = "approver_is_author", 409, "Chi approva non può essere l'autore", "The approver cannot be the author";
    IdempotencyKeyInUse = "idempotency_key_in_use", 409, "Richiesta con la stessa chiave in corso", "A request with the same key is running";
    InsufficientBalance = "insufficient_balance", 409, "Disponibilità insufficiente", "Insufficient balance";
    NoPlacesLeft = "no_places_left", 409, "Posti esauriti", "No places left";
    CallNotOpen = "call_not_open", 409, "Avviso non aperto", "Call not open";
    VoucherNotSpendable = "voucher_not_spendable", 409, "Voucher non utilizzabile", "Voucher not spendable";
    ServiceNotBookable = "service_not_bookable", 409, "Servizio non prenotabile", "Service not bookable";
    CancellationTooLate = "cancellation_too_late", 409, "Termine per annullare superato", "Too late to cancel";
    ChildAlreadyApplied = "child_already_applied", 409, "Figlio già presente in una domanda", "Child already in an application";
    SignUpClosed = "sign_up_closed", 409, "Iscrizioni chiuse", "Sign-up closed";
    TooFewAnswers = "too_few_answers", 409, "Troppo poche risposte per mostrarle", "Too few answers to show";
    AgreementNotSigned = "agreement_not_signed", 409, "Convenzione non firmata", "Agreement not signed";
    GrantExceeded = "grant_exceeded", 409, "Importo oltre il contributo dovuto", "Amount beyond the grant that is due";
    CostItemExceeded = "cost_item_exceeded", 409, "Voce di spesa superata", "Cost item exceeded";
    DocumentAlreadyReported = "document_already_reported", 409, "Documento già rendicontato", "Document already reported";
    NothingToSettle = "nothing_to_settle", 409, "Nessun ordine da rendicontare", "No order to settle";
    NoQuorum = "no_quorum", 409, "Numero legale non raggiunto", "No quorum";
    MeetingNotInSession = "meeting_not_in_session", 409, "Riunione non in corso", "Meeting not in session";
    SubstituteNotAdmitted = "substitute_not_admitted", 409, "Supplente non ammesso: il titolare è presente", "Substitute not admitted: the titular is present";
    ConflictOfInterest = "conflict_of_interest", 409, "Conflitto di interessi", "Conflict of interest";
    PreconditionFailed = "precondition_failed", 412, "La risorsa è cambiata", "The resource has changed";
    PayloadTooLarge = "payload_too_large", 413, "Contenuto troppo grande", "Payload too large";
    UriTooLong = "uri_too_long", 414, "Indirizzo troppo lungo", "URI too long";
    UnsupportedMediaType = "unsupported_media_type", 415, "Tipo di contenuto non supportato", "Unsupported media type";
    ValidationFailed = "validation_failed", 422, "Una o più regole non rispettate", "One or more rules are broken";
    IdempotencyKeyReused = "idempotency_key_reused", 422, "Chiave già usata per un'altra richiesta", "Key already used for another request";
    NotEligible = "not_eligible", 422, "Requisiti non posseduti", "Requirements not met";
    NoticeTooShort = "notice_too_short", 422, "Preavviso insufficiente", "Notice too short";
    PreconditionRequired = "precondition_required", 428, "Serve l'intestazione If-Match", "If-Match header required";
    RateLimited = "rate_limited", 429, "Troppe richieste", "Too many requests";
    TooManyAttempts = "too_many_attempts", 429, "Troppi tentativi falliti", "Too many failed attempts";
    InternalError = "internal_error", 500, "Errore interno", "Internal error";
    Unavailable = "unavailable", 503, "Servizio momentaneamente non disponibile", "Service temporarily unavailable";
}

/// Texts of the field codes that validation and parsing produce: code, Italian, English.
const FIELD_TEXTS: &[(&str, &str, &str)] = &[
    ("required", "campo obbligatorio", "field required"),
    ("unknown_field", "campo sconosciuto", "unknown field"),
    ("type", "tipo o formato errato", "wrong type or format"),
    ("length", "lunghezza fuori dai limiti", "length out of bounds"),
    ("range", "valore fuori dai limiti", "value out of range"),
    ("pattern", "formato non ammesso", "format not allowed"),
    ("email", "indirizzo e-mail non valido", "invalid e-mail address"),
    ("cursor_invalid", "cursore non valido", "invalid cursor"),
    ("tax_code_invalid", "codice fiscale non valido", "invalid tax code"),
    ("vat_number_invalid", "partita IVA non valida", "invalid VAT number"),
    ("not_applicable", "campo non previsto in questo caso", "field does not apply here"),
    (
        "statement_outdated",
        "non è la versione in vigore della dichiarazione",
        "not the version of the statement that is in force",
    ),
    ("notice_too_short", "preavviso insufficiente", "notice too short"),
    ("date_order", "la data precede quella da cui dipende", "the date precedes the one that it follows from"),
    ("not_found", "elemento inesistente o non accessibile", "no such element, or not accessible"),
    ("duplicate", "valore ripetuto", "repeated value"),
    ("control_character", "carattere di controllo non ammesso", "control character not allowed"),
    ("in_future", "la data è nel futuro", "the date is in the future"),
    ("in_past", "la data è nel passato", "the date is in the past"),
    ("age_order", "l'età massima è inferiore alla minima", "the maximum age is below the minimum"),
    (
        "address_place",
        "l'indirizzo va indicato solo, e sempre, quando il luogo è un indirizzo",
        "the address is given where the place is an address, and only there",
    ),
    ("transition_not_allowed", "passaggio di stato non ammesso", "state transition not allowed"),
    ("idempotency_key_reused", "chiave già usata per un'altra richiesta", "key already used for another request"),
    ("immutable", "il valore non può cambiare", "the value cannot change"),
    ("line_too_long", "riga oltre 65.536 byte", "line longer than 65,536 bytes"),
    ("not_utf8", "testo non UTF-8", "text is not UTF-8"),
    ("malformed_json", "la riga non è un oggetto JSON", "the line is not a JSON object"),
    ("unclosed_quote", "virgolette aperte e non chiuse", "a quotation mark is opened and not closed"),
    (
        "column_count",
        "numero di colonne diverso dall'intestazione",
        "number of columns differs from the header line",
    ),
    (
        "tax_code_of_another_employee",
        "codice fiscale di un altro dipendente dello stesso datore di lavoro",
        "tax code of another employee of the same employer",
    ),
    (
        "tax_code_of_another_member",
        "codice fiscale di un altro componente del nucleo",
        "tax code of another member of the household",
    ),
    (
        "birth_date_mismatch",
        "la data di nascita non corrisponde al codice fiscale",
        "the birth date does not agree with the tax code",
    ),
    ("too_many", "troppi elementi", "too many elements"),
    ("overlap", "si sovrappone a un altro", "overlaps another"),
    (
        "not_a_member_company",
        "non è un'impresa aderente alla rete",
        "is not a company that is a member of the network",
    ),
    ("not_a_member", "non aderisce alla rete", "is not a member of the network"),
    ("token_invalid", "codice non valido per questo questionario", "token not good for this questionnaire"),
    ("share", "non è la quota stabilita", "is not the share that is laid down"),
    ("over_budget", "la somma supera le risorse", "the sum exceeds the budget"),
    (
        "bands_order",
        "punteggi minimi non decrescenti, o percentuali crescenti",
        "minimum scores do not fall, or percentages rise",
    ),
];

/// The text of a field code in (Italian, English); where a field bears the code of its problem, the problem's title.
pub(super) fn field_text(code: &str) -> (&str, &str) {
    let of_field = || FIELD_TEXTS.iter().find(|(known, ..)| *known == code).map(|(_, it, en)| (*it, *en));
    let of_problem =
        || Code::ALL.iter().find(|known| known.as_str() == code).map(|code| (code.title_it(), code.title_en()));
    of_field().or_else(of_problem).unwrap_or((code, code))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn a_field_that_bears_the_code_of_its_problem_is_told_in_words() {
        assert_eq!(field_text("grant_exceeded").1, Code::GrantExceeded.title_en());
        assert_eq!(field_text("length").1, "length out of bounds");
    }

    #[test]
    fn codes_are_unique_and_their_statuses_are_errors() {
        let distinct: HashSet<_> = Code::ALL.iter().map(|c| c.as_str()).collect();
        assert_eq!(distinct.len(), Code::ALL.len());
        assert!(Code::ALL.iter().all(|c| c.status().is_client_error() || c.status().is_server_error()));
    }
}
