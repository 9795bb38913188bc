//! The rules of budgets in words.

use crate::rules::cofinancing::percent;
use crate::rules::executive::{Breach, Limits};
use concilia_kernel::FieldError;
use concilia_kernel::problem::Text;

/// A broken rule as the caller is told.
pub(crate) fn error(breach: Breach, limits: Limits, at: &str) -> FieldError {
    let (pointer, code, found, text) = match breach {
        Breach::Total { found, expected } => (
            "/costs",
            "budget_total",
            found,
            Text::new(
                format!("il totale deve essere {expected}: contributo assegnato più cofinanziamento"),
                format!("the total must be {expected}: the assigned grant and the co-financing"),
            ),
        ),
        Breach::Cofinancing { found, minimum } => {
            let share = percent(limits.cofinancing);
            let text = Text::new(
                format!(
                    "il cofinanziamento deve essere almeno {minimum}, il {share}% del totale troncato al centesimo"
                ),
                format!("co-financing must be at least {minimum}, {share}% of the total cut to the cent"),
            );
            ("/cofinancing", "cofinancing_minimum", found, text)
        }
        Breach::Coordination { found, limit } => {
            let share = percent(limits.coordination);
            let text = Text::new(
                format!("il coordinamento non può superare {limit}, il {share}% del totale"),
                format!("coordination may not exceed {limit}, {share}% of the total"),
            );
            ("/costs/coordination", "coordination_limit", found, text)
        }
        Breach::CoordinationAboveStaff { found, staff } => (
            "/costs/coordination",
            "coordination_above_staff",
            found,
            Text::new(
                format!("il coordinamento fa parte della voce A, che è {staff}"),
                format!("coordination is part of item A, which is {staff}"),
            ),
        ),
        Breach::VouchersFromGrant { found, limit } => (
            "/vouchers_from_grant",
            "range",
            found,
            Text::new(
                format!("la parte della voce D a carico del contributo non può superare {limit}"),
                format!("the part of item D that the grant bears may not exceed {limit}"),
            ),
        ),
        Breach::VouchersFromPartners { found, monetary } => (
            "/vouchers_from_grant",
            "range",
            found,
            Text::new(
                format!(
                    "la parte della voce D a carico dei partner supera il loro cofinanziamento monetario, {monetary}"
                ),
                format!("the part of item D that partners bear is above their monetary co-financing, {monetary}"),
            ),
        ),
    };
    FieldError::pointer(format!("{at}{pointer}"), code).value(found.to_string()).explain(&text)
}
