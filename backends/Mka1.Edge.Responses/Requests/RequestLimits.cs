namespace Mka1.Edge.Responses;

/// <summary>Bounds on what a body may look like, whatever it says. Lengths of text are counted in Unicode code points.</summary>
public sealed record RequestLimits
{
    public static RequestLimits Default { get; } = new();

    /// <summary>Nested arrays and objects, the root included. At most 64: deeper bodies are refused by every JSON reader behind us.</summary>
    public int MaxDepth { get; init; } = 64;

    /// <summary>Code points in one property name.</summary>
    public int MaxKeyLength { get; init; } = 256;

    /// <summary>Properties in one object. Finding duplicates costs the square of this, so it stays small.</summary>
    public int MaxPropertiesPerObject { get; init; } = 1024;

    /// <summary>Characters in one number: <c>1e100000</c> is eight bytes that a database prints as a hundred thousand.</summary>
    public int MaxNumberLength { get; init; } = 100;

    /// <summary>Code points in one text (R: 10,485,760).</summary>
    public int MaxTextLength { get; init; } = 10_485_760;

    /// <summary>Code points in an image address or data URL (R: 20,971,520).</summary>
    public int MaxImageUrlLength { get; init; } = 20_971_520;

    /// <summary>Code points in inline file or audio data (R: 33,554,432).</summary>
    public int MaxFileDataLength { get; init; } = 33_554_432;

    /// <summary>Entries in <c>tools</c>.</summary>
    public int MaxTools { get; init; } = 1024;
}
