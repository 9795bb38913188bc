-- The meeting that a final score names is one that could decide it: of the territory's committee, held with its quorum,
-- with validated minutes, and without having rejected the project.
CREATE FUNCTION committee_decided_at(p_territory uuid, p_meeting uuid) RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT EXISTS (
    SELECT FROM meetings m JOIN bodies b ON b.territory_id = m.territory_id AND b.id = m.body_id
    WHERE m.territory_id = p_territory AND m.id = p_meeting
      AND b.kind = 'committee' AND m.state = 'held' AND m.quorate)
$$;

CREATE FUNCTION minutes_validated_of(p_territory uuid, p_meeting uuid) RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT EXISTS (SELECT FROM minutes WHERE territory_id = p_territory AND meeting_id = p_meeting AND state = 'validated')
$$;

-- Projects on which the last word of the meeting was no: a motion may be put again, in other words.
CREATE FUNCTION projects_rejected_at(p_territory uuid, p_meeting uuid) RETURNS TABLE (project_id uuid) LANGUAGE sql STABLE AS $$
  SELECT l.project_id FROM (
    SELECT DISTINCT ON (m.project_id) m.project_id, m.state FROM motions m
    WHERE m.territory_id = p_territory AND m.meeting_id = p_meeting AND m.project_id IS NOT NULL
      AND m.state IN ('carried','rejected')
    ORDER BY m.project_id, m.closed_at DESC, m.id DESC) l
  WHERE l.state = 'rejected'
$$;

ALTER TABLE final_scores
  ADD CONSTRAINT final_scores_meeting FOREIGN KEY (territory_id, meeting_id) REFERENCES meetings (territory_id, id);

CREATE FUNCTION guard_final_score_meeting() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT committee_decided_at(NEW.territory_id, NEW.meeting_id) THEN
    RAISE EXCEPTION 'meeting % decided nothing', NEW.meeting_id USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  IF NOT minutes_validated_of(NEW.territory_id, NEW.meeting_id) THEN
    RAISE EXCEPTION 'the minutes of meeting % are not validated', NEW.meeting_id USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  IF NEW.project_id IN (SELECT r.project_id FROM projects_rejected_at(NEW.territory_id, NEW.meeting_id) r) THEN
    RAISE EXCEPTION 'meeting % rejected project %', NEW.meeting_id, NEW.project_id USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER final_scores_decided BEFORE INSERT ON final_scores
  FOR EACH ROW WHEN (NEW.meeting_id IS NOT NULL) EXECUTE FUNCTION guard_final_score_meeting();
