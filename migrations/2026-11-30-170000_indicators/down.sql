DROP FUNCTION indicator_records(uuid, uuid, date, uuid);
DROP FUNCTION live_indicator_records(uuid, uuid, date);
DROP TABLE indicator_freeze_records;
DROP TABLE indicator_freezes;
DROP TABLE activity_results;
