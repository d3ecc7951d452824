using Mka1.Edge.Policies.Identity;
using Mka1.Edge.Stores.Paging;
using Mka1.Edge.Stores.Prompts;

namespace Mka1.Edge.Stores.Tests.Prompts;

/// <summary>What any prompt store does.</summary>
public abstract class PromptStoreBehaviour
{
    private static readonly PageQuery Newest = new(100, Descending: true);

    protected abstract IPromptStore Store { get; }

    [Theory]
    [InlineData("plain")]
    [InlineData("a\0b é 😀 ' \\ {{x}}")]
    public async Task What_was_added_is_found_as_it_was(string text)
    {
        var prompt = NewPrompt(NewOwner(), text);
        var version = NewVersion(text);
        await Store.AddAsync(prompt, version);
        Assert.Equal(prompt, await Store.FindAsync(prompt.Owner, prompt.Id));
        Assert.Equal(version, await Store.FindVersionAsync(prompt.Owner, prompt.Id, null));
        Assert.Equal(version, await Store.FindVersionAsync(prompt.Owner, prompt.Id, 1));
        Assert.Null(await Store.FindVersionAsync(prompt.Owner, prompt.Id, 2));
    }

    [Fact]
    public async Task A_new_version_has_the_next_number_and_is_in_use_until_another_is_chosen()
    {
        var prompt = await AddAsync(NewOwner(), "one");
        var second = await Store.AddVersionAsync(prompt.Owner, prompt.Id, NewId(), "two", 77);
        Assert.Equal((2, "two", 77), (second!.Version, second.Template, second.CreatedAt));
        Assert.Equal(prompt with { CurrentVersion = 2, UpdatedAt = 77 }, await Store.FindAsync(prompt.Owner, prompt.Id));
        Assert.Equal("two", (await Store.FindVersionAsync(prompt.Owner, prompt.Id, null))!.Template);

        var back = prompt with { CurrentVersion = 1, UpdatedAt = 78 };
        Assert.Equal(back, await Store.UpdateAsync(prompt.Owner, prompt.Id, null, 1, 78));
        Assert.Equal("one", (await Store.FindVersionAsync(prompt.Owner, prompt.Id, null))!.Template);
        Assert.Equal(3, (await Store.AddVersionAsync(prompt.Owner, prompt.Id, NewId(), "three", 79))!.Version);
    }

    [Fact]
    public async Task A_name_or_a_version_alone_leaves_the_other_and_an_unknown_version_leaves_both()
    {
        var prompt = await AddAsync(NewOwner(), "one");
        await Store.AddVersionAsync(prompt.Owner, prompt.Id, NewId(), "two", 5);
        Assert.Equal(prompt with { Name = "n\0", CurrentVersion = 2, UpdatedAt = 6 }, await Store.UpdateAsync(prompt.Owner, prompt.Id, "n\0", null, 6));
        Assert.Null(await Store.UpdateAsync(prompt.Owner, prompt.Id, "other", 3, 7));
        Assert.Equal("n\0", (await Store.FindAsync(prompt.Owner, prompt.Id))!.Name);
    }

    [Fact]
    public async Task Authors_at_once_get_numbers_of_their_own()
    {
        var prompt = await AddAsync(NewOwner(), "one");
        var versions = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => Task.Run(async () =>
            await Store.AddVersionAsync(prompt.Owner, prompt.Id, NewId(), $"{i}", i))));
        Assert.Equal(Enumerable.Range(2, 20), versions.Select(v => v!.Version).Order());
        Assert.Equal(21, (await Store.FindAsync(prompt.Owner, prompt.Id))!.CurrentVersion);
    }

    [Fact]
    public async Task To_another_tenant_or_end_user_nothing_is_there()
    {
        var owner = new Owner(NewId(), "alice");
        var prompt = await AddAsync(owner, "secret");
        foreach (var stranger in new[] { owner with { EndUser = "bob" }, owner with { EndUser = null }, owner with { TenantId = NewId() } })
        {
            Assert.Null(await Store.FindAsync(stranger, prompt.Id));
            Assert.Empty((await Store.ListAsync(stranger, Newest))!.Entries);
            Assert.Null(await Store.ListAsync(stranger, Newest with { After = prompt.Id }));
            Assert.Null(await Store.UpdateAsync(stranger, prompt.Id, "mine", null, 9));
            Assert.Null(await Store.AddVersionAsync(stranger, prompt.Id, NewId(), "mine", 9));
            Assert.Null(await Store.FindVersionAsync(stranger, prompt.Id, null));
            Assert.Null(await Store.FindVersionAsync(stranger, prompt.Id, 1));
            Assert.Null(await Store.ListVersionsAsync(stranger, prompt.Id, Newest));
            Assert.False(await Store.DeleteAsync(stranger, prompt.Id));
        }

        Assert.Equal(prompt, await Store.FindAsync(owner, prompt.Id));
    }

    [Fact]
    public async Task After_deletion_nothing_of_it_is_there()
    {
        var prompt = await AddAsync(NewOwner(), "x");
        Assert.True(await Store.DeleteAsync(prompt.Owner, prompt.Id));
        Assert.False(await Store.DeleteAsync(prompt.Owner, prompt.Id));
        Assert.Null(await Store.FindAsync(prompt.Owner, prompt.Id));
        Assert.Null(await Store.FindVersionAsync(prompt.Owner, prompt.Id, 1));
        Assert.Null(await Store.ListVersionsAsync(prompt.Owner, prompt.Id, Newest));
        Assert.Null(await Store.AddVersionAsync(prompt.Owner, prompt.Id, NewId(), "y", 1));
        Assert.Empty((await Store.ListAsync(prompt.Owner, Newest))!.Entries);
    }

    [Theory]
    [InlineData("")]
    [InlineData("a\0b")]
    [InlineData("\udc00")]
    public async Task An_id_that_names_nothing_finds_nothing(string id)
    {
        var prompt = await AddAsync(NewOwner(), "x");
        Assert.Null(await Store.FindAsync(prompt.Owner, id));
        Assert.Null(await Store.ListAsync(prompt.Owner, Newest with { After = id }));
        Assert.Null(await Store.UpdateAsync(prompt.Owner, id, "n", null, 1));
        Assert.Null(await Store.AddVersionAsync(prompt.Owner, id, NewId(), "t", 1));
        Assert.Null(await Store.FindVersionAsync(prompt.Owner, id, null));
        Assert.Null(await Store.ListVersionsAsync(prompt.Owner, id, Newest));
        Assert.Null(await Store.ListVersionsAsync(prompt.Owner, prompt.Id, Newest with { After = id }));
        Assert.False(await Store.DeleteAsync(prompt.Owner, id));
    }

    [Fact]
    public async Task Prompts_are_listed_by_creation_and_versions_by_number_in_pages()
    {
        var owner = NewOwner();
        var ids = new List<string>();
        for (var i = 0; i < 5; i++) ids.Add((await AddAsync(owner, $"{i}")).Id);
        await Store.UpdateAsync(owner, ids[0], "renamed", null, 9);
        var first = await Store.ListAsync(owner, new PageQuery(2, Descending: false));
        Assert.Equal(ids[..2], first!.Entries.Select(p => p.Id));
        Assert.True(first.HasMore);
        var rest = await Store.ListAsync(owner, new PageQuery(3, Descending: false, After: ids[1]));
        Assert.Equal(ids[2..], rest!.Entries.Select(p => p.Id));
        Assert.False(rest.HasMore);
        var before = await Store.ListAsync(owner, new PageQuery(2, Descending: true, Before: ids[1]));
        Assert.Equal([ids[3], ids[2]], before!.Entries.Select(p => p.Id));

        for (var i = 2; i <= 4; i++) await Store.AddVersionAsync(owner, ids[0], $"{ids[0]}-v{i}", $"{i}", i);
        var newest = await Store.ListVersionsAsync(owner, ids[0], new PageQuery(2, Descending: true));
        Assert.Equal([4, 3], newest!.Entries.Select(v => v.Version));
        var older = await Store.ListVersionsAsync(owner, ids[0], new PageQuery(2, Descending: true, After: newest.Entries[1].Id));
        Assert.Equal([2, 1], older!.Entries.Select(v => v.Version));
        Assert.False(older.HasMore);
        Assert.Null(await Store.ListVersionsAsync(owner, ids[1], Newest with { After = newest.Entries[0].Id }));
    }

    protected static Owner NewOwner() => new(NewId(), null);

    protected static string NewId() => Guid.NewGuid().ToString("N");

    protected static StoredPrompt NewPrompt(Owner owner, string name = "greeting") => new("prompt_" + NewId(), owner, name, 1, 1, 1);

    protected static PromptVersion NewVersion(string template) => new("pver_" + NewId(), 1, template, 1);

    private async Task<StoredPrompt> AddAsync(Owner owner, string template)
    {
        var prompt = NewPrompt(owner);
        await Store.AddAsync(prompt, NewVersion(template));
        return prompt;
    }
}
