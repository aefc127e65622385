-- Planted: the budgets are read without being locked, so calls at the same moment all find the same room in them. The first one that has
-- looked waits, ten seconds at most, until another has looked, too: they meet however slow or busy the machine is.
CREATE SEQUENCE planted_looks;
DO $$
DECLARE
  source text := pg_get_functiondef('llm_reserve'::regproc);
  unlocked text := replace(source, 'ORDER BY x.person FOR UPDATE LOOP', 'ORDER BY x.person LOOP');
  planted text := replace(unlocked, '      IF b.spent_usd + open_usd', '      PERFORM nextval(''planted_looks'');
      FOR i IN 1..1000 LOOP
        EXIT WHEN (SELECT last_value FROM planted_looks) > 1;
        PERFORM pg_sleep(0.01);
      END LOOP;
      IF b.spent_usd + open_usd');
BEGIN
  ASSERT unlocked <> source AND planted <> unlocked, 'llm_reserve is written differently now: plant the bug anew';
  EXECUTE planted;
END $$;
