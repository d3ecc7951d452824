using Mka1.Edge.Policies.Quota;
using Mka1.Edge.Responses;

namespace Mka1.Edge.Gateway.Pipeline;

/// <summary>How a run ended, as far as it is known; filled in while it goes.</summary>
internal sealed class RunOutcome
{
    /// <summary>The reason the run ended.</summary>
    public RunEnd End { get; set; } = RunEnd.Unfinished;

    /// <summary>The refusal that was sent, when one was.</summary>
    public ApiError? Error { get; set; }

    /// <summary>Usage as the model server reported it, checked; null when it reported none.</summary>
    public Usage? Usage { get; set; }

    /// <summary>Output deltas relayed: what a run without reported usage is counted by.</summary>
    public long Deltas { get; set; }

    /// <summary>Bytes of the text in those deltas.</summary>
    public long DeltaBytes { get; set; }

    /// <summary>What compacting the run's context came to: it has a row of its own in the ledger, and counts against quotas with the run.</summary>
    public QuotaUsage Compaction { get; set; }

    /// <summary>Whether the run is left to whoever runs it again: nothing of it is settled here.</summary>
    public bool IsLeft { get; set; }

    /// <summary>Whether the model refused in a stream's event.</summary>
    public bool ModelRefused { get; set; }

    /// <summary>Name of the destination that served the run.</summary>
    public string? Destination { get; set; }

    /// <summary>Time from taking the request in to the first byte of the model server's answer.</summary>
    public TimeSpan? TimeToFirstByte { get; set; }

    /// <summary>Time from taking the request in to the first piece of a stream's output.</summary>
    public TimeSpan? TimeToFirstToken { get; set; }

    /// <summary>Time from taking the request in to the end of the model server's answer.</summary>
    public TimeSpan? TimeToLastByte { get; set; }

    /// <summary>Whether the ledger's row is seen to: committed together with the response, or left to whoever runs the run again.</summary>
    public bool Booked { get; set; }

    /// <summary>Forgets what came of an attempt of which nobody has seen anything: the run is billed for the one that counts.</summary>
    public void Restart() =>
        (End, Error, Usage, Deltas, DeltaBytes, ModelRefused, TimeToFirstToken, TimeToLastByte) = (RunEnd.Unfinished, null, null, 0, 0, false, null, null);

    /// <summary>Complete when the ledger's row is written; until then it may be lost with this process.</summary>
    public Task RowWritten { get; set; } = Task.CompletedTask;
}
