using System.CommandLine;
using System.Globalization;
using System.Text;
using Mka1.Edge.Gateway.Routing;
using Mka1.Edge.Policies.Routing;
using Mka1.Edge.Responses;

namespace Mka1.Edge.Gateway.Commands;

/// <summary><c>routing explain</c>: what auto_routing makes of one request, signal by signal.</summary>
internal static class RoutingExplain
{
    public static Command Create()
    {
        var body = new Argument<FileInfo?>("body") { Description = "A request body; left out: standard input.", Arity = ArgumentArity.ZeroOrOne };
        var prompt = new Option<string?>("--prompt") { Description = "A prompt instead of a body." };
        var weights = RoutingCommand.WeightsOption();
        var command = new Command("explain", "Says which tier a request asks for, and why.") { body, prompt, weights };
        command.SetAction(parsed => RoutingCommand.GuardAsync(async () =>
        {
            var facts = parsed.GetValue(prompt) is { } text ? ComplexityFacts.None with { Prompt = text } : Facts(await BytesAsync(parsed.GetValue(body)));
            var classifier = RoutingScore.ReadClassifier(parsed.GetValue(weights));
            await Console.Out.WriteAsync(InWords(classifier.Score(facts), facts.Effort, classifier.Version));
        }));
        return command;
    }

    private static async Task<byte[]> BytesAsync(FileInfo? body)
    {
        if (body is not null) return await File.ReadAllBytesAsync(body.FullName);
        using var buffer = new MemoryStream();
        await using var input = Console.OpenStandardInput();
        await input.CopyToAsync(buffer);
        return buffer.ToArray();
    }

    private static ComplexityFacts Facts(byte[] body) => RequestParser.ParseCreate(body, RequestLimits.Default, RequestDefaults.Standard) switch
    {
        ParseResult<CreateResponseRequest>.Parsed parsed => RoutingFactsReader.Complexity(parsed.Request, parsed.Request.Input),
        ParseResult<CreateResponseRequest>.Refused refused => throw new InvalidDataException($"The body is no request: {refused.Error.Message}"),
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    private static string InWords(ComplexityScore score, EffortAsked asked, string version)
    {
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"tier              {score.DesiredTier.Name()}");
        text.AppendLine(CultureInfo.InvariantCulture, $"reasoning.effort  {(asked == EffortAsked.Nothing ? score.DesiredTier.ReasoningEffort() : "the client's own")}");
        text.AppendLine(CultureInfo.InvariantCulture, $"score             {score.Score} (level {score.Level:0.00}; moe from {TierThresholds.Standard.Moe}, dense from {TierThresholds.Standard.Dense})");
        text.AppendLine(CultureInfo.InvariantCulture, $"text              {score.Probability:0.000} that only a strong model succeeds");
        text.AppendLine(CultureInfo.InvariantCulture, $"weights           {version}");
        if (score.Contributions.Count == 0) text.AppendLine("no signal: the middle tier");
        foreach (var (points, reason) in score.Contributions) text.AppendLine(CultureInfo.InvariantCulture, $"{points,7:+0.00;-0.00;0}  {reason}");
        return text.ToString();
    }
}
