using Xunit.Abstractions;

namespace Mka1.Edge.Security.Tests.Fuzz;

/// <summary>Promise: whatever bytes come, each parser says yes or no, in its own words, and never throws.</summary>
public sealed class ParsersTakeAnythingTests(ITestOutputHelper output)
{
    private const long InCI = 120_000;

    [Fact]
    public void Every_file_of_the_corpus_is_judged_as_it_is()
    {
        foreach (var sample in Sample.All.Where(sample => Surfaces.All.ContainsKey(sample.Surface))) Assert.Null(Judge(sample.Surface, sample.Bytes));
        Assert.Empty(Surfaces.All.Keys.Except(Sample.All.Select(sample => sample.Surface)));
    }

    [Fact]
    public void Every_mutation_is_taken_or_refused()
    {
        var total = FuzzRun.Wanted("MKA1_FUZZ_PARSES", InCI);
        var run = new FuzzRun("parses", total);
        run.Over(Sample.Of(Surfaces.All.Keys), mutation => Surfaces.All[mutation.Sample.Surface](mutation.Bytes), Environment.ProcessorCount);
        output.WriteLine($"{run.Done:N0} parses.");
        FuzzRun.Tell($"parses: {run.Done:N0} done, 0 faults.");
        Assert.Equal(total, run.Done);
    }

    [Theory]
    [InlineData("a lone surrogate throws")]
    [InlineData("a byte beyond ASCII has no outcome")]
    public void A_parser_that_is_broken_is_found_out(string how)
    {
        Func<byte[], string?> broken = how.StartsWith("a lone", StringComparison.Ordinal)
            ? body => body.AsSpan().IndexOf("\\ud800"u8) >= 0 ? throw new InvalidOperationException("Cannot read incomplete UTF-16.") : Surfaces.All["metadata"](body)
            : body => Array.Exists(body, each => each == 0xff) ? "No outcome." : null;
        var run = new FuzzRun("control", 50_000);
        Assert.Throws<FuzzFaultException>(() => run.Over(Sample.Of("metadata"), mutation => broken(mutation.Bytes), 1));
        Assert.InRange(run.Done, 0, 49_999);
    }

    private static string? Judge(string surface, byte[] bytes) => Surfaces.All[surface](bytes);
}
