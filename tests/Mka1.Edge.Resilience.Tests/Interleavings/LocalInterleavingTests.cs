using FsCheck;
using FsCheck.Fluent;
using Mka1.Edge.Stores.Ledger;
using Mka1.Edge.Stores.Streams;
using Microsoft.Extensions.DependencyInjection;
using Xunit.Abstractions;

namespace Mka1.Edge.Resilience.Tests.Interleavings;

/// <summary>
/// Promise: in whatever order clients create, read, leave, resume, cancel, delete and list, what they are told agrees with what
/// they were told before, and every run is billed once. Here on one gateway in this process.
/// </summary>
public sealed class LocalInterleavingTests(ITestOutputHelper output)
{
    private const int Runs = 150;
    private const int AtOnce = 6;
    private const int Longest = 18;

    [Fact]
    public async Task Nothing_a_client_is_told_contradicts_what_another_was_told()
    {
        await using var gateway = await LocalGateway.StartAsync();
        Play(gateway, Runs);
    }

    [Fact]
    public async Task A_stream_log_that_drops_an_event_is_found()
    {
        await using var gateway = await LocalGateway.StartAsync((services, _) => services.AddSingleton<IStreamLog, DroppingLog>());
        Assert.Matches("number 6 in place 5|which the stream does not have", Found(gateway));
    }

    [Fact]
    public async Task A_ledger_that_writes_a_row_twice_is_found()
    {
        await using var gateway = await LocalGateway.StartAsync((services, ledger) => services.AddSingleton<ILedger>(new DoublingLedger(ledger)));
        Assert.Matches("billed 2 times|by the ledger", Found(gateway));
    }

    [Fact]
    public async Task A_delete_that_deletes_nothing_is_found()
    {
        using var forgetful = new ForgetfulHandler();
        await using var gateway = await LocalGateway.StartAsync(client: forgetful);
        Assert.Matches("is deleted and was found|is listed and should not be|although it is deleted", Found(gateway));
    }

    [Fact]
    public async Task An_end_that_changes_is_found()
    {
        using var moody = new MoodyHandler();
        await using var gateway = await LocalGateway.StartAsync(client: moody);
        Assert.Matches(@"ended as .* and then as|\(\w+\) ended as incomplete|ends with .* and GET says", Found(gateway));
    }

    private void Play(LocalGateway gateway, int runs)
    {
        output.WriteLine($"MKA1_MODEL_SEED={ModelSettings.Seed}");
        Check.One(
            ModelSettings.Config(runs, share: 1, AtOnce),
            Prop.ForAll(Steps.Of(Longest, kills: false), steps => Interleaving.PlayAsync(gateway, steps).GetAwaiter().GetResult()));
    }

    /// <summary>What is said of a broken gateway.</summary>
    private string Found(LocalGateway gateway)
    {
        var found = Assert.ThrowsAny<Exception>(() => Play(gateway, Runs)).ToString();
        output.WriteLine(found);
        return found;
    }
}
