using Mka1.Edge.Gateway.Reload;

namespace Mka1.Edge.Gateway.Tests.Reload;

/// <summary>Promise: a file that is still being written is not read as if it were done.</summary>
public sealed class SettledContentTests
{
    [Fact]
    public void What_two_looks_in_a_row_find_is_acted_upon_once() => Assert.Equal([false, true, false, false], Looks("a", "b", "b", "b", "b"));

    [Fact]
    public void What_changes_between_looks_is_waited_for() => Assert.Equal([false, false, false, true], Looks("a", "b", "c", "d", "d"));

    [Fact]
    public void What_is_as_it_was_is_nothing_new() => Assert.Equal([false, false, false, false], Looks("a", "a", "b", "a", "b"));

    [Fact]
    public void It_says_whether_to_look_again_soon()
    {
        var content = new SettledContent();
        content.Look("b", "a");
        Assert.True(content.IsPending);
        content.Look("b", "a");
        Assert.False(content.IsPending);
        content.Look("c", "b");
        content.Look("b", "b");
        Assert.False(content.IsPending);
    }

    private static List<bool> Looks(string taken, params string[] marks)
    {
        var content = new SettledContent();
        var acted = new List<bool>();
        foreach (var mark in marks)
        {
            acted.Add(content.Look(mark, taken));
            if (acted[^1]) taken = mark;
        }

        return acted;
    }
}
