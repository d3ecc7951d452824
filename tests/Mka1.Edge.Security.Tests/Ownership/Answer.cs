using System.Text;
using System.Text.RegularExpressions;

namespace Mka1.Edge.Security.Tests.Ownership;

/// <summary>All a client can tell of an answer, but for what no two answers share: request id and date.</summary>
/// <param name="Status">The status.</param>
/// <param name="Text">Header lines in their order by name, then the body. A stream's body is left unread.</param>
public sealed partial record Answer(int Status, string Text)
{
    private const string Stream = "text/event-stream";

    public static async Task<Answer> ReadAsync(HttpResponseMessage response)
    {
        var text = new StringBuilder();
        foreach (var (name, values) in response.Headers.Concat(response.Content.Headers).OrderBy(header => header.Key, StringComparer.OrdinalIgnoreCase))
        {
            if (name.Equals("x-request-id", StringComparison.OrdinalIgnoreCase) || name == "Date") continue;
            text.Append(name).Append(": ").AppendJoin(", ", values).Append('\n');
        }

        if (response.Content.Headers.ContentType?.MediaType != Stream) text.Append(await response.Content.ReadAsStringAsync());
        return new Answer((int)response.StatusCode, text.ToString());
    }

    /// <summary>
    /// The same without the ids that the request sent, which a refusal may say back; and, when the caller made something new,
    /// without that one's ids and times.
    /// </summary>
    public Answer Without(IEnumerable<string> sent)
    {
        var text = sent.OrderByDescending(id => id.Length).Aggregate(Text, (rest, id) => rest.Replace(id, "<sent>", StringComparison.Ordinal));
        return this with { Text = Status == 200 ? Times().Replace(Ids().Replace(text, "$1_<new>"), "$1<now>") : text };
    }

    public override string ToString() => $"{Status} {Text.Replace('\n', ' ')}";

    [GeneratedRegex("\\b([a-z]+)_[0-9a-f]{32}\\b")]
    private static partial Regex Ids();

    [GeneratedRegex("(\"(?:created|completed)_at\":)\\d+")]
    private static partial Regex Times();
}
