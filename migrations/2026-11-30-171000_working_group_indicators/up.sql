-- Indicators of working groups are fed by governance, and a project counts as concluded from the day on which it was: a
-- half-year that is frozen late is counted as it stood.

-- Every record that counts for a plan's indicators up to a day, with how much and for which side. A part ('dimension') is
-- a kind of organisation, `activity_<number>`, or `portal` for what families had through the portal.
-- Working groups are the territory's: those set up, and their meetings held, in the years of the plan are counted for it.
-- Private co-financing is that of all but public bodies and territorial areas and agencies.
CREATE OR REPLACE FUNCTION live_indicator_records(p_territory uuid, p_plan uuid, p_until date)
RETURNS TABLE (indicator text, project_id uuid, project_reference text, project_title text, dimension text,
               dimension_title text, side text, record_kind text, record_id uuid, label text, amount numeric)
LANGUAGE sql STABLE AS $$
  WITH plan AS (
    SELECT * FROM plans WHERE territory_id = p_territory AND id = p_plan
  ), members AS (
    SELECT m.id, o.name, o.kind FROM memberships m
      JOIN organisations o ON o.territory_id = m.territory_id AND o.id = m.organisation_id
     WHERE m.territory_id = p_territory AND m.state IN ('admitted','withdrawn','excluded')
       AND (m.decided_at AT TIME ZONE 'UTC')::date <= p_until
       AND (m.ended_at IS NULL OR (m.ended_at AT TIME ZONE 'UTC')::date > p_until)
  ), funded AS (
    SELECT p.id, p.reference, p.title, p.state FROM projects p
      JOIN project_calls c ON c.territory_id = p.territory_id AND c.id = p.project_call_id
     WHERE p.territory_id = p_territory AND c.plan_id = p_plan
       AND p.state IN ('funded','accepted','signed','running','variation','settled','closed','revoked')
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
      JOIN transitions t ON t.aggregate_id = o.id AND t.to_state = 'delivered' AND (t.occurred_at AT TIME ZONE 'UTC')::date <= p_until
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
    SELECT a.id, a.title FROM actions a WHERE a.territory_id = p_territory AND a.plan_id = p_plan AND a.state <> 'cancelled'
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
    SELECT b.id, b.name, (b.created_at AT TIME ZONE 'UTC')::date AS started_on, plan.from_year, plan.to_year
      FROM plan JOIN bodies b ON b.territory_id = plan.territory_id AND b.kind = 'working_group'
  ), ratings AS (
    -- Only of questionnaires that are closed with five answers or more: fewer would betray who gave them.
    SELECT q.id, q.title, count(*) AS given, count(*) FILTER (WHERE v.rating >= 4) AS positive
      FROM questionnaires q
      JOIN questionnaire_answer_values v ON v.questionnaire_id = q.id AND v.rating IS NOT NULL
      LEFT JOIN events e ON e.id = q.event_id
     WHERE q.territory_id = p_territory AND q.state = 'closed' AND q.closed_on <= p_until AND q.answers >= 5
       AND coalesce(q.action_id, e.action_id) IN (SELECT id FROM system_actions)
     GROUP BY q.id, q.title
  ), cofinancing AS (
    SELECT f.id AS project_id, f.reference, f.title, e.id AS expense_id, e.source, e.description, e.accepted,
           o.kind NOT IN ('public_body','territorial_area_or_agency') AS private
      FROM funded f
      JOIN expenses e ON e.project_id = f.id AND e.source IN ('monetary','in_kind') AND e.accepted > 0
      JOIN expense_reports r ON r.id = e.expense_report_id AND r.state = 'validated'
       AND (r.validated_at AT TIME ZONE 'UTC')::date <= p_until
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
              AND (t.occurred_at AT TIME ZONE 'UTC')::date > p_until))
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
      SELECT m.id, (m.starts_at AT TIME ZONE 'UTC')::date AS held_on FROM meetings m
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
  -- Assigned by the allocation in force, whether its acceptance is recorded yet or not.
  SELECT v.indicator, f.id, f.reference, f.title, 'all', '', 'denominator', 'grant', f.id, f.title, coalesce(g.assigned, a.assigned)
    FROM funded f
    LEFT JOIN grants g ON g.project_id = f.id
    LEFT JOIN awards a ON a.territory_id = p_territory AND a.project_id = f.id
    JOIN LATERAL (SELECT coalesce(a.approved_at, g.accepted_at) AS assigned_at) w
      ON (w.assigned_at AT TIME ZONE 'UTC')::date <= p_until
   CROSS JOIN (VALUES ('project_paid'), ('project_cofinancing')) AS v (indicator)
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
