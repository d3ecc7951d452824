using System.Text.Json;

namespace Mka1.Edge.Gateway.Tests.Support;

/// <summary>One server-sent event, as it is written or as it was read.</summary>
public sealed record SseEvent(string Name, string Data)
{
    public JsonElement Json => JsonDocument.Parse(Data).RootElement;

    /// <summary>The event on the wire, blank line included.</summary>
    public override string ToString() => $"event: {Name}\ndata: {Data}\n\n";
}
