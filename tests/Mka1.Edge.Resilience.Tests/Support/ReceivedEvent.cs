using System.Text.Json;

namespace Mka1.Edge.Resilience.Tests.Support;

/// <summary>An event as a client got it.</summary>
/// <param name="Sequence">Its number.</param>
/// <param name="Name">Its name.</param>
/// <param name="Data">Its data, every byte of it.</param>
public sealed record ReceivedEvent(long Sequence, string Name, string Data)
{
    public bool IsTerminal => Name is "response.completed" or "response.failed" or "response.incomplete" or "response.cancelled";

    /// <summary>The response that a snapshot event carries, as it stands in the event.</summary>
    public string Response
    {
        get
        {
            using var json = JsonDocument.Parse(Data);
            return json.RootElement.GetProperty("response").GetRawText();
        }
    }

    /// <summary>The text a delta adds; empty for other events.</summary>
    public string Delta
    {
        get
        {
            if (Name != "response.output_text.delta") return "";
            using var json = JsonDocument.Parse(Data);
            return json.RootElement.GetProperty("delta").GetString()!;
        }
    }

    public static ReceivedEvent Read(string name, string data)
    {
        using var json = JsonDocument.Parse(data);
        return new ReceivedEvent(json.RootElement.GetProperty("sequence_number").GetInt64(), name, data);
    }
}
