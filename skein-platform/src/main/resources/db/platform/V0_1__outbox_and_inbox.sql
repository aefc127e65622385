-- Messages written in the transaction that changed the state, published afterwards in the order of id.
CREATE TABLE outbox (
  id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  message_id   uuid        NOT NULL,
  exchange     text        NOT NULL,
  routing_key  text        NOT NULL,
  content_type text        NOT NULL,
  body         bytea       NOT NULL,
  created_at   timestamptz NOT NULL DEFAULT now()
);

-- Messages already handled: a redelivered one is acknowledged without handling it again.
CREATE TABLE inbox (
  queue       text        NOT NULL,
  message_id  uuid        NOT NULL,
  received_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (queue, message_id)
);
CREATE INDEX inbox_received_at ON inbox (received_at);
