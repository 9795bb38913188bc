use concilia_kernel::text_enum;
use concilia_kernel::transition::StateMachine;

text_enum! {
    /// Kind of body.
    pub enum BodyKind {
        /// Plans, evaluates and monitors; decides by vote.
        Committee = "committee",
        /// All members of the network.
        Assembly = "assembly",
        /// Works on a theme, under a referent; may include organisations outside the network.
        WorkingGroup = "working_group",
    }
}

text_enum! {
    /// State of a meeting.
    pub enum MeetingState {
        /// The invitations are sent; it may have begun.
        Convened = "convened",
        /// It was called off.
        Cancelled = "cancelled",
        /// It is over.
        Held = "held",
    }
}

pub const MEETING: StateMachine<MeetingState> = StateMachine {
    aggregate: "meeting",
    moves: &[(MeetingState::Convened, MeetingState::Cancelled), (MeetingState::Convened, MeetingState::Held)],
};

text_enum! {
    /// State of a motion.
    pub enum MotionState {
        /// Votes are cast.
        Open = "open",
        /// The committee said yes.
        Carried = "carried",
        /// The committee said no.
        Rejected = "rejected",
        /// It was taken back before it was decided.
        Withdrawn = "withdrawn",
    }
}

pub const MOTION: StateMachine<MotionState> = StateMachine {
    aggregate: "motion",
    moves: &[
        (MotionState::Open, MotionState::Carried),
        (MotionState::Open, MotionState::Rejected),
        (MotionState::Open, MotionState::Withdrawn),
    ],
};

text_enum! {
    /// State of a version of minutes.
    pub enum MinutesState {
        /// Sent to those who were there, who may answer.
        Sent = "sent",
        /// Good for ever.
        Validated = "validated",
        /// Another version took its place.
        Superseded = "superseded",
    }
}

pub const MINUTES: StateMachine<MinutesState> = StateMachine {
    aggregate: "minutes",
    moves: &[(MinutesState::Sent, MinutesState::Validated), (MinutesState::Sent, MinutesState::Superseded)],
};

text_enum! {
    /// State of a request for an opinion.
    pub enum OpinionState {
        /// Members sign it.
        Collecting = "collecting",
        /// A quarter of the members have signed it.
        Filed = "filed",
        /// The assembly has given its opinion.
        Answered = "answered",
    }
}

pub const OPINION: StateMachine<OpinionState> = StateMachine {
    aggregate: "opinion_request",
    moves: &[(OpinionState::Collecting, OpinionState::Filed), (OpinionState::Filed, OpinionState::Answered)],
};
