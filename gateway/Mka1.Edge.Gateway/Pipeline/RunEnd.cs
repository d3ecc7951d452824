namespace Mka1.Edge.Gateway.Pipeline;

/// <summary>Why a run ended: which side, and how.</summary>
internal enum RunEnd
{
    /// <summary>Not ended, or ended by a fault nobody named.</summary>
    Unfinished,

    /// <summary>The model server finished its answer: completed, incomplete or failed by its own word.</summary>
    Finished,

    /// <summary>A stage refused the request.</summary>
    Refused,

    /// <summary>The client went away.</summary>
    ClientDisconnected,

    /// <summary>The client left its stream unread for too long.</summary>
    ClientStalled,

    /// <summary>Taken in for the background; what becomes of it is another line in the books.</summary>
    Queued,

    /// <summary>A repeat, answered with what the first request with its Idempotency-Key came to.</summary>
    Replayed,

    /// <summary>A client cancelled the response.</summary>
    Cancelled,

    /// <summary>The gateway was told to stop and the run could not be ended in time.</summary>
    Interrupted,

    /// <summary>Another replica has taken the run over.</summary>
    Fenced,

    /// <summary>The run's end could not be stored.</summary>
    StoreUnavailable,

    /// <summary>No model server could be reached.</summary>
    UpstreamUnavailable,

    /// <summary>The model server refused, with an error of its own.</summary>
    UpstreamRefused,

    /// <summary>The model server's answer broke off or made no sense.</summary>
    UpstreamBroken,

    /// <summary>The model server went silent.</summary>
    UpstreamTimeout,
}
