-- How often a review was begun: what cannot be kept is not asked for, and paid for, again and again.
ALTER TABLE review ADD COLUMN tries int NOT NULL DEFAULT 0;
