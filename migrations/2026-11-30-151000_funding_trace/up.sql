-- One euro followed both ways, read across contexts: plan, project call, project, cost item, voucher call, voucher, order,
-- statement, payment. At each node `amount_in` came from the parent, `amount_added` joined there, `amount_back` went back
-- to the parent, `amount_out` is with the children: the sum of what they got less what they gave back.

-- What is connected to the thing in focus. Arrays that are null set no limit below the level above. Of `p_leads` (null:
-- the agency) only projects with one of these leads are told. No row: nothing of the sort, or not for these eyes.
CREATE FUNCTION funding_trace_scope(p_territory uuid, p_kind text, p_id uuid, p_leads uuid[])
RETURNS TABLE (plan_ids uuid[], project_call_ids uuid[], project_ids uuid[], voucher_call_ids uuid[], voucher_ids uuid[],
               order_ids uuid[], provider_statement_ids uuid[]) LANGUAGE plpgsql STABLE AS $$
DECLARE
  v_downward boolean := p_kind IN ('territory','plan','project_call');
  v_found    boolean;
BEGIN
  IF p_kind = 'payment' THEN
    SELECT array_agg(e.order_id) INTO order_ids FROM ledger_entries e
     WHERE e.id = p_id AND e.territory_id = p_territory AND e.kind = 'pay';
    IF order_ids IS NULL THEN RETURN; END IF;
  ELSIF p_kind = 'provider_statement' THEN
    SELECT array_agg(l.order_id) INTO order_ids FROM provider_statement_lines l
     WHERE l.provider_statement_id = p_id AND l.territory_id = p_territory AND l.covered > 0;
    IF order_ids IS NULL THEN RETURN; END IF;
  ELSIF p_kind = 'order' THEN
    SELECT array_agg(o.id) INTO order_ids FROM orders o WHERE o.id = p_id AND o.territory_id = p_territory AND o.covered > 0;
    IF order_ids IS NULL THEN RETURN; END IF;
  END IF;
  IF order_ids IS NOT NULL THEN
    SELECT array_agg(DISTINCT o.voucher_id) INTO voucher_ids FROM orders o WHERE o.id = ANY (order_ids);
    SELECT array_agg(DISTINCT l.provider_statement_id) INTO provider_statement_ids
      FROM provider_statement_lines l WHERE l.order_id = ANY (order_ids);
  ELSIF p_kind = 'voucher' THEN
    SELECT array_agg(v.id) INTO voucher_ids FROM vouchers v WHERE v.id = p_id AND v.territory_id = p_territory;
    IF voucher_ids IS NULL THEN RETURN; END IF;
  END IF;
  IF voucher_ids IS NOT NULL THEN
    SELECT array_agg(DISTINCT v.voucher_call_id) INTO voucher_call_ids FROM vouchers v WHERE v.id = ANY (voucher_ids);
  ELSIF p_kind = 'voucher_call' THEN
    SELECT array_agg(c.id) INTO voucher_call_ids FROM voucher_calls c
     WHERE c.id = p_id AND c.territory_id = p_territory AND c.state <> 'draft';
    IF voucher_call_ids IS NULL THEN RETURN; END IF;
  END IF;
  IF p_kind = 'plan' THEN
    SELECT array_agg(p.id) INTO plan_ids FROM plans p WHERE p.id = p_id AND p.territory_id = p_territory;
    IF plan_ids IS NULL THEN RETURN; END IF;
  ELSIF p_kind = 'project_call' THEN
    SELECT array_agg(c.id) INTO project_call_ids FROM project_calls c
     WHERE c.id = p_id AND c.territory_id = p_territory AND c.state NOT IN ('draft','cancelled');
    IF project_call_ids IS NULL THEN RETURN; END IF;
  END IF;
  SELECT coalesce(array_agg(p.id), '{}') INTO project_ids
    FROM projects p LEFT JOIN project_calls c ON c.id = p.project_call_id
   WHERE p.territory_id = p_territory AND (p_leads IS NULL OR p.lead_organisation_id = ANY (p_leads))
     AND p.state IN ('funded','accepted','declined','signed','running','variation','settled','closed','revoked')
     AND CASE WHEN voucher_call_ids IS NOT NULL
                THEN p.id IN (SELECT vc.project_id FROM voucher_calls vc WHERE vc.id = ANY (voucher_call_ids))
              WHEN p_kind = 'project' THEN p.id = p_id
              WHEN p_kind = 'project_call' THEN p.project_call_id = p_id
              WHEN p_kind = 'plan' THEN c.plan_id = p_id
              ELSE p_kind = 'territory' END;
  v_found := cardinality(project_ids) > 0 OR (v_downward AND p_leads IS NULL);
  IF NOT v_found THEN RETURN; END IF;
  IF p_kind = 'territory' AND p_leads IS NULL THEN
    SELECT coalesce(array_agg(p.id), '{}') INTO plan_ids FROM plans p WHERE p.territory_id = p_territory;
  END IF;
  IF project_call_ids IS NULL THEN
    SELECT coalesce(array_agg(c.id), '{}') INTO project_call_ids FROM project_calls c
     WHERE c.territory_id = p_territory AND c.state NOT IN ('draft','cancelled')
       AND CASE WHEN p_kind IN ('territory','plan') AND p_leads IS NULL THEN c.plan_id = ANY (plan_ids)
                ELSE c.id IN (SELECT p.project_call_id FROM projects p WHERE p.id = ANY (project_ids)) END;
  END IF;
  IF plan_ids IS NULL THEN
    SELECT coalesce(array_agg(DISTINCT c.plan_id), '{}') INTO plan_ids FROM project_calls c WHERE c.id = ANY (project_call_ids);
  END IF;
  RETURN NEXT;
END $$;

-- What each project was assigned: in its file once accepted, by the allocation in force before.
CREATE VIEW funding_trace_grants AS
SELECT p.territory_id, p.id AS project_id, p.project_call_id, p.state, coalesce(g.assigned, a.assigned, 0) AS assigned,
       CASE WHEN p.state = 'declined' OR (p.state = 'revoked' AND g.project_id IS NULL) THEN coalesce(a.assigned, 0)
            ELSE coalesce(g.assigned - g.admissible, 0) END AS given_up,
       coalesce(g.paid, 0) AS paid, coalesce(g.recovered, 0) AS recovered
  FROM projects p
  LEFT JOIN grants g ON g.project_id = p.id
  LEFT JOIN awards a ON a.territory_id = p.territory_id AND a.project_id = p.id
 WHERE p.state IN ('funded','accepted','declined','signed','running','variation','settled','closed','revoked');

-- The cost items of each project, told apart; once its account is settled, what an item did not need went back. A project
-- entered as already running has no file: its items are those of its budget.
CREATE VIEW funding_trace_cost_items AS
SELECT i.territory_id, i.project_id, i.item, i.budget, i.validated,
       CASE WHEN g.admissible IS NULL THEN 0 ELSE i.budget - i.validated END AS back
  FROM grant_cost_items i JOIN grants g ON g.project_id = i.project_id
UNION ALL
SELECT p.territory_id, p.id, i.item, i.budget, 0, 0
  FROM projects p
 CROSS JOIN LATERAL (VALUES ('staff', p.cost_staff - p.cost_coordination), ('coordination', p.cost_coordination),
                            ('goods', p.cost_goods), ('services', p.cost_services), ('vouchers', p.cost_vouchers),
                            ('general', p.cost_general)) AS i (item, budget)
 WHERE NOT EXISTS (SELECT FROM grant_cost_items i WHERE i.project_id = p.id)
   AND EXISTS (SELECT FROM voucher_calls c WHERE c.territory_id = p.territory_id AND c.project_id = p.id AND c.state <> 'draft');

-- What the partners put in: as planned while a project runs, and once its account is settled all that the grant does not
-- bear.
CREATE VIEW funding_trace_cofinancing AS
SELECT i.territory_id, i.project_id,
       CASE WHEN g.admissible IS NOT NULL THEN greatest(sum(i.validated) - g.admissible, 0)
            WHEN g.project_id IS NOT NULL THEN sum(i.budget) - g.assigned
            ELSE (SELECT coalesce(sum(l.monetary + l.in_kind), 0) FROM cofinancing_lines l WHERE l.project_id = i.project_id)
       END AS cofinancing
  FROM funding_trace_cost_items i LEFT JOIN grants g ON g.project_id = i.project_id
 GROUP BY i.territory_id, i.project_id, g.project_id, g.admissible, g.assigned;

-- The nodes of a scope, level by level, each level by its key, after a key of a level, at most `p_limit`.
CREATE FUNCTION funding_trace_nodes(
  p_territory uuid, p_plans uuid[], p_project_calls uuid[], p_projects uuid[], p_voucher_calls uuid[], p_vouchers uuid[],
  p_orders uuid[], p_level integer, p_after text, p_limit integer
) RETURNS TABLE (level integer, key text, kind text, id text, resource_id uuid, parent_kind text, parent_id text, label text,
                 state text, amount_in numeric, amount_added numeric, amount_back numeric, amount_out numeric,
                 grant_paid numeric, children bigint) LANGUAGE plpgsql STABLE AS $$
#variable_conflict use_column
DECLARE
  v_left  integer := p_limit;
  v_took  integer;
  v_level integer := p_level;
  v_after text := p_after;
  v_id    uuid;
BEGIN
  WHILE v_level <= 9 AND v_left > 0 LOOP
    v_id := CASE WHEN v_level <> 4 AND v_after <> '' THEN v_after::uuid ELSE '00000000-0000-0000-0000-000000000000' END;
    IF v_level = 1 THEN
      RETURN QUERY SELECT 1, p.id::text, 'plan', p.id::text, p.id, NULL::text, NULL::text, p.title, NULL::text,
             p.local_alliances, 0::numeric, 0::numeric, c.budget, NULL::numeric, c.calls
        FROM plans p, LATERAL (SELECT coalesce(sum(c.budget), 0) AS budget, count(*) AS calls FROM project_calls c
                                WHERE c.plan_id = p.id AND c.state NOT IN ('draft','cancelled')) c
       WHERE p.territory_id = p_territory AND p.id = ANY (p_plans) AND p.id > v_id ORDER BY p.id LIMIT v_left;
    ELSIF v_level = 2 THEN
      RETURN QUERY SELECT 2, c.id::text, 'project_call', c.id::text, c.id, 'plan', c.plan_id::text, c.title, c.state,
             c.budget, 0::numeric, 0::numeric, g.assigned, NULL::numeric, g.projects
        FROM project_calls c, LATERAL (SELECT coalesce(sum(g.assigned - g.given_up), 0) AS assigned, count(*) AS projects
                                         FROM funding_trace_grants g WHERE g.project_call_id = c.id) g
       WHERE c.territory_id = p_territory AND c.id = ANY (p_project_calls) AND c.id > v_id ORDER BY c.id LIMIT v_left;
    ELSIF v_level = 3 THEN
      RETURN QUERY SELECT 3, p.id::text, 'project', p.id::text, p.id,
             CASE WHEN p.project_call_id IS NOT NULL THEN 'project_call' END, p.project_call_id::text,
             format('%s %s', p.reference, p.title), p.state, g.assigned,
             coalesce((SELECT c.cofinancing FROM funding_trace_cofinancing c WHERE c.project_id = p.id), 0),
             g.given_up, i.budget, g.paid - g.recovered, i.items
        FROM projects p
        JOIN funding_trace_grants g ON g.project_id = p.id
       CROSS JOIN LATERAL (SELECT coalesce(sum(i.budget - i.back), 0) AS budget, count(*) AS items
                             FROM funding_trace_cost_items i WHERE i.project_id = p.id) i
       WHERE p.territory_id = p_territory AND p.id = ANY (p_projects) AND p.id > v_id ORDER BY p.id LIMIT v_left;
    ELSIF v_level = 4 THEN
      RETURN QUERY SELECT 4, i.project_id || ':' || i.item, 'cost_item', i.project_id || ':' || i.item, i.project_id, 'project',
             i.project_id::text, i.item, NULL::text, i.budget, 0::numeric, i.back::numeric,
             CASE i.item WHEN 'vouchers' THEN c.funded ELSE i.validated END, NULL::numeric,
             CASE i.item WHEN 'vouchers' THEN c.calls ELSE 0 END
        FROM funding_trace_cost_items i
       CROSS JOIN LATERAL (SELECT coalesce(-sum(b.funding), 0) AS funded, count(*) AS calls
                             FROM voucher_calls c LEFT JOIN call_balances b ON b.voucher_call_id = c.id
                            WHERE c.territory_id = i.territory_id AND c.project_id = i.project_id AND c.state <> 'draft'
                              AND i.item = 'vouchers') c
       WHERE i.territory_id = p_territory AND i.project_id = ANY (p_projects)
         AND (p_voucher_calls IS NULL OR i.item = 'vouchers')
         AND (i.project_id || ':' || i.item) COLLATE "C" > v_after
       ORDER BY (i.project_id || ':' || i.item) COLLATE "C" LIMIT v_left;
    ELSIF v_level = 5 THEN
      RETURN QUERY SELECT 5, c.id::text, 'voucher_call', c.id::text, c.id, 'cost_item', c.project_id || ':vouchers', c.title_it,
             c.state, coalesce(-b.funding, 0), 0::numeric, 0::numeric, coalesce(-b.funding - b.budget, 0), NULL::numeric,
             (SELECT count(*) FROM voucher_balances v WHERE v.territory_id = c.territory_id AND v.voucher_call_id = c.id)
        FROM voucher_calls c LEFT JOIN call_balances b ON b.voucher_call_id = c.id
       WHERE c.territory_id = p_territory AND c.project_id = ANY (p_projects) AND c.state <> 'draft'
         AND (p_voucher_calls IS NULL OR c.id = ANY (p_voucher_calls)) AND c.id > v_id ORDER BY c.id LIMIT v_left;
    ELSIF v_level = 6 THEN
      RETURN QUERY SELECT 6, v.id::text, 'voucher', v.id::text, v.id, 'voucher_call', v.voucher_call_id::text,
             format('%s-%s', a.protocol_number, l.line), v.state, v.value, 0::numeric, e.returned, b.held + b.spent + b.paid,
             NULL::numeric, e.orders
        FROM (SELECT v.* FROM voucher_calls c JOIN vouchers v ON v.voucher_call_id = c.id
               WHERE c.territory_id = p_territory AND c.project_id = ANY (p_projects)
                 AND (p_voucher_calls IS NULL OR c.id = ANY (p_voucher_calls))
                 AND (p_vouchers IS NULL OR v.id = ANY (p_vouchers)) AND v.id > v_id ORDER BY v.id LIMIT v_left) v
        JOIN voucher_balances b ON b.voucher_id = v.id
        LEFT JOIN application_lines l ON l.id = v.application_line_id
        LEFT JOIN applications a ON a.id = l.application_id
       CROSS JOIN LATERAL (SELECT coalesce(sum(e.amount) FILTER (WHERE e.kind = 'return'), 0) AS returned,
                                  count(DISTINCT e.order_id) AS orders
                             FROM ledger_entries e WHERE e.voucher_id = v.id) e
       ORDER BY v.id;
    ELSIF v_level = 7 THEN
      RETURN QUERY SELECT 7, o.id::text, 'order', o.id::text, o.id, 'voucher', o.voucher_id::text,
             format('%s, %s', p.name, to_char(italian_day(o.placed_at), 'YYYY-MM-DD')), o.state::text, e.held, 0::numeric,
             e.released, coalesce(l.covered, 0), NULL::numeric, CASE WHEN l.order_id IS NULL THEN 0 ELSE 1 END::bigint
        FROM (SELECT DISTINCT x.order_id FROM voucher_calls c
                JOIN vouchers v ON v.voucher_call_id = c.id AND (p_vouchers IS NULL OR v.id = ANY (p_vouchers))
                JOIN ledger_entries x ON x.voucher_id = v.id AND x.kind = 'hold'
               WHERE c.territory_id = p_territory AND c.project_id = ANY (p_projects)
                 AND (p_voucher_calls IS NULL OR c.id = ANY (p_voucher_calls))
                 AND (p_orders IS NULL OR x.order_id = ANY (p_orders)) AND x.order_id > v_id
               ORDER BY x.order_id LIMIT v_left) s
        JOIN orders o ON o.id = s.order_id
        JOIN organisations p ON p.id = o.provider_id
        LEFT JOIN provider_statement_lines l ON l.order_id = o.id
       CROSS JOIN LATERAL (SELECT coalesce(sum(e.amount) FILTER (WHERE e.kind = 'hold'), 0) AS held,
                                  coalesce(sum(e.amount) FILTER (WHERE e.kind = 'release'), 0) AS released
                             FROM ledger_entries e WHERE e.order_id = o.id) e
       ORDER BY o.id;
    ELSE
      -- Statements and payments are found from their orders, so that an order whose voucher is in the scope counts once.
      RETURN QUERY SELECT v_level, CASE v_level WHEN 8 THEN l.order_id ELSE e.id END::text,
             CASE v_level WHEN 8 THEN 'provider_statement' ELSE 'payment' END,
             CASE v_level WHEN 8 THEN s.id || ':' || l.order_id ELSE e.id::text END,
             CASE v_level WHEN 8 THEN s.id ELSE e.id END,
             CASE v_level WHEN 8 THEN 'order' ELSE 'provider_statement' END,
             CASE v_level WHEN 8 THEN l.order_id::text ELSE s.id || ':' || l.order_id END,
             CASE v_level WHEN 8 THEN format('%s, %s', p.name, to_char(italian_day(s.created_at), 'YYYY-MM-DD'))
                          ELSE coalesce(s.payment_reference, '-') END,
             CASE v_level WHEN 8 THEN s.state END,
             CASE v_level WHEN 8 THEN l.covered ELSE e.amount END, 0::numeric, 0::numeric,
             CASE v_level WHEN 8 THEN coalesce(e.amount, 0) ELSE 0 END, NULL::numeric,
             CASE WHEN v_level = 8 AND e.id IS NOT NULL THEN 1 ELSE 0 END::bigint
        FROM voucher_calls c
        JOIN vouchers v ON v.voucher_call_id = c.id AND (p_vouchers IS NULL OR v.id = ANY (p_vouchers))
        JOIN ledger_entries h ON h.voucher_id = v.id AND h.kind = 'hold' AND (p_orders IS NULL OR h.order_id = ANY (p_orders))
        JOIN provider_statement_lines l ON l.order_id = h.order_id
        JOIN provider_statements s ON s.id = l.provider_statement_id
        JOIN organisations p ON p.id = s.provider_id
        LEFT JOIN ledger_entries e ON e.order_id = l.order_id AND e.kind = 'pay'
       WHERE c.territory_id = p_territory AND c.project_id = ANY (p_projects)
         AND (p_voucher_calls IS NULL OR c.id = ANY (p_voucher_calls))
         AND CASE v_level WHEN 8 THEN l.order_id > v_id ELSE e.id > v_id END
       ORDER BY CASE v_level WHEN 8 THEN l.order_id ELSE e.id END LIMIT v_left;
    END IF;
    GET DIAGNOSTICS v_took = ROW_COUNT;
    v_left := v_left - v_took;
    v_level := v_level + 1;
    v_after := '';
  END LOOP;
END $$;
