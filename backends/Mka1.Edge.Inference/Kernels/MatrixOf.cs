using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Mka1.Edge.Inference.Kernels;

/// <summary>Matrix products over one weight layout.</summary>
/// <remarks>
/// Two register blockings: one vector by four rows (decode, bound by memory: read each weight once), and four vectors by two
/// rows (prefill, bound by arithmetic: eight multiply-adds for six loads). Rows are walked in blocks that stay in the
/// first-level cache while all vectors pass by.
/// </remarks>
internal sealed class MatrixOf<TRows>(TRows rows, int outputs, int inputs) : Matrix(outputs, inputs)
    where TRows : struct, IWeightRows
{
    private const int RowBlock = 32;

    private static int Step => 4 * Vector<float>.Count;

    public override long Bytes => rows.Bytes;

    public override void Multiply(ReadOnlySpan<float> x, Span<float> y, int count, int rowBegin, int rowEnd)
    {
        // The kernels below address memory unchecked: this is where the bounds are proven.
        ArgumentOutOfRangeException.ThrowIfNegative(rowBegin);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(rowEnd, Outputs);
        x = x[..(count * Inputs)];
        y = y[..(count * Outputs)];

        for (var block = rowBegin; block < rowEnd; block += RowBlock)
        {
            var end = Math.Min(block + RowBlock, rowEnd);
            var t = 0;
            for (; t + 4 <= count; t += 4)
                FourVectors(x[(t * Inputs)..], y[(t * Outputs)..], block, end);
            for (; t < count; t++)
                OneVector(x.Slice(t * Inputs, Inputs), y.Slice(t * Outputs, Outputs), block, end);
        }
    }

    public override void CopyRow(int row, Span<float> destination)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)row, (uint)Outputs);
        var start = (nuint)row * (nuint)Inputs;
        for (var i = 0; i < Inputs; i++)
            destination[i] = rows.Get(start + (nuint)i);
    }

    private void OneVector(ReadOnlySpan<float> x, Span<float> y, int begin, int end)
    {
        var row = begin;
        for (; row + 4 <= end; row += 4)
            OneByFour(ref MemoryMarshal.GetReference(x), y, row);
        for (; row < end; row++)
            y[row] = OneByOne(ref MemoryMarshal.GetReference(x), row);
    }

    private void FourVectors(ReadOnlySpan<float> x, Span<float> y, int begin, int end)
    {
        var row = begin;
        for (; row + 2 <= end; row += 2)
            FourByTwo(ref MemoryMarshal.GetReference(x), y, row);
        for (; row < end; row++)
        {
            for (var t = 0; t < 4; t++)
                y[(t * Outputs) + row] = OneByOne(ref MemoryMarshal.GetReference(x[(t * Inputs)..]), row);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private float OneByOne(ref float x, int row)
    {
        var sum = Vector<float>.Zero;
        var start = (nuint)row * (nuint)Inputs;
        var lanes = (nuint)Vector<float>.Count;
        var i = 0;
        for (; i <= Inputs - Step; i += Step)
        {
            var at = (nuint)i;
            rows.Load(start + at, out var w0, out var w1, out var w2, out var w3);
            sum = Vector.FusedMultiplyAdd(w0, Vector.LoadUnsafe(ref x, at), sum);
            sum = Vector.FusedMultiplyAdd(w1, Vector.LoadUnsafe(ref x, at + lanes), sum);
            sum = Vector.FusedMultiplyAdd(w2, Vector.LoadUnsafe(ref x, at + (2 * lanes)), sum);
            sum = Vector.FusedMultiplyAdd(w3, Vector.LoadUnsafe(ref x, at + (3 * lanes)), sum);
        }
        return Vector.Sum(sum) + Tail(ref x, start, i);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void OneByFour(ref float x, Span<float> y, int row)
    {
        var inputs = (nuint)Inputs;
        var start0 = (nuint)row * inputs;
        var start1 = start0 + inputs;
        var start2 = start1 + inputs;
        var start3 = start2 + inputs;
        Vector<float> s0 = default, s1 = default, s2 = default, s3 = default;
        var lanes = (nuint)Vector<float>.Count;
        var i = 0;
        for (; i <= Inputs - Step; i += Step)
        {
            var at = (nuint)i;
            var x0 = Vector.LoadUnsafe(ref x, at);
            var x1 = Vector.LoadUnsafe(ref x, at + lanes);
            var x2 = Vector.LoadUnsafe(ref x, at + (2 * lanes));
            var x3 = Vector.LoadUnsafe(ref x, at + (3 * lanes));
            s0 = Add(start0 + at, x0, x1, x2, x3, s0);
            s1 = Add(start1 + at, x0, x1, x2, x3, s1);
            s2 = Add(start2 + at, x0, x1, x2, x3, s2);
            s3 = Add(start3 + at, x0, x1, x2, x3, s3);
        }
        y[row] = Vector.Sum(s0) + Tail(ref x, start0, i);
        y[row + 1] = Vector.Sum(s1) + Tail(ref x, start1, i);
        y[row + 2] = Vector.Sum(s2) + Tail(ref x, start2, i);
        y[row + 3] = Vector.Sum(s3) + Tail(ref x, start3, i);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void FourByTwo(ref float x, Span<float> y, int row)
    {
        var inputs = (nuint)Inputs;
        var start0 = (nuint)row * inputs;
        var start1 = start0 + inputs;
        ref var xb = ref Unsafe.Add(ref x, inputs);
        ref var xc = ref Unsafe.Add(ref xb, inputs);
        ref var xd = ref Unsafe.Add(ref xc, inputs);
        Vector<float> a0 = default, a1 = default, b0 = default, b1 = default, c0 = default, c1 = default, d0 = default, d1 = default;
        var lanes = (nuint)Vector<float>.Count;
        var i = 0;
        for (; i <= Inputs - Step; i += Step)
        {
            var at = (nuint)i;
            rows.Load(start0 + at, out var u0, out var u1, out var u2, out var u3);
            rows.Load(start1 + at, out var v0, out var v1, out var v2, out var v3);
            Accumulate(ref x, at, u0, v0, ref a0, ref a1);
            Accumulate(ref xb, at, u0, v0, ref b0, ref b1);
            Accumulate(ref xc, at, u0, v0, ref c0, ref c1);
            Accumulate(ref xd, at, u0, v0, ref d0, ref d1);
            at += lanes;
            Accumulate(ref x, at, u1, v1, ref a0, ref a1);
            Accumulate(ref xb, at, u1, v1, ref b0, ref b1);
            Accumulate(ref xc, at, u1, v1, ref c0, ref c1);
            Accumulate(ref xd, at, u1, v1, ref d0, ref d1);
            at += lanes;
            Accumulate(ref x, at, u2, v2, ref a0, ref a1);
            Accumulate(ref xb, at, u2, v2, ref b0, ref b1);
            Accumulate(ref xc, at, u2, v2, ref c0, ref c1);
            Accumulate(ref xd, at, u2, v2, ref d0, ref d1);
            at += lanes;
            Accumulate(ref x, at, u3, v3, ref a0, ref a1);
            Accumulate(ref xb, at, u3, v3, ref b0, ref b1);
            Accumulate(ref xc, at, u3, v3, ref c0, ref c1);
            Accumulate(ref xd, at, u3, v3, ref d0, ref d1);
        }
        Store(ref x, y, row, i, a0, a1);
        Store(ref xb, y[Outputs..], row, i, b0, b1);
        Store(ref xc, y[(2 * Outputs)..], row, i, c0, c1);
        Store(ref xd, y[(3 * Outputs)..], row, i, d0, d1);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Accumulate(ref float x, nuint at, Vector<float> u, Vector<float> v, ref Vector<float> first, ref Vector<float> second)
    {
        var value = Vector.LoadUnsafe(ref x, at);
        first = Vector.FusedMultiplyAdd(u, value, first);
        second = Vector.FusedMultiplyAdd(v, value, second);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Vector<float> Add(nuint element, Vector<float> x0, Vector<float> x1, Vector<float> x2, Vector<float> x3, Vector<float> sum)
    {
        rows.Load(element, out var w0, out var w1, out var w2, out var w3);
        sum = Vector.FusedMultiplyAdd(w0, x0, sum);
        sum = Vector.FusedMultiplyAdd(w1, x1, sum);
        sum = Vector.FusedMultiplyAdd(w2, x2, sum);
        return Vector.FusedMultiplyAdd(w3, x3, sum);
    }

    private void Store(ref float x, Span<float> y, int row, int done, Vector<float> first, Vector<float> second)
    {
        var start = (nuint)row * (nuint)Inputs;
        y[row] = Vector.Sum(first) + Tail(ref x, start, done);
        y[row + 1] = Vector.Sum(second) + Tail(ref x, start + (nuint)Inputs, done);
    }

    // What is left of a row that is no multiple of four vectors.
    private float Tail(ref float x, nuint start, int from)
    {
        var sum = 0f;
        for (var i = from; i < Inputs; i++)
            sum += rows.Get(start + (nuint)i) * Unsafe.Add(ref x, i);
        return sum;
    }
}
