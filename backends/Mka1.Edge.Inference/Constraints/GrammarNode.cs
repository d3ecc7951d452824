using Mka1.Edge.Inference.Constraints.Patterns;

namespace Mka1.Edge.Inference.Constraints;

/// <summary>A set of JSON values. Built by <see cref="SchemaCompiler"/>, closed by <see cref="GrammarCosts"/>, then read-only; may be cyclic.</summary>
internal abstract class GrammarNode
{
    /// <summary>Stands for "no value at all"; far from overflow when added up.</summary>
    public const long Impossible = long.MaxValue / 1024;

    private GrammarNode() { }

    /// <summary>Bytes of the shortest value.</summary>
    public long MinBytes { get; set; } = Impossible;

    /// <summary>Objects and arrays within each other in that shortest value.</summary>
    public int Depth { get; set; }

    /// <summary>One of some fixed texts.</summary>
    public sealed class Literals(byte[][] texts) : GrammarNode
    {
        public byte[][] Texts { get; } = texts;
    }

    /// <summary>A string, with bounds on its length in code points.</summary>
    public sealed class Text(int minLength, int maxLength) : GrammarNode
    {
        public int MinLength { get; } = minLength;

        public int MaxLength { get; } = maxLength;
    }

    /// <summary>A number.</summary>
    public sealed class Number(bool integer) : GrammarNode
    {
        public bool Integer { get; } = integer;
    }

    /// <summary>A string under a pattern, or a number within bounds: whatever an automaton reads.</summary>
    public sealed class Automaton(ByteAutomaton bytes) : GrammarNode
    {
        public ByteAutomaton Bytes { get; } = bytes;
    }

    /// <summary>An object with known properties, written in this order.</summary>
    public sealed class Record(Property[] properties) : GrammarNode
    {
        public Property[] Properties { get; } = properties;

        /// <summary>For each property, the bytes from the end of its value to the end of the object, at least.</summary>
        public long[] Rest { get; } = new long[properties.Length];

        /// <summary>The index one past the last property that may come after <paramref name="index"/> (-1: at the start): required ones are not skipped.</summary>
        public int LastChoice(int index)
        {
            for (var i = index + 1; i < Properties.Length; i++)
            {
                if (Properties[i].Required)
                    return i + 1;
            }
            return Properties.Length;
        }

        /// <summary>Whether the object may end after property <paramref name="index"/> (-1: at the start).</summary>
        public bool CanEndAfter(int index) => Array.FindIndex(Properties, index + 1, property => property.Required) < 0;
    }

    /// <summary>An object with free keys.</summary>
    public sealed class Map : GrammarNode
    {
        /// <summary>More keys than this are not written; there are always more one-character keys than that.</summary>
        public const int MaxEntries = 24;

        public GrammarNode Value { get; set; } = null!;
    }

    /// <summary>An array.</summary>
    public sealed class List(int minItems, int maxItems) : GrammarNode
    {
        public GrammarNode Item { get; set; } = null!;

        public int MinItems { get; } = minItems;

        public int MaxItems { get; } = maxItems;
    }

    /// <summary>Any of several.</summary>
    public sealed class Choice : GrammarNode
    {
        public GrammarNode[] Options { get; set; } = [];
    }

    /// <summary>A member of a <see cref="Record"/>.</summary>
    /// <param name="First">The text before its value when it is the first one: <c>{"key":</c></param>
    /// <param name="Next">The text before its value when it is not: <c>,"key":</c></param>
    /// <param name="Value">What the value may be.</param>
    /// <param name="Required">Whether it must be there.</param>
    public sealed record Property(byte[] First, byte[] Next, GrammarNode Value, bool Required);
}
