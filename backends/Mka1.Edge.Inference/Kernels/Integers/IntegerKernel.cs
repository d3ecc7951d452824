using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Mka1.Edge.Inference.Kernels.Integers;

/// <summary>Products of rounded vectors with rows of packed weights.</summary>
/// <remarks>
/// <para>A block of 64 columns (a chunk of 32 where groups are that small) is multiplied and added in whole numbers, exactly;
/// the eight partial sums are then scaled and added to eight floats, block after block. Eight lanes everywhere, and one fused
/// multiply-add a lane and block: so every instruction path, blocking, range of rows and number of vectors gives the same bits.</para>
/// <para>Four rows by one vector while decoding, eight rows by two vectors otherwise.</para>
/// </remarks>
internal readonly unsafe struct IntegerKernel<TDot, TBlocks, TGroups>
    where TDot : struct, IByteDot
    where TBlocks : struct, IBlocks
    where TGroups : struct, IGroups
{
    // Rows that stay in the first-level cache while all vectors pass by.
    private const int RowBlock = 16;

    private readonly PackedWeights _weights;
    private readonly byte* _records;
    private readonly float* _scales;
    private readonly float* _y;
    private readonly int _count;
    private readonly int _blocks;
    private readonly int _groupShift;

    /// <param name="weights">The matrix.</param>
    /// <param name="x">The vectors.</param>
    /// <param name="y">[count, outputs]</param>
    public IntegerKernel(PackedWeights weights, RoundedVectors x, float* y)
    {
        (_weights, _count) = (weights, x.Count);
        _y = y;
        _records = x.Records.Address;
        _scales = (float*)x.Scales.Address;
        _blocks = weights.Inputs / PackedWeights.Block;
        _groupShift = TGroups.InBlock == 2 ? 0 : int.Log2(weights.GroupSize / PackedWeights.Block);
    }

    private static int RecordBytes => RoundedVectors.RecordBytes(TGroups.InBlock);

    public void Multiply(int begin, int end)
    {
        if (_count == 1)
        {
            OneVector(begin, end, 0);
            return;
        }
        for (var block = begin; block < end; block += RowBlock)
        {
            var last = Math.Min(block + RowBlock, end);
            var t = 0;
            for (; t + 2 <= _count; t += 2)
                TwoVectors(block, last, t);
            for (; t < _count; t++)
                OneVector(block, last, t);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void TwoVectors(int begin, int end, int t)
    {
        var sums = stackalloc Vector256<float>[16];
        var row = begin;
        for (; row + 8 <= end; row += 8)
        {
            EightByTwo(row, t, sums);
            Store(row, t, sums);
            Store(row + 4, t, sums + 4);
            Store(row, t + 1, sums + 8);
            Store(row + 4, t + 1, sums + 12);
        }
        for (; row < end; row++)
        {
            OneByOne(row, t);
            OneByOne(row, t + 1);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void OneVector(int begin, int end, int t)
    {
        var sums = stackalloc Vector256<float>[4];
        var row = begin;
        for (; row + 4 <= end; row += 4)
        {
            FourByOne(row, t, sums);
            Store(row, t, sums);
        }
        for (; row < end; row++)
            OneByOne(row, t);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void OneByOne(int row, int t)
    {
        var x = Record(t);
        var xs = _scales + t;
        var w = _weights.Values.Address + (row * _weights.RowBytes);
        var s = _weights.ScalesOf(row);
        var sum = Vector256<float>.Zero;
        for (var b = 0; b < _blocks; b++)
        {
            sum = Add(sum, w, Scales(s, b), x, xs);
            w += TBlocks.Bytes;
            x += RecordBytes;
            xs += TGroups.InBlock * (nint)_count;
        }
        Output(row, t)[0] = LaneSums.Sum(LaneSums.Fold(sum));
    }

    // The tiles store their sums and leave the rest to others: with a call in sight, the JIT would keep sums in memory
    // throughout the loop.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void FourByOne(int row, int t, Vector256<float>* sums)
    {
        var x = Record(t);
        var xs = _scales + t;
        var xsStep = TGroups.InBlock * (nint)_count;
        var rowBytes = (nint)_weights.RowBytes;
        var groups = (nint)_weights.GroupsInRow;
        var w = _weights.Values.Address + (row * _weights.RowBytes);
        var first = _weights.ScalesOf(row);
        Vector256<float> a0 = default, a1 = default, a2 = default, a3 = default;
        for (var b = 0; b < _blocks; b++)
        {
            // The rows of the tile after next: each weight is read once, so it comes from memory.
            Prefetch.Line(w + (8 * rowBytes));
            Prefetch.Line(w + (9 * rowBytes));
            Prefetch.Line(w + (10 * rowBytes));
            Prefetch.Line(w + (11 * rowBytes));
            var s = Scales(first, b);
            a0 = Add(a0, w, s, x, xs);
            a1 = Add(a1, w + rowBytes, s + groups, x, xs);
            a2 = Add(a2, w + (2 * rowBytes), s + (2 * groups), x, xs);
            a3 = Add(a3, w + (3 * rowBytes), s + (3 * groups), x, xs);
            w += TBlocks.Bytes;
            x += RecordBytes;
            xs += xsStep;
        }
        (sums[0], sums[1], sums[2], sums[3]) = (a0, a1, a2, a3);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void EightByTwo(int row, int t, Vector256<float>* sums)
    {
        var x = Record(t);
        var next = (nint)_blocks * RecordBytes;
        var xs = _scales + t;
        var xsStep = TGroups.InBlock * (nint)_count;
        var rowBytes = (nint)_weights.RowBytes;
        var groups = (nint)_weights.GroupsInRow;
        var first = _weights.Values.Address + (row * _weights.RowBytes);
        var firstScale = _weights.ScalesOf(row);
        Vector256<float> a0 = default, a1 = default, a2 = default, a3 = default, a4 = default, a5 = default, a6 = default, a7 = default;
        Vector256<float> b0 = default, b1 = default, b2 = default, b3 = default, b4 = default, b5 = default, b6 = default, b7 = default;
        for (var b = 0; b < _blocks; b++)
        {
            var w = first;
            var s = Scales(firstScale, b);
            a0 = Add(a0, w, s, x, xs);
            b0 = Add(b0, w, s, x + next, xs + 1);
            w += rowBytes;
            s += groups;
            a1 = Add(a1, w, s, x, xs);
            b1 = Add(b1, w, s, x + next, xs + 1);
            w += rowBytes;
            s += groups;
            a2 = Add(a2, w, s, x, xs);
            b2 = Add(b2, w, s, x + next, xs + 1);
            w += rowBytes;
            s += groups;
            a3 = Add(a3, w, s, x, xs);
            b3 = Add(b3, w, s, x + next, xs + 1);
            w += rowBytes;
            s += groups;
            a4 = Add(a4, w, s, x, xs);
            b4 = Add(b4, w, s, x + next, xs + 1);
            w += rowBytes;
            s += groups;
            a5 = Add(a5, w, s, x, xs);
            b5 = Add(b5, w, s, x + next, xs + 1);
            w += rowBytes;
            s += groups;
            a6 = Add(a6, w, s, x, xs);
            b6 = Add(b6, w, s, x + next, xs + 1);
            w += rowBytes;
            s += groups;
            a7 = Add(a7, w, s, x, xs);
            b7 = Add(b7, w, s, x + next, xs + 1);
            first += TBlocks.Bytes;
            x += RecordBytes;
            xs += xsStep;
        }
        (sums[0], sums[1], sums[2], sums[3], sums[4], sums[5], sums[6], sums[7]) = (a0, a1, a2, a3, a4, a5, a6, a7);
        (sums[8], sums[9], sums[10], sums[11], sums[12], sums[13], sums[14], sums[15]) = (b0, b1, b2, b3, b4, b5, b6, b7);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Vector256<float> Add(Vector256<float> sum, byte* weights, float* weightScales, byte* record, float* scales)
    {
        var (first, second) = TBlocks.Load(weights);
        var (x0, x1) = (Vector256.Load((sbyte*)record), Vector256.Load((sbyte*)record + PackedWeights.Chunk));
        var starts = (int*)(record + PackedWeights.Block);
        var products = TBlocks.Dot<TDot>(Vector256.Load(starts), first, x0);
        if (TGroups.InBlock == 1)
            return Scaled(TBlocks.Dot<TDot>(products, second, x1), weightScales[0], scales[0], sum);

        sum = Scaled(products, weightScales[0], scales[0], sum);
        products = TBlocks.Dot<TDot>(Vector256.Load(starts + RoundedVectors.Lanes), second, x1);
        return Scaled(products, weightScales[1], scales[_count], sum);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Scaled(Vector256<int> products, float weightScale, float scale, Vector256<float> sum) =>
        Vector256.FusedMultiplyAdd(Vector256.ConvertToSingle(products), Vector256.Create(weightScale) * Vector256.Create(scale), sum);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private byte* Record(int t) => _records + ((nint)t * _blocks * RecordBytes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private float* Scales(float* row, int block) => row + (TGroups.InBlock == 2 ? 2 * block : block >> _groupShift);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private float* Output(int row, int t) => _y + ((nint)t * _weights.Outputs) + row;

    private void Store(int row, int t, Vector256<float>* sums) =>
        LaneSums.Sum(LaneSums.Fold(sums[0]), LaneSums.Fold(sums[1]), LaneSums.Fold(sums[2]), LaneSums.Fold(sums[3])).Store(Output(row, t));
}
