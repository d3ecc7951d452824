using Mka1.Edge.Gateway.Configuration;
using Mka1.Edge.Gateway.Reload;

namespace Mka1.Edge.Gateway.Tests.Reload;

/// <summary>Promise: an operator goes back step by step, and does not come back to what was gone back from.</summary>
public sealed class ConfigHistoryTests
{
    [Fact]
    public void One_goes_back_step_by_step_and_forth_by_name()
    {
        var history = History("a", "b", "c");
        history.Return(history.Find(null)!);
        Assert.Equal("b", history.Active.Version);
        history.Return(history.Find(null)!);
        Assert.Equal("a", history.Active.Version);
        Assert.Null(history.Find(null));
        history.Return(history.Find("c")!);
        Assert.Equal(("c", "b"), (history.Active.Version, history.Find(null)!.Version));
        Assert.Null(history.Find("z"));
    }

    [Fact]
    public void What_was_gone_back_from_is_left_behind_by_the_next()
    {
        var history = History("a", "bad");
        history.Return(history.Find(null)!);
        history.Add(Version("c"), 10);
        Assert.Equal(["c", "a"], history.All.Select(known => known.Version));
    }

    [Fact]
    public void A_version_that_comes_again_is_kept_once() =>
        Assert.Equal(["a", "c", "b"], History("a", "b", "c", "a").All.Select(known => known.Version));

    [Fact]
    public void Only_so_many_are_kept()
    {
        var history = History("a");
        for (var i = 0; i < 100; i++) history.Add(Version($"{i}"), 3);
        Assert.Equal(["99", "98", "97"], history.All.Select(known => known.Version));
        Assert.Equal("99", history.Active.Version);
        history.Add(Version("last"), 1);
        Assert.Equal("last", Assert.Single(history.All).Version);
    }

    private static ConfigHistory History(params string[] versions)
    {
        var history = new ConfigHistory(Version(versions[0]));
        foreach (var version in versions.Skip(1)) history.Add(Version(version), 10);
        return history;
    }

    private static ConfigVersion Version(string version) => new(version, default, ConfigSource.File, new EdgeConfig());
}
