//! How each euro came about, in sentences made from the stored steps.

use super::amounts::Figure;
use super::plan::{AllocationBasis, AllocationOutcome as Outcome, BandSum, Turn};
use super::portion::Portion;
use super::terms::{AllocationTerms, BandsResidue, FlatResidue, LastFunded};
use concilia_kernel::problem::Text;
use concilia_kernel::{Money, Ratio};
use concilia_planning::Points;
use rust_decimal::Decimal;

/// What a run says of itself.
#[derive(Debug, Clone, Copy)]
pub struct RunSteps<'r> {
    pub terms: &'r AllocationTerms,
    pub minimum_score: Option<Points>,
    pub budget: Money,
    pub base_amount: Money,
    pub assigned: Money,
    pub residue: Money,
    pub bands: &'r [BandSum],
}

/// What a run says of one project.
#[derive(Debug, Clone, Copy)]
pub struct RowSteps<'r> {
    pub position: i32,
    pub score: Points,
    pub band: Option<i16>,
    pub percentage: Option<Ratio>,
    pub requested: Money,
    pub admissible: Money,
    pub admissible_reason: Option<&'r str>,
    pub basis: &'r AllocationBasis,
    pub residue_portion: Option<&'r Portion>,
    pub assigned: Money,
    pub outcome: Outcome,
}

fn percent(percentage: Ratio) -> (String, String) {
    let percent = (percentage.decimal() * Decimal::ONE_HUNDRED).normalize().to_string();
    (percent.replace('.', ","), percent)
}

fn points(score: Points) -> Figure {
    score.decimal().into()
}

/// The run as a whole.
pub fn run(run: &RunSteps<'_>) -> Vec<Text> {
    let budget = Figure::from(run.budget);
    let mut steps = vec![Text::new(
        format!("Risorse da assegnare: EUR {}.", budget.it()),
        format!("To be allocated: EUR {}.", budget.en()),
    )];
    if let Some(minimum) = run.minimum_score.map(points) {
        steps.push(Text::new(
            format!("Sotto i {} punti nessun contributo.", minimum.it()),
            format!("Below {} points no grant.", minimum.en()),
        ));
    }
    steps.push(method(run.terms));
    steps.extend(run.bands.iter().map(band));
    let (given, left) = (Figure::from(run.base_amount), Figure::from(run.budget - run.base_amount));
    if let Some((it, en)) = residue_rule(run.terms) {
        steps.push(Text::new(
            format!("Somma: EUR {}. Residuo di EUR {}: {it}.", given.it(), left.it()),
            format!("Sum: EUR {}. Residue of EUR {}: {en}.", given.en(), left.en()),
        ));
    }
    let (assigned, residue) = (Figure::from(run.assigned), Figure::from(run.residue));
    steps.push(Text::new(
        format!("Assegnati EUR {}; non assegnati EUR {}.", assigned.it(), residue.it()),
        format!("Assigned: EUR {}; unassigned: EUR {}.", assigned.en(), residue.en()),
    ));
    steps
}

fn method(terms: &AllocationTerms) -> Text {
    match terms {
        AllocationTerms::Bands(_) => Text::new(
            "Metodo: una percentuale dell'importo ammissibile per ogni fascia di punteggio, troncata al centesimo.",
            "Method: a percentage of the admissible amount for each band of scores, cut to the cent.",
        ),
        AllocationTerms::FlatPercentage(terms) => {
            let (it, en) = percent(terms.percentage);
            Text::new(
                format!("Metodo: il {it}% dell'importo ammissibile di ogni progetto, troncato al centesimo."),
                format!("Method: {en}% of each project's admissible amount, cut to the cent."),
            )
        }
        AllocationTerms::RankedInFull(_) => Text::new(
            "Metodo: per intero, in ordine di graduatoria, fino a esaurimento delle risorse.",
            "Method: in full, down the list, until the budget ends.",
        ),
        AllocationTerms::Proportional(_) => Text::new(
            "Metodo: in proporzione a punteggio per importo ammissibile, fino all'importo ammissibile.",
            "Method: in proportion to score times admissible amount, up to the admissible amount.",
        ),
    }
}

fn band(sum: &BandSum) -> Text {
    let (share_it, share_en) = percent(sum.percentage);
    let (least, admissible) = (points(sum.minimum_score), Figure::from(sum.admissible_amount));
    let given = Figure::from(sum.base_amount);
    Text::new(
        format!(
            "Fascia {}, da {} punti: progetti {}, ammissibili EUR {}, quota {share_it}%, EUR {}.",
            sum.band,
            least.it(),
            sum.projects,
            admissible.it(),
            given.it()
        ),
        format!(
            "Band {}, from {} points: projects {}, admissible EUR {}, at {share_en}% EUR {}.",
            sum.band,
            least.en(),
            sum.projects,
            admissible.en(),
            given.en()
        ),
    )
}

/// Where the residue goes, for methods that leave one to be placed.
fn residue_rule(terms: &AllocationTerms) -> Option<(&'static str, &'static str)> {
    let rule = match terms {
        AllocationTerms::Bands(terms) => terms.residue,
        AllocationTerms::FlatPercentage(terms) => match terms.residue {
            FlatResidue::Spread => BandsResidue::Spread,
            FlatResidue::Keep => BandsResidue::Keep,
        },
        AllocationTerms::RankedInFull(_) | AllocationTerms::Proportional(_) => return None,
    };
    Some(match rule {
        BandsResidue::LastBand => (
            "all'ultima fascia finanziata, poi a quelle sopra, nei limiti degli importi ammissibili",
            "to the last funded band, then to those above, within the admissible amounts",
        ),
        BandsResidue::FirstBand => (
            "alla prima fascia finanziata, poi a quelle sotto, nei limiti degli importi ammissibili",
            "to the first funded band, then to those below, within the admissible amounts",
        ),
        BandsResidue::Spread => (
            "a tutti i progetti finanziati, nei limiti degli importi ammissibili",
            "to all funded projects, within the admissible amounts",
        ),
        BandsResidue::Keep => ("resta non assegnato", "it stays unassigned"),
    })
}

/// One project, from its score to what it was assigned.
pub fn row(run: &RunSteps<'_>, row: &RowSteps<'_>) -> Vec<Text> {
    let mut steps = vec![score(run, row)];
    if !matches!(row.basis, AllocationBasis::NotApplied {}) {
        steps.push(admissible(row));
    }
    match row.basis {
        AllocationBasis::NotApplied {} => {}
        AllocationBasis::Percentage(basis) => steps.push(product(row, basis.product.into())),
        AllocationBasis::Turn(turn) => steps.push(turn_text(run, row, turn)),
        AllocationBasis::AllocationWeight(basis) => {
            steps.extend(basis.portion.as_ref().map(|portion| weight(row, portion)));
        }
    }
    if let Some(portion) = row.residue_portion {
        let pool = Figure::from(portion.pool);
        steps.push(Text::new(
            format!("Residuo di EUR {}, in proporzione a quanto già assegnato: {}", pool.it(), part(portion).it),
            format!(
                "Residue of EUR {}, in proportion to what was already assigned: {}",
                pool.en(),
                part(portion).en
            ),
        ));
    }
    let assigned = Figure::from(row.assigned);
    steps.push(Text::new(
        format!("Contributo assegnato: EUR {}.", assigned.it()),
        format!("Grant assigned: EUR {}.", assigned.en()),
    ));
    steps
}

fn score(run: &RunSteps<'_>, row: &RowSteps<'_>) -> Text {
    let score = points(row.score);
    let least_of = |sum: Option<&BandSum>| points(sum.map_or(Points::default(), |sum| sum.minimum_score));
    match (row.outcome, row.band) {
        (Outcome::BelowMinimumScore, _) => {
            let minimum = points(run.minimum_score.unwrap_or_default());
            Text::new(
                format!("Punteggio {}, sotto il minimo dell'avviso ({}).", score.it(), minimum.it()),
                format!("Score {}, below the call's minimum ({}).", score.en(), minimum.en()),
            )
        }
        (Outcome::BelowLowestBand, _) => {
            let least = least_of(run.bands.last());
            Text::new(
                format!("Punteggio {}, sotto la fascia più bassa (da {} punti).", score.it(), least.it()),
                format!("Score {}, below the lowest band (from {} points).", score.en(), least.en()),
            )
        }
        (_, Some(band)) => {
            let least = least_of(run.bands.iter().find(|sum| sum.band == band));
            Text::new(
                format!("Punteggio {}: fascia {band}, da {} punti.", score.it(), least.it()),
                format!("Score {}: band {band}, from {} points.", score.en(), least.en()),
            )
        }
        (_, None) => Text::new(
            format!("Punteggio {}, posizione {}.", score.it(), row.position),
            format!("Score {}, position {}.", score.en(), row.position),
        ),
    }
}

fn admissible(row: &RowSteps<'_>) -> Text {
    let (requested, admissible) = (Figure::from(row.requested), Figure::from(row.admissible));
    if row.requested == row.admissible {
        return Text::new(
            format!("Richiesti EUR {}, tutti ammissibili.", requested.it()),
            format!("Requested: EUR {}, all admissible.", requested.en()),
        );
    }
    let reason = row.admissible_reason.unwrap_or("-");
    Text::new(
        format!("Richiesti EUR {}, ammissibili EUR {}: {reason}", requested.it(), admissible.it()),
        format!("Requested: EUR {}, admissible: EUR {}: {reason}", requested.en(), admissible.en()),
    )
}

fn product(row: &RowSteps<'_>, product: Figure) -> Text {
    let (share_it, share_en) = row.percentage.map(percent).unwrap_or_default();
    let admissible = Figure::from(row.admissible);
    Text::new(
        format!("Quota {share_it}% di EUR {}: EUR {}, troncati al centesimo.", admissible.it(), product.it()),
        format!("{share_en}% of EUR {} is EUR {}, cut to the cent.", admissible.en(), product.en()),
    )
}

fn turn_text(run: &RunSteps<'_>, row: &RowSteps<'_>, turn: &Turn) -> Text {
    let left = Figure::from(turn.left);
    let last = match run.terms {
        AllocationTerms::RankedInFull(terms) => Some(terms.last),
        _ => None,
    };
    let (it, en) = match last {
        _ if turn.ended => {
            return Text::new("La graduatoria si era fermata prima.", "The list had ended before it.");
        }
        _ if row.admissible <= turn.left => ("coperto per intero", "covered in full"),
        Some(LastFunded::Partial) => ("coperto in parte, ed è l'ultimo", "covered in part, and the last"),
        Some(LastFunded::Skip) => {
            ("non coperto, si passa ai successivi", "not covered, those after it are looked at")
        }
        Some(LastFunded::Stop) | None => ("non coperto, la graduatoria si ferma", "not covered, the list ends"),
    };
    Text::new(format!("Restavano EUR {}: {it}.", left.it()), format!("EUR {} were left: {en}.", left.en()))
}

fn weight(row: &RowSteps<'_>, portion: &Portion) -> Text {
    let (score, admissible) = (points(row.score), Figure::from(row.admissible));
    let weight = Figure::from(portion.weight);
    Text::new(
        format!("Peso: {} punti per EUR {} = {}. {}", score.it(), admissible.it(), weight.it(), part(portion).it),
        format!(
            "Weight: {} points times EUR {} = {}. {}",
            score.en(),
            admissible.en(),
            weight.en(),
            part(portion).en
        ),
    )
}

/// The arithmetic of a portion.
fn part(portion: &Portion) -> Text {
    let [pool, share, given] = [portion.pool, portion.share, portion.given].map(Figure::from);
    let [weight, total] = [portion.weight, portion.total_weight].map(Figure::from);
    let (round_it, round_en) = match portion.round {
        1 => (String::new(), String::new()),
        n => (format!("al turno {n}, "), format!("in round {n}, ")),
    };
    let (end_it, end_en) = match (portion.capped, portion.extra_cent) {
        (true, _) => (
            format!(", oltre l'importo ammissibile: EUR {}", given.it()),
            format!(", above the admissible amount: EUR {}", given.en()),
        ),
        (false, true) => (
            format!(", più un centesimo per il resto maggiore: EUR {}", given.it()),
            format!(", plus one cent for the greater remainder: EUR {}", given.en()),
        ),
        (false, false) => (String::new(), String::new()),
    };
    Text::new(
        format!("{round_it}EUR {} per {} su {} = EUR {}{end_it}.", pool.it(), weight.it(), total.it(), share.it()),
        format!(
            "{round_en}EUR {} times {} over {} = EUR {}{end_en}.",
            pool.en(),
            weight.en(),
            total.en(),
            share.en()
        ),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::allocate::allocate;
    use crate::rules::plan::Plan;
    use crate::rules::real_call;
    use serde_json::json;

    fn explain(plan: &Plan, terms: &AllocationTerms, at: usize) -> (Vec<Text>, Vec<Text>) {
        let whole = RunSteps {
            terms,
            minimum_score: None,
            budget: plan.budget,
            base_amount: plan.base_amount,
            assigned: plan.assigned,
            residue: plan.residue,
            bands: &plan.bands,
        };
        let one = &plan.rows[at];
        let steps = RowSteps {
            position: one.position,
            score: one.score,
            band: one.band,
            percentage: one.percentage,
            requested: one.requested,
            admissible: one.admissible,
            admissible_reason: one.admissible_reason.as_deref(),
            basis: &one.basis,
            residue_portion: one.residue_portion.as_ref(),
            assigned: one.assigned,
            outcome: one.outcome,
        };
        (run(&whole), row(&whole, &steps))
    }

    fn italian(texts: &[Text]) -> Vec<&str> {
        texts.iter().map(|text| text.it.as_str()).collect()
    }

    #[test]
    fn the_last_project_of_the_real_call_is_explained_to_the_cent() {
        let terms = real_call::terms(["0.87", "0.66", "0.50"], "last_band");
        let plan = allocate(real_call::budget(), None, &terms, &real_call::proposals());
        let (run, row) = explain(&plan, &terms, 6);
        assert_eq!(
            italian(&row),
            [
                "Punteggio 29,00: fascia 3, da 0,00 punti.",
                "Richiesti EUR 40.000,00, tutti ammissibili.",
                "Quota 50% di EUR 40.000,00: EUR 20.000,00, troncati al centesimo.",
                "Residuo di EUR 38,40, in proporzione a quanto già assegnato: EUR 38,40 per 20.000,00 su 20.000,00 = EUR 38,40.",
                "Contributo assegnato: EUR 20.038,40.",
            ]
        );
        assert_eq!(row[4].en, "Grant assigned: EUR 20,038.40.");
        assert_eq!(
            italian(&run)[2],
            "Fascia 1, da 55,00 punti: progetti 3, ammissibili EUR 100.000,00, quota 87%, EUR 87.000,00."
        );
        assert_eq!(
            run[5].en,
            "Sum: EUR 171,680.00. Residue of EUR 38.40: to the last funded band, then to those above, \
                               within the admissible amounts."
        );
    }

    #[test]
    fn shares_by_weight_name_their_weights() {
        let terms = real_call::read(json!({"method": "proportional"}));
        let plan = allocate(real_call::budget(), None, &terms, &real_call::proposals());
        let (_, row) = explain(&plan, &terms, 0);
        assert_eq!(
            italian(&row)[2],
            "Peso: 60,00 punti per EUR 20.000,00 = 1.200.000,00. \
            EUR 171.718,40 per 1.200.000,00 su 11.642.000,00 = EUR 17.699,88, più un centesimo per il resto maggiore: EUR 17.699,89."
        );
    }
}
