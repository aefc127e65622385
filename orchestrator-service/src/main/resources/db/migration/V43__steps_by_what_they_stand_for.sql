-- The evidence of a step reaches those that stand for it in later versions; without this every step was looked through for each.
CREATE INDEX step_carried_from ON step (carried_from) WHERE carried_from IS NOT NULL;
