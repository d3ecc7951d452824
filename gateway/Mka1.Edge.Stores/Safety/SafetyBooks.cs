using System.Diagnostics;
using System.Globalization;
using Mka1.Edge.Policies.Safety;
using Mka1.Edge.Stores.Webhooks;

namespace Mka1.Edge.Stores.Safety;

/// <summary>
/// What a batch comes to, for one subject after the other: the new record, the entries of the audit and the notifications. The
/// same for every store.
/// </summary>
internal sealed class SafetyBooks(SafetyLadder ladder, DateTimeOffset now, SafetyNotify notify)
{
    private const string Gateway = "gateway";

    private readonly DateTimeOffset _now = Micro(now);

    /// <summary>Entries for the audit, without their places in it.</summary>
    public List<SafetyAuditEntry> Audit { get; } = [];

    /// <summary>Notifications to deliver.</summary>
    public List<WebhookEvent> Webhooks { get; } = [];

    /// <summary>Applies what concerns one subject.</summary>
    public SafetyRecord Settle(SafetyRecord record, SafetyDelta? delta, IEnumerable<SafetyOrder> orders)
    {
        var standing = record.Standing;
        if (delta is not null)
        {
            record = record with
            {
                Counters = record.Counters + delta.Counters,
                FirstSeen = delta.FirstSeen < record.FirstSeen ? delta.FirstSeen : record.FirstSeen,
                LastSeen = delta.LastSeen > record.LastSeen ? delta.LastSeen : record.LastSeen,
            };
            foreach (var (rule, count) in delta.Refusals ?? new Dictionary<string, int>())
                Note(record, standing, SafetyAuditKind.RuleRefusal, Gateway, string.Create(CultureInfo.InvariantCulture, $"{rule}: {count}"));
            if (delta.Score.Value > 0) standing = Stepping(record, steps => SafetyPolicy.Raise(standing, delta.Score, ladder, steps));
        }

        standing = Stepping(record, steps => SafetyPolicy.Advance(standing, ladder, _now, steps));
        foreach (var order in orders) (record, standing) = Obey(record, standing, order);
        return record with { Standing = standing };
    }

    private (SafetyRecord Record, SafetyStanding Standing) Obey(SafetyRecord record, SafetyStanding standing, SafetyOrder order)
    {
        switch (order)
        {
            case SafetyOrder.Pin pin:
                return (record, Pin(record, standing, pin.Word, SafetyAuditKind.Override, order));
            case SafetyOrder.Clear:
                return (record, Pin(record, standing, null, SafetyAuditKind.OverrideCleared, order));
            case SafetyOrder.Mark mark:
                Note(record, standing, SafetyAuditKind.Mark, order.Actor, order.Reason);
                return (
                    record with { Counters = record.Counters.Plus(SafetySignal.OperatorMark) },
                    Stepping(record, steps => SafetyPolicy.Raise(standing, new SafetyScore(mark.Weight, _now), ladder, steps)));
            default:
                throw new UnreachableException();
        }
    }

    /// <summary>An operator's step is one entry: the order's. Its notification is that of any other step.</summary>
    private SafetyStanding Pin(SafetyRecord record, SafetyStanding standing, SafetyOverride? word, string kind, SafetyOrder order)
    {
        var steps = new List<SafetyStep>();
        var next = SafetyPolicy.Pin(standing, word, ladder, _now, steps);
        foreach (var step in steps) Notify(record, step);
        Audit.Add(Entry(record, _now, order.Actor, kind, standing.EffectiveAt(_now), next.EffectiveAt(_now), next.Score.Value, order.Reason));
        return next;
    }

    private SafetyStanding Stepping(SafetyRecord record, Func<List<SafetyStep>, SafetyStanding> act)
    {
        var steps = new List<SafetyStep>();
        var standing = act(steps);
        foreach (var step in steps)
        {
            Audit.Add(Entry(record, step.At, Gateway, SafetyAuditKind.Step, step.From, step.To, step.Score, step.Reason.Name()));
            Notify(record, step);
        }

        return standing;
    }

    private void Note(SafetyRecord record, SafetyStanding standing, string kind, string actor, string reason)
    {
        var rung = standing.EffectiveAt(_now);
        Audit.Add(Entry(record, _now, actor, kind, rung, rung, standing.Score.DecayedTo(_now, ladder.HalfLife).Value, reason));
    }

    private void Notify(SafetyRecord record, SafetyStep step)
    {
        if (notify(record.Tenant, record.Subject, step) is { } webhook) Webhooks.Add(webhook);
    }

    private static SafetyAuditEntry Entry(
        SafetyRecord record, DateTimeOffset at, string actor, string kind, SafetyRung from, SafetyRung to, double score, string reason) => new(
        record.Tenant, 0, Micro(at), actor, kind, record.Subject, from, to, Math.Round(score, 3), reason, default, default);

    /// <summary>A database keeps no more.</summary>
    private static DateTimeOffset Micro(DateTimeOffset at) => new(at.UtcTicks - (at.UtcTicks % TimeSpan.TicksPerMicrosecond), TimeSpan.Zero);
}
