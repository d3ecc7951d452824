namespace Mka1.Edge.Responses;

/// <summary>What <see cref="SseReader.TryRead"/> came to.</summary>
public enum SseReadStatus
{
    /// <summary>A whole event is there.</summary>
    Frame,

    /// <summary>Push more bytes.</summary>
    NeedMore,

    /// <summary>A line or an event is longer than allowed; the reader is done for.</summary>
    TooLong,
}
