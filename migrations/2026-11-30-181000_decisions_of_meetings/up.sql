-- The meeting that a final score names is one that could decide it: of the territory's committee, held with its quorum.
CREATE FUNCTION committee_decided_at(p_territory uuid, p_meeting uuid) RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT EXISTS (
    SELECT FROM meetings m JOIN bodies b ON b.territory_id = m.territory_id AND b.id = m.body_id
    WHERE m.territory_id = p_territory AND m.id = p_meeting
      AND b.kind = 'committee' AND m.state = 'held' AND m.quorate)
$$;

ALTER TABLE final_scores
  ADD CONSTRAINT final_scores_meeting FOREIGN KEY (territory_id, meeting_id) REFERENCES meetings (territory_id, id);

CREATE FUNCTION guard_final_score_meeting() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT committee_decided_at(NEW.territory_id, NEW.meeting_id) THEN
    RAISE EXCEPTION 'meeting % decided nothing', NEW.meeting_id USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER final_scores_decided BEFORE INSERT ON final_scores
  FOR EACH ROW WHEN (NEW.meeting_id IS NOT NULL) EXECUTE FUNCTION guard_final_score_meeting();
