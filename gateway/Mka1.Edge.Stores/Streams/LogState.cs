namespace Mka1.Edge.Stores.Streams;

/// <summary>What can be expected of a stream log.</summary>
public enum LogState
{
    /// <summary>There is none: never begun, expired, lost or given up.</summary>
    Missing,

    /// <summary>More may come.</summary>
    Open,

    /// <summary>Its last event is the stream's last.</summary>
    Ended,
}
