-- A version of a plan that failed and that a model is asked about. Whoever asks claims it for a while; a claim outlives no process.
CREATE TABLE review (
    plan_id       uuid NOT NULL REFERENCES plan (id),
    version       int NOT NULL,
    asked_at      timestamptz NOT NULL,
    claimed_until timestamptz,
    done_at       timestamptz,
    -- provider and model, when there was an answer
    reviewer      text,
    -- [{"step": 1, "text": "..."}]
    suggestions   jsonb NOT NULL DEFAULT '[]',
    PRIMARY KEY (plan_id, version)
);
CREATE INDEX review_open ON review (asked_at) WHERE done_at IS NULL;

-- Who answered: provider and model, or 'embedded'. NULL where no question was asked.
ALTER TABLE message ADD COLUMN said_by text;
