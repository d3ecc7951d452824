namespace Mka1.Edge.Inference.Kernels;

/// <summary>One product handed to the team; the object is reused so that decoding allocates nothing.</summary>
internal sealed class MatrixProduct(ComputeTeam team) : IPartitionedWork
{
    // Below this many multiply-adds, waking the team costs more than it saves.
    private const long MinimumForTeam = 128 * 1024;

    private const int RowsAtOnce = 8;

    private readonly PreparedVectors _prepared = new();
    private Matrix _matrix = null!;
    private float[] _x = null!;
    private float[] _y = null!;
    private int _count;

    /// <summary><c>y = x · matrixᵀ</c> for <paramref name="count"/> vectors.</summary>
    public void Compute(Matrix matrix, float[] x, float[] y, int count)
    {
        (_matrix, _x, _y, _count) = (matrix, x, y, count);
        matrix.Prepare(x, count, _prepared);
        if (matrix.Parameters * count < MinimumForTeam)
            Run(0, 1);
        else
            team.Run(this);
    }

    public void Run(int part, int parts)
    {
        // Whole groups of as many rows as the kernels take at once; what is left over is slower, not different.
        var groups = (_matrix.Outputs + RowsAtOnce - 1) / RowsAtOnce;
        var begin = (int)((long)groups * part / parts) * RowsAtOnce;
        var end = Math.Min((int)((long)groups * (part + 1) / parts) * RowsAtOnce, _matrix.Outputs);
        _matrix.Multiply(_x, _prepared, _y, _count, begin, end);
    }
}
