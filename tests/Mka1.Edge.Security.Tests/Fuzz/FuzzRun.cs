using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.FSharp.Core;

namespace Mka1.Edge.Security.Tests.Fuzz;

/// <summary>Runs a judge over mutations in batches, each from a seed of its own, and tells how far it is. Seed and count make the inputs.</summary>
/// <param name="name">For reports.</param>
/// <param name="total">How many mutations.</param>
internal sealed class FuzzRun(string name, long total)
{
    private const int LargestBatch = 5_000;
    private const int SmallestBatch = 100;

    /// <summary>So that all that work at a time have work, and are done at about the same time.</summary>
    private const int BatchesEach = 4;

    /// <summary>The same inputs on every run, unless another seed is named: a run in CI is not a lottery.</summary>
    private const ulong DefaultSeed = 20261122;

    private static readonly Lock Telling = new();

    private long _done;

    public long Done => Interlocked.Read(ref _done);

    private static ulong Seed => ulong.TryParse(Environment.GetEnvironmentVariable("MKA1_FUZZ_SEED"), CultureInfo.InvariantCulture, out var seed) ? seed : DefaultSeed;

    /// <summary>How many are asked for by the environment, or else <paramref name="least"/>.</summary>
    public static long Wanted(string variable, long least) =>
        long.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out var wanted) ? wanted : least;

    /// <summary>Runs all of it; a fault is shrunk and thrown, with what is needed to run its batch again.</summary>
    /// <param name="samples">What is mutated.</param>
    /// <param name="judge">What is wrong with a mutation; null for nothing.</param>
    /// <param name="atATime">Batches at a time.</param>
    public void Over(Sample[] samples, Func<Mutation, string?> judge, int atATime)
    {
        var property = Prop.ForAll(Mutation.Of(samples), mutation =>
        {
            if (judge(mutation) is { } fault) throw new FuzzFaultException(fault);
        });
        var size = Math.Clamp(total / (atATime * BatchesEach), SmallestBatch, LargestBatch);
        var batches = (int)((total + size - 1) / size);
        var began = TimeProvider.System.GetTimestamp();
        try
        {
            Parallel.For(0, batches, new ParallelOptions { MaxDegreeOfParallelism = atATime }, batch =>
            {
                var count = (int)Math.Min(size, total - (batch * size));
                var seed = Seed + ((ulong)batch * 1_000_003);
                try
                {
                    Check.One(Config.QuickThrowOnFailure.WithQuietOnSuccess(true).WithMaxTest(count).WithReplay(FSharpOption<Replay>.Some(new Replay(new Rnd(seed), FSharpOption<int>.None))), property);
                }
                catch (Exception e)
                {
                    throw new FuzzFaultException($"{name}, batch {batch} of {total:N0} by seed {Seed} (MKA1_FUZZ_SEED): {e.Message}", e);
                }

                var done = Interlocked.Add(ref _done, count);
                Tell($"{name}: {done:N0} of {total:N0}, {done / TimeProvider.System.GetElapsedTime(began).TotalSeconds:N0}/s, seed {Seed}");
            });
        }
        catch (AggregateException e)
        {
            throw e.InnerException!;
        }
    }

    /// <summary>Writes to the file that <c>tests/fuzz.sh</c> shows, if there is one.</summary>
    public static void Tell(string line)
    {
        if (Environment.GetEnvironmentVariable("MKA1_FUZZ_PROGRESS") is not { Length: > 0 } file) return;
        lock (Telling) File.AppendAllText(file, line + Environment.NewLine);
    }
}
