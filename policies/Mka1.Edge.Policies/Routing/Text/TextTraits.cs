namespace Mka1.Edge.Policies.Routing.Text;

/// <summary>What the rules look at in a text.</summary>
/// <param name="Length">Its true length in UTF-16 code units.</param>
/// <param name="Words">Words read.</param>
/// <param name="Classes">All classes that occurred.</param>
/// <param name="Familiar">Whether it is in the language the weights were learnt in.</param>
/// <param name="Choices">Whether it lists answers to choose from.</param>
/// <param name="Computes">Whether it asks for code or for a calculation.</param>
internal readonly record struct TextTraits(int Length, int Words, WordClasses Classes, bool Familiar, bool Choices, bool Computes)
{
    public bool Has(WordClasses classes) => (Classes & classes) != 0;
}
