namespace Mka1.Edge.Inference.Constraints;

/// <summary>Where a byte stream stands inside a JSON number.</summary>
/// <remarks>Stricter than JSON: no exponent, at most 15 digits before and after the point: what a double and an Int64 hold exactly or nearly so.</remarks>
internal readonly record struct JsonNumberState
{
    private const int MaxDigits = 15;

    private enum Place : byte
    {
        Before,
        Minus,
        Zero,
        Whole,
        Point,
        Fraction,
    }

    private Place At { get; init; }

    private byte Digits { get; init; }

    /// <summary>What has been read is a number as it stands.</summary>
    public bool IsComplete => At is Place.Zero or Place.Whole or Place.Fraction;

    /// <summary>The fewest bytes after which it is a number.</summary>
    public int MinRemaining => IsComplete ? 0 : 1;

    /// <summary>Takes the next byte, if the number can go on with it.</summary>
    public bool TryStep(byte value, bool integer, out JsonNumberState next)
    {
        next = this;
        var digit = char.IsAsciiDigit((char)value);
        switch (At)
        {
            case Place.Before when value == '-':
                next = new JsonNumberState { At = Place.Minus };
                return true;
            case Place.Before or Place.Minus:
                next = new JsonNumberState { At = value == '0' ? Place.Zero : Place.Whole, Digits = 1 };

                // No "-0" where an integer is asked for: readers that keep the sign would call it a float.
                return digit && !(integer && At == Place.Minus && value == '0');
            case Place.Zero or Place.Whole when value == '.' && !integer:
                next = new JsonNumberState { At = Place.Point };
                return true;
            case Place.Whole or Place.Fraction:
                next = this with { Digits = (byte)(Digits + 1) };
                return digit && Digits < MaxDigits;
            case Place.Point:
                next = new JsonNumberState { At = Place.Fraction, Digits = 1 };
                return digit;
            default:
                return false;
        }
    }
}
