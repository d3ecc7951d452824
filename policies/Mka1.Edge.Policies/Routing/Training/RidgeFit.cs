using Mka1.Edge.Policies.Routing.Text;

namespace Mka1.Edge.Policies.Routing.Training;

/// <summary>Least squares with a penalty on the weights, solved by conjugate gradients on the normal equations.</summary>
internal sealed class RidgeFit(FeatureMatrix matrix, Standardiser standardiser, TrainingSettings settings)
{
    private const int Steps = 120;
    private const double Precision = 1e-5;
    private const int Hashed = TextScratch.Blocks * TextScratch.Buckets;

    private static readonly int Width = Hashed + TextScratch.DenseCount + 1;

    /// <param name="rows">Rows to fit.</param>
    /// <param name="targets">What to fit, by row of the matrix.</param>
    /// <param name="weights">How much each row counts, by row of the matrix.</param>
    public LinearModel Fit(IReadOnlyList<int> rows, double[] targets, double[] weights)
    {
        var dense = rows.Select(row => standardiser.Of(matrix.Dense[row], settings.DenseWeight)).ToArray();
        var residual = new double[Width];
        for (var i = 0; i < rows.Count; i++) Scatter(rows[i], dense[i], weights[rows[i]] * targets[rows[i]], residual);

        var solution = new double[Width];
        var direction = (double[])residual.Clone();
        var image = new double[Width];
        double error = Dot(residual, residual), enough = error * Precision * Precision;
        for (var step = 0; step < Steps && error > enough; step++)
        {
            Array.Clear(image);
            for (var i = 0; i < rows.Count; i++) Scatter(rows[i], dense[i], weights[rows[i]] * Gather(rows[i], dense[i], direction), image);

            // The constant alone is not penalised.
            for (var i = 0; i < Width - 1; i++) image[i] += settings.Penalty * direction[i];
            var stride = error / Dot(direction, image);
            for (var i = 0; i < Width; i++)
            {
                solution[i] += stride * direction[i];
                residual[i] -= stride * image[i];
            }

            var next = Dot(residual, residual);
            for (var i = 0; i < Width; i++) direction[i] = residual[i] + (next / error * direction[i]);
            error = next;
        }

        return new LinearModel(solution[^1], [.. solution[Hashed..^1].Select(w => w * settings.DenseWeight)], solution[..Hashed]);
    }

    public double Predict(LinearModel model, int row)
    {
        var sum = model.Bias;
        var columns = matrix.Columns(row);
        var values = matrix.Values(row);
        for (var i = 0; i < columns.Length; i++) sum += values[i] * model.Hashed[columns[i]];
        var dense = standardiser.Of(matrix.Dense[row], 1);
        for (var i = 0; i < dense.Length; i++) sum += dense[i] * model.Dense[i];
        return sum;
    }

    private double Gather(int row, double[] dense, double[] vector)
    {
        var sum = vector[^1];
        var columns = matrix.Columns(row);
        var values = matrix.Values(row);
        for (var i = 0; i < columns.Length; i++) sum += values[i] * vector[columns[i]];
        for (var i = 0; i < dense.Length; i++) sum += dense[i] * vector[Hashed + i];
        return sum;
    }

    private void Scatter(int row, double[] dense, double amount, double[] vector)
    {
        var columns = matrix.Columns(row);
        var values = matrix.Values(row);
        for (var i = 0; i < columns.Length; i++) vector[columns[i]] += amount * values[i];
        for (var i = 0; i < dense.Length; i++) vector[Hashed + i] += amount * dense[i];
        vector[^1] += amount;
    }

    private static double Dot(double[] a, double[] b)
    {
        double sum = 0;
        for (var i = 0; i < a.Length; i++) sum += a[i] * b[i];
        return sum;
    }
}
