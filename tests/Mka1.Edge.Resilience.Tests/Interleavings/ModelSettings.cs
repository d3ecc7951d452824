using System.Globalization;
using FsCheck;
using Microsoft.FSharp.Core;

namespace Mka1.Edge.Resilience.Tests.Interleavings;

/// <summary>
/// How many interleavings are played, and which: <c>MKA1_MODEL_RUNS</c> is their number, <c>MKA1_MODEL_SEED</c> a number that
/// repeats them (<c>random</c> for others each time).
/// </summary>
internal static class ModelSettings
{
    private const ulong UsualSeed = 20261122;

    /// <summary>An odd number, as the generator wants it.</summary>
    private const ulong Gamma = 0x9E3779B97F4A7C15;

    public static ulong Seed { get; } = Environment.GetEnvironmentVariable("MKA1_MODEL_SEED") switch
    {
        null or "" => UsualSeed,
        "random" => (ulong)Random.Shared.NextInt64(),
        var text => ulong.Parse(text, CultureInfo.InvariantCulture),
    };

    /// <param name="usual">Interleavings unless said otherwise.</param>
    /// <param name="share">What a run costs, in runs: so many times fewer are played when their number is said.</param>
    /// <param name="atOnce">Interleavings played side by side.</param>
    public static Config Config(int usual, int share, int atOnce)
    {
        var runs = int.TryParse(Environment.GetEnvironmentVariable("MKA1_MODEL_RUNS"), CultureInfo.InvariantCulture, out var asked) ? Math.Max(1, asked / share) : usual;
        var config = FsCheck.Config.QuickThrowOnFailure.WithMaxTest(runs).WithReplay(FSharpOption<Replay>.Some(new Replay(new Rnd(Seed, Gamma), FSharpOption<int>.None)));
        return atOnce == 1 ? config : config.WithParallelRunConfig(FSharpOption<ParallelRunConfig>.Some(new ParallelRunConfig(atOnce)));
    }
}
