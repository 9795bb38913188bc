DROP TRIGGER final_scores_decided ON final_scores;
DROP FUNCTION guard_final_score_decision();
ALTER TABLE final_scores DROP CONSTRAINT final_scores_meeting;
DROP INDEX motions_of_project;
DROP FUNCTION projects_rejected(uuid, uuid[]);
DROP FUNCTION day_of_meeting(uuid, uuid);
DROP FUNCTION minutes_validated_of(uuid, uuid);
DROP FUNCTION committee_decided_at(uuid, uuid);
