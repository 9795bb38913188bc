-- Fifty thousand published services: copies of the demo's.
SET session_replication_role = replica;
SELECT string_agg(quote_ident(attname), ', ') AS columns FROM pg_attribute
 WHERE attrelid = 'services'::regclass AND attnum > 0 AND attgenerated = '' AND NOT attisdropped AND attname <> 'id' \gset
INSERT INTO services (id, :columns)
  SELECT uuid_v7(), :columns FROM (SELECT * FROM services WHERE state = 'published') s,
         generate_series(1, 50000 / (SELECT count(*)::integer FROM services WHERE state = 'published'));
VACUUM ANALYZE services;
