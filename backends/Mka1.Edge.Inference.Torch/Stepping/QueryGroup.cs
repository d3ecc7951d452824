namespace Mka1.Edge.Inference.Torch.Stepping;

/// <summary>Sequences whose new positions attend together, each with as many queries and, padded, as many pages as the others.</summary>
/// <remarks>In the step's numbers, from <see cref="Start"/> on: rows [batch, queries], first positions [batch], pages [batch, pages].</remarks>
/// <param name="Batch">How many sequences.</param>
/// <param name="Queries">New positions of each.</param>
/// <param name="Pages">Pages of the longest.</param>
/// <param name="FirstRow">The first row, when rows follow each other without gap; otherwise -1.</param>
/// <param name="Start">Where its numbers begin.</param>
internal readonly record struct QueryGroup(int Batch, int Queries, int Pages, int FirstRow, int Start)
{
    public int RowsAt => Start;

    public int PositionsAt => Start + (Batch * Queries);

    public int PagesAt => PositionsAt + Batch;
}
