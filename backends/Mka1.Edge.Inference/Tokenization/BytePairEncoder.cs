namespace Mka1.Edge.Inference.Tokenization;

/// <summary>Merges symbols into tokens: always the pair of lowest rank, the leftmost among equals.</summary>
/// <remarks>A heap of candidate pairs keeps a piece of n symbols at O(n log n): one endless "word" is no way to stall a server.</remarks>
internal sealed class BytePairEncoder(IPieceSymbols start, Dictionary<(int Left, int Right), (int Rank, int Id)> merges)
{
    /// <summary>Appends the ids of one pre-tokenized piece.</summary>
    public void Encode(ReadOnlySpan<char> piece, List<int> ids)
    {
        var first = ids.Count;
        start.Append(piece, ids);
        var count = ids.Count - first;
        if (count < 2)
            return;

        var symbols = new Symbol[count];
        for (var i = 0; i < count; i++)
            symbols[i] = new Symbol(ids[first + i], i - 1, i + 1 < count ? i + 1 : -1);
        Merge(symbols);

        ids.RemoveRange(first, count);
        for (var i = 0; i >= 0; i = symbols[i].Next)
            ids.Add(symbols[i].Id);
    }

    private void Merge(Symbol[] symbols)
    {
        var candidates = new PriorityQueue<Candidate, (int Rank, int Position)>();
        for (var i = 0; i + 1 < symbols.Length; i++)
            Propose(symbols, i, candidates);

        while (candidates.TryDequeue(out var candidate, out _))
        {
            ref var left = ref symbols[candidate.Position];

            // Since it was proposed, either side may have been merged with another neighbour.
            if (left.Id < 0 || left.Next < 0
                || !merges.TryGetValue((left.Id, symbols[left.Next].Id), out var merge) || merge.Id != candidate.Merged)
            {
                continue;
            }
            ref var right = ref symbols[left.Next];
            left.Id = candidate.Merged;
            left.Next = right.Next;
            right.Id = -1;
            if (left.Next >= 0)
            {
                symbols[left.Next].Previous = candidate.Position;
                Propose(symbols, candidate.Position, candidates);
            }
            if (left.Previous >= 0)
                Propose(symbols, left.Previous, candidates);
        }
    }

    private void Propose(Symbol[] symbols, int position, PriorityQueue<Candidate, (int Rank, int Position)> candidates)
    {
        var left = symbols[position];
        if (merges.TryGetValue((left.Id, symbols[left.Next].Id), out var merge))
            candidates.Enqueue(new Candidate(position, merge.Id), (merge.Rank, position));
    }

    private record struct Symbol(int Id, int Previous, int Next);

    private readonly record struct Candidate(int Position, int Merged);
}
