namespace Mka1.Edge.Gateway.Quota;

/// <summary>How long a share of a quota is to be held.</summary>
internal enum ShareLength
{
    /// <summary>Taken for good: there is nothing to give back.</summary>
    ForGood,

    /// <summary>As long as this replica says so.</summary>
    WhileHere,

    /// <summary>Until whichever replica ends the background run settles it.</summary>
    Background,
}
