DROP TABLE working_group_members;
DROP TABLE seat_holders;
DROP TABLE committee_seats;
DROP TABLE bodies;
DROP TABLE governance_settings;
