DROP FUNCTION funding_trace_nodes(uuid, uuid[], uuid[], uuid[], uuid[], uuid[], uuid[], integer, text, integer);
DROP VIEW funding_trace_cofinancing;
DROP VIEW funding_trace_cost_items;
DROP VIEW funding_trace_grants;
DROP FUNCTION funding_trace_scope(uuid, text, uuid, uuid[]);
