-- What one commit appends for one organisation lies together, in sheaves: a row for each entry, in
-- each of two tables, was most of what the store cost. Here each entry becomes a sheaf of one.

-- Ids and digests of entries with keys in a row: what is known, and the memory of what is done.
CREATE TABLE arrival_sheaf (
  first_key INTEGER PRIMARY KEY,
  arrivals BLOB NOT NULL  -- for each entry 64 bytes: id (16), fingerprint (32), meaning (16)
) STRICT;

INSERT INTO arrival_sheaf (first_key, arrivals)
  SELECT key, CAST(id || fingerprint || meaning AS BLOB) FROM arrival ORDER BY key;

-- The same entries' bodies, as long as one of them waits for at least one destination.
CREATE TABLE body_sheaf (
  first_key INTEGER PRIMARY KEY,
  last_key INTEGER NOT NULL,
  -- For each entry, in hexadecimal digits: received_ms (16), bytes of its body (8), bytes of its
  -- lane (8); then the lane.
  contents BLOB NOT NULL,
  bodies BLOB NOT NULL  -- one behind the other
) STRICT;

INSERT INTO body_sheaf (first_key, last_key, contents, bodies)
  SELECT key, key,
         CAST(printf('%016x%08x%08x', received_ms, length(bytes), length(CAST(lane AS BLOB)))
              || lane AS BLOB),
         bytes
  FROM body ORDER BY key;

DROP TABLE arrival;
DROP TABLE body;
