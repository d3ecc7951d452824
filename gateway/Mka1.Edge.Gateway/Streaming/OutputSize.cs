using System.Text;
using Mka1.Edge.Responses;

namespace Mka1.Edge.Gateway.Streaming;

/// <summary>Measures an answer that came whole and without a usage, as the deltas of a stream are measured.</summary>
internal static class OutputSize
{
    /// <summary>Pieces of text, each at least a token, and their bytes.</summary>
    public static (int Pieces, long Bytes) Of(ResponseObject response)
    {
        var (pieces, bytes) = (0, 0L);
        foreach (var text in response.Output.SelectMany(TextsOf).Where(text => !text.IsEmpty))
        {
            pieces++;
            bytes += Encoding.UTF8.GetByteCount(text.Value);
        }

        return (pieces, bytes);
    }

    private static IEnumerable<JsonText> TextsOf(ResponseItem item) => item switch
    {
        MessageItem message => message.Content.Select(TextOf),
        ReasoningItem reasoning => (reasoning.Content ?? reasoning.Summary).Select(TextOf),
        FunctionCallItem call => [call.Arguments],
        CustomToolCallItem call => [call.Input],
        _ => [],
    };

    private static JsonText TextOf(ContentPart part) => part switch
    {
        OutputTextPart text => text.Text,
        RefusalPart refusal => refusal.Refusal,
        ReasoningTextPart thought => thought.Text,
        SummaryTextPart thought => thought.Text,
        _ => "",
    };
}
