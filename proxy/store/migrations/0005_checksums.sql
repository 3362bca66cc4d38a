-- SQLite finds pages that cannot be, not bytes that are others. A checksum of each entry, so that
-- nothing else is ever sent than what was accepted.

-- For each entry 4 bytes, see sqlite/entry_checksum.hpp. Empty: written before this version.
ALTER TABLE body_sheaf ADD COLUMN checksums BLOB NOT NULL DEFAULT x'';
