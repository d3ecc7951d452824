using System.Text.Json;

namespace Mka1.Edge.Security.Tests.Fuzz;

/// <summary>What is wrong with a gateway's answer, whatever was asked.</summary>
internal static class AnswerJudge
{
    private static readonly HashSet<string> ErrorMembers = ["message", "type", "param", "code", "rate_limit"];

    /// <summary>Statuses by which a gateway may say that it is not the client's fault; 500 is none of them.</summary>
    private static readonly HashSet<int> UpstreamStatuses = [502, 503, 504];

    /// <summary>Judges an answer to a client whose model server is sound: nothing is anybody's fault but the client's.</summary>
    public static string? OfClient(int status, string? contentType, string body) =>
        status >= 500 ? $"{status}: {body}" : Shape(status, contentType, body);

    /// <summary>Judges an answer whose model server was not sound.</summary>
    public static string? OfUpstream(int status, string? contentType, string body) =>
        status >= 500 && !UpstreamStatuses.Contains(status) ? $"{status}: {body}" : Shape(status, contentType, body);

    private static string? Shape(int status, string? contentType, string body)
    {
        if (status >= 400) return Envelope(contentType, body);
        if (status != 200) return $"Status {status}.";
        return contentType switch
        {
            "text/event-stream" => Stream(body),
            "application/json" => Parse(body, out _),
            _ => $"Content type '{contentType}'.",
        };
    }

    private static string? Envelope(string? contentType, string body)
    {
        if (contentType != "application/json") return $"A refusal as '{contentType}': {body}";
        if (Parse(body, out var root) is { } fault) return fault;
        if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("error", out var error) || root.EnumerateObject().Count() != 1) return $"No envelope: {body}";
        if (error.EnumerateObject().Any(member => !ErrorMembers.Contains(member.Name)) || error.GetProperty("message").GetString() is not { Length: > 0 }) return $"An odd error: {body}";
        return body.Contains("   at ", StringComparison.Ordinal) || body.Contains("Exception", StringComparison.Ordinal) ? $"Something of the inside: {body}" : null;
    }

    /// <summary>A stream ends in order, its events are what they say they are, and one that tells of a completion holds a sound response.</summary>
    private static string? Stream(string body)
    {
        var heard = Wire.Events(body);
        if (heard.Count < 2 || heard[^1].Data != "[DONE]") return $"A stream without its end: {body}";
        if (heard[^2].Name is not ("response.completed" or "response.incomplete" or "response.failed")) return $"A stream without a terminal event: {body}";
        var last = -1L;
        foreach (var said in heard.SkipLast(1))
        {
            // A relayed event is its model server's, word for word; the terminal one is the gateway's own, and strict.
            if (Parse(said.Data, out var root, strict: said == heard[^2]) is { } fault) return fault;
            if (root.GetProperty("type").GetString() != said.Name) return $"'{said.Name}' is of another type: {said.Data}";
            if (root.GetProperty("sequence_number").GetInt64() is var number && number <= last) return $"{number} after {last}.";
            else last = number;
        }

        var response = JsonDocument.Parse(heard[^2].Data).RootElement.GetProperty("response");
        if ("response." + response.GetProperty("status").GetString() != heard[^2].Name) return $"The terminal event says otherwise: {heard[^2].Data}";
        return response.GetProperty("output").ValueKind != JsonValueKind.Array || response.GetProperty("id").GetString()?.StartsWith("resp_", StringComparison.Ordinal) != true
            ? $"A broken response: {heard[^2].Data}"
            : null;
    }

    private static string? Parse(string json, out JsonElement root, bool strict = true)
    {
        root = default;
        try
        {
            using var document = JsonDocument.Parse(json, new JsonDocumentOptions { AllowDuplicateProperties = !strict, MaxDepth = 128 });
            root = document.RootElement.Clone();
            return null;
        }
        catch (JsonException e)
        {
            return $"{e.Message} in {json}";
        }
    }
}
