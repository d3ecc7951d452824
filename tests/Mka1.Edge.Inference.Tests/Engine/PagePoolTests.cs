using Mka1.Edge.Inference.Engine;

namespace Mka1.Edge.Inference.Tests.Engine;

public sealed class PagePoolTests
{
    private const int Size = 2;

    [Fact]
    public void All_pages_can_be_taken_each_once_and_no_more()
    {
        var pool = new PagePool(5, Size);
        Assert.Equal([0, 1, 2, 3, 4], Enumerable.Range(0, 5).Select(_ => pool.Take()).Order());
        Assert.Equal(-1, pool.Take());
        Assert.Equal(5, pool.Held);
        pool.Release(3);
        Assert.Equal(3, pool.Take());
    }

    [Fact]
    public void A_published_page_is_found_by_its_tokens_and_what_comes_before_them()
    {
        var pool = new PagePool(4, Size);
        var first = pool.Publish(pool.Take(), -1, null, [1, 2]);
        var second = pool.Publish(pool.Take(), first, null, [3, 4]);

        Assert.Equal(first, pool.Find(-1, null, [1, 2]));
        Assert.Equal(second, pool.Find(first, null, [3, 4]));
        Assert.Equal(-1, pool.Find(-1, null, [3, 4]));
        Assert.Equal(-1, pool.Find(first, null, [1, 2]));
        Assert.Equal(-1, pool.Find(second, null, [3, 4]));
        Assert.Equal(-1, pool.Find(-1, null, [1, 3]));
    }

    [Fact]
    public void Another_cache_key_finds_nothing_of_the_first_page_nor_of_those_after_it()
    {
        var pool = new PagePool(6, Size);
        var mine = pool.Publish(pool.Take(), -1, "mine", [1, 2]);
        pool.Publish(pool.Take(), mine, "mine", [3, 4]);

        Assert.Equal(-1, pool.Find(-1, "yours", [1, 2]));
        Assert.Equal(-1, pool.Find(-1, null, [1, 2]));
        var yours = pool.Publish(pool.Take(), -1, "yours", [1, 2]);
        Assert.NotEqual(mine, yours);
        Assert.Equal(-1, pool.Find(yours, "yours", [3, 4]));
    }

    [Fact]
    public void Of_two_pages_with_the_same_content_one_stays()
    {
        var pool = new PagePool(4, Size);
        var first = pool.Publish(pool.Take(), -1, null, [1, 2]);
        var copy = pool.Take();

        Assert.Equal(first, pool.Publish(copy, -1, null, [1, 2]));
        Assert.Equal(1, pool.Held);
        pool.Release(first);
        Assert.Equal(1, pool.Held);
        pool.Release(first);
        Assert.Equal(0, pool.Held);
        Assert.Equal(1, pool.Kept);
    }

    [Fact]
    public void What_was_unused_longest_is_forgotten_first_and_what_is_held_never()
    {
        var pool = new PagePool(3, Size);
        var a = pool.Publish(pool.Take(), -1, null, [1, 1]);
        var b = pool.Publish(pool.Take(), -1, null, [2, 2]);
        var c = pool.Publish(pool.Take(), -1, null, [3, 3]);
        pool.Release(b);
        pool.Release(a);

        Assert.Equal(b, pool.Take());
        Assert.Equal(-1, pool.Find(-1, null, [2, 2]));
        Assert.Equal(a, pool.Find(-1, null, [1, 1]));
        Assert.Equal(-1, pool.Take());
        Assert.Equal(c, pool.Find(-1, null, [3, 3]));
    }

    [Fact]
    public void Giving_back_what_nobody_holds_is_a_fault()
    {
        var pool = new PagePool(1, Size);
        pool.Release(pool.Take());
        Assert.Throws<InvalidOperationException>(() => pool.Release(0));
    }

    [Theory]
    [InlineData(1, 3)]
    [InlineData(2, 12)]
    [InlineData(3, 40)]
    public void Under_random_use_pages_are_never_shared_wrongly_lost_or_confused(int seed, int pages)
    {
        var random = new Random(seed);
        var pool = new PagePool(pages, Size);
        var chains = new List<Chain>();
        for (var i = 0; i < 5_000; i++)
        {
            if (chains.Count < 6)
                chains.Add(new Chain(random.Next(3) == 0 ? "key" : null));
            else if (random.Next(4) == 0)
                chains.RemoveAt(GiveBack(pool, chains, random.Next(chains.Count)));
            Grow(pool, chains[random.Next(chains.Count)], random);
            Check(pool, chains, pages);
        }
        while (chains.Count > 0)
            chains.RemoveAt(GiveBack(pool, chains, 0));
        Assert.Equal(0, pool.Held);
        Assert.Equal(pages, pool.Available);
    }

    private static int GiveBack(PagePool pool, List<Chain> chains, int at)
    {
        foreach (var page in Enumerable.Reverse(chains[at].Pages))
            pool.Release(page);
        return at;
    }

    // Few different tokens, so that chains meet often.
    private static void Grow(PagePool pool, Chain chain, Random random)
    {
        int[] tokens = [random.Next(2), random.Next(2)];
        var before = chain.Pages.Count == 0 ? -1 : chain.Pages[^1];
        var page = pool.Find(before, chain.Key, tokens);
        if (page < 0 && pool.Take() is >= 0 and var taken)
            page = pool.Publish(taken, before, chain.Key, tokens);
        if (page < 0)
            return;
        chain.Pages.Add(page);
        chain.Content += $"{tokens[0]}{tokens[1]},";
        chain.Contents.Add($"{chain.Key}:{chain.Content}");
    }

    // A page held by two chains means the same content in both, from the beginning on; the counts agree with the chains.
    private static void Check(PagePool pool, List<Chain> chains, int pages)
    {
        var content = new Dictionary<int, string>();
        foreach (var chain in chains)
        {
            foreach (var (page, text) in chain.Pages.Zip(chain.Contents))
            {
                Assert.True(content.TryAdd(page, text) || content[page] == text, $"page {page} is both {text} and {content[page]}");
            }
        }
        Assert.Equal(content.Values.Distinct().Count(), content.Count);
        Assert.Equal(content.Count, pool.Held);
        Assert.Equal(pages - content.Count, pool.Available);
    }

    private sealed class Chain(string? key)
    {
        public string? Key => key;

        public List<int> Pages { get; } = [];

        public string Content { get; set; } = "";

        public List<string> Contents { get; } = [];
    }
}
