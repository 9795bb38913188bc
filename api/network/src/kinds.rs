use concilia_kernel::text_enum;

text_enum! {
    /// The seven kinds of network members.
    pub enum OrganisationKind {
        /// Territorial area (ambito) or agency, such as the ATS.
        TerritorialAreaOrAgency = "territorial_area_or_agency",
        /// Employers' association.
        EmployersAssociation = "employers_association",
        /// Trade union.
        TradeUnion = "trade_union",
        /// Public body, such as a municipality.
        PublicBody = "public_body",
        /// School, university, training body.
        Education = "education",
        /// Cooperative, association, foundation.
        Nonprofit = "nonprofit",
        /// Company.
        Company = "company",
    }
}

text_enum! {
    /// Size of a company, by the classes of recommendation 2003/361/EC.
    pub enum CompanySize {
        /// Fewer than 10 people.
        Micro = "micro",
        /// Fewer than 50 people.
        Small = "small",
        /// Fewer than 250 people.
        Medium = "medium",
        /// 250 people or more.
        Large = "large",
    }
}

text_enum! {
    /// Where an organisation stands with the network.
    pub enum MembershipState {
        /// Has asked to join.
        Requested = "requested",
        /// Is a member.
        Admitted = "admitted",
        /// Was not admitted.
        Refused = "refused",
        /// Has left.
        Withdrawn = "withdrawn",
        /// Was made to leave.
        Excluded = "excluded",
    }
}

text_enum! {
    /// For whom a notice or a document is.
    pub enum Audience {
        /// Officers of the network's members, and the committee.
        Members = "members",
        /// The committee and the agency.
        Committee = "committee",
    }
}
