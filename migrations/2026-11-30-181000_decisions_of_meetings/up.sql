-- What the committee decided in the meetings that are recorded here binds the final scores. The meeting that a score names
-- is one that could decide it: of the territory's committee, held with its quorum, with validated minutes, and not after
-- the day of the minutes. Whatever meeting it names, or none, no project is scored on which the committee's last word was no.
CREATE FUNCTION committee_decided_at(p_territory uuid, p_meeting uuid) RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT EXISTS (
    SELECT FROM meetings m JOIN bodies b ON b.territory_id = m.territory_id AND b.id = m.body_id
    WHERE m.territory_id = p_territory AND m.id = p_meeting
      AND b.kind = 'committee' AND m.state = 'held' AND m.quorate)
$$;

CREATE FUNCTION minutes_validated_of(p_territory uuid, p_meeting uuid) RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT EXISTS (SELECT FROM minutes WHERE territory_id = p_territory AND meeting_id = p_meeting AND state = 'validated')
$$;

-- The day of a meeting, as calendars in Italy show it.
CREATE FUNCTION day_of_meeting(p_territory uuid, p_meeting uuid) RETURNS date LANGUAGE sql STABLE AS $$
  SELECT italian_day(starts_at) FROM meetings WHERE territory_id = p_territory AND id = p_meeting
$$;

-- Those of the projects on which the last word of the committee was no: a motion may be put again, in another meeting too.
CREATE FUNCTION projects_rejected(p_territory uuid, p_projects uuid[]) RETURNS TABLE (project_id uuid) LANGUAGE sql STABLE AS $$
  SELECT l.project_id FROM (
    SELECT DISTINCT ON (m.project_id) m.project_id, m.state FROM motions m
    JOIN meetings t ON t.territory_id = m.territory_id AND t.id = m.meeting_id
    JOIN bodies b ON b.territory_id = t.territory_id AND b.id = t.body_id AND b.kind = 'committee'
    WHERE m.territory_id = p_territory AND m.project_id = ANY (p_projects) AND m.state IN ('carried','rejected')
    ORDER BY m.project_id, m.closed_at DESC, m.id DESC) l
  WHERE l.state = 'rejected'
$$;
CREATE INDEX motions_of_project ON motions (project_id) WHERE project_id IS NOT NULL;

ALTER TABLE final_scores
  ADD CONSTRAINT final_scores_meeting FOREIGN KEY (territory_id, meeting_id) REFERENCES meetings (territory_id, id);

CREATE FUNCTION guard_final_score_decision() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM projects_rejected(NEW.territory_id, ARRAY[NEW.project_id])) THEN
    RAISE EXCEPTION 'the committee rejected project %', NEW.project_id USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  IF NEW.meeting_id IS NULL THEN
    RETURN NEW;
  END IF;
  IF NOT committee_decided_at(NEW.territory_id, NEW.meeting_id) THEN
    RAISE EXCEPTION 'meeting % decided nothing', NEW.meeting_id USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  IF NOT minutes_validated_of(NEW.territory_id, NEW.meeting_id) THEN
    RAISE EXCEPTION 'the minutes of meeting % are not validated', NEW.meeting_id USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  IF NEW.minutes_date < day_of_meeting(NEW.territory_id, NEW.meeting_id) THEN
    RAISE EXCEPTION 'the minutes precede meeting %', NEW.meeting_id USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER final_scores_decided BEFORE INSERT ON final_scores
  FOR EACH ROW EXECUTE FUNCTION guard_final_score_decision();
