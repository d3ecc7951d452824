using System.Globalization;
using System.Text.RegularExpressions;

namespace Mka1.Edge.Resilience.Tests.Support;

/// <summary>What a request's input tells the model server to do.</summary>
/// <param name="Seed">Names the request.</param>
/// <param name="Deltas">How many deltas to send.</param>
/// <param name="DelayMs">Milliseconds before each delta.</param>
/// <param name="WaitMs">Milliseconds before any output at all.</param>
internal sealed partial record PacedRequest(string Seed, int Deltas, int DelayMs, int WaitMs = 0)
{
    /// <summary>With a seed of its own.</summary>
    public static PacedRequest New(int deltas, int delayMs, int waitMs = 0) => new(Guid.NewGuid().ToString("N"), deltas, delayMs, waitMs);

    /// <summary>As the request's input.</summary>
    public string Input => string.Create(CultureInfo.InvariantCulture, $"seed={Seed} deltas={Deltas} delay={DelayMs} wait={WaitMs}");

    /// <summary>Tokens that the input is reported to be: anything from 8 to 71, which its length does not tell.</summary>
    public int InputTokens => 8 + (Seed[0] % 8 * 8) + (Seed[1] % 8);

    /// <summary>The text of the first answer.</summary>
    public string Text => PacedText.Whole(Seed, 1, Deltas);

    /// <summary>Events of the whole stream, as the model server sends them.</summary>
    public int Events => Deltas + 8;

    /// <summary>A create request.</summary>
    public string Body(bool stream = false, bool store = true, bool background = false) =>
        $$"""{"model":"mka1-mini","input":"{{Input}}","stream":{{Json(stream)}},"store":{{Json(store)}},"background":{{Json(background)}}}""";

    /// <summary>Reads it back out of the body that the gateway forwards.</summary>
    public static PacedRequest Read(string body)
    {
        var match = Pattern().Match(body);
        return new PacedRequest(match.Groups[1].Value, Number(2), Number(3), Number(4));

        int Number(int group) => int.Parse(match.Groups[group].Value, CultureInfo.InvariantCulture);
    }

    private static string Json(bool value) => value ? "true" : "false";

    [GeneratedRegex(@"seed=(\w+) deltas=(\d+) delay=(\d+) wait=(\d+)")]
    private static partial Regex Pattern();
}
