namespace Mka1.Edge.Inference.Engine;

/// <summary>A request in the scheduler: its tokens so far, how many of them are computed, and the pages that hold these.</summary>
internal sealed class Sequence(GenerationStream stream)
{
    private int[] _tokens = [];
    private int[] _pages = [];
    private int _pageCount;
    private int _published;

    public GenerationStream Stream => stream;

    public GenerationRequest Request => stream.Request;

    /// <summary>Chooses its tokens; made when it is first admitted, since it holds buffers.</summary>
    public Generation? Generation { get; set; }

    /// <summary>What went wrong with it, for its reader.</summary>
    public Exception? Fault { get; set; }

    /// <summary>Whether its last token is chosen.</summary>
    public bool IsFinished { get; private set; }

    /// <summary>Prompt and output so far.</summary>
    public int Count { get; private set; }

    /// <summary>Tokens whose keys and values are in its pages.</summary>
    public int Computed { get; private set; }

    /// <summary>Tokens still to compute: one while decoding, more while reading a prompt.</summary>
    public int Pending => Count - Computed;

    /// <summary>Whether its prompt, or after a preemption what it had so far, is still being read.</summary>
    public bool IsReading => Computed < Request.PromptIds.Length;

    /// <summary>Positions its pages have room for.</summary>
    public int Room(int pageSize) => _pageCount * pageSize;

    /// <summary>The tokens of the next step.</summary>
    public SequenceStep Step(int tokens, Memory<float> logits) => new()
    {
        Tokens = _tokens.AsMemory(Computed, tokens),
        Position = Computed,
        Pages = _pages.AsMemory(0, _pageCount),
        Logits = logits,
    };

    /// <summary>Takes over the prompt, unless it has.</summary>
    public void Begin()
    {
        if (Count > 0)
            return;
        _tokens = new int[Request.PromptIds.Length + Math.Min(stream.MaxOutputTokens, 64)];
        Request.PromptIds.CopyTo(_tokens);
        Count = Request.PromptIds.Length;
    }

    /// <summary>Chooses and adds the next token of the output, unless nobody wants it any more.</summary>
    public void Choose(Action onToken)
    {
        if (stream.Stopped.IsCancellationRequested)
            return;
        var (id, finish) = Generation!.Next(onToken);
        IsFinished = finish is not null;
        // The last token is never fed back.
        if (!IsFinished)
            Append(id);
    }

    /// <summary>Adds a page at the end.</summary>
    public void AddPage(int page)
    {
        if (_pageCount == _pages.Length)
            Array.Resize(ref _pages, Math.Max(8, _pageCount * 2));
        _pages[_pageCount++] = page;
    }

    /// <summary>Takes all pages for what is known, those found ready first; the last token is computed in any case. False, and none taken, when there are too few.</summary>
    /// <param name="pool">Where pages come from.</param>
    /// <param name="pageSize">Positions a page holds.</param>
    /// <param name="spare">Pages that must be left over.</param>
    public bool TryTakePages(PagePool pool, int pageSize, int spare)
    {
        var last = -1;
        while (Computed + pageSize < Count && pool.Find(last, Request.CacheKey, _tokens.AsSpan(Computed, pageSize)) is >= 0 and var found)
        {
            AddPage(last = found);
            Computed += pageSize;
        }
        _published = _pageCount;

        var missing = ((Count + pageSize - 1) / pageSize) - _pageCount;
        if (pool.Available < missing + spare)
        {
            ReleasePages(pool);
            return false;
        }
        for (; missing > 0; missing--)
            AddPage(pool.Take());
        return true;
    }

    /// <summary>A step has computed this many tokens; pages full by now become findable.</summary>
    public void Advance(int tokens, PagePool pool, int pageSize)
    {
        Computed += tokens;
        for (; (_published + 1) * pageSize <= Computed; _published++)
        {
            var before = _published == 0 ? -1 : _pages[_published - 1];
            _pages[_published] = pool.Publish(_pages[_published], before, Request.CacheKey, _tokens.AsSpan(_published * pageSize, pageSize));
        }
    }

    /// <summary>Gives all pages back; what they held has to be found or computed again.</summary>
    public void ReleasePages(PagePool pool)
    {
        // Last first: see PagePool.
        while (_pageCount > 0)
            pool.Release(_pages[--_pageCount]);
        (Computed, _published) = (0, 0);
    }

    private void Append(int token)
    {
        if (Count == _tokens.Length)
            Array.Resize(ref _tokens, Math.Min(Count * 2, Request.PromptIds.Length + stream.MaxOutputTokens));
        _tokens[Count++] = token;
    }
}
