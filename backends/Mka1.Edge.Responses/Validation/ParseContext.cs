namespace Mka1.Edge.Responses;

/// <summary>What every reader of one document shares.</summary>
internal sealed record ParseContext(FaultLog Faults, RequestLimits Limits)
{
    /// <summary>For JSON that was not sent by a client: faults are counted, not described.</summary>
    public static ParseContext Silent() => new(new FaultLog(default), RequestLimits.Default);
}
