-- Dead letters, what humans did with them, and destinations whose address may change.

ALTER TABLE destination ADD COLUMN already_there INTEGER NOT NULL DEFAULT 0;
ALTER TABLE destination ADD COLUMN discarded INTEGER NOT NULL DEFAULT 0;
-- A digest of the API key, never the secret. Empty: not known, as in files of version 1.
ALTER TABLE destination ADD COLUMN credential TEXT NOT NULL DEFAULT '';
-- Keys up to here wait for a human to release them.
ALTER TABLE destination ADD COLUMN held_through INTEGER NOT NULL DEFAULT 0;
-- delivery::BlockCause while the destination is blocked.
ALTER TABLE destination ADD COLUMN blocked INTEGER;

-- What one destination could not take: small rows, since they are filtered and counted.
CREATE TABLE dead_letter (
  dead_letter INTEGER PRIMARY KEY AUTOINCREMENT,  -- never given twice
  destination INTEGER NOT NULL REFERENCES destination,
  id BLOB NOT NULL,           -- these three as in arrival, which may have forgotten them
  fingerprint BLOB NOT NULL,
  meaning BLOB NOT NULL,
  reason INTEGER NOT NULL,    -- delivery::BurialReason
  status INTEGER NOT NULL,    -- of the answer; 0: there was none
  attempts INTEGER NOT NULL,
  received_ms INTEGER NOT NULL,
  buried_ms INTEGER NOT NULL,
  lane TEXT NOT NULL
) STRICT;

CREATE INDEX dead_letter_of_destination ON dead_letter (destination, dead_letter);
CREATE INDEX dead_letter_of_id ON dead_letter (id);

CREATE TABLE dead_letter_content (
  dead_letter INTEGER PRIMARY KEY REFERENCES dead_letter,
  words TEXT NOT NULL,  -- the LRS's own, not to be trusted
  bytes BLOB NOT NULL
) STRICT;

-- What humans did. Nothing is ever removed from it.
CREATE TABLE audit (
  audit INTEGER PRIMARY KEY AUTOINCREMENT,
  at_ms INTEGER NOT NULL,
  who TEXT NOT NULL,
  what TEXT NOT NULL,          -- replayed, discarded, mended, released
  organisation TEXT NOT NULL,  -- name and URL as they were then
  url TEXT NOT NULL,
  entries INTEGER NOT NULL,
  selection TEXT NOT NULL,     -- the filter or the number, in words
  why TEXT NOT NULL,
  old_id BLOB,                 -- of a mended statement
  new_id BLOB
) STRICT;
