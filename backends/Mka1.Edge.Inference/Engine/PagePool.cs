namespace Mka1.Edge.Inference.Engine;

/// <summary>Who uses which page of the key-value cache, and which pages can be found again by what they hold.</summary>
/// <remarks>
/// <para>A page is free (holds nothing), held (by one sequence or more) or kept (by none, but findable, until its room is
/// needed). A full page can be published: another sequence that begins with the same tokens then shares it.</para>
/// <para>A published page is known by its tokens and by the page before it, so that a chain from the first page on stands for
/// one beginning of one prompt. Hashes only narrow the search; what is found has been compared token by token.</para>
/// <para>Sequences give pages back last first, so that the end of a chain is always evicted before its beginning.</para>
/// <para>Not thread-safe.</para>
/// </remarks>
internal sealed class PagePool
{
    private const int None = -1;

    private readonly int _pageSize;
    private readonly int[] _holders;
    private readonly int[] _tokens;

    // What a published page is: never used twice, so that nothing continues a page that was evicted meanwhile. 0: not published.
    private readonly long[] _identity;
    private readonly long[] _parent;
    private readonly string?[] _cacheKey;
    private long _lastIdentity;

    private readonly int[] _free;
    private int _freeCount;

    // Published pages by hash: the first page of each bucket, and the next one of the same bucket.
    private readonly int[] _buckets;
    private readonly int[] _nextInBucket;

    // Kept pages, the longest unused first: a ring through an extra entry at the end.
    private readonly int[] _newer;
    private readonly int[] _older;

    public PagePool(int pages, int pageSize)
    {
        _pageSize = pageSize;
        _holders = new int[pages];
        _tokens = new int[checked(pages * pageSize)];
        _identity = new long[pages];
        _parent = new long[pages];
        _cacheKey = new string?[pages];
        _free = new int[pages];
        for (var i = 0; i < pages; i++)
            _free[i] = pages - 1 - i;
        _freeCount = pages;
        _buckets = new int[pages];
        _nextInBucket = new int[pages];
        Array.Fill(_buckets, None);
        _newer = new int[pages + 1];
        _older = new int[pages + 1];
        (_newer[pages], _older[pages]) = (pages, pages);
    }

    /// <summary>Pages there are.</summary>
    public int Total => _holders.Length;

    /// <summary>Pages that somebody holds.</summary>
    public int Held => Total - Available;

    /// <summary>Pages that nobody holds, but that can be found again.</summary>
    public int Kept { get; private set; }

    /// <summary>Pages that can be taken: free or kept.</summary>
    public int Available => _freeCount + Kept;

    private int End => _holders.Length;

    /// <summary>A page to write to, held by the caller alone, or -1 when all are held. Makes room by forgetting what was unused longest.</summary>
    public int Take()
    {
        if (_freeCount == 0)
        {
            if (Kept == 0)
                return None;
            var oldest = _newer[End];
            Unkeep(oldest);
            Unpublish(oldest);
            _free[_freeCount++] = oldest;
        }
        var page = _free[--_freeCount];
        _holders[page] = 1;
        return page;
    }

    /// <summary>Finds the published page that holds these tokens after those of a page, and holds it; -1 when there is none.</summary>
    /// <param name="before">The page before it, held by the caller; -1: it is the first.</param>
    /// <param name="cacheKey">Whose prompts may share: compared for the first page, which those after it hang on.</param>
    /// <param name="tokens">A full page of tokens.</param>
    public int Find(int before, string? cacheKey, ReadOnlySpan<int> tokens)
    {
        var page = Lookup(before, cacheKey, tokens);
        if (page != None && _holders[page]++ == 0)
            Unkeep(page);
        return page;
    }

    /// <summary>Makes a full page findable.</summary>
    /// <returns>The page to use from now on: another one, when there was one with the same content already; the given one is then given back.</returns>
    /// <param name="page">Held by the caller alone, and written in full.</param>
    /// <param name="before">The page before it, published; -1: it is the first.</param>
    /// <param name="cacheKey">Whose prompts may share it.</param>
    /// <param name="tokens">What it holds.</param>
    public int Publish(int page, int before, string? cacheKey, ReadOnlySpan<int> tokens)
    {
        var known = Find(before, cacheKey, tokens);
        if (known != None)
        {
            Release(page);
            return known;
        }
        tokens.CopyTo(TokensOf(page));
        _identity[page] = ++_lastIdentity;
        _parent[page] = before == None ? 0 : _identity[before];
        _cacheKey[page] = before == None ? cacheKey : null;
        ref var bucket = ref _buckets[Bucket(_parent[page], tokens)];
        _nextInBucket[page] = bucket;
        bucket = page;
        return page;
    }

    /// <summary>Gives one hold on a page back: at the last, a published page is kept and any other is free.</summary>
    public void Release(int page)
    {
        if (_holders[page] == 0)
            throw new InvalidOperationException($"Page {page} is held by nobody.");
        if (--_holders[page] > 0)
            return;
        if (_identity[page] == 0)
            _free[_freeCount++] = page;
        else
            Keep(page);
    }

    private int Lookup(int before, string? cacheKey, ReadOnlySpan<int> tokens)
    {
        var parent = before == None ? 0 : _identity[before];
        var page = _buckets[Bucket(parent, tokens)];
        while (page != None && !(_parent[page] == parent && tokens.SequenceEqual(TokensOf(page)) && (before != None || _cacheKey[page] == cacheKey)))
            page = _nextInBucket[page];
        return page;
    }

    private Span<int> TokensOf(int page) => _tokens.AsSpan(page * _pageSize, _pageSize);

    // HashCode is seeded afresh in every process: nobody can prepare prompts that all fall into one bucket.
    private int Bucket(long parent, ReadOnlySpan<int> tokens)
    {
        var hash = new HashCode();
        hash.Add(parent);
        hash.AddBytes(System.Runtime.InteropServices.MemoryMarshal.AsBytes(tokens));
        return (int)((uint)hash.ToHashCode() % (uint)_buckets.Length);
    }

    private void Unpublish(int page)
    {
        ref var link = ref _buckets[Bucket(_parent[page], TokensOf(page))];
        while (link != page)
            link = ref _nextInBucket[link];
        link = _nextInBucket[page];
        _identity[page] = 0;
        _cacheKey[page] = null;
    }

    private void Keep(int page)
    {
        var newest = _older[End];
        (_older[page], _newer[page]) = (newest, End);
        _newer[newest] = page;
        _older[End] = page;
        Kept++;
    }

    private void Unkeep(int page)
    {
        _newer[_older[page]] = _newer[page];
        _older[_newer[page]] = _older[page];
        Kept--;
    }
}
