-- API keys. Keys themselves are nowhere: only their hashes are. A key without settings stands in the configuration; its row
-- holds what was done to it since.
CREATE TABLE api_key (
    tenant text NOT NULL,
    id text NOT NULL,
    settings bytea,
    created_at timestamptz NOT NULL,
    revoked_at timestamptz,
    version bigint NOT NULL, -- microseconds since 1970 of its latest change; never goes back
    PRIMARY KEY (tenant, id)
);

CREATE INDEX api_key_by_version ON api_key (version);

CREATE TABLE api_key_secret (
    hash bytea PRIMARY KEY,
    tenant text NOT NULL,
    key_id text NOT NULL,
    id text NOT NULL,
    hint text NOT NULL,
    created_at timestamptz NOT NULL,
    expires_at timestamptz,
    revoked_at timestamptz,
    FOREIGN KEY (tenant, key_id) REFERENCES api_key ON DELETE CASCADE,
    UNIQUE (tenant, key_id, id)
);

-- Who a run was delegated to, so that whoever takes it up holds it to the same bounds.
ALTER TABLE run ADD COLUMN delegation bytea;
