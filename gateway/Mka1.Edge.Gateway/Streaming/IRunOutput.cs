using Mka1.Edge.Responses;

namespace Mka1.Edge.Gateway.Streaming;

/// <summary>Where the events of a run go: to one client, or into a log that any number of clients follow.</summary>
internal interface IRunOutput
{
    /// <summary>Whether an event has left: from then on no refusal can be sent.</summary>
    bool Started { get; }

    /// <summary>How long whoever waits on the other end has heard nothing; null when nobody needs to be kept awake.</summary>
    TimeSpan? Silence { get; }

    /// <summary>Puts an event behind those already waiting; nothing leaves before <see cref="FlushAsync"/>.</summary>
    void Write(long sequence, ReadOnlySpan<byte> name, ReadOnlySpan<byte> data);

    /// <summary>Puts a comment that keeps a silent connection open.</summary>
    void WriteKeepAlive();

    /// <summary>Sends what is waiting.</summary>
    ValueTask FlushAsync();

    /// <summary>Ends the stream with the event that fits the status of <paramref name="final"/>; first makes sure that it is kept, if it is to be.</summary>
    ValueTask EndAsync(ResponseObject final);
}
