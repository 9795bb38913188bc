//! The closed table of rules: code, severity, what must hold in Italian and in English. A code never changes its
//! meaning; a new rule gets a new row.

use std::fmt;

/// How much a finding weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = PlanCheckSeverity)]
pub enum Severity {
    /// Two statements of the document exclude each other, or a rule is broken.
    Error,
    /// Most likely a slip.
    Warning,
    /// Worth a look; nothing is wrong by itself.
    Note,
}

macro_rules! rules {
    ($($name:ident = $code:literal, $severity:ident, $it:literal, $en:literal;)+) => {
        /// A relation that the document must satisfy.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Rule { $($name),+ }

        impl Rule {
            /// Every rule, in the order of the table.
            pub const ALL: &[Self] = &[$(Self::$name),+];

            pub fn code(self) -> &'static str { match self { $(Self::$name => $code),+ } }
            pub fn severity(self) -> Severity { match self { $(Self::$name => Severity::$severity),+ } }
            /// What must hold, in Italian.
            pub fn it(self) -> &'static str { match self { $(Self::$name => $it),+ } }
            /// What must hold, in English.
            pub fn en(self) -> &'static str { match self { $(Self::$name => $en),+ } }
        }
    };
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

rules! {
    // Reading
    ValueUnreadable = "value_unreadable", Error,
        "ogni valore è del tipo e nella forma che il suo posto richiede",
        "each value is of the type and form that its place asks for";
    RepeatedKey = "repeated_key", Error,
        "una chiave compare una volta sola in un oggetto",
        "a key stands once in an object";
    UnknownKey = "unknown_key", Note,
        "la chiave è tra quelle dello schema: altrimenti non viene letta",
        "the key is one of the schema's: otherwise it is not read";
    UnknownValue = "unknown_value", Note,
        "il valore è tra quelli conosciuti",
        "the value is one of those known";
    AmountNegative = "amount_negative", Error,
        "nessun importo è negativo",
        "no amount is negative";
    AmountPrecision = "amount_precision", Error,
        "gli importi in euro hanno al massimo due decimali",
        "amounts in euro have at most two decimals";
    ShareRange = "share_range", Error,
        "quote e percentuali sono comprese tra 0 e 1",
        "shares and percentages lie between 0 and 1";
    CountNegative = "count_negative", Error,
        "nessun numero di cose o persone, e nessun punteggio, è negativo",
        "no count of things or people, and no score, is negative";
    DateUnreal = "date_unreal", Error,
        "le date esistono nel calendario",
        "dates exist in the calendar";
    RepeatedEntry = "repeated_entry", Warning,
        "un elenco non ripete un elemento",
        "a list does not repeat an entry";
    // Plan
    PlanYearsOrder = "plan_years_order", Error,
        "il primo anno del piano non segue l'ultimo",
        "the plan's first year does not follow its last";
    PlanTitleYears = "plan_title_years", Warning,
        "gli anni nel titolo sono quelli del piano",
        "the years in the title are those of the plan";
    ResourcesTotal = "resources_total", Error,
        "le risorse totali sono la somma di alleanze locali e azioni di sistema",
        "the total resources are the sum of local alliances and system actions";
    SystemActionsShare = "system_actions_share", Error,
        "le azioni di sistema sono la quota dichiarata delle risorse totali, al centesimo",
        "system actions are the stated share of the total resources, to the cent";
    SystemActionsFifth = "system_actions_fifth", Note,
        "la quota delle azioni di sistema è il 20%",
        "the share of system actions is 20%";
    AddressDocumentBeforeDeadline = "address_document_before_deadline", Warning,
        "il documento di indirizzo non è successivo alla scadenza regionale",
        "the address document is not later than the region's deadline";
    ExtensionAfterAddressDocument = "extension_after_address_document", Warning,
        "l'atto di proroga non è anteriore al documento di indirizzo",
        "the extension act is not earlier than the address document";
    ExtensionBeforeDeadline = "extension_before_deadline", Warning,
        "l'atto di proroga non è successivo alla scadenza prorogata",
        "the extension act is not later than the extended deadline";
    ExpectedDirectBudget = "expected_direct_budget", Note,
        "costi dei progetti e azioni di sistema raggiungono il valore diretto minimo atteso",
        "the projects' costs and the system actions reach the expected direct budget";
    ExpectedCompanies = "expected_companies", Note,
        "i traguardi delle attività raggiungono le imprese attese dal piano",
        "the activities' targets reach the companies that the plan expects";
    ExpectedCitizens = "expected_citizens", Note,
        "i traguardi delle attività raggiungono i cittadini attesi dal piano",
        "the activities' targets reach the citizens that the plan expects";
    // Network
    CompositionMembersSum = "composition_members_sum", Error,
        "gli enti aderenti sono la somma di quelli per tipo",
        "the members are the sum of those of each kind";
    CompositionInAlliancesSum = "composition_in_alliances_sum", Error,
        "gli aderenti in alleanze sono la somma di quelli per tipo",
        "the members in alliances are the sum of those of each kind";
    InAlliancesWithinMembers = "in_alliances_within_members", Error,
        "gli aderenti in alleanze non superano gli aderenti",
        "the members in alliances are not more than the members";
    InAlliancesDistinctPartners = "in_alliances_distinct_partners", Error,
        "gli aderenti in alleanze sono quanti gli enti diversi negli elenchi dei partner",
        "the members in alliances are as many as the different organisations in the partner lists";
    InAlliancesByKind = "in_alliances_by_kind", Error,
        "anche tipo per tipo gli aderenti in alleanze sono quanti gli enti negli elenchi dei partner",
        "kind by kind, too, the members in alliances are as many as the organisations in the partner lists";
    InAlliancesPublicKinds = "in_alliances_public_kinds", Note,
        "enti pubblici e ambiti territoriali o aziende sono divisi tra loro come negli elenchi dei partner",
        "public bodies and territorial areas or agencies are told apart as in the partner lists";
    PartnersWithinMembers = "partners_within_members", Warning,
        "i partner di un tipo non superano gli aderenti di quel tipo: ogni partner aderisce alla rete",
        "the partners of a kind are not more than the members of that kind: every partner is a member of the network";
    PartnerNamesAlike = "partner_names_alike", Note,
        "lo stesso ente è scritto sempre allo stesso modo",
        "the same organisation is always written in the same way";
    // Committee and evaluation
    EvaluationQuorum = "evaluation_quorum", Error,
        "alla seduta di valutazione è presente la metà più uno dei componenti del comitato",
        "half plus one of the committee's members attend the evaluation meeting";
    AttendanceWithinCommittee = "attendance_within_committee", Warning,
        "i presenti alla seduta di valutazione non sono più dei componenti del comitato",
        "those attending the evaluation meeting are not more than the committee's members";
    AttendeeInCommittee = "attendee_in_committee", Note,
        "chi è presente alla seduta di valutazione è nel comitato",
        "who attends the evaluation meeting is in the committee";
    AttendeeIsPartner = "attendee_is_partner", Note,
        "chi valuta non è partner di un progetto: altrimenti su quello si astiene",
        "who evaluates is no partner of a project: otherwise it abstains on that one";
    IntegrationFromLeads = "integration_from_leads", Error,
        "le integrazioni sono chieste a capofila di progetti",
        "integrations are asked of leads of projects";
    // Allocation
    AllocationBudget = "allocation_budget", Error,
        "il budget ripartito è la quota delle risorse per le alleanze locali",
        "the budget allocated is the local alliances' part of the resources";
    BandCounts = "band_counts", Error,
        "percentuali iniziali e finali sono per le stesse fasce",
        "initial and final percentages are for the same bands";
    BandPercentagesOrder = "band_percentages_order", Warning,
        "una fascia peggiore non ha una percentuale più alta",
        "a worse band has no higher percentage";
    BandPercentagesCut = "band_percentages_cut", Warning,
        "se le percentuali iniziali superano il budget, quelle finali non sono più alte",
        "where the initial percentages exceed the budget, the final ones are not higher";
    BandPercentagesKept = "band_percentages_kept", Note,
        "se le percentuali iniziali stanno nel budget, quelle finali non sono più basse",
        "where the initial percentages fit the budget, the final ones are not lower";
    PercentagesFit = "percentages_fit", Error,
        "le percentuali finali applicate alle richieste stanno nel budget",
        "the final percentages of the requests fit the budget";
    RowBand = "row_band", Error,
        "la fascia è una di quelle con una percentuale",
        "the band is one of those that have a percentage";
    RowPercentage = "row_percentage", Error,
        "la percentuale della riga è quella finale della sua fascia",
        "the percentage of the row is the final one of its band";
    RowAssigned = "row_assigned", Error,
        "il contributo assegnato è la percentuale del richiesto, più il residuo dove la regola lo porta",
        "the grant assigned is the percentage of the request, plus the residue where its rule takes it";
    ResidueSplit = "residue_split", Warning,
        "il residuo è diviso in parti uguali o in proporzione, o va a un solo progetto",
        "the residue is split evenly or in proportion, or goes to one project";
    ResidueStated = "residue_stated", Error,
        "il residuo dichiarato è quello che lasciano le percentuali",
        "the stated residue is what the percentages leave";
    NoteResidue = "note_residue", Warning,
        "l'importo del residuo nella nota è quello che lasciano le percentuali",
        "the amount of the residue in the note is what the percentages leave";
    NoteBandsCut = "note_bands_cut", Warning,
        "le percentuali ridotte sono quelle delle fasce che la nota nomina",
        "the percentages that were cut are those of the bands that the note names";
    AssignedWithinRequested = "assigned_within_requested", Error,
        "il contributo assegnato non supera il richiesto",
        "the grant assigned does not exceed the request";
    RequestedWithinCost = "requested_within_cost", Error,
        "il contributo richiesto non supera il costo",
        "the grant requested does not exceed the cost";
    BandsByScore = "bands_by_score", Error,
        "a punteggio più basso non corrisponde una fascia migliore, a punteggio uguale la stessa",
        "a lower score is in no better band, an equal score in the same";
    RowsRanked = "rows_ranked", Note,
        "le righe sono in ordine di punteggio",
        "the rows are in the order of their scores";
    ScoreWithinMaximum = "score_within_maximum", Error,
        "il punteggio non supera la somma dei massimi dei criteri",
        "the score does not exceed the sum of the criteria's maxima";
    AllocationTotals = "allocation_totals", Error,
        "i totali della ripartizione sono le somme delle righe",
        "the totals of the allocation are the sums of its rows";
    AssignedBudget = "assigned_budget", Error,
        "la somma assegnata è il budget, o lascia il residuo dichiarato",
        "the sum assigned is the budget, or leaves the stated residue";
    RowProject = "row_project", Error,
        "ogni riga finanziata ha un progetto con quel capofila",
        "each funded row has a project with that lead";
    ProjectRow = "project_row", Error,
        "ogni progetto ha una riga della ripartizione",
        "each project has a row of the allocation";
    RowLead = "row_lead", Warning,
        "il capofila ha lo stesso nome nella riga e nel progetto",
        "the lead has the same name in the row and in the project";
    RowCost = "row_cost", Error,
        "il costo nella ripartizione è il totale del piano dei conti del progetto",
        "the cost in the allocation is the total of the project's budget";
    RowRequested = "row_requested", Error,
        "il richiesto nella ripartizione è quello del piano dei conti del progetto",
        "the request in the allocation is that of the project's budget";
    // Projects
    ProjectRefRepeated = "project_ref_repeated", Error,
        "i progetti hanno riferimenti diversi",
        "projects have different references";
    MergedIntoProject = "merged_into_project", Error,
        "un progetto confluisce in un altro progetto del piano, che rimane",
        "a project is merged into another project of the plan, which stands";
    BudgetItemsSum = "budget_items_sum", Error,
        "il totale è la somma delle voci di costo A-E",
        "the total is the sum of the cost items A-E";
    BudgetFundingSum = "budget_funding_sum", Error,
        "richiesto e cofinanziamento fanno il totale",
        "request and co-financing make the total";
    CofinancingLinesSum = "cofinancing_lines_sum", Error,
        "il cofinanziamento è la somma delle righe dei partner, monetarie e valorizzate",
        "the co-financing is the sum of the partners' lines, monetary and in kind";
    CoordinationWithinStaff = "coordination_within_staff", Error,
        "coordinamento, monitoraggio e rendicontazione sono una parte della voce A",
        "coordination, monitoring and reporting are a part of cost item A";
    CoordinationLimit = "coordination_limit", Error,
        "coordinamento, monitoraggio e rendicontazione non superano il 15% del totale",
        "coordination, monitoring and reporting do not exceed 15% of the total";
    CofinancingMinimum = "cofinancing_minimum", Error,
        "il cofinanziamento raggiunge il 30% del totale, troncato al centesimo",
        "the co-financing reaches 30% of the total, truncated to the cent";
    CofinancingLinePartner = "cofinancing_line_partner", Error,
        "cofinanzia chi è partner del progetto",
        "who co-finances is a partner of the project";
    ActionsSum = "actions_sum", Error,
        "le azioni del piano dei conti danno richiesto, cofinanziamento e totale",
        "the actions of the budget add up to its request, co-financing and total";
    VouchersWithinItemD = "vouchers_within_item_d", Error,
        "i voucher e i buoni previsti, numero per valore, stanno nella voce di costo D",
        "the vouchers and bonuses planned, count by value, fit cost item D";
    VouchersFillItemD = "vouchers_fill_item_d", Note,
        "i voucher e i buoni previsti, numero per valore, esauriscono la voce di costo D",
        "the vouchers and bonuses planned, count by value, use up cost item D";
    LeadIsPartner = "lead_is_partner", Error,
        "un solo partner ha il ruolo di capofila, ed è il capofila del progetto",
        "exactly one partner has the role of lead, and it is the project's lead";
    LeadMayLead = "lead_may_lead", Error,
        "un'alleanza ha per capofila un ente pubblico, un ambito territoriale o un ente senza fini di lucro",
        "an alliance is led by a public body, a territorial area or agency, or a non-profit body";
    LeadNeedsPublicPartner = "lead_needs_public_partner", Error,
        "con un capofila privato tra i partner c'è un ente pubblico o un ambito territoriale",
        "with a private lead there is a public body or a territorial area among the partners";
    PartnerRepeated = "partner_repeated", Error,
        "un ente è partner di un progetto una volta sola",
        "an organisation is a partner of a project once";
    PartnerKindDiffers = "partner_kind_differs", Warning,
        "un ente è dello stesso tipo in tutti i progetti",
        "an organisation is of the same kind in all projects";
    PartnerSizeDiffers = "partner_size_differs", Warning,
        "un'impresa ha la stessa dimensione in tutti i progetti",
        "a company has the same size in all projects";
    SizeOfCompanies = "size_of_companies", Warning,
        "solo le imprese hanno una dimensione",
        "only companies have a size";
    InterventionType = "intervention_type", Error,
        "i tipi di intervento sono quelli dalla a alla f",
        "types of intervention are those from a to f";
    ProjectDatesOrder = "project_dates_order", Error,
        "un progetto non finisce prima di cominciare",
        "a project does not end before it starts";
    ProjectDuringPlan = "project_during_plan", Warning,
        "il progetto si svolge, almeno in parte, negli anni del piano",
        "the project runs, at least in part, in the plan's years";
    ProjectStartsInPlan = "project_starts_in_plan", Warning,
        "il progetto non comincia prima degli anni del piano",
        "the project does not start before the plan's years";
    ProjectWithinPlan = "project_within_plan", Note,
        "il progetto finisce negli anni del piano",
        "the project ends in the plan's years";
    CalendarMonths = "calendar_months", Note,
        "i mesi di calendario sono quelli tra inizio e fine del progetto",
        "the calendar has the months between the project's start and end";
    ActivityNumbers = "activity_numbers", Error,
        "le attività sono numerate da 1 senza salti né ripetizioni",
        "activities are numbered from 1 without gaps or repetitions";
    ActivityMonths = "activity_months", Error,
        "i mesi di un'attività sono in ordine e dentro il calendario del progetto",
        "the months of an activity are in order and within the project's calendar";
    ActivityPeriodOrder = "activity_period_order", Error,
        "un'attività non finisce prima di cominciare",
        "an activity does not end before it starts";
    ActivityWithinProject = "activity_within_project", Error,
        "un'attività si svolge tra l'inizio e la fine del progetto",
        "an activity runs between the project's start and end";
    TargetYears = "target_years", Warning,
        "i traguardi sono per gli anni del progetto",
        "targets are for the project's years";
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn codes_are_unique_and_plain() {
        let distinct: HashSet<_> = Rule::ALL.iter().map(|rule| rule.code()).collect();
        assert_eq!(distinct.len(), Rule::ALL.len());
        for rule in Rule::ALL {
            assert!(rule.code().bytes().all(|b| b.is_ascii_lowercase() || b == b'_'), "{rule}");
            assert!(!rule.it().ends_with('.') && !rule.en().ends_with('.'), "{rule}");
        }
    }
}
