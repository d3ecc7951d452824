namespace Mka1.Edge.Gateway.Reload;

/// <summary>
/// The versions that were found good, oldest first, and which of them is in use. Going back leaves the later ones there, so that
/// one can go forth again, until another version comes: what was left behind by going back is not gone back to.
/// </summary>
internal sealed class ConfigHistory(ConfigVersion first)
{
    private readonly List<ConfigVersion> _versions = [first];
    private int _active;

    /// <summary>The one in use.</summary>
    public ConfigVersion Active => _versions[_active];

    /// <summary>All of them, newest first.</summary>
    public IReadOnlyList<ConfigVersion> All => [.. Enumerable.Reverse(_versions)];

    /// <summary>The one before the one in use, or the one that is named; null when there is none.</summary>
    public ConfigVersion? Find(string? version) => version is null
        ? _active == 0 ? null : _versions[_active - 1]
        : _versions.FirstOrDefault(known => known.Version == version);

    /// <summary>Another one has come into use.</summary>
    /// <param name="next">It.</param>
    /// <param name="room">How many are kept.</param>
    public void Add(ConfigVersion next, int room)
    {
        _versions.RemoveRange(_active + 1, _versions.Count - _active - 1);
        _versions.RemoveAll(known => known.Version == next.Version);
        _versions.Add(next);
        if (_versions.Count > room) _versions.RemoveRange(0, _versions.Count - room);
        _active = _versions.Count - 1;
    }

    /// <summary>One of them is in use again.</summary>
    public void Return(ConfigVersion again)
    {
        _active = _versions.FindIndex(known => known.Version == again.Version);
        _versions[_active] = again;
    }
}
