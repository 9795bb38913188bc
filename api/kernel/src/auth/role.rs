use crate::text_enum;

text_enum! {
    /// Role of a caller, always bound to one organisation of one territory.
    pub enum Role {
        /// Officer of the territory's agency.
        Ats = "ats",
        /// Member of the committee.
        Evaluator = "evaluator",
        /// Officer of an alliance's lead organisation.
        AllianceLead = "alliance_lead",
        /// Officer of an accredited provider.
        Provider = "provider",
        /// A company's HR system or officer.
        Employer = "employer",
        /// An eligible person.
        Worker = "worker",
    }
}
