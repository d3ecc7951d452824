namespace Mka1.Edge.Inference.Constraints;

/// <summary>Where a byte stream stands inside a JSON string with bounds on its length in code points.</summary>
/// <remarks>
/// Stricter than JSON in one point: <c>\u</c> escapes of surrogates are refused, so that the value is always valid Unicode
/// (such characters can be written as they are).
/// </remarks>
internal readonly record struct JsonStringState
{
    private enum Place : byte
    {
        Before,
        Inside,
        Escape,
        Hex4,
        Hex3,
        Hex2,
        Hex1,
        Closed,
    }

    private Place At { get; init; }

    private Utf8State Utf8 { get; init; }

    // The first digit of a \u escape was a D: the second must stay below the surrogates.
    private bool AfterD { get; init; }

    private int Length { get; init; }

    /// <summary>The closing quote has been read.</summary>
    public bool IsClosed => At == Place.Closed;

    /// <summary>The same place with the count of code points begun anew, and the bounds less what has been counted.</summary>
    public JsonStringState Restart(int minLength, int maxLength, out int missing, out int room)
    {
        (missing, room) = (Math.Max(0, minLength - Length), maxLength == int.MaxValue ? int.MaxValue : maxLength - Length);
        return this with { Length = 0 };
    }

    /// <summary>The fewest bytes after which the string can be closed.</summary>
    public int MinRemaining(int minLength)
    {
        var missing = Math.Max(0, minLength - Length);

        // An open escape or code point is one of the missing characters.
        var afterThis = Math.Max(0, missing - 1) + 1;
        return At switch
        {
            Place.Before => missing + 2,
            Place.Inside => Utf8.Pending > 0 ? Utf8.Pending + afterThis : missing + 1,
            Place.Escape => 1 + afterThis,
            Place.Hex4 => 4 + afterThis,
            Place.Hex3 => 3 + afterThis,
            Place.Hex2 => 2 + afterThis,
            Place.Hex1 => 1 + afterThis,
            _ => 0,
        };
    }

    /// <summary>Takes the next byte, if it can stand here.</summary>
    public bool TryStep(byte value, int minLength, int maxLength, out JsonStringState next)
    {
        next = this;
        switch (At)
        {
            case Place.Before:
                next = this with { At = Place.Inside };
                return value == '"';
            case Place.Inside when Utf8.Pending == 0 && value == '"':
                next = this with { At = Place.Closed };
                return Length >= minLength;
            case Place.Inside when Utf8.Pending == 0 && Length >= maxLength:
                return false;
            case Place.Inside when Utf8.Pending == 0 && value == '\\':
                next = this with { At = Place.Escape };
                return true;
            case Place.Inside:
                if (value < 0x20 || !Utf8.TryStep(value, out var utf8))
                    return false;
                next = this with { Utf8 = utf8, Length = utf8.Pending == 0 ? Length + 1 : Length };
                return true;
            case Place.Escape:
                next = value == 'u' ? this with { At = Place.Hex4 } : this with { At = Place.Inside, Length = Length + 1 };
                return value is (byte)'u' or (byte)'"' or (byte)'\\' or (byte)'/' or (byte)'b' or (byte)'f' or (byte)'n' or (byte)'r' or (byte)'t';
            case Place.Hex4:
                next = this with { At = Place.Hex3, AfterD = value is (byte)'d' or (byte)'D' };
                return char.IsAsciiHexDigit((char)value);
            case Place.Hex3:
                next = this with { At = Place.Hex2, AfterD = false };
                return AfterD ? value is >= (byte)'0' and <= (byte)'7' : char.IsAsciiHexDigit((char)value);
            case Place.Hex2:
                next = this with { At = Place.Hex1 };
                return char.IsAsciiHexDigit((char)value);
            case Place.Hex1:
                next = this with { At = Place.Inside, Length = Length + 1 };
                return char.IsAsciiHexDigit((char)value);
            default:
                return false;
        }
    }
}
