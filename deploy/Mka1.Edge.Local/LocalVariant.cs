namespace Mka1.Edge.Local;

/// <summary>A variant of the demo family: its weights and the variable through which the configuration learns its address.</summary>
public sealed record LocalVariant(string Model, string UrlVariable)
{
    /// <summary>The demo family.</summary>
    public static readonly IReadOnlyList<LocalVariant> All =
    [
        new("mka1-mini-quantized", "MKA1_QUANTIZED_URL"),
        new("mka1-mini-moe", "MKA1_MOE_URL"),
        new("mka1-mini-dense", "MKA1_DENSE_URL"),
    ];
}
