using System.Globalization;
using Mka1.Edge.Policies.Safety;
using Mka1.Edge.Stores.Postgres;
using Npgsql;
using NpgsqlTypes;

namespace Mka1.Edge.Stores.Safety;

/// <summary>Statements of the safety tables, and how their rows are read.</summary>
internal static class SafetyStatements
{
    public const string Columns =
        """
        tenant, subject, requests, rule_hits, model_refusals, quota_refusals, client_errors, marks, first_seen, last_seen,
        score, score_at, rung, since, override_rung, override_until
        """;

    public const string AuditColumns = "tenant, seq, at, actor, kind, subject, from_rung, to_rung, score, reason, prev_hash, hash";

    public static NpgsqlBatchCommand InsertMissing(IReadOnlyCollection<SafetyRecord> records) => new(
        """
        INSERT INTO safety_subject (tenant, subject, first_seen, last_seen, score_at, since)
        SELECT v.tenant, v.subject, v.at, v.at, v.at, v.at FROM unnest($1, $2, $3) AS v (tenant, subject, at)
        ORDER BY v.tenant, v.subject ON CONFLICT DO NOTHING
        """)
    {
        Parameters =
        {
            SqlArray.Text(records.Select(r => r.Tenant)),
            SqlArray.Text(records.Select(r => r.Subject.Id)),
            SqlArray.Time(records.Select(r => r.FirstSeen.UtcDateTime)),
        },
    };

    public static NpgsqlBatchCommand Update(IReadOnlyCollection<SafetyRecord> records, SafetyLadder ladder) => new(
        """
        UPDATE safety_subject s SET
            requests = v.requests, rule_hits = v.rule_hits, model_refusals = v.model_refusals, quota_refusals = v.quota_refusals,
            client_errors = v.client_errors, marks = v.marks, first_seen = v.first_seen, last_seen = v.last_seen, score = v.score,
            score_at = v.score_at, rung = v.rung, since = v.since, override_rung = v.override_rung,
            override_until = v.override_until, next_change_at = v.next_change_at
        FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17) AS v (
            tenant, subject, requests, rule_hits, model_refusals, quota_refusals, client_errors, marks, first_seen, last_seen,
            score, score_at, rung, since, override_rung, override_until, next_change_at)
        WHERE s.tenant = v.tenant AND s.subject = v.subject
        """)
    {
        Parameters =
        {
            SqlArray.Text(records.Select(r => r.Tenant)),
            SqlArray.Text(records.Select(r => r.Subject.Id)),
            SqlArray.Big(records.Select(r => (long?)r.Counters.Requests)),
            SqlArray.Big(records.Select(r => (long?)r.Counters.RuleHits)),
            SqlArray.Big(records.Select(r => (long?)r.Counters.ModelRefusals)),
            SqlArray.Big(records.Select(r => (long?)r.Counters.QuotaRefusals)),
            SqlArray.Big(records.Select(r => (long?)r.Counters.ClientErrors)),
            SqlArray.Big(records.Select(r => (long?)r.Counters.Marks)),
            SqlArray.Time(records.Select(r => r.FirstSeen.UtcDateTime)),
            SqlArray.Time(records.Select(r => r.LastSeen.UtcDateTime)),
            Array(NpgsqlDbType.Double, records.Select(r => r.Standing.Score.Value)),
            SqlArray.Time(records.Select(r => r.Standing.Score.At.UtcDateTime)),
            SqlArray.Small(records.Select(r => (short)r.Standing.Rung)),
            SqlArray.Time(records.Select(r => r.Standing.Since.UtcDateTime)),
            Array(NpgsqlDbType.Smallint, records.Select(r => (short?)r.Standing.Override?.Rung)),
            Array(NpgsqlDbType.TimestampTz, records.Select(r => r.Standing.Override?.Until?.UtcDateTime)),
            Array(NpgsqlDbType.TimestampTz, records.Select(r => SafetyPolicy.NextChange(r.Standing, ladder)?.UtcDateTime)),
        },
    };

    public static NpgsqlBatchCommand Append(IReadOnlyCollection<SafetyAuditEntry> entries) => new(
        $"""
        INSERT INTO safety_audit ({AuditColumns})
        SELECT * FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
        """)
    {
        Parameters =
        {
            SqlArray.Text(entries.Select(e => e.Tenant)),
            SqlArray.Big(entries.Select(e => (long?)e.Seq)),
            SqlArray.Time(entries.Select(e => e.At.UtcDateTime)),
            SqlArray.Text(entries.Select(e => e.Actor)),
            SqlArray.Text(entries.Select(e => e.Kind)),
            SqlArray.Text(entries.Select(e => e.Subject.Id)),
            SqlArray.Small(entries.Select(e => (short)e.From)),
            SqlArray.Small(entries.Select(e => (short)e.To)),
            Array(NpgsqlDbType.Double, entries.Select(e => e.Score)),
            SqlArray.Text(entries.Select(e => e.Reason)),
            SqlArray.Bytes(entries.Select(e => e.PrevHash)),
            SqlArray.Bytes(entries.Select(e => e.Hash)),
        },
    };

    public static NpgsqlBatchCommand MoveHead(string tenant, SafetyChain chain) => new("UPDATE safety_audit_head SET seq = $2, hash = $3 WHERE tenant = $1")
    {
        Parameters = { new() { Value = tenant }, new() { Value = chain.Seq }, new() { Value = chain.Hash.ToArray() } },
    };

    public static SafetyRecord Record(NpgsqlDataReader row)
    {
        var word = row.IsDBNull(14)
            ? null
            : new SafetyOverride((SafetyRung)row.GetInt16(14), row.IsDBNull(15) ? null : row.GetFieldValue<DateTimeOffset>(15));
        return new SafetyRecord(
            row.GetString(0),
            Subject(row.GetString(1)),
            new SafetyCounters(row.GetInt64(2), row.GetInt64(3), row.GetInt64(4), row.GetInt64(5), row.GetInt64(6), row.GetInt64(7)),
            row.GetFieldValue<DateTimeOffset>(8),
            row.GetFieldValue<DateTimeOffset>(9),
            new SafetyStanding(
                new SafetyScore(row.GetDouble(10), row.GetFieldValue<DateTimeOffset>(11)),
                (SafetyRung)row.GetInt16(12),
                row.GetFieldValue<DateTimeOffset>(13),
                word));
    }

    /// <summary>An entry as it stands there. What has been tampered with may be no entry at all, and then says so by its hash.</summary>
    public static SafetyAuditEntry Entry(NpgsqlDataReader row) => new(
        row.GetString(0),
        row.GetInt64(1),
        row.GetFieldValue<DateTimeOffset>(2),
        row.GetString(3),
        row.GetString(4),
        SafetySubject.OfId(row.GetString(5)) ?? default,
        (SafetyRung)row.GetInt16(6),
        (SafetyRung)row.GetInt16(7),
        row.GetDouble(8),
        row.GetString(9),
        row.GetFieldValue<byte[]>(10),
        row.GetFieldValue<byte[]>(11));

    private static SafetySubject Subject(string id) =>
        SafetySubject.OfId(id) ?? throw new InvalidDataException(string.Create(CultureInfo.InvariantCulture, $"safety_subject holds a subject of {id.Length} characters."));

    private static NpgsqlParameter<T[]> Array<T>(NpgsqlDbType element, IEnumerable<T> values) =>
        new() { TypedValue = [.. values], NpgsqlDbType = NpgsqlDbType.Array | element };
}
