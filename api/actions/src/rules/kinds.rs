use concilia_kernel::text_enum;

text_enum! {
    /// Kind of action.
    pub enum ActionKind {
        /// Run by the agency for the whole territory.
        System = "system",
        /// Ties the themes of several alliances together.
        CrossCutting = "cross_cutting",
    }
}

text_enum! {
    /// Kind of training event.
    pub enum EventKind {
        Seminar = "seminar",
        Webinar = "webinar",
        Course = "course",
        Workshop = "workshop",
    }
}

text_enum! {
    /// Where a training event takes place.
    pub enum EventPlace {
        /// At an address.
        Address = "address",
        /// On line; those who have a place get the link.
        Online = "online",
    }
}

text_enum! {
    /// Kind of step of a company path.
    pub enum StepKind {
        /// What the company does for its people today, and what they need.
        Assessment = "assessment",
        Training = "training",
        /// Help with a regulation, such as one on smart working.
        RegulationSupport = "regulation_support",
        Survey = "survey",
    }
}

text_enum! {
    /// Whom a questionnaire asks.
    pub enum QuestionnaireAudience {
        /// Whoever holds its link.
        PublicLink = "public_link",
        /// Those who have a place at an event.
        EventParticipants = "event_participants",
        /// The workers of the territory.
        Workers = "workers",
    }
}

text_enum! {
    /// Kind of question.
    pub enum QuestionKind {
        /// From 1, worst, to 5, best; 4 and 5 are positive.
        Rating = "rating",
        /// One of the options.
        SingleChoice = "single_choice",
        /// One or more of the options.
        MultipleChoice = "multiple_choice",
        /// At most 1000 characters.
        FreeText = "free_text",
    }
}
