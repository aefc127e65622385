CREATE TABLE noted (message_id uuid NOT NULL, type text NOT NULL);
