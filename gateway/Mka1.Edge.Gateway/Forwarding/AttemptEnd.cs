namespace Mka1.Edge.Gateway.Forwarding;

/// <summary>What one attempt at one destination came to, as far as the destination is concerned.</summary>
internal enum AttemptEnd
{
    /// <summary>Nothing that tells of the destination: the client left, or a fault of ours.</summary>
    Unknown,

    /// <summary>It answered to the end.</summary>
    Served,

    /// <summary>It found the request at fault.</summary>
    Refused,

    /// <summary>It has no room and took nothing on.</summary>
    Busy,

    /// <summary>Probes found it hung while the request waited there.</summary>
    Moved,

    /// <summary>No connection, or one that ended before an answer began.</summary>
    Unreachable,

    /// <summary>Nothing came of it in time.</summary>
    TimedOut,

    /// <summary>A status that no answer has: a fault of its own, a redirect, a credential it does not know.</summary>
    BadStatus,

    /// <summary>Another content type than was asked for.</summary>
    WrongType,

    /// <summary>Content that breaks the contract.</summary>
    Senseless,

    /// <summary>The answer broke off.</summary>
    Cut,

    /// <summary>The answer ended in a fault of the server's own, by its own word.</summary>
    Failed,
}
