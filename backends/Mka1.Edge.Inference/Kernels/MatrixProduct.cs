namespace Mka1.Edge.Inference.Kernels;

/// <summary>One product handed to the team; the object is reused so that decoding allocates nothing.</summary>
internal sealed class MatrixProduct(ComputeTeam team) : IPartitionedWork
{
    // Below this many multiply-adds, waking the team costs more than it saves.
    private const long MinimumForTeam = 128 * 1024;

    private Matrix _matrix = null!;
    private float[] _x = null!;
    private float[] _y = null!;
    private int _count;

    /// <summary><c>y = x · matrixᵀ</c> for <paramref name="count"/> vectors.</summary>
    public void Compute(Matrix matrix, float[] x, float[] y, int count)
    {
        (_matrix, _x, _y, _count) = (matrix, x, y, count);
        if (matrix.Parameters * count < MinimumForTeam)
            Run(0, 1);
        else
            team.Run(this);
    }

    public void Run(int part, int parts)
    {
        // Whole groups of four rows, so that a row is computed by the same kernel however many parts there are.
        var groups = (_matrix.Outputs + 3) / 4;
        var begin = (int)((long)groups * part / parts) * 4;
        var end = Math.Min((int)((long)groups * (part + 1) / parts) * 4, _matrix.Outputs);
        _matrix.Multiply(_x, _y, _count, begin, end);
    }
}
