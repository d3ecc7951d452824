namespace Mka1.Edge.Gateway.Forwarding;

/// <summary>What follows from how an attempt ended.</summary>
internal static class AttemptEnds
{
    /// <summary>Whether it speaks against the destination's health.</summary>
    public static bool IsFault(this AttemptEnd end) => end is AttemptEnd.Unreachable or AttemptEnd.TimedOut or AttemptEnd.BadStatus or AttemptEnd.WrongType
        or AttemptEnd.Senseless or AttemptEnd.Cut or AttemptEnd.Failed;

    /// <summary>Whether another destination may do better. One that found the request at fault is believed; one that failed by its own word has answered.</summary>
    public static bool IsRetriable(this AttemptEnd end) => end is AttemptEnd.Busy or AttemptEnd.Moved || (end.IsFault() && end != AttemptEnd.Failed);

    /// <summary>Its name for metrics and operators.</summary>
    public static string Name(this AttemptEnd end) => end switch
    {
        AttemptEnd.Served => "served",
        AttemptEnd.Refused => "refused",
        AttemptEnd.Busy => "busy",
        AttemptEnd.Moved => "moved",
        AttemptEnd.Unreachable => "unreachable",
        AttemptEnd.TimedOut => "timed_out",
        AttemptEnd.BadStatus => "bad_status",
        AttemptEnd.WrongType => "wrong_type",
        AttemptEnd.Senseless => "senseless",
        AttemptEnd.Cut => "cut",
        AttemptEnd.Failed => "failed",
        _ => "unknown",
    };
}
