namespace Mka1.Edge.Inference.Tokenization;

/// <summary>Where <see cref="MetaspaceSplit"/> puts a space in front.</summary>
internal enum PrependScheme
{
    /// <summary>Nowhere.</summary>
    Never,

    /// <summary>At the start of the whole input only.</summary>
    First,

    /// <summary>At the start of every stretch of text between added tokens.</summary>
    Always,
}
