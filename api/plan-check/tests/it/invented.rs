//! Plans of other territories, invented: with other numbers of bands, kinds, years and spellings, all of them
//! consistent. Nothing is found in them; one amount changed, and something is.

use crate::plans::{everything, places};
use proptest::prelude::*;
use serde_json::{Map, Value, json};

#[derive(Debug, Clone)]
struct Invented {
    from: i32,
    bands: Vec<u32>,
    projects: Vec<Sheet>,
    /// Cents that the whole percentages leave.
    residue: i64,
    residue_to: ResidueTo,
    extra_members: u32,
}

#[derive(Debug, Clone)]
struct Sheet {
    band: usize,
    /// Cents.
    requested: i64,
    items: [i64; 5],
    partners: usize,
    spelling: usize,
}

#[derive(Debug, Clone, Copy)]
enum ResidueTo {
    OneOfLast,
    Last,
    First,
    All,
    Nobody,
}

fn sheet() -> impl Strategy<Value = Sheet> {
    (0..9_usize, 1_000_000..9_000_000_i64, prop::array::uniform5(0..2_000_000_i64), 1..6_usize, 0..3_usize)
        .prop_map(|(band, requested, items, partners, spelling)| Sheet {
            band,
            requested,
            items,
            partners,
            spelling,
        })
}

fn invented() -> impl Strategy<Value = Invented> {
    let bands = prop::collection::vec(5_u32..15, 1..7).prop_map(|cuts| {
        cuts.iter()
            .scan(100, |left, cut| {
                *left -= cut;
                Some(*left)
            })
            .collect::<Vec<u32>>()
    });
    let residue_to = prop::sample::select(vec![
        ResidueTo::OneOfLast,
        ResidueTo::Last,
        ResidueTo::First,
        ResidueTo::All,
        ResidueTo::Nobody,
    ]);
    (2005..2040_i32, bands, prop::collection::vec(sheet(), 1..10), 200..40_000_i64, residue_to, 0..90_u32)
        .prop_map(|(from, bands, projects, residue, residue_to, extra_members)| Invented {
            from,
            bands,
            projects,
            residue,
            residue_to,
            extra_members,
        })
}

/// Cents in one of the spellings in use.
fn euro(cents: i64, spelling: usize) -> Value {
    let (whole, rest) = (cents / 100, cents % 100);
    json!(match spelling {
        0 if rest == 0 => format!("{whole}"),
        1 if rest % 10 == 0 => format!("{whole}.{}", rest / 10),
        _ => format!("{whole}.{rest:02}"),
    })
}

impl Invented {
    fn plan(&self) -> Value {
        let mut sheets = self.projects.clone();
        sheets.iter_mut().for_each(|sheet| sheet.band %= self.bands.len());
        sheets.sort_by_key(|sheet| sheet.band);
        let shares: Vec<i64> = sheets.iter().map(|s| s.requested * i64::from(self.bands[s.band]) / 100).collect();
        let extra = self.extras(&sheets, &shares);
        let assigned: Vec<i64> = shares.iter().zip(&extra).map(|(share, extra)| share + extra).collect();
        let budget = shares.iter().sum::<i64>() + self.residue;
        // A fifth for the agency, cut to the cent: of the total that leaves this budget.
        let total = budget * 5 / 4;
        let projects: Vec<Project> =
            sheets.iter().enumerate().map(|(n, s)| Project::of(n, s, self.from)).collect();
        let mut plan = json!({
            "plan": {
                "title": format!("Piano {}-{}", self.from, self.from + 2), "from": self.from, "to": self.from + 2,
                "resources": {"total": euro(total, 2), "local_alliances": euro(budget, 2),
                    "system_actions": euro(total - budget, 1), "system_actions_share": "0.2"},
            },
            "allocation": {
                "budget": euro(budget, 2),
                "initial_band_percentages": self.bands.iter().map(|_| "1.00").collect::<Vec<_>>(),
                "final_band_percentages": self.bands.iter().map(|b| format!("0.{b:02}")).collect::<Vec<_>>(),
                "rows": sheets.iter().zip(&projects).zip(&assigned).map(|((sheet, project), assigned)| json!({
                    "lead": project.lead, "cost": euro(project.total, sheet.spelling),
                    "requested": euro(sheet.requested, sheet.spelling), "score": 100 - 10 * sheet.band,
                    "band": sheet.band + 1, "percentage": format!("0.{:02}", self.bands[sheet.band]),
                    "assigned": euro(*assigned, sheet.spelling),
                })).collect::<Vec<_>>(),
                "totals": {
                    "cost": euro(projects.iter().map(|p| p.total).sum(), 0),
                    "requested": euro(sheets.iter().map(|s| s.requested).sum(), 1),
                    "score": sheets.iter().map(|s| 100 - 10 * s.band).sum::<usize>(),
                    "assigned": euro(assigned.iter().sum(), 2),
                },
            },
            "projects": projects.iter().map(|p| p.sheet.clone()).collect::<Vec<_>>(),
        });
        if matches!(self.residue_to, ResidueTo::Nobody) {
            plan["allocation"]["residue"] = euro(self.residue, 2);
        }
        plan["network_composition"] = self.composition(&projects);
        plan
    }

    /// What each row gets of the residue, in the order of the rows.
    fn extras(&self, sheets: &[Sheet], shares: &[i64]) -> Vec<i64> {
        let last = sheets.iter().map(|sheet| sheet.band).max().unwrap();
        let first = sheets.iter().map(|sheet| sheet.band).min().unwrap();
        let receives = |sheet: &Sheet| match self.residue_to {
            ResidueTo::Last | ResidueTo::OneOfLast => sheet.band == last,
            ResidueTo::First => sheet.band == first,
            ResidueTo::All => true,
            ResidueTo::Nobody => false,
        };
        let weight: i64 = sheets.iter().zip(shares).filter(|(s, _)| receives(s)).map(|(_, share)| share).sum();
        let mut extra: Vec<i64> = sheets
            .iter()
            .zip(shares)
            .map(|(sheet, share)| match self.residue_to {
                ResidueTo::OneOfLast => 0,
                _ if receives(sheet) => {
                    i64::try_from(i128::from(self.residue) * i128::from(*share) / i128::from(weight)).unwrap()
                }
                _ => 0,
            })
            .collect();
        if matches!(self.residue_to, ResidueTo::Nobody) {
            return extra;
        }
        // The cents that the division leaves, one each.
        let mut left = self.residue - extra.iter().sum::<i64>();
        let receivers: Vec<usize> = (0..sheets.len()).filter(|row| receives(&sheets[*row])).collect();
        if matches!(self.residue_to, ResidueTo::OneOfLast) {
            extra[receivers[0]] += left;
            left = 0;
        }
        for row in receivers {
            if left > 0 {
                extra[row] += 1;
                left -= 1;
            }
        }
        extra
    }

    fn composition(&self, projects: &[Project]) -> Value {
        let mut kinds: Map<String, Value> = Map::new();
        let mut listed = 0;
        for kind in projects.iter().flat_map(|project| &project.kinds) {
            let of_kind = kinds.entry(kind.clone()).or_insert_with(|| json!([self.extra_members, 0]));
            of_kind[0] = json!(of_kind[0].as_u64().unwrap() + 1);
            of_kind[1] = json!(of_kind[1].as_u64().unwrap() + 1);
            listed += 1;
        }
        let members = listed + kinds.len() * self.extra_members as usize;
        json!({"members": members, "in_alliances": listed, "by_kind": kinds})
    }
}

struct Project {
    lead: String,
    total: i64,
    kinds: Vec<String>,
    sheet: Value,
}

impl Project {
    fn of(number: usize, sheet: &Sheet, from: i32) -> Self {
        let lead = format!("Comune {number}");
        let kinds = ["public_body", "company", "consortium", "nonprofit", "trade_union", "cooperative"];
        let kinds: Vec<String> = kinds[..sheet.partners].iter().map(|kind| (*kind).to_owned()).collect();
        // Enough co-financing, whatever the items: what is missing goes to item C.
        let least = sheet.requested * 10 / 7 + 1;
        let mut items = sheet.items;
        let stated: i64 = items.iter().sum();
        items[2] += (least - stated).max(0);
        let total: i64 = items.iter().sum();
        let cofinancing = total - sheet.requested;
        let name = |n: usize| if n == 0 { lead.clone() } else { format!("Ente {number}.{n}") };
        let each = cofinancing / sheet.partners as i64;
        let lines = (0..sheet.partners).map(|n| {
            let whole = if n == 0 { cofinancing - each * (sheet.partners as i64 - 1) } else { each };
            json!([name(n), euro(whole / 3, sheet.spelling), euro(whole - whole / 3, 2)])
        });
        let partners = kinds.iter().enumerate().map(|(n, kind)| {
            json!({"name": name(n), "kind": kind, "role": if n == 0 { "lead" } else { "implementing" }})
        });
        let value = json!({
            "ref": format!("3.{}", number + 1), "title": "Progetto", "lead": lead, "intervention_types": ["a", "f"],
            "partners": partners.collect::<Vec<_>>(),
            "start": format!("{from}-09-01"), "end": format!("{}-08-31", from + 2), "calendar_months": 24,
            "budget": {
                "A": euro(items[0], 0), "A_coordination": euro(items[0].min(total * 15 / 100), 2), "B": euro(items[1], 1),
                "C": euro(items[2], 2), "D": euro(items[3], 0), "E": euro(items[4], 1),
                "total": euro(total, sheet.spelling), "requested": euro(sheet.requested, 0), "cofinancing": euro(cofinancing, 1),
            },
            "cofinancing": lines.collect::<Vec<_>>(),
            "activities": [{"n": 1, "title": "Prima", "months": [1, 24]}, {"n": 2, "title": "Seconda", "from": format!("{from}-09"), "to": format!("{}-08", from + 2)}],
        });
        Self { lead, total, kinds, sheet: value }
    }
}

fn is_amount(pointer: &str) -> bool {
    // Coordination is a part of the staff and no term of a sum; the residue of nobody is stated once.
    let sections =
        ["/plan/resources", "/allocation/rows", "/allocation/totals", "/allocation/budget", "/projects"];
    sections.iter().any(|section| pointer.starts_with(section)) && !pointer.ends_with("A_coordination")
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]
    #[test]
    fn a_consistent_plan_is_clean_and_no_amount_of_it_can_change_unnoticed(
        invented in invented(),
        at in any::<prop::sample::Index>(),
        more in 2..500_000_i64,
    ) {
        let plan = invented.plan();
        prop_assert_eq!(everything(&plan), []);
        let amounts: Vec<(String, f64)> = places(&plan).into_iter().filter(|p| is_amount(p) && !p.ends_with("/ref")).filter_map(|pointer| {
            let text = plan.pointer(&pointer)?.as_str()?;
            Some((pointer.clone(), text.parse().ok()?))
        }).collect();
        let (pointer, amount) = &amounts[at.index(amounts.len())];
        let mut changed = plan.clone();
        let is_share = pointer.ends_with("percentage") || pointer.ends_with("share");
        let other = if is_share { json!("0.01") } else { euro((amount * 100.0).round() as i64 + more, 2) };
        *changed.pointer_mut(pointer).unwrap() = other.clone();
        prop_assert!(!everything(&changed).is_empty(), "{}: {} -> {}", pointer, amount, other);
    }
}
