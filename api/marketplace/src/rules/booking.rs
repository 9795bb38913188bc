//! Why an item of a plan cannot be ordered: one row per rule, with the problem it becomes.

use concilia_kernel::problem::Text;
use concilia_kernel::{Code, FieldError, Problem, text_enum};

text_enum! {
    /// Rule that an item of a family plan breaks.
    pub enum BookingRule {
        ServiceOfAnotherStore = "service_of_another_store",
        ServiceNotPublished = "service_not_published",
        ProviderNotAccredited = "provider_not_accredited",
        AgeNotAdmitted = "age_not_admitted",
        SessionRequired = "session_required",
        SessionUnknown = "session_unknown",
        SessionOfAnotherService = "session_of_another_service",
        SessionCancelled = "session_cancelled",
        SessionPast = "session_past",
        SessionAlreadyBooked = "session_already_booked",
        TotalTooLarge = "total_too_large",
        VoucherOfAnotherFamily = "voucher_of_another_family",
        VoucherOfAnotherChild = "voucher_of_another_child",
        VoucherExpired = "voucher_expired",
        SessionAfterSpendBy = "session_after_spend_by",
        VoucherOfAnotherProject = "voucher_of_another_project",
        CategoryNotAdmitted = "category_not_admitted",
        NoPlacesLeft = "no_places_left",
        PriceChanged = "price_changed",
        CoveredLessThanPreviewed = "covered_less_than_previewed",
        ShareAboveExpected = "share_above_expected",
    }
}

impl BookingRule {
    /// The problem's code, and the rule in Italian and in English.
    fn facts(self) -> (Code, &'static str, &'static str) {
        use BookingRule as R;
        use Code::{Conflict, InsufficientBalance, NoPlacesLeft, ServiceNotBookable, VoucherNotSpendable};
        match self {
            R::ServiceOfAnotherStore => {
                (ServiceNotBookable, "il servizio è di un altro negozio", "the service belongs to another store")
            }
            R::ServiceNotPublished => {
                (ServiceNotBookable, "il servizio non è pubblicato", "the service is not published")
            }
            R::ProviderNotAccredited => {
                (ServiceNotBookable, "il fornitore non è più accreditato", "the provider is no longer accredited")
            }
            R::AgeNotAdmitted => {
                (ServiceNotBookable, "il servizio non è per quell'età", "the service is not for that age")
            }
            R::SessionRequired => {
                (ServiceNotBookable, "il servizio si prenota per sessione", "the service is booked by session")
            }
            R::SessionUnknown => (ServiceNotBookable, "la sessione non esiste", "there is no such session"),
            R::SessionOfAnotherService => (
                ServiceNotBookable,
                "la sessione è di un altro servizio",
                "the session belongs to another service",
            ),
            R::SessionCancelled => (ServiceNotBookable, "la sessione è annullata", "the session is cancelled"),
            R::SessionPast => (ServiceNotBookable, "la sessione è già iniziata", "the session has already begun"),
            R::SessionAlreadyBooked => {
                (ServiceNotBookable, "la sessione è quella già prenotata", "the session is the one booked already")
            }
            R::TotalTooLarge => (ServiceNotBookable, "l'importo è troppo grande", "the amount is too large"),
            R::VoucherOfAnotherFamily => {
                (VoucherNotSpendable, "il voucher è di un'altra famiglia", "the voucher belongs to another family")
            }
            R::VoucherOfAnotherChild => {
                (VoucherNotSpendable, "il voucher è di un altro figlio", "the voucher is for another child")
            }
            R::VoucherExpired => {
                (VoucherNotSpendable, "il voucher è scaduto o revocato", "the voucher has expired or was revoked")
            }
            R::SessionAfterSpendBy => (
                VoucherNotSpendable,
                "la sessione è dopo l'ultimo giorno del voucher",
                "the session is after the voucher's last day",
            ),
            R::VoucherOfAnotherProject => (
                VoucherNotSpendable,
                "il voucher è di un altro progetto",
                "the voucher belongs to another project",
            ),
            R::CategoryNotAdmitted => (
                VoucherNotSpendable,
                "il voucher non si spende in quella categoria",
                "the voucher is not spent on that category",
            ),
            R::NoPlacesLeft => (NoPlacesLeft, "i posti sono esauriti", "no places are left"),
            R::PriceChanged => {
                (Conflict, "il prezzo è aumentato dopo l'anteprima", "the price rose after the preview")
            }
            R::CoveredLessThanPreviewed => (
                InsufficientBalance,
                "il voucher copre meno di quanto mostrato nell'anteprima",
                "the voucher covers less than the preview showed",
            ),
            R::ShareAboveExpected => (
                InsufficientBalance,
                "la quota della famiglia supera quella attesa",
                "the family's share exceeds the expected one",
            ),
        }
    }

    /// 409 for a line of a plan, from 1.
    pub(crate) fn of_line(self, line: i16) -> Problem {
        let (code, it, en) = self.facts();
        let text = Text::new(format!("Riga {line}: {it}."), format!("Line {line}: {en}."));
        Problem::new(code)
            .explain(text.it.clone(), text.en.clone())
            .with_error(FieldError::pointer(format!("/items/{}", line - 1), self.as_str()).explain(&text))
    }

    /// 409 for a session that a provider proposes.
    pub(crate) fn of_proposal(self) -> Problem {
        let (code, it, en) = self.facts();
        let text = Text::new(format!("Proposta non possibile: {it}."), format!("Proposal not possible: {en}."));
        Problem::new(code)
            .explain(text.it.clone(), text.en.clone())
            .with_error(FieldError::pointer("/service_session_id", self.as_str()).explain(&text))
    }
}
