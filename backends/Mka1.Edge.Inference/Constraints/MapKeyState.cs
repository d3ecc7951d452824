namespace Mka1.Edge.Inference.Constraints;

/// <summary>Where a byte stream stands inside the key of an object whose keys are free: 1 to 64 bytes, no escapes, none twice.</summary>
/// <remarks>Keys without escapes can be compared byte by byte; duplicate keys would be refused by strict readers.</remarks>
internal sealed record MapKeyState
{
    private const int MaxLength = 64;

    private MapKeyState? Before { get; init; }

    private byte Last { get; init; }

    private Utf8State Utf8 { get; init; }

    private bool Opened { get; init; }

    private int Length { get; init; }

    /// <summary>Before the opening quote.</summary>
    public static MapKeyState Start { get; } = new();

    /// <summary>A key that stands at the same place, whatever its letters are.</summary>
    public MapKeyState Likeness => Place switch
    {
        (false, _, _) => Start,
        var (_, any, utf8) => new MapKeyState { Opened = true, Utf8 = utf8, Length = any ? 1 : 0 },
    };

    /// <summary>What two keys share that stand at the same place.</summary>
    public (bool Opened, bool Any, Utf8State Utf8) Place => (Opened, Length > 0, Utf8);

    /// <summary>The fewest bytes after which the key can be closed: enough, even if one more character is needed to differ from earlier keys.</summary>
    public int MinRemaining(SeenKeys? seen)
    {
        if (!Opened)
            return 3;
        if (Utf8.Pending > 0)
            return Utf8.Pending + 2;
        return Length == 0 || SeenKeys.Contains(seen, this) ? 2 : 1;
    }

    /// <summary>Takes the next byte, if it can stand here; null when it was the closing quote.</summary>
    public bool TryStep(byte value, SeenKeys? seen, out MapKeyState? next)
    {
        next = null;
        if (!Opened)
        {
            next = new MapKeyState { Opened = true };
            return value == '"';
        }
        if (Utf8.Pending == 0 && value == '"')
            return Length > 0 && !SeenKeys.Contains(seen, this);
        if (value < 0x20 || value == '\\' || !Utf8.TryStep(value, out var utf8) || Length + 1 + utf8.Pending > MaxLength)
            return false;
        next = new MapKeyState { Opened = true, Before = this, Last = value, Utf8 = utf8, Length = Length + 1 };

        // A key of full length must be able to end here.
        return next.Length < MaxLength || !SeenKeys.Contains(seen, next);
    }

    public bool SameAs(MapKeyState other)
    {
        if (Length != other.Length)
            return false;
        var (a, b) = (this, other);
        for (var i = Length; i > 0; i--)
        {
            if (a.Last != b.Last)
                return false;
            (a, b) = (a.Before!, b.Before!);
        }
        return true;
    }
}
