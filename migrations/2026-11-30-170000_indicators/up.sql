-- Indicators: what plans and projects have reached. A figure is the sum of its records; frozen half-years keep theirs.

-- What an activity reached, where no other part of the system knows it. Never changed: a wrong record is superseded.
CREATE TABLE activity_results (
  id           uuid PRIMARY KEY,
  territory_id uuid NOT NULL,
  activity_id  uuid NOT NULL,
  reached_on   date NOT NULL,
  people       integer NOT NULL CHECK (people BETWEEN 0 AND 1000000),
  companies    integer NOT NULL CHECK (companies BETWEEN 0 AND 1000000),
  note         text CHECK (length(note) BETWEEN 1 AND 1000),
  supersedes   uuid UNIQUE,
  recorded_by  uuid,
  recorded_at  timestamptz NOT NULL DEFAULT now(),
  UNIQUE (territory_id, id),
  UNIQUE (activity_id, id),
  FOREIGN KEY (territory_id, activity_id) REFERENCES project_activities (territory_id, id),
  FOREIGN KEY (activity_id, supersedes) REFERENCES activity_results (activity_id, id)
);
CREATE TRIGGER activity_results_append_only BEFORE UPDATE OR DELETE ON activity_results
  FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TABLE indicator_freezes (
  id           uuid PRIMARY KEY,
  territory_id uuid NOT NULL,
  plan_id      uuid NOT NULL,
  half         text NOT NULL CHECK (half ~ '^20[0-9]{2}-H[12]$'),
  taken_at     timestamptz NOT NULL,
  taken_by     uuid,
  UNIQUE (territory_id, id),
  UNIQUE (plan_id, half),
  FOREIGN KEY (territory_id, plan_id) REFERENCES plans (territory_id, id)
);
CREATE TRIGGER indicator_freezes_append_only BEFORE UPDATE OR DELETE ON indicator_freezes
  FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TABLE indicator_freeze_records (
  territory_id      uuid NOT NULL,
  freeze_id         uuid NOT NULL,
  number            integer NOT NULL,
  indicator         text NOT NULL,
  project_id        uuid,
  project_reference text,
  project_title     text,
  dimension         text NOT NULL,
  dimension_title   text NOT NULL,
  side              text NOT NULL CHECK (side IN ('numerator','denominator')),
  record_kind       text NOT NULL,
  record_id         uuid,
  label             text NOT NULL,
  amount            numeric(16,2) NOT NULL,
  PRIMARY KEY (freeze_id, number),
  FOREIGN KEY (territory_id, freeze_id) REFERENCES indicator_freezes (territory_id, id)
);
CREATE TRIGGER indicator_freeze_records_append_only BEFORE UPDATE OR DELETE ON indicator_freeze_records
  FOR EACH ROW EXECUTE FUNCTION refuse_change();

-- Every record that counts for a plan's indicators up to a day, with how much and for which side. A part ('dimension') is
-- a kind of organisation, `activity_<number>`, or `portal` for what families had through the portal.
-- Working groups are the territory's: those set up, and their meetings held, in the years of the plan are counted for it.
-- A half-year that is counted late is counted as it stood: projects funded, concluded and actions cancelled since do not
-- change it.
-- Private co-financing is that of all but public bodies and territorial areas and agencies.
CREATE FUNCTION live_indicator_records(p_territory uuid, p_plan uuid, p_until date)
RETURNS TABLE (indicator text, project_id uuid, project_reference text, project_title text, dimension text,
               dimension_title text, side text, record_kind text, record_id uuid, label text, amount numeric)
LANGUAGE sql STABLE AS $$
  WITH plan AS (
    SELECT * FROM plans WHERE territory_id = p_territory AND id = p_plan
  ), members AS (
    SELECT m.id, o.name, o.kind FROM memberships m
      JOIN organisations o ON o.territory_id = m.territory_id AND o.id = m.organisation_id
     WHERE m.territory_id = p_territory AND m.state IN ('admitted','withdrawn','excluded')
       AND italian_day(m.decided_at) <= p_until
       AND (m.ended_at IS NULL OR italian_day(m.ended_at) > p_until)
  ), funded AS (
    -- Assigned by the allocation in force, whether its acceptance is recorded yet or not.
    SELECT p.id, p.reference, p.title, p.state, coalesce(g.assigned, a.assigned) AS assigned FROM projects p
      JOIN project_calls c ON c.territory_id = p.territory_id AND c.id = p.project_call_id
      LEFT JOIN grants g ON g.project_id = p.id
      LEFT JOIN awards a ON a.territory_id = p_territory AND a.project_id = p.id
     WHERE p.territory_id = p_territory AND c.plan_id = p_plan
       AND p.state IN ('funded','accepted','signed','running','variation','settled','closed','revoked')
       AND italian_day(coalesce(a.approved_at, g.accepted_at)) <= p_until
  ), partners AS (
    SELECT f.id AS project_id, f.reference, f.title, pp.organisation_id, o.name, o.kind FROM funded f
      JOIN project_partners pp ON pp.project_id = f.id
      JOIN organisations o ON o.territory_id = pp.territory_id AND o.id = pp.organisation_id
     WHERE (pp.joined_on IS NULL OR pp.joined_on <= p_until) AND (pp.left_on IS NULL OR pp.left_on > p_until)
  ), activities AS (
    SELECT f.id AS project_id, f.reference, f.title, a.id AS activity_id, 'activity_' || a.number AS dimension,
           a.title AS activity_title
      FROM funded f JOIN project_activities a ON a.project_id = f.id
  ), reached AS (
    SELECT a.*, r.id AS result_id, r.reached_on, r.people, r.companies FROM activities a
      JOIN activity_results r ON r.activity_id = a.activity_id
     WHERE r.reached_on <= p_until AND NOT EXISTS (SELECT FROM activity_results s WHERE s.supersedes = r.id)
  ), portal AS (
    SELECT DISTINCT ON (f.id, o.household_member_id) f.id AS project_id, f.reference, f.title, o.id AS order_id
      FROM funded f
      JOIN stores s ON s.project_id = f.id
      JOIN orders o ON o.store_id = s.id
      JOIN transitions t ON t.aggregate_id = o.id AND t.to_state = 'delivered' AND italian_day(t.occurred_at) <= p_until
     WHERE o.state IN ('delivered','accepted','invoiced','paid')
     ORDER BY f.id, o.household_member_id, o.id
  ), people AS (
    SELECT r.project_id, r.reference, r.title, r.dimension, r.activity_title, 'activity_result' AS record_kind,
           r.result_id AS record_id, r.reached_on::text AS label, r.people AS amount
      FROM reached r WHERE r.people > 0
    UNION ALL
    SELECT p.project_id, p.reference, p.title, 'portal', 'Portale dei servizi', 'order', p.order_id, '', 1 FROM portal p
  ), companies AS (
    SELECT r.project_id, r.reference, r.title, r.dimension, r.activity_title, 'activity_result' AS record_kind,
           r.result_id AS record_id, r.reached_on::text AS label, r.companies AS amount
      FROM reached r WHERE r.companies > 0
  ), system_actions AS (
    SELECT a.id, a.title FROM actions a
     WHERE a.territory_id = p_territory AND a.plan_id = p_plan AND italian_day(a.created_at) <= p_until
       AND (a.state <> 'cancelled' OR EXISTS (SELECT FROM transitions t
             WHERE t.aggregate_id = a.id AND t.to_state = 'cancelled' AND italian_day(t.occurred_at) > p_until))
  ), system_people AS (
    -- A person counts once, for the action that met them first.
    SELECT f.id, f.title, count(*) AS amount
      FROM (SELECT DISTINCT ON (r.person_index) s.id, s.title FROM system_actions s
              JOIN action_people_reached r ON r.action_id = s.id AND r.reached_on <= p_until
             ORDER BY r.person_index, r.reached_on, s.id) f
     GROUP BY f.id, f.title
  ), system_companies AS (
    SELECT DISTINCT ON (r.organisation_id) r.organisation_id, s.title FROM system_actions s
      JOIN action_companies_reached r ON r.action_id = s.id AND r.reached_on <= p_until
     ORDER BY r.organisation_id, r.reached_on, s.id
  ), system_cofinancing AS (
    SELECT l.action_id, s.title || ', ' || o.name AS label, l.monetary, l.in_kind FROM system_actions s
      JOIN action_cofinancing_lines l ON l.action_id = s.id
      JOIN organisations o ON o.territory_id = l.territory_id AND o.id = l.organisation_id
  ), working_groups AS (
    SELECT b.id, b.name, italian_day(b.created_at) AS started_on, plan.from_year, plan.to_year
      FROM plan JOIN bodies b ON b.territory_id = plan.territory_id AND b.kind = 'working_group'
  ), ratings AS (
    -- Of the answers that the results of closed questionnaires hold, by groups of five, and of questions with five ratings
    -- or more: fewer would betray who gave them.
    SELECT r.id, r.title, sum(r.given) AS given, sum(r.positive) AS positive FROM (
      SELECT q.id, q.title, count(*) AS given, count(*) FILTER (WHERE v.rating >= 4) AS positive
        FROM (SELECT q.*, CASE WHEN q.answers_shown = 0 OR q.answers - q.answers_shown >= 5 THEN q.answers
                               ELSE q.answers_shown END AS held FROM questionnaires q) q
        JOIN questionnaire_answers a ON a.questionnaire_id = q.id AND (q.held = q.answers OR a.group_number <= q.held / 5)
        JOIN questionnaire_answer_values v ON v.answer_id = a.id AND v.rating IS NOT NULL
        LEFT JOIN events e ON e.id = q.event_id
       WHERE q.territory_id = p_territory AND q.state = 'closed' AND q.closed_on <= p_until AND q.held >= 5
         AND coalesce(q.action_id, e.action_id) IN (SELECT id FROM system_actions)
       GROUP BY q.id, q.title, v.position HAVING count(*) >= 5) r
     GROUP BY r.id, r.title
  ), cofinancing AS (
    SELECT f.id AS project_id, f.reference, f.title, e.id AS expense_id, e.source, e.description, e.accepted,
           o.kind NOT IN ('public_body','territorial_area_or_agency') AS private
      FROM funded f
      JOIN expenses e ON e.project_id = f.id AND e.source IN ('monetary','in_kind') AND e.accepted > 0
      JOIN expense_reports r ON r.id = e.expense_report_id AND r.state = 'validated'
       AND italian_day(r.validated_at) <= p_until
      JOIN organisations o ON o.territory_id = e.territory_id AND o.id = e.organisation_id
  )
  SELECT 'network_members', NULL::uuid, NULL::text, NULL::text, k.dimension, '', 'numerator', 'membership', m.id, m.name, 1::numeric
    FROM members m CROSS JOIN LATERAL (VALUES ('all'), (m.kind)) AS k (dimension)
  UNION ALL
  SELECT 'network_members', NULL, NULL, NULL, k.kind, '', 'denominator', 'membership', m.id, m.name, 1
    FROM members m CROSS JOIN (SELECT DISTINCT kind FROM members) k
  UNION ALL
  SELECT 'projects_concluded', NULL, NULL, NULL, 'all', '', s.side, 'project', f.id, f.reference || ' ' || f.title, 1
    FROM funded f CROSS JOIN (VALUES ('numerator'), ('denominator')) AS s (side)
   WHERE s.side = 'denominator' OR (f.state IN ('settled','closed') AND NOT EXISTS (
           SELECT FROM transitions t WHERE t.aggregate_id = f.id AND t.to_state = 'settled'
              AND italian_day(t.occurred_at) > p_until))
  UNION ALL
  SELECT i.indicator, NULL, NULL, NULL, 'all', '', 'numerator', 'action', s.id, s.title, s.amount
    FROM system_people s CROSS JOIN (VALUES ('system_people'), ('plan_people')) AS i (indicator)
  UNION ALL
  SELECT 'plan_people', NULL, NULL, NULL, 'all', '', 'numerator', p.record_kind, p.record_id, p.reference || ' ' || p.activity_title, p.amount
    FROM people p
  UNION ALL
  SELECT 'plan_people', NULL, NULL, NULL, 'all', '', 'denominator', 'plan', plan.id, plan.title, plan.expected_people FROM plan
  UNION ALL
  SELECT i.indicator, NULL, NULL, NULL, 'all', '', 'numerator', 'organisation', s.organisation_id, s.title, 1
    FROM system_companies s CROSS JOIN (VALUES ('system_companies'), ('plan_companies')) AS i (indicator)
  UNION ALL
  SELECT 'plan_companies', NULL, NULL, NULL, 'all', '', 'numerator', c.record_kind, c.record_id, c.reference || ' ' || c.activity_title, c.amount
    FROM companies c
  UNION ALL
  SELECT 'plan_companies', NULL, NULL, NULL, 'all', '', 'denominator', 'plan', plan.id, plan.title, plan.expected_companies FROM plan
  UNION ALL
  SELECT v.indicator, NULL, NULL, NULL, 'all', '', 'denominator', 'action', s.id, s.title || ' ' || y.year, v.amount
    FROM system_actions s JOIN action_years y ON y.action_id = s.id
   CROSS JOIN LATERAL (VALUES ('system_people', y.expected_people::numeric), ('system_companies', y.expected_companies),
                              ('system_paid', y.planned), ('system_cofinancing', y.planned)) AS v (indicator, amount)
   WHERE v.amount > 0
  UNION ALL
  SELECT 'system_paid', NULL, NULL, NULL, 'all', '', 'numerator', 'action_payment', p.id, s.title,
         CASE WHEN p.reverses IS NULL THEN p.amount ELSE -p.amount END
    FROM system_actions s JOIN action_payments p ON p.action_id = s.id AND p.paid_on <= p_until
    JOIN action_payment_decisions d ON d.payment_id = p.id AND d.outcome = 'approved'
  UNION ALL
  SELECT v.indicator, NULL, NULL, NULL, 'all', '', v.side, 'action', c.action_id, c.label, v.amount
    FROM system_cofinancing c
   CROSS JOIN LATERAL (VALUES ('system_cofinancing', 'numerator', c.monetary + c.in_kind),
                              ('system_monetary_cofinancing', 'numerator', c.monetary),
                              ('system_monetary_cofinancing', 'denominator', c.monetary + c.in_kind)) AS v (indicator, side, amount)
   WHERE v.amount > 0
  UNION ALL
  SELECT 'working_groups', NULL, NULL, NULL, 'all', '', 'numerator', 'body', g.id, g.name, 1 FROM working_groups g
   WHERE g.started_on BETWEEN make_date(g.from_year, 1, 1) AND least(p_until, make_date(g.to_year, 12, 31))
  UNION ALL
  SELECT 'working_group_meetings', NULL, NULL, NULL, 'all', '', 'numerator', 'meeting', m.id, g.name || ', ' || m.held_on, 1
    FROM working_groups g CROSS JOIN LATERAL (
      SELECT m.id, italian_day(m.starts_at) AS held_on FROM meetings m
       WHERE m.territory_id = p_territory AND m.body_id = g.id AND m.state = 'held' AND m.quorate) m
   WHERE m.held_on BETWEEN make_date(g.from_year, 1, 1) AND least(p_until, make_date(g.to_year, 12, 31))
  UNION ALL
  SELECT 'satisfaction', NULL, NULL, NULL, 'all', '', v.side, 'questionnaire', r.id, r.title, v.amount
    FROM ratings r CROSS JOIN LATERAL (VALUES ('numerator', r.positive), ('denominator', r.given)) AS v (side, amount)
  UNION ALL
  SELECT 'project_partners', p.project_id, p.reference, p.title, k.dimension, '', 'numerator', 'partner', p.organisation_id, p.name, 1
    FROM partners p CROSS JOIN LATERAL (VALUES ('all'), (p.kind)) AS k (dimension)
  UNION ALL
  SELECT 'project_partners', p.project_id, p.reference, p.title, k.kind, '', 'denominator', 'partner', p.organisation_id, p.name, 1
    FROM partners p JOIN (SELECT DISTINCT project_id, kind FROM partners) k ON k.project_id = p.project_id
  UNION ALL
  SELECT CASE t.measure WHEN 'people' THEN 'activity_people' ELSE 'activity_companies' END, a.project_id, a.reference, a.title,
         a.dimension, a.activity_title, 'denominator', 'activity_target', a.activity_id, t.year::text, t.expected
    FROM activities a JOIN activity_targets t ON t.activity_id = a.activity_id AND t.measure IN ('people','companies')
  UNION ALL
  SELECT 'activity_people', p.project_id, p.reference, p.title, p.dimension, p.activity_title, 'numerator', p.record_kind, p.record_id,
         p.label, p.amount FROM people p
  UNION ALL
  SELECT 'activity_companies', c.project_id, c.reference, c.title, c.dimension, c.activity_title, 'numerator', c.record_kind,
         c.record_id, c.label, c.amount FROM companies c
  UNION ALL
  SELECT v.indicator, f.id, f.reference, f.title, 'all', '', 'denominator', 'grant', f.id, f.title, f.assigned
    FROM funded f CROSS JOIN (VALUES ('project_paid'), ('project_cofinancing')) AS v (indicator)
  UNION ALL
  SELECT 'project_paid', f.id, f.reference, f.title, 'all', '', 'numerator', 'grant_payment', p.id, p.act, p.amount
    FROM funded f JOIN grant_payments p ON p.project_id = f.id AND p.state = 'paid' AND p.paid_on <= p_until
  UNION ALL
  SELECT 'project_paid', f.id, f.reference, f.title, 'all', '', 'numerator', 'grant_recovery', r.id, r.reference, -r.amount
    FROM funded f JOIN grant_recoveries r ON r.project_id = f.id AND r.received_on <= p_until
  UNION ALL
  SELECT v.indicator, c.project_id, c.reference, c.title, 'all', '', v.side, 'expense', c.expense_id, c.description, c.accepted
    FROM cofinancing c
   CROSS JOIN (VALUES ('project_cofinancing', 'numerator', true, true), ('project_private_cofinancing', 'denominator', true, true),
                      ('project_monetary_cofinancing', 'denominator', true, true), ('project_private_cofinancing', 'numerator', false, true),
                      ('project_monetary_cofinancing', 'numerator', true, false)) AS v (indicator, side, public_too, in_kind_too)
   WHERE (v.public_too OR c.private) AND (v.in_kind_too OR c.source = 'monetary')
$$;

-- The records of a plan as of a day, or as a frozen half-year keeps them.
CREATE FUNCTION indicator_records(p_territory uuid, p_plan uuid, p_until date, p_freeze uuid)
RETURNS TABLE (indicator text, project_id uuid, project_reference text, project_title text, dimension text,
               dimension_title text, side text, record_kind text, record_id uuid, label text, amount numeric)
LANGUAGE sql STABLE AS $$
  SELECT r.* FROM live_indicator_records(p_territory, p_plan, p_until) r WHERE p_freeze IS NULL
  UNION ALL
  SELECT r.indicator, r.project_id, r.project_reference, r.project_title, r.dimension, r.dimension_title, r.side, r.record_kind,
         r.record_id, r.label, r.amount
    FROM indicator_freeze_records r WHERE r.territory_id = p_territory AND r.freeze_id = p_freeze
$$;
