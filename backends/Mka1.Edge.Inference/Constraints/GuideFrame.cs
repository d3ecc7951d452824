namespace Mka1.Edge.Inference.Constraints;

/// <summary>What follows once the text above it is complete: a stack of the open objects and arrays, shared between alternatives.</summary>
/// <param name="Parent">What follows after that; null at the end of the whole text.</param>
/// <param name="MinRemaining">The fewest bytes in which this frame and all below can be ended.</param>
/// <param name="Depth">Open objects and arrays, this one included.</param>
internal abstract record GuideFrame(GuideFrame? Parent, long MinRemaining, int Depth)
{
    /// <summary>The ways to go on from here, once they have been asked for: the mask of a token and the step over it both do.</summary>
    public GuideThread[]? Following { get; set; }

    private static long CostOf(GuideFrame? frame) => frame?.MinRemaining ?? 0;

    private static int DepthOf(GuideFrame? frame) => frame?.Depth ?? 0;

    /// <summary>A value is to be written.</summary>
    public sealed record Value(GrammarNode Node, GuideFrame? Parent)
        : GuideFrame(Parent, Node.MinBytes + CostOf(Parent), DepthOf(Parent));

    /// <summary>Inside a record, at or after the value of one property.</summary>
    public sealed record InRecord(GrammarNode.Record Record, int Index, GuideFrame? Parent)
        : GuideFrame(Parent, Record.Rest[Index] + CostOf(Parent), DepthOf(Parent) + 1);

    /// <summary>Inside a map, at a key.</summary>
    public sealed record AtKey(GrammarNode.Map Map, SeenKeys? Seen, GuideFrame? Parent)
        : GuideFrame(Parent, ShortestKey + AfterKey(Map) + CostOf(Parent), DepthOf(Parent) + 1)
    {
        // "k"
        private const int ShortestKey = 3;

        /// <summary>The fewest bytes to the end, counted from the end of the key.</summary>
        public long MinRemainingAfterKey => MinRemaining - ShortestKey;

        // The colon, the value, the closing brace.
        private static long AfterKey(GrammarNode.Map map) => 1 + map.Value.MinBytes + 1;
    }

    /// <summary>Inside a map, at or after a value.</summary>
    public sealed record InMap(GrammarNode.Map Map, SeenKeys Seen, GuideFrame? Parent)
        : GuideFrame(Parent, 1 + CostOf(Parent), DepthOf(Parent) + 1);

    /// <summary>Inside an array, at or after the item with this index.</summary>
    public sealed record InList(GrammarNode.List List, int Index, GuideFrame? Parent)
        : GuideFrame(Parent, Missing(List, Index) + 1 + CostOf(Parent), DepthOf(Parent) + 1)
    {
        private static long Missing(GrammarNode.List list, int index) => Math.Max(0, list.MinItems - index - 1) * (1 + list.Item.MinBytes);
    }
}
