using System.Globalization;
using Mka1.Edge.LoadTests.Measuring;

namespace Mka1.Edge.LoadTests.Scenarios;

/// <summary><c>resume</c>.</summary>
internal sealed class Resume : LoadScenario
{
    private const int MostRead = 30;

    private static readonly string Body = Bodies.Create("deltas=40 itt=3", stream: true, store: true);

    public override string Name => "resume";

    public override string Summary => "Stored streams whose client leaves after some events and reads the rest over another connection.";

    public override double Rate => 30;

    public override async ValueTask<Outcome> ArriveAsync(ScenarioBench bench, long number, CancellationToken cancellation)
    {
        var wanted = 1 + (int)(number * 7 % MostRead);
        var text = new System.Text.StringBuilder();
        using (var opened = await bench.OpenAsync(Body, cancellation: cancellation))
        {
            if (!opened.IsSuccessStatusCode) return Outcome.Of((int)opened.StatusCode);
            using var reader = new StreamReader(await opened.Content.ReadAsStreamAsync(cancellation));
            for (var read = 0; read < wanted && await reader.ReadLineAsync(cancellation) is { } line;)
            {
                text.Append(line).Append('\n');
                if (line.Length == 0) read++;
            }
        }

        var seen = StreamEvents.Numbers(text.ToString());
        var id = new Answer(200, text.ToString()).Id("resp_");
        var rest = await bench.SendAsync(null, string.Create(CultureInfo.InvariantCulture, $"{ScenarioBench.Path}/{id}?stream=true&starting_after={seen[^1]}"), cancellation: cancellation);
        if (!rest.Ok) return Outcome.Of(rest.Status);
        seen.AddRange(StreamEvents.Numbers(rest.Text));
        return new Outcome(StreamEvents.AreWhole(seen) && rest.Text.Contains("event: response.completed", StringComparison.Ordinal), "resumed", seen.Count);
    }
}
