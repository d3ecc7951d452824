using Mka1.Edge.Policies.Safety;
using Mka1.Edge.Stores.Safety;

namespace Mka1.Edge.Gateway.Safety;

/// <summary>
/// What this replica knows of a subject: what the store last said, and what has been seen since and is not there yet. Signals count
/// at once, by being added to what the store said.
/// </summary>
internal sealed class TrackedSubject(string tenant, SafetySubject subject, DateTimeOffset now)
{
    /// <summary>Texts known again, so that a turn that is sent again with every later one counts once.</summary>
    private const int TextsKept = 8;

    private static readonly TimeSpan ErrorWindow = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private SafetyStanding _stored = SafetyStanding.New(now);
    private SafetyDelta? _sent;
    private SafetyCounters _counters;
    private SafetyScore _score;
    private Dictionary<string, int>? _refusals;
    private int[]? _texts;
    private int _nextText;
    private DateTimeOffset _firstSeen;
    private DateTimeOffset _lastSeen;
    private DateTimeOffset _errorsSince;
    private int _errors;
    private Task? _asking;
    private int _told;

    public string Tenant => tenant;

    public SafetySubject Subject => subject;

    /// <summary>When the store last said something; null when it has said nothing.</summary>
    public DateTimeOffset? KnownAt { get; private set; }

    /// <summary>Notes a request and what rules found in it.</summary>
    /// <returns>Whether there was nothing to send to the store before.</returns>
    public bool Request(InputFindings findings, SafetyRule? refusing, SafetyRuleSet rules, SafetyLadder ladder, DateTimeOffset now)
    {
        lock (_gate)
        {
            var first = Touch(now);
            _counters = _counters with { Requests = _counters.Requests + 1 };
            var counting = 0UL;
            foreach (var text in findings.Texts)
            {
                if (IsNew(text.Text) || text.IsLatest) counting |= text.Rules;
            }

            if (counting != 0)
            {
                foreach (var rule in rules.Of(counting)) Raise(SafetySignal.RuleHit, rule.Weight, ladder, now);
            }

            if (refusing is not null)
            {
                _refusals ??= new Dictionary<string, int>(StringComparer.Ordinal);
                _refusals[refusing.Id] = _refusals.GetValueOrDefault(refusing.Id) + 1;
            }

            return first;
        }
    }

    /// <summary>Notes a signal.</summary>
    /// <returns>Whether there was nothing to send to the store before.</returns>
    public bool Signal(SafetySignal signal, double weight, SafetyLadder ladder, DateTimeOffset now)
    {
        lock (_gate)
        {
            var first = Touch(now);
            Raise(signal, weight, ladder, now);
            return first;
        }
    }

    /// <summary>Counts a refused request.</summary>
    /// <returns>Whether there have been more than <paramref name="limit"/> in this minute.</returns>
    public bool IsErrorStorm(int limit, DateTimeOffset now)
    {
        lock (_gate)
        {
            if (now - _errorsSince >= ErrorWindow) (_errorsSince, _errors) = (now, 0);
            return ++_errors > limit;
        }
    }

    /// <summary>The rung it stands on, by all that is known here.</summary>
    public SafetyRung RungAt(DateTimeOffset now, SafetyLadder ladder)
    {
        lock (_gate)
        {
            var standing = _stored;
            if (_sent is { Score.Value: > 0 } sent) standing = SafetyPolicy.Raise(standing, sent.Score, ladder);
            if (_score.Value > 0) standing = SafetyPolicy.Raise(standing, _score, ladder);

            // The common case, without making anything: nothing new, and no time that matters has passed.
            if (SafetyPolicy.NextChange(standing, ladder) is { } change && change <= now) standing = SafetyPolicy.Advance(standing, ladder, now);
            return standing.EffectiveAt(now);
        }
    }

    /// <summary>Begins to ask the store; whoever comes while it is asked waits for the same answer.</summary>
    public Task Ask(Func<TrackedSubject, int, Task> ask)
    {
        lock (_gate) return _asking is { IsCompleted: false } ? _asking : _asking = ask(this, _told);
    }

    /// <summary>Takes in what the store said when asked, unless it has said something newer since it was asked.</summary>
    public void Answered(SafetyRecord? record, int asked, DateTimeOffset now)
    {
        lock (_gate)
        {
            if (asked != _told) return;
            if (record is not null) _stored = record.Standing;
            KnownAt = now;
        }
    }

    /// <summary>What the store has not got yet; it is then on its way. Null when there is nothing.</summary>
    public SafetyDelta? Take()
    {
        lock (_gate)
        {
            if (_lastSeen == default) return null;
            _sent = new SafetyDelta(tenant, subject, _counters, _score, _firstSeen, _lastSeen, _refusals);
            (_counters, _score, _firstSeen, _lastSeen, _refusals) = (default, default, default, default, null);
            return _sent;
        }
    }

    /// <summary>Takes in what the store says after a change: what was on its way is in it, if it was this replica's.</summary>
    public void Told(SafetyRecord record, bool withSent, DateTimeOffset now)
    {
        lock (_gate)
        {
            if (withSent) _sent = null;
            _stored = record.Standing;
            KnownAt = now;
            _told++;
        }
    }

    private bool Touch(DateTimeOffset now)
    {
        var first = _lastSeen == default;
        if (first) _firstSeen = now;
        _lastSeen = now;
        return first;
    }

    private void Raise(SafetySignal signal, double weight, SafetyLadder ladder, DateTimeOffset now)
    {
        _counters = _counters.Plus(signal);
        if (weight > 0) _score = _score.Plus(new SafetyScore(weight, now), ladder.HalfLife);
    }

    private bool IsNew(int text)
    {
        _texts ??= new int[TextsKept];
        if (Array.IndexOf(_texts, text) >= 0) return false;
        _texts[_nextText++ % TextsKept] = text;
        return true;
    }
}
