-- Planted: what was seen of a resource before is forgotten with each token that is shown, so none is ever older.
CREATE OR REPLACE FUNCTION forget_fencing_token() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  DELETE FROM fencing_token WHERE resource = NEW.resource;
  RETURN NEW;
END $$;
CREATE TRIGGER planted BEFORE INSERT ON fencing_token FOR EACH ROW EXECUTE FUNCTION forget_fencing_token();
