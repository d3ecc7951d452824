using Mka1.Edge.Stores.Paging;
using Mka1.Edge.Stores.Prompts;

namespace Mka1.Edge.Stores.Tests.Prompts;

public sealed class MemoryPromptStoreTests : PromptStoreBehaviour
{
    protected override IPromptStore Store { get; } = new MemoryPromptStore();

    [Fact]
    public async Task The_oldest_go_when_there_is_no_room()
    {
        var small = new MemoryPromptStore(capacity: 3);
        var (a, b) = (NewPrompt(NewOwner()), NewPrompt(NewOwner()));
        await small.AddAsync(a, NewVersion("a"));
        await small.AddAsync(b, NewVersion("1"));
        for (var n = 2; n <= 5; n++) await small.AddVersionAsync(b.Owner, b.Id, NewId(), $"{n}", n);
        Assert.Null(await small.FindAsync(a.Owner, a.Id));
        var page = await small.ListVersionsAsync(b.Owner, b.Id, new PageQuery(10, Descending: false));
        Assert.Equal(["3", "4", "5"], page!.Entries.Select(v => v.Template));
    }
}
