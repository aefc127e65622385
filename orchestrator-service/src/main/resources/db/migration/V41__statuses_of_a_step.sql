-- The numbers of the statuses of its work that have come, so that a result that overtook some waits for them.
ALTER TABLE step ADD COLUMN told int8multirange NOT NULL DEFAULT '{}';
