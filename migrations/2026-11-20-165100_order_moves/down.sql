DROP FUNCTION move_due_orders, request_order_move, move_order;
