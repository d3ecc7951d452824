namespace Mka1.Edge.Policies.Routing.Text;

/// <summary>Memory of one extraction, used again by the next on the same thread: counts are put back to zero as they are read.</summary>
internal sealed class TextScratch
{
    public const int Bits = 14;
    public const int Buckets = 1 << Bits;

    /// <summary>Words with pairs of them, and runs of characters inside words.</summary>
    public const int Blocks = 2;

    /// <summary>Characters read from the beginning, and as many from the end.</summary>
    public const int Half = 500;

    public const int Window = (2 * Half) + 1;

    public static readonly int DenseCount = Enum.GetValues<DenseFeature>().Length;

    [ThreadStatic]
    private static TextScratch? _current;

    /// <summary>This thread's.</summary>
    public static TextScratch Current => _current ??= new TextScratch();

    /// <summary>Signed counts, block after block.</summary>
    public readonly short[] Counts = new short[Blocks * Buckets];

    /// <summary>Buckets that were counted in, of each block; a bucket may stand twice.</summary>
    public readonly int[] WordBuckets = new int[2 * Window];
    public readonly int[] GramBuckets = new int[(3 * Window) + 1];

    /// <summary>Characters from index 1 on, with room for an end on either side.</summary>
    public readonly char[] Folded = new char[Window + 2];
    public readonly CharKind[] Kinds = new CharKind[Window];
    public readonly short[] CharCounts = new short[128];
    public readonly float[] Dense = new float[DenseCount];

    public int WordBucketCount { get; set; }

    public int GramBucketCount { get; set; }
}
