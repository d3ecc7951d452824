namespace Mka1.Edge.Inference.Weights;

/// <summary>Where one tensor lies in its file.</summary>
/// <param name="Name">The tensor's name.</param>
/// <param name="TypeName">The element type as the header spells it; may be one the engine does not read.</param>
/// <param name="Shape">Sizes, outermost first.</param>
/// <param name="Begin">First byte, from the start of the data section.</param>
/// <param name="End">One past the last byte.</param>
internal sealed record TensorInfo(string Name, string TypeName, long[] Shape, long Begin, long End)
{
    public override string ToString() => $"{Name} {TypeName}[{string.Join(',', Shape)}]";
}
