namespace Mka1.Edge.Gateway.Reload;

/// <summary>Tells when a file that is being changed has come to rest: two looks in a row find the same content.</summary>
internal sealed class SettledContent
{
    private string? _last;

    /// <summary>Whether the last look found something new that may still be changing.</summary>
    public bool IsPending => _last is not null;

    /// <summary>A look at the file.</summary>
    /// <param name="mark">What was found.</param>
    /// <param name="taken">What was acted upon last.</param>
    /// <returns>Whether to act upon what was found.</returns>
    public bool Look(string mark, string taken)
    {
        var settled = mark != taken && mark == _last;
        _last = settled || mark == taken ? null : mark;
        return settled;
    }
}
