-- The one table of the tracker store, made before the first server starts. Rasa would make the id a 32-bit number,
-- which a million talks a day use up within weeks, and gives no index for the order of a talk.
CREATE TABLE IF NOT EXISTS events (
    id bigserial PRIMARY KEY,
    sender_id varchar(255) NOT NULL,
    type_name varchar(255) NOT NULL,
    timestamp double precision,
    intent_name varchar(255),
    action_name varchar(255),
    data text
);
CREATE INDEX IF NOT EXISTS events_of_a_talk ON events (sender_id, id);
CREATE INDEX IF NOT EXISTS latest_event_of_a_talk ON events (sender_id, timestamp DESC);
