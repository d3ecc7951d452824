CREATE TABLE safety_subject (
    tenant text NOT NULL,
    subject text NOT NULL,
    requests bigint NOT NULL DEFAULT 0,
    rule_hits bigint NOT NULL DEFAULT 0,
    model_refusals bigint NOT NULL DEFAULT 0,
    quota_refusals bigint NOT NULL DEFAULT 0,
    client_errors bigint NOT NULL DEFAULT 0,
    marks bigint NOT NULL DEFAULT 0,
    first_seen timestamptz NOT NULL,
    last_seen timestamptz NOT NULL,
    score double precision NOT NULL DEFAULT 0,
    score_at timestamptz NOT NULL,
    rung smallint NOT NULL DEFAULT 0,
    since timestamptz NOT NULL,
    override_rung smallint,
    override_until timestamptz,
    next_change_at timestamptz,
    PRIMARY KEY (tenant, subject)
);

CREATE INDEX safety_subject_due ON safety_subject (next_change_at) WHERE next_change_at IS NOT NULL;
CREATE INDEX safety_subject_by_age ON safety_subject (last_seen);

-- The last batch of each source, so that one that is sent twice is made once.
CREATE TABLE safety_batch (
    source text PRIMARY KEY,
    number bigint NOT NULL,
    at timestamptz NOT NULL DEFAULT now()
);

-- Where each tenant's chain ends. Its row is locked by whoever appends.
CREATE TABLE safety_audit_head (
    tenant text PRIMARY KEY,
    seq bigint NOT NULL,
    hash bytea NOT NULL
);

CREATE TABLE safety_audit (
    tenant text NOT NULL,
    seq bigint NOT NULL,
    at timestamptz NOT NULL,
    actor text NOT NULL,
    kind text NOT NULL,
    subject text NOT NULL,
    from_rung smallint NOT NULL,
    to_rung smallint NOT NULL,
    score double precision NOT NULL,
    reason text NOT NULL,
    prev_hash bytea NOT NULL,
    hash bytea NOT NULL,
    PRIMARY KEY (tenant, seq)
);

CREATE FUNCTION safety_audit_is_final() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'safety_audit takes entries and lets none be changed';
END $$;

CREATE TRIGGER safety_audit_is_final BEFORE UPDATE OR DELETE OR TRUNCATE ON safety_audit
    FOR EACH STATEMENT EXECUTE FUNCTION safety_audit_is_final();
