using System.Net;
using System.Text.Json;

namespace Mka1.Edge.Resilience.Tests.Support;

/// <summary>A whole answer.</summary>
/// <param name="Status">Its status.</param>
/// <param name="RetryAfter">The header of that name; null without.</param>
/// <param name="Body">Its body.</param>
internal sealed record Answer(HttpStatusCode Status, string? RetryAfter, string Body)
{
    public string Id => Field("id");

    public string ResponseStatus => Field("status");

    /// <summary>The code of the error that the body is, or of the one it holds as a failed response.</summary>
    public string? ErrorCode => Parse().TryGetProperty("error", out var error) && error.ValueKind == JsonValueKind.Object ? error.GetProperty("code").GetString() : null;

    /// <summary>The text of the response.</summary>
    public string Text => string.Concat(
        from item in Parse().GetProperty("output").EnumerateArray()
        where item.GetProperty("type").GetString() == "message"
        from part in item.GetProperty("content").EnumerateArray()
        select part.GetProperty("text").GetString());

    public bool IsTerminal => ResponseStatus is "completed" or "failed" or "incomplete" or "cancelled";

    private JsonElement Parse() => JsonDocument.Parse(Body).RootElement;

    private string Field(string name) => Parse().GetProperty(name).GetString()!;
}
