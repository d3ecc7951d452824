using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Mka1.Edge.Inference.Kernels.Floats;

/// <summary>Products of float vectors with rows of weights.</summary>
/// <remarks>
/// <para>Each sum has one vector of partial sums, over which the columns are dealt out in order; the few columns that fill no
/// vector are added one by one at the end. No blocking changes that order, so neither the number of vectors nor the range of
/// rows shows in a result.</para>
/// <para>Blockings: eight rows by one vector while decoding, where reading the weights once is all that counts; four rows by
/// four vectors otherwise: sixteen multiply-adds for eight loads.</para>
/// </remarks>
internal static unsafe class FloatKernel<TVector, TLanes, TRow>
    where TVector : unmanaged
    where TLanes : struct, ILanes<TVector>
    where TRow : struct, IWeightRow<TRow, TVector>
{
    // Bytes of rows that stay in the first-level cache while all vectors pass by.
    private const int RowBlockBytes = 24 * 1024;

    /// <summary><c>y[t, row] = Σ x[t, i] · w[row, i]</c> for rows begin to end.</summary>
    /// <param name="weights">[rows, inputs]</param>
    /// <param name="x">[count, xStride], of which the first <paramref name="inputs"/> count</param>
    /// <param name="xStride">Floats from one vector to the next.</param>
    /// <param name="y">[count, yStride]</param>
    /// <param name="yStride">Floats from one result to the next.</param>
    /// <param name="count">How many vectors.</param>
    /// <param name="inputs">Columns.</param>
    /// <param name="begin">First row.</param>
    /// <param name="end">One past the last row.</param>
    public static void Multiply(TRow weights, float* x, int xStride, float* y, int yStride, int count, int inputs, int begin, int end)
    {
        if (count == 1)
        {
            OneVector(weights, x, y, inputs, begin, end);
            return;
        }
        var rowBlock = Math.Clamp(RowBlockBytes / (inputs * sizeof(float)) / 4 * 4, 4, 32);
        for (var block = begin; block < end; block += rowBlock)
        {
            var last = Math.Min(block + rowBlock, end);
            var t = 0;
            for (; t + 4 <= count; t += 4)
                FourVectors(weights, x + ((nint)t * xStride), xStride, y + ((nint)t * yStride), yStride, inputs, block, last);
            for (; t < count; t++)
                OneVector(weights, x + ((nint)t * xStride), y + ((nint)t * yStride), inputs, block, last);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void OneVector(TRow weights, float* x, float* y, int inputs, int begin, int end)
    {
        var sums = stackalloc TVector[8];
        var row = begin;
        for (; row + 8 <= end; row += 8)
        {
            var rows = weights.At((nuint)row * (nuint)inputs);
            var done = EightByOne(rows, x, inputs, sums);
            Finish(sums, rows, x, done, inputs, y + row);
            Finish(sums + 4, rows.At(4 * (nuint)inputs), x, done, inputs, y + row + 4);
        }
        for (; row < end; row++)
            y[row] = OneByOne(weights.At((nuint)row * (nuint)inputs), x, inputs);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void FourVectors(TRow weights, float* x, int xStride, float* y, int yStride, int inputs, int begin, int end)
    {
        var sums = stackalloc TVector[16];
        var row = begin;
        for (; row + 4 <= end; row += 4)
        {
            var rows = weights.At((nuint)row * (nuint)inputs);
            var done = FourByFour(rows, x, xStride, inputs, sums);
            for (var t = 0; t < 4; t++)
                Finish(sums + (4 * t), rows, x + ((nint)t * xStride), done, inputs, y + ((nint)t * yStride) + row);
        }
        for (; row < end; row++)
        {
            for (var t = 0; t < 4; t++)
                y[((nint)t * yStride) + row] = OneByOne(weights.At((nuint)row * (nuint)inputs), x + ((nint)t * xStride), inputs);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float OneByOne(TRow row, float* x, int inputs)
    {
        var sum = default(TVector);
        var i = 0;
        for (; i <= inputs - TLanes.Count; i += TLanes.Count)
            sum = TLanes.MultiplyAdd(row.Load((nuint)i), TLanes.Load(x + i), sum);
        var result = LaneSums.Sum(TLanes.Fold(sum));
        return i == inputs ? result : result + Tail(row, x, i, inputs);
    }

    // The tiles below store their sums and leave the rest to others: with a call in sight, the JIT would keep sums in memory
    // throughout the loop.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int EightByOne(TRow rows, float* x, int inputs, TVector* sums)
    {
        var n = (nuint)inputs;
        var (r0, r1, r2, r3) = (rows, rows.At(n), rows.At(2 * n), rows.At(3 * n));
        var (r4, r5, r6, r7) = (rows.At(4 * n), rows.At(5 * n), rows.At(6 * n), rows.At(7 * n));
        TVector s0 = default, s1 = default, s2 = default, s3 = default, s4 = default, s5 = default, s6 = default, s7 = default;
        var i = 0;
        for (; i <= inputs - TLanes.Count; i += TLanes.Count)
        {
            var at = (nuint)i;

            // The rows of the next tile: each weight is read once, so it comes from memory.
            r0.Fetch((8 * n) + at);
            r1.Fetch((8 * n) + at);
            r2.Fetch((8 * n) + at);
            r3.Fetch((8 * n) + at);
            r4.Fetch((8 * n) + at);
            r5.Fetch((8 * n) + at);
            r6.Fetch((8 * n) + at);
            r7.Fetch((8 * n) + at);
            var v = TLanes.Load(x + i);
            s0 = TLanes.MultiplyAdd(r0.Load(at), v, s0);
            s1 = TLanes.MultiplyAdd(r1.Load(at), v, s1);
            s2 = TLanes.MultiplyAdd(r2.Load(at), v, s2);
            s3 = TLanes.MultiplyAdd(r3.Load(at), v, s3);
            s4 = TLanes.MultiplyAdd(r4.Load(at), v, s4);
            s5 = TLanes.MultiplyAdd(r5.Load(at), v, s5);
            s6 = TLanes.MultiplyAdd(r6.Load(at), v, s6);
            s7 = TLanes.MultiplyAdd(r7.Load(at), v, s7);
        }
        (sums[0], sums[1], sums[2], sums[3]) = (s0, s1, s2, s3);
        (sums[4], sums[5], sums[6], sums[7]) = (s4, s5, s6, s7);
        return i;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int FourByFour(TRow rows, float* xa, int xStride, int inputs, TVector* sums)
    {
        var n = (nuint)inputs;
        var (r0, r1, r2, r3) = (rows, rows.At(n), rows.At(2 * n), rows.At(3 * n));
        var xb = xa + xStride;
        var xc = xb + xStride;
        var xd = xc + xStride;
        TVector a0 = default, a1 = default, a2 = default, a3 = default, b0 = default, b1 = default, b2 = default, b3 = default;
        TVector c0 = default, c1 = default, c2 = default, c3 = default, d0 = default, d1 = default, d2 = default, d3 = default;
        var i = 0;
        for (; i <= inputs - TLanes.Count; i += TLanes.Count)
        {
            var at = (nuint)i;
            var (w0, w1, w2, w3) = (r0.Load(at), r1.Load(at), r2.Load(at), r3.Load(at));
            var v = TLanes.Load(xa + i);
            a0 = TLanes.MultiplyAdd(w0, v, a0);
            a1 = TLanes.MultiplyAdd(w1, v, a1);
            a2 = TLanes.MultiplyAdd(w2, v, a2);
            a3 = TLanes.MultiplyAdd(w3, v, a3);
            v = TLanes.Load(xb + i);
            b0 = TLanes.MultiplyAdd(w0, v, b0);
            b1 = TLanes.MultiplyAdd(w1, v, b1);
            b2 = TLanes.MultiplyAdd(w2, v, b2);
            b3 = TLanes.MultiplyAdd(w3, v, b3);
            v = TLanes.Load(xc + i);
            c0 = TLanes.MultiplyAdd(w0, v, c0);
            c1 = TLanes.MultiplyAdd(w1, v, c1);
            c2 = TLanes.MultiplyAdd(w2, v, c2);
            c3 = TLanes.MultiplyAdd(w3, v, c3);
            v = TLanes.Load(xd + i);
            d0 = TLanes.MultiplyAdd(w0, v, d0);
            d1 = TLanes.MultiplyAdd(w1, v, d1);
            d2 = TLanes.MultiplyAdd(w2, v, d2);
            d3 = TLanes.MultiplyAdd(w3, v, d3);
        }
        (sums[0], sums[1], sums[2], sums[3]) = (a0, a1, a2, a3);
        (sums[4], sums[5], sums[6], sums[7]) = (b0, b1, b2, b3);
        (sums[8], sums[9], sums[10], sums[11]) = (c0, c1, c2, c3);
        (sums[12], sums[13], sums[14], sums[15]) = (d0, d1, d2, d3);
        return i;
    }

    // One vector's sums for four rows.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Finish(TVector* sums, TRow rows, float* x, int done, int inputs, float* y)
    {
        LaneSums.Sum(TLanes.Fold(sums[0]), TLanes.Fold(sums[1]), TLanes.Fold(sums[2]), TLanes.Fold(sums[3])).Store(y);
        if (done == inputs)
            return;
        for (var row = 0; row < 4; row++)
            y[row] += Tail(rows.At((nuint)row * (nuint)inputs), x, done, inputs);
    }

    private static float Tail(TRow row, float* x, int done, int inputs)
    {
        var tail = 0f;
        for (var i = done; i < inputs; i++)
            tail += row.Get((nuint)i) * x[i];
        return tail;
    }
}
