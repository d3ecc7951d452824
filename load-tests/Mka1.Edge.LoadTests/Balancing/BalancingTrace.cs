using System.Text;
using System.Text.Json;

namespace Mka1.Edge.LoadTests.Balancing;

/// <summary>
/// Conversations whose turns come in between each other's: every turn sends all that came before, which is what a model server can
/// have computed already. The same for the same seed, but for the words that keep one run's prompts out of another's cache.
/// </summary>
internal sealed class BalancingTrace
{
    private const int Conversations = 24;
    private const int Words = 120;
    private const int WordsATurn = 12;

    private static readonly string[] Vocabulary =
        ["river", "stone", "paper", "lamp", "garden", "window", "letter", "market", "cloud", "bridge", "silver", "morning", "island", "engine", "copper", "violin"];

    private BalancingTrace(IReadOnlyList<Entry> entries) => Entries = entries;

    public IReadOnlyList<Entry> Entries { get; }

    /// <param name="run">Sets its prompts apart from those of other runs.</param>
    /// <param name="rate">Requests a second.</param>
    /// <param name="seconds">How long it goes on.</param>
    public static BalancingTrace Create(string run, int rate, int seconds)
    {
        var random = new Random(20_261_121);
        var contexts = new StringBuilder[Conversations];
        for (var i = 0; i < Conversations; i++) contexts[i] = Say(new StringBuilder($"{run} {i} "), random, Words);
        var entries = new List<Entry>();
        var due = TimeSpan.Zero;
        while (due < TimeSpan.FromSeconds(seconds))
        {
            // Some conversations are livelier than others, and requests come as they come.
            var conversation = (int)(Conversations * Math.Pow(random.NextDouble(), 1.5));
            entries.Add(new Entry(due, Body($"{run}-{conversation}", Say(contexts[conversation], random, WordsATurn).ToString())));
            due += TimeSpan.FromSeconds(-Math.Log(1 - random.NextDouble()) / rate);
            if (contexts[conversation].Length > 4000) contexts[conversation].Length = 1000;
        }

        return new BalancingTrace(entries);
    }

    private static StringBuilder Say(StringBuilder text, Random random, int words)
    {
        for (var i = 0; i < words; i++) text.Append(Vocabulary[random.Next(Vocabulary.Length)]).Append(' ');
        return text;
    }

    private static string Body(string conversation, string text) => JsonSerializer.Serialize(new Dictionary<string, object>
    {
        ["model"] = "m", ["input"] = text, ["stream"] = true, ["store"] = false, ["max_output_tokens"] = 16, ["prompt_cache_key"] = conversation,
    });

    /// <summary>One request.</summary>
    /// <param name="Due">When it is sent, from the beginning.</param>
    /// <param name="Body">Its body.</param>
    public sealed record Entry(TimeSpan Due, string Body);
}
