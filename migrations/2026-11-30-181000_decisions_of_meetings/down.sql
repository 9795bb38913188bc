DROP TRIGGER final_scores_decided ON final_scores;
DROP FUNCTION guard_final_score_meeting();
ALTER TABLE final_scores DROP CONSTRAINT final_scores_meeting;
DROP FUNCTION projects_rejected_at(uuid, uuid);
DROP FUNCTION minutes_validated_of(uuid, uuid);
DROP FUNCTION committee_decided_at(uuid, uuid);
