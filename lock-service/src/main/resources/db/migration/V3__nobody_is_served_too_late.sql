-- A place in the queue counts no longer than its owner said it would wait, whatever says that somebody may come back for it:
-- a lock granted after that belongs to nobody who still wants it, and keeps the others from it for its whole time to live.
CREATE FUNCTION count_no_longer_than_it_waits() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.alive_until := NEW.wait_until;
  RETURN NEW;
END $$;

CREATE TRIGGER place_ends_with_its_time BEFORE INSERT OR UPDATE ON waiter
  FOR EACH ROW WHEN (NEW.alive_until > NEW.wait_until) EXECUTE FUNCTION count_no_longer_than_it_waits();

UPDATE waiter SET alive_until = wait_until WHERE alive_until > wait_until;
