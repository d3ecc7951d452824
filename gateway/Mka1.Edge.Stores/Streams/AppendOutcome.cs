namespace Mka1.Edge.Stores.Streams;

/// <summary>What became of an append.</summary>
public enum AppendOutcome
{
    /// <summary>The events are in the log. Those that were there already stay as they were.</summary>
    Appended,

    /// <summary>The log lacks events before the first one given: it was lost in part or whole. Nothing was appended.</summary>
    Gap,

    /// <summary>Another holder has taken the run up, or the log has ended. Nothing was appended.</summary>
    Fenced,
}
