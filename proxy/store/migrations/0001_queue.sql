-- The queue: what docs/queue_format.md explains. A key is organisation << 40 | sequence.

CREATE TABLE organisation (
  organisation INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  last_key INTEGER NOT NULL,          -- of the latest append; keys have no gaps
  indexed_through INTEGER NOT NULL,   -- ids of keys up to here are in statement_id
  forgotten_through INTEGER NOT NULL  -- ids of keys up to here are forgotten
) STRICT;

CREATE TABLE destination (
  destination INTEGER PRIMARY KEY,
  organisation INTEGER NOT NULL REFERENCES organisation,
  url TEXT NOT NULL,
  delivered_through INTEGER NOT NULL,  -- every key up to here is settled
  accepted INTEGER NOT NULL,
  delivered INTEGER NOT NULL,
  UNIQUE (organisation, url)
) STRICT;

-- Every id of the last weeks, in order of arrival: what is known, and the memory of what is done.
CREATE TABLE arrival (
  key INTEGER PRIMARY KEY,
  id BLOB NOT NULL,           -- 16 bytes
  fingerprint BLOB NOT NULL,  -- 32 bytes
  meaning BLOB NOT NULL       -- 16 bytes
) STRICT;

-- Finds an arrival by its id. Filled in bulk, in order of ids, behind the arrivals.
CREATE TABLE statement_id (
  organisation INTEGER NOT NULL,
  id BLOB NOT NULL,
  key INTEGER NOT NULL,
  PRIMARY KEY (organisation, id)
) STRICT, WITHOUT ROWID;

-- What waits for at least one destination, in order of arrival, once for all of them.
CREATE TABLE body (
  key INTEGER PRIMARY KEY,
  received_ms INTEGER NOT NULL,
  lane TEXT NOT NULL,
  bytes BLOB NOT NULL
) STRICT;

-- Keys settled out of order, beyond delivered_through: disjoint ranges that do not touch.
CREATE TABLE settled (
  destination INTEGER NOT NULL,
  first_key INTEGER NOT NULL,
  last_key INTEGER NOT NULL,
  PRIMARY KEY (destination, first_key)
) STRICT, WITHOUT ROWID;

-- Waiting entries that were tried and are to be tried again.
CREATE TABLE deferred (
  destination INTEGER NOT NULL,
  key INTEGER NOT NULL,
  attempts INTEGER NOT NULL,
  next_at_ms INTEGER NOT NULL,
  PRIMARY KEY (destination, key)
) STRICT, WITHOUT ROWID;

-- By at_ms every destination of the organisation had settled all keys up to through_key.
CREATE TABLE delivered_mark (
  organisation INTEGER NOT NULL,
  at_ms INTEGER NOT NULL,
  through_key INTEGER NOT NULL,
  PRIMARY KEY (organisation, at_ms)
) STRICT, WITHOUT ROWID;
