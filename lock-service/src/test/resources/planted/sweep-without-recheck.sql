-- Planted: the sweep notes what will be over in a second, waits for it, and then ends it without looking again. A holder that renewed
-- in that second has lost its lock and was told the opposite.
CREATE OR REPLACE FUNCTION sweep() RETURNS SETOF lease LANGUAGE plpgsql AS $$
DECLARE
  noted uuid[];
  l lease;
BEGIN
  SELECT array_agg(x.id) INTO noted FROM (
    SELECT x.id FROM lease x WHERE x.status = 'held' AND x.expires_at <= clock_timestamp() + interval '1 second' LIMIT 200) x;
  IF noted IS NOT NULL THEN
    PERFORM pg_sleep(1);
    FOR l IN UPDATE lease x SET status = 'expired', ended_at = clock_timestamp() WHERE x.id = ANY (noted) AND x.status = 'held'
        RETURNING * LOOP
      PERFORM announce_lease('lock.expired', 'high', l, 'service:lock-service', NULL, NULL);
      RETURN NEXT l;
    END LOOP;
  END IF;
END $$;
