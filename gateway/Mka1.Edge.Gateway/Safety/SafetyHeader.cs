using System.Text.Json;
using Mka1.Edge.Gateway.Pipeline;
using Mka1.Edge.Policies.Safety;

namespace Mka1.Edge.Gateway.Safety;

/// <summary>Tells a client, on whatever answer it gets, that its subject has drawn attention.</summary>
internal static class SafetyHeader
{
    /// <summary>The header.</summary>
    public const string Name = "x-mka1-safety";

    /// <summary>The key in a response's metadata.</summary>
    public const string MetadataKey = "safety";

    /// <summary>What the metadata of a stored response says: what was decided when it was taken in.</summary>
    public static SafetyRung RungIn(ReadOnlyMemory<byte> response)
    {
        using var json = JsonDocument.Parse(response);
        return json.RootElement.TryGetProperty("metadata"u8, out var metadata)
            && metadata.ValueKind == JsonValueKind.Object
            && metadata.TryGetProperty(MetadataKey, out var name)
            && name.ValueKind == JsonValueKind.String
            && SafetyRungs.TryParse(name.GetString(), out var rung) ? rung : SafetyRung.Allow;
    }

    /// <summary>Sees to it that the answer to <paramref name="run"/> says so when there is something to say.</summary>
    public static void Announce(HttpContext http, ResponseRun run) => http.Response.OnStarting(
        static state =>
        {
            var (response, run) = ((HttpResponse, ResponseRun))state;
            if (run.SafetyRung > SafetyRung.Allow) response.Headers[Name] = run.SafetyRung.Name();
            return Task.CompletedTask;
        },
        (http.Response, run));
}
