namespace Mka1.Edge.Inference.Constraints;

/// <summary>Where a byte stream stands inside a UTF-8 code point. Overlong forms and surrogates are refused. Source: Unicode 16, table 3-7.</summary>
/// <param name="Pending">Continuation bytes still to come: 0 between code points.</param>
/// <param name="Low">Least value the next continuation byte may have.</param>
/// <param name="High">Greatest value it may have.</param>
internal readonly record struct Utf8State(byte Pending, byte Low, byte High)
{
    /// <summary>Takes the next byte, if it can stand here.</summary>
    public bool TryStep(byte value, out Utf8State next)
    {
        if (Pending > 0)
        {
            next = Pending > 1 ? new Utf8State((byte)(Pending - 1), 0x80, 0xBF) : default;
            return value >= Low && value <= High;
        }
        next = value switch
        {
            < 0x80 => default,
            >= 0xC2 and <= 0xDF => new Utf8State(1, 0x80, 0xBF),
            0xE0 => new Utf8State(2, 0xA0, 0xBF),
            0xED => new Utf8State(2, 0x80, 0x9F),
            >= 0xE1 and <= 0xEF => new Utf8State(2, 0x80, 0xBF),
            0xF0 => new Utf8State(3, 0x90, 0xBF),
            >= 0xF1 and <= 0xF3 => new Utf8State(3, 0x80, 0xBF),
            0xF4 => new Utf8State(3, 0x80, 0x8F),
            _ => default,
        };
        return value < 0x80 || next.Pending > 0;
    }
}
