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

    /// <summary>No model server could be reached.</summary>
    UpstreamUnavailable,

    /// <summary>The model server refused, with an error of its own.</summary>
    UpstreamRefused,

    /// <summary>The model server's answer broke off or made no sense.</summary>
    UpstreamBroken,

    /// <summary>The model server went silent.</summary>
    UpstreamTimeout,
}
