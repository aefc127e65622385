-- A step whose skill must not be run twice was about to be run: whoever finds it so does not know whether it was.
ALTER TABLE task_step ADD COLUMN tried boolean NOT NULL DEFAULT false;
