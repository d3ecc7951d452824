namespace Mka1.Edge.Stores.Quota;

/// <summary>
/// What one take is called at Redis, so that it is counted once: when it is asked for, when it is told as granted meanwhile, or when
/// Redis gets to the former late.
/// </summary>
/// <param name="Replica">Who takes.</param>
/// <param name="Number">How many that replica has asked for.</param>
internal readonly record struct TakeName(string Replica, long Number)
{
    // Of takes for good Redis remembers the last so many of each replica; those in flight at a time are fewer.
    private const int Remembered = 8192;

    /// <summary>Where Redis remembers that a take for good was made.</summary>
    public long Slot => Number % Remembered;

    public override string ToString() => $"{Replica}:{Number}";
}
