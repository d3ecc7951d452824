-- Everything the gateway keeps. Text that clients wrote is bytea: a text column would refuse U+0000.
-- end_user is '' where no end user was named, so that owners compare with =.

CREATE TABLE response (
    id text NOT NULL,
    stored_at timestamptz NOT NULL DEFAULT now(),
    tenant text NOT NULL,
    end_user text NOT NULL,
    created_at bigint NOT NULL,
    status smallint NOT NULL,
    background boolean NOT NULL,
    previous_response_id text,
    conversation_id text,
    input bytea NOT NULL,
    body bytea NOT NULL,
    metadata bytea,
    terminal_sequence bigint,
    PRIMARY KEY (id, stored_at)
) PARTITION BY RANGE (stored_at);

CREATE INDEX response_by_owner ON response (tenant, end_user, stored_at, id);

-- Where an item_reference leads.
CREATE TABLE response_item (
    item_id text NOT NULL,
    response_id text NOT NULL,
    tenant text NOT NULL,
    end_user text NOT NULL,
    stored_at timestamptz NOT NULL
) PARTITION BY RANGE (stored_at);

CREATE INDEX response_item_by_id ON response_item (item_id, tenant, end_user);
CREATE INDEX response_item_by_response ON response_item (response_id);

-- A row here is a run that has not ended; deleting it is what ends a run, so a run ends once.
CREATE TABLE run (
    response_id text PRIMARY KEY,
    stored_at timestamptz NOT NULL,
    tenant text NOT NULL,
    end_user text NOT NULL,
    key_id text NOT NULL,
    request_id text NOT NULL,
    background boolean NOT NULL,
    priority smallint NOT NULL,
    replica text,
    fence integer NOT NULL DEFAULT 0,
    claim uuid,
    emitted boolean NOT NULL DEFAULT false,
    queued_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    request bytea NOT NULL,
    context bytea,
    webhook_url text,
    webhook_secret bytea
);

-- Both leading columns descend, so that one row comparison skips from a (priority, tenant) to the next.
CREATE INDEX run_queued ON run (priority DESC, tenant DESC, queued_at) WHERE replica IS NULL;
CREATE INDEX run_held ON run (replica) WHERE replica IS NOT NULL;
CREATE INDEX run_in_progress ON run (tenant) WHERE replica IS NOT NULL AND background;

CREATE TABLE replica (
    id text PRIMARY KEY,
    alive_until timestamptz NOT NULL,
    alive_since timestamptz NOT NULL,
    lease interval NOT NULL
);

CREATE TABLE conversation (
    id text PRIMARY KEY,
    tenant text NOT NULL,
    end_user text NOT NULL,
    created_at bigint NOT NULL,
    updated_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    metadata bytea NOT NULL,
    metadata_pairs bytea[] NOT NULL, -- a fingerprint of each pair, to filter by
    deleted_at timestamptz,
    next_position bigint NOT NULL DEFAULT 0
);

CREATE INDEX conversation_by_owner ON conversation (tenant, end_user, updated_at, id) WHERE deleted_at IS NULL;

CREATE TABLE conversation_item (
    conversation_id text NOT NULL REFERENCES conversation,
    position bigint NOT NULL,
    item_id text NOT NULL,
    response_id text,
    body bytea NOT NULL,
    search_text text NOT NULL,
    PRIMARY KEY (conversation_id, position)
);

-- Unique, so that an append that is repeated changes nothing.
CREATE UNIQUE INDEX conversation_item_by_id ON conversation_item (item_id, conversation_id);
CREATE INDEX conversation_item_words ON conversation_item USING gin (to_tsvector('simple', search_text));

CREATE TABLE prompt (
    id text PRIMARY KEY,
    tenant text NOT NULL,
    end_user text NOT NULL,
    name bytea NOT NULL,
    created_at bigint NOT NULL,
    updated_at bigint NOT NULL,
    current_version integer NOT NULL,
    stored_at timestamptz NOT NULL DEFAULT clock_timestamp()
);

CREATE INDEX prompt_by_owner ON prompt (tenant, end_user, stored_at, id);

CREATE TABLE prompt_version (
    id text PRIMARY KEY,
    prompt_id text NOT NULL REFERENCES prompt ON DELETE CASCADE,
    version integer NOT NULL,
    template bytea NOT NULL,
    created_at bigint NOT NULL,
    UNIQUE (prompt_id, version)
);

CREATE TABLE idempotency (
    tenant text NOT NULL,
    end_user text NOT NULL,
    key text NOT NULL,
    fingerprint bytea NOT NULL,
    response_id text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (tenant, end_user, key)
);

CREATE INDEX idempotency_by_age ON idempotency (created_at);

CREATE TABLE webhook_delivery (
    id text PRIMARY KEY,
    response_id text NOT NULL,
    tenant text NOT NULL,
    end_user text NOT NULL,
    url text NOT NULL,
    receiver text NOT NULL,
    secret bytea,
    type text NOT NULL,
    payload bytea NOT NULL,
    created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    state smallint NOT NULL DEFAULT 0,
    next_attempt_at timestamptz DEFAULT clock_timestamp(),
    claimed_until timestamptz
);

CREATE INDEX webhook_delivery_due ON webhook_delivery (next_attempt_at) WHERE state = 0;
CREATE INDEX webhook_delivery_by_receiver ON webhook_delivery (receiver, next_attempt_at) WHERE state = 0;
CREATE INDEX webhook_delivery_out ON webhook_delivery (receiver) WHERE claimed_until IS NOT NULL;
CREATE INDEX webhook_delivery_by_response ON webhook_delivery (response_id);
CREATE INDEX webhook_delivery_by_age ON webhook_delivery (created_at);

CREATE TABLE webhook_attempt (
    delivery_id text NOT NULL REFERENCES webhook_delivery ON DELETE CASCADE,
    at timestamptz NOT NULL,
    status integer,
    error text
);

CREATE UNIQUE INDEX webhook_attempt_by_delivery ON webhook_attempt (delivery_id, at);

CREATE TABLE ledger (
    response_id text PRIMARY KEY,
    tenant text NOT NULL,
    end_user text NOT NULL,
    key_id text NOT NULL,
    model text NOT NULL,
    created_at timestamptz NOT NULL,
    input_tokens bigint NOT NULL,
    output_tokens bigint NOT NULL,
    estimated boolean NOT NULL
);

CREATE INDEX ledger_by_tenant ON ledger (tenant, created_at);
