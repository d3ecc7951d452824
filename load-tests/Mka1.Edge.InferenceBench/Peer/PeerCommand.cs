using System.CommandLine;
using System.Globalization;
using Mka1.Edge.InferenceBench.Models;

namespace Mka1.Edge.InferenceBench.Peer;

/// <summary><c>peer</c>: the engine against llama2.c on the same random weights, in rounds that take turns.</summary>
internal static class PeerCommand
{
    public static Command Create()
    {
        var peer = new Option<string>("--llama2c") { Description = "A checkout of karpathy/llama2.c with run and runq built.", Required = true };
        var work = new Option<string>("--work") { Description = "Where the models are made; they take 1.3 GB and stay for the next run.", Required = true };
        var tokenizer = new Option<string>("--tokenizer") { Description = "A model directory whose tokenizer is used.", DefaultValueFactory = _ => "backends/models/mka1-mini-dense" };
        var rounds = new Option<int>("--rounds") { Description = "Rounds; medians are told.", DefaultValueFactory = _ => 7 };
        var tokens = new Option<int>("--tokens") { Description = "Tokens a run decodes.", DefaultValueFactory = _ => 128 };
        var threads = new Option<int>("--threads") { Description = "Threads of each program.", DefaultValueFactory = _ => Environment.ProcessorCount };
        var command = new Command("peer", "Single stream against karpathy/llama2.c.") { peer, work, tokenizer, rounds, tokens, threads };
        command.SetAction((arguments, token) => RunAsync(
            new PeerFolders(arguments.GetRequiredValue(peer), arguments.GetRequiredValue(work)),
            arguments.GetRequiredValue(tokenizer), arguments.GetValue(rounds), arguments.GetValue(tokens), arguments.GetValue(threads),
            arguments.InvocationConfiguration.Output, token));
        return command;
    }

    private static async Task RunAsync(PeerFolders folders, string tokenizer, int rounds, int tokens, int threads, TextWriter output, CancellationToken token)
    {
        folders.Prepare(tokenizer);
        await using var floats = new SingleStream(folders.Floats, threads);
        await floats.RunAsync(tokens);
        await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture,
            $"{floats.Model.ParameterCount / 1e6:F1} M parameters, {threads} threads; resident with fp32 weights of {floats.Model.MemoryBytes >> 20} MiB: {Environment.WorkingSet >> 20} MiB"));
        await using var int8 = new SingleStream(folders.Int8, threads);
        await using var int4 = new SingleStream(folders.Int4, threads);
        await int8.RunAsync(tokens);
        await int4.RunAsync(tokens);
        var run = new PeerProgram(folders.Peer, "run", folders.PeerFloats, threads);
        var runq = new PeerProgram(folders.Peer, "runq", folders.PeerInt8, threads);
        using var bandwidth = new MemoryBandwidth(threads);

        var measured = new List<PeerRound>();
        for (var i = 0; i < rounds; i++)
        {
            token.ThrowIfCancellationRequested();
            var read = bandwidth.Measure();
            measured.Add(new PeerRound(
                await run.RunAsync(tokens), await floats.RunAsync(tokens), await runq.RunAsync(tokens), await int8.RunAsync(tokens), await int4.RunAsync(tokens),
                Math.Max(read, bandwidth.Measure())));
            await output.WriteLineAsync(measured[^1].ToString());
        }
        await TellAsync(measured, floats, int8, int4, output);
    }

    private static async Task TellAsync(List<PeerRound> rounds, SingleStream floats, SingleStream int8, SingleStream int4, TextWriter output)
    {
        FormattableString[] lines =
        [
            $"fp32 against run:  {Median(rounds, round => round.Floats / round.Run):F2} x ({Median(rounds, round => round.Floats):F1} and {Median(rounds, round => round.Run):F1} tokens/s)",
            $"int8 against runq: {Median(rounds, round => round.Int8 / round.Runq):F2} x ({Median(rounds, round => round.Int8):F1} and {Median(rounds, round => round.Runq):F1} tokens/s)",
            $"int4 against runq: {Median(rounds, round => round.Int4 / round.Runq):F2} x ({Median(rounds, round => round.Int4):F1} tokens/s)",
            $"memory read:       {Median(rounds, round => round.Bandwidth) / 1e9:F1} GB/s; of it fp32 {Share(rounds, round => round.Floats, floats):F0} %, int8 {Share(rounds, round => round.Int8, int8):F0} %, int4 {Share(rounds, round => round.Int4, int4):F0} %",
        ];
        foreach (var line in lines)
            await output.WriteLineAsync(line.ToString(CultureInfo.InvariantCulture));
    }

    private static double Share(List<PeerRound> rounds, Func<PeerRound, double> speed, SingleStream stream) =>
        100 * Median(rounds, round => speed(round) * stream.Model.MemoryBytes / round.Bandwidth);

    private static double Median(List<PeerRound> rounds, Func<PeerRound, double> value)
    {
        var sorted = rounds.Select(value).Order().ToList();
        return sorted[sorted.Count / 2];
    }
}
