-- How much of the disk each organisation's queue takes, so that none can take it all.

-- Bytes of its rows of body together.
ALTER TABLE organisation ADD COLUMN body_bytes INTEGER NOT NULL DEFAULT 0;
UPDATE organisation SET body_bytes =
  (SELECT coalesce(sum(length(bytes)), 0) FROM body
   WHERE key BETWEEN organisation << 40 AND ((organisation + 1) << 40) - 1);
