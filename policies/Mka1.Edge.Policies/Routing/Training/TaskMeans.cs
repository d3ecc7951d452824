namespace Mka1.Edge.Policies.Routing.Training;

/// <summary>Mean of a target in each task, over the rows that are learnt from; a small task's is drawn to that of its benchmark.</summary>
internal sealed class TaskMeans(IReadOnlyList<TrainingRow> rows, IReadOnlyList<int> from, TrainingSettings settings)
{
    /// <summary>Targets with the mean of the row's task blended in.</summary>
    public double[] Blend(double[] targets)
    {
        var blended = (double[])targets.Clone();
        foreach (var benchmark in from.GroupBy(row => rows[row].Benchmark))
        {
            var whole = benchmark.Average(row => targets[row]);
            foreach (var task in benchmark.GroupBy(row => rows[row].Group))
            {
                var mean = whole + (task.Sum(row => targets[row] - whole) / (task.Count() + settings.TaskPrior));
                foreach (var row in task) blended[row] += settings.TaskShare * (mean - targets[row]);
            }
        }

        return blended;
    }
}
