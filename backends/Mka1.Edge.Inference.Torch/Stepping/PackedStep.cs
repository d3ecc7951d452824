using System.Numerics;
using Mka1.Edge.Inference.Engine;

namespace Mka1.Edge.Inference.Torch.Stepping;

/// <summary>
/// A step in numbers: all new tokens of all sequences packed into rows, where their keys and values go, and which rows
/// attend together. Sequences with one new token attend as one padded batch; longer pieces each for themselves.
/// </summary>
/// <param name="pageSize">Positions a page holds.</param>
/// <param name="pageCount">Pages there are.</param>
/// <param name="keyValueHeads">Heads whose rows lie in a page, one after the other.</param>
internal sealed class PackedStep(int pageSize, int pageCount, int keyValueHeads)
{
    // Bounds the scores of a long prompt, and lets its first queries read only the pages before them.
    private const int QueryBlock = 256;

    private readonly IndexBuffer _numbers = new();
    private readonly List<QueryGroup> _groups = [];
    private readonly List<long> _single = [];
    private readonly List<int> _asked = [];

    /// <summary>Rows: the new tokens of all sequences, in the order of the batch.</summary>
    public int Rows { get; private set; }

    /// <summary>All numbers: ids [rows], positions [rows], slots [rows], last rows [asked], then those of each group.</summary>
    public ReadOnlySpan<long> Numbers => _numbers.Numbers;

    public IReadOnlyList<QueryGroup> Groups => _groups;

    /// <summary>The sequences of the batch that want logits, in order.</summary>
    public IReadOnlyList<int> Asked => _asked;

    /// <exception cref="ArgumentException">A sequence has no tokens, names pages that are not there, or has too few of them.</exception>
    public void Build(ReadOnlySpan<SequenceStep> batch)
    {
        _numbers.Clear();
        _groups.Clear();
        _single.Clear();
        _asked.Clear();
        Rows = 0;
        foreach (ref readonly var step in batch)
        {
            Check(step);
            Rows += step.Tokens.Length;
        }
        AddTokens(batch);
        AddLastRows(batch);
        AddGroups(batch);
    }

    private void Check(in SequenceStep step)
    {
        if (step.Tokens.IsEmpty || step.Position < 0)
            throw new ArgumentException("A step needs one new token or more, at a position that is not negative.");
        if ((long)step.Pages.Length * pageSize < (long)step.Position + step.Tokens.Length)
            throw new ArgumentException($"{step.Pages.Length} pages of {pageSize} positions do not hold {step.Position} positions and {step.Tokens.Length} new ones.");
        if (step.Pages.Span.ContainsAnyExceptInRange(0, pageCount - 1))
            throw new ArgumentException($"A page is not one of the {pageCount} there are.");
    }

    private void AddTokens(ReadOnlySpan<SequenceStep> batch)
    {
        var all = _numbers.Add(3 * Rows);
        var ids = all[..Rows];
        var positions = all.Slice(Rows, Rows);
        var slots = all[(2 * Rows)..];
        var row = 0;
        foreach (ref readonly var step in batch)
        {
            var pages = step.Pages.Span;
            for (var t = 0; t < step.Tokens.Length; t++, row++)
            {
                var position = step.Position + t;
                ids[row] = step.Tokens.Span[t];
                positions[row] = position;
                slots[row] = ((long)pages[position / pageSize] * keyValueHeads * pageSize) + (position % pageSize);
            }
        }
    }

    private void AddLastRows(ReadOnlySpan<SequenceStep> batch)
    {
        var end = 0;
        for (var i = 0; i < batch.Length; i++)
        {
            end += batch[i].Tokens.Length;
            if (batch[i].Logits.IsEmpty)
                continue;
            _asked.Add(i);
            _numbers.Add(1)[0] = end - 1;
        }
    }

    private void AddGroups(ReadOnlySpan<SequenceStep> batch)
    {
        var row = 0;
        for (var i = 0; i < batch.Length; i++)
        {
            var count = batch[i].Tokens.Length;
            if (count == 1)
                _single.Add(Key(batch[i], i, row));
            else
                AddPiece(batch[i], row);
            row += count;
        }

        // Alike in length within a factor of two, so that padding never does more work than there is; then in the batch's order.
        _single.Sort();
        for (var begin = 0; begin < _single.Count;)
        {
            var end = begin + 1;
            while (end < _single.Count && LengthClass(_single[end]) == LengthClass(_single[begin]))
                end++;
            AddSingles(batch, begin, end);
            begin = end;
        }
    }

    private void AddPiece(in SequenceStep step, int firstRow)
    {
        for (var done = 0; done < step.Tokens.Length; done += QueryBlock)
        {
            var count = Math.Min(QueryBlock, step.Tokens.Length - done);
            var position = step.Position + done;
            var pages = PagesFor(position + count);
            _groups.Add(new QueryGroup(1, count, pages, firstRow + done, _numbers.Count));
            var rows = _numbers.Add(count);
            for (var i = 0; i < count; i++)
                rows[i] = firstRow + done + i;
            _numbers.Add(1)[0] = position;
            CopyPages(step, _numbers.Add(pages));
        }
    }

    private void AddSingles(ReadOnlySpan<SequenceStep> batch, int begin, int end)
    {
        var count = end - begin;
        var pages = 0;
        for (var i = begin; i < end; i++)
            pages = Math.Max(pages, PagesFor(batch[Sequence(_single[i])].Position + 1));
        var first = Row(_single[begin]);
        var gapless = Row(_single[end - 1]) - first == count - 1;
        _groups.Add(new QueryGroup(count, 1, pages, gapless ? first : -1, _numbers.Count));

        var rows = _numbers.Add(count);
        for (var i = 0; i < count; i++)
            rows[i] = Row(_single[begin + i]);
        var positions = _numbers.Add(count);
        for (var i = 0; i < count; i++)
            positions[i] = batch[Sequence(_single[begin + i])].Position;
        for (var i = begin; i < end; i++)
            CopyPages(batch[Sequence(_single[i])], _numbers.Add(pages));
    }

    // Padding repeats page 0: it is read and masked away.
    private static void CopyPages(in SequenceStep step, Span<long> destination)
    {
        var pages = step.Pages.Span;
        for (var i = 0; i < destination.Length; i++)
            destination[i] = i < pages.Length ? pages[i] : 0;
    }

    private int PagesFor(int positions) => (positions + pageSize - 1) / pageSize;

    // One number to sort by: class of length, then row, then sequence.
    private long Key(in SequenceStep step, int sequence, int row) =>
        ((long)BitOperations.Log2((uint)PagesFor(step.Position + 1)) << 56) | ((long)row << 28) | (uint)sequence;

    private static int LengthClass(long key) => (int)(key >> 56);

    private static int Row(long key) => (int)(key >> 28) & 0xFFFFFFF;

    private static int Sequence(long key) => (int)key & 0xFFFFFFF;
}
