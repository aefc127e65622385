-- Each call of a language model, from the moment its budget is reserved. outcome is 'open' until it ended.
CREATE TABLE llm_call (
    id           uuid PRIMARY KEY,
    team         text NOT NULL,
    person       text NOT NULL,
    session_id   uuid,
    plan_id      uuid,
    purpose      text NOT NULL,
    provider     text NOT NULL,
    model        text NOT NULL,
    prompt       text NOT NULL,
    reason       text NOT NULL,
    outcome      text NOT NULL,
    reserved_usd numeric(20, 8) NOT NULL,
    cost_usd     numeric(20, 8) NOT NULL DEFAULT 0,
    tokens_in    bigint NOT NULL DEFAULT 0,
    tokens_out   bigint NOT NULL DEFAULT 0,
    wall_millis  bigint NOT NULL DEFAULT 0,
    trace_id     text,
    started_at   timestamptz NOT NULL,
    finished_at  timestamptz
);
CREATE INDEX llm_call_open ON llm_call (team, person) WHERE outcome = 'open';
CREATE INDEX llm_call_owner ON llm_call (team, person, started_at);
CREATE INDEX llm_call_provider ON llm_call (provider, started_at);
CREATE INDEX llm_call_plan ON llm_call (plan_id) WHERE plan_id IS NOT NULL;

-- What a team, or one person of it, may spend in a day or month. person '' is everybody of the team together.
CREATE TABLE llm_budget (
    team         text NOT NULL,
    person       text NOT NULL,
    period       text NOT NULL CHECK (period IN ('day', 'month')),
    soft_usd     numeric(20, 8) CHECK (soft_usd >= 0),
    hard_usd     numeric(20, 8) CHECK (hard_usd >= 0),
    -- of calls that ended, in the period that began at period_start
    spent_usd    numeric(20, 8) NOT NULL,
    period_start timestamptz NOT NULL,
    warned       boolean NOT NULL DEFAULT false,
    version      bigint NOT NULL,
    changed_by   text NOT NULL,
    changed_at   timestamptz NOT NULL,
    PRIMARY KEY (team, person)
);

CREATE FUNCTION llm_period_start(p_period text, p_now timestamptz) RETURNS timestamptz LANGUAGE sql IMMUTABLE AS $$
  SELECT date_trunc(p_period, p_now AT TIME ZONE 'UTC') AT TIME ZONE 'UTC'
$$;

-- Opens a call, unless a hard budget has no room for the most it can cost: then nothing happens, and the answer is whose budget that
-- was. The rows of the budgets are locked first, always in the same order, and stay locked to the end of the transaction: what is
-- open and what is spent cannot change between looking and writing.
CREATE FUNCTION llm_reserve(p_call llm_call, p_now timestamptz) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  b llm_budget;
  open_usd numeric;
BEGIN
  FOR b IN SELECT x.* FROM llm_budget x WHERE x.team = p_call.team AND x.person IN ('', p_call.person)
      ORDER BY x.person FOR UPDATE LOOP
    IF b.period_start < llm_period_start(b.period, p_now) THEN
      b.spent_usd := 0;
      UPDATE llm_budget x SET spent_usd = 0, warned = false, period_start = llm_period_start(b.period, p_now)
        WHERE x.team = b.team AND x.person = b.person;
    END IF;
    IF b.hard_usd IS NOT NULL AND p_call.reserved_usd > 0 THEN
      SELECT coalesce(sum(c.reserved_usd), 0) INTO open_usd FROM llm_call c
        WHERE c.outcome = 'open' AND c.team = b.team AND (b.person = '' OR c.person = b.person);
      IF b.spent_usd + open_usd + p_call.reserved_usd > b.hard_usd THEN
        RETURN b.person;
      END IF;
    END IF;
  END LOOP;
  INSERT INTO llm_call SELECT (p_call).*;
  RETURN NULL;
END $$;

-- Ends a call: what it was reserved for is free again, what it cost is spent. The answer is whose soft budget was reached by that, for
-- the first time in its period. A call that ended before changes nothing.
CREATE FUNCTION llm_settle(p_call uuid, p_outcome text, p_cost numeric, p_in bigint, p_out bigint, p_millis bigint, p_now timestamptz)
    RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE
  c llm_call;
  b llm_budget;
BEGIN
  SELECT x.* INTO c FROM llm_call x WHERE x.id = p_call;
  -- In the order in which llm_reserve locks them: two that wait for each other would both wait for ever.
  PERFORM 1 FROM llm_budget x WHERE x.team = c.team AND x.person IN ('', c.person) ORDER BY x.person FOR UPDATE;
  UPDATE llm_call x SET outcome = p_outcome, cost_usd = p_cost, tokens_in = p_in, tokens_out = p_out, wall_millis = p_millis,
      finished_at = p_now
    WHERE x.id = p_call AND x.outcome = 'open';
  IF NOT FOUND THEN
    RETURN;
  END IF;
  FOR b IN UPDATE llm_budget x SET
        spent_usd = p_cost + CASE WHEN x.period_start < llm_period_start(x.period, p_now) THEN 0 ELSE x.spent_usd END,
        warned = x.warned AND x.period_start >= llm_period_start(x.period, p_now),
        period_start = greatest(x.period_start, llm_period_start(x.period, p_now))
      WHERE x.team = c.team AND x.person IN ('', c.person) RETURNING x.* LOOP
    IF NOT b.warned AND b.soft_usd IS NOT NULL AND b.spent_usd >= b.soft_usd AND p_cost > 0 THEN
      UPDATE llm_budget x SET warned = true WHERE x.team = b.team AND x.person = b.person;
      RETURN NEXT b.person;
    END IF;
  END LOOP;
END $$;
