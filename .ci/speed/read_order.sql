\set n random(1, 1000)
SELECT order_id FROM measured_orders WHERE n = :n \gset
SELECT * FROM orders WHERE id = :order_id;
SELECT * FROM transitions WHERE aggregate_id = :order_id ORDER BY id;
