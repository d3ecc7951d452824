namespace Mka1.Edge.Responses;

/// <summary>Where the translation of a stream stands.</summary>
public enum ChatStreamState
{
    /// <summary>More is to come.</summary>
    Open,

    /// <summary>The terminal event is written.</summary>
    Ended,

    /// <summary>The server cut the stream or broke its rules: no terminal event is written, and none that says completed ever will be.</summary>
    Broken,
}
