using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Mka1.Edge.Gateway.Forwarding;
using Mka1.Edge.Gateway.Pipeline;
using Mka1.Edge.Gateway.State;
using Mka1.Edge.Responses;

namespace Mka1.Edge.Gateway.History;

/// <summary>
/// Compacts the context of a run: asks its model for a summary and seals that, together with what must stay word for word, into
/// a compaction item. Nobody but this gateway can read it, and for its own tenant only.
/// </summary>
internal sealed class Compactor(PoolClient pools, Protector protector, TimeProvider clock)
{
    private const long MaxSummaryTokens = 2048;

    private const string Assignment =
        "Summarise the conversation so far, so that you can carry it on from your summary alone. Keep every fact, name, number, decision, "
        + "instruction, result and open question that later turns may need. Write the summary and nothing else.";

    private const string Heading = "Summary of the conversation so far:\n\n";

    private readonly CompactionCipher _cipher = new(protector);

    /// <summary>Compacts what the run's model would get as its input.</summary>
    public async ValueTask<Compaction> CompactAsync(ResponseRun run, CancellationToken cancellation)
    {
        var items = ItemsOf(run);
        switch (await pools.PostAsync(run, "", Question(run, items), cancellation))
        {
            case PoolAnswer.Refused refused:
                return new Compaction.Refused(refused.End, refused.Error);
            case PoolAnswer.Answered answered:
                return SummaryIn(run, answered.Body) is { } response
                    ? Made(run, items, response, answered.Destination)
                    : new Compaction.Refused(RunEnd.UpstreamBroken, PoolClient.Senseless);
            default:
                throw new System.Diagnostics.UnreachableException();
        }
    }

    /// <summary>How many items the context has beside the prompt template's, and how many of them would stay word for word.</summary>
    public static (int All, int Verbatim) Extent(ResponseRun run)
    {
        var items = ItemsOf(run).Skip(Lead(run)).ToList();
        return (items.Count, VerbatimItems.Of(items).Count);
    }

    /// <summary>Tokens that a summary may have.</summary>
    public static long SummaryTokens(ResponseRun run) => Math.Clamp((run.Route.Variant.Capabilities.ContextWindow ?? long.MaxValue) / 4, 1, MaxSummaryTokens);

    /// <summary>Items in front that come from a prompt template: the next request brings them along anew.</summary>
    public static int Lead(ResponseRun run) => run.Request.Prompt is null ? 0 : 1;

    /// <summary>What the run's model would get as its input.</summary>
    public static IReadOnlyList<ContextItem> ItemsOf(ResponseRun run) => run.History.Context is { } context
        ? [.. ContextItem.OfArray(context)]
        : [.. run.Request.Input.Select(item => ContextItem.Of(StoredItems.Normalize(item).Json))];

    private Compaction.Made Made(ResponseRun run, IReadOnlyList<ContextItem> items, ResponseObject response, string destination)
    {
        var id = ResponseIds.New(ResponseIds.Compaction);
        List<ContextItem> inside = [Message(id, Heading + response.OutputText.Trim()), .. VerbatimItems.Of([.. items.Skip(Lead(run))])];
        var item = _cipher.Seal(run.Caller.Grant.TenantId, id, ContextItem.ToArray(inside));
        return new Compaction.Made(id, item, inside, response.Usage, destination);
    }

    /// <summary>The answer, if it holds a summary.</summary>
    private ResponseObject? SummaryIn(ResponseRun run, byte[] body) =>
        SnapshotEnvelope.Merge(run.Envelope, body, clock.GetUtcNow().ToUnixTimeSeconds())
            is SnapshotResult.Merged { Response: { Status: ResponseStatus.Completed or ResponseStatus.Incomplete } response }
        && !string.IsNullOrWhiteSpace(response.OutputText)
            ? response
            : null;

    private static byte[] Question(ResponseRun run, IReadOnlyList<ContextItem> items)
    {
        var variant = run.Route.Variant;
        var buffer = new ArrayBufferWriter<byte>(items.Sum(item => item.Json.Length) + 1024);
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            json.WriteString("model"u8, variant.UpstreamModel);
            if (run.Request.Instructions is { } instructions) json.WriteString("instructions"u8, instructions);
            json.WritePropertyName("input"u8);
            json.WriteRawValue(ContextItem.ToArray([.. items, Message(null, Assignment)]), skipInputValidation: true);
            json.WriteNumber("temperature"u8, 0);
            json.WriteNumber("max_output_tokens"u8, SummaryTokens(run));
            json.WriteString("truncation"u8, "auto"u8);
            json.WriteString("prompt_cache_key"u8, run.CacheKey);
            json.WriteBoolean("store"u8, false);
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    private static ContextItem Message(string? id, string text)
    {
        var item = new MessageItem { Id = id, Role = MessageRole.Developer, Content = [new InputTextPart { Text = text }] };
        return ContextItem.Of(JsonSerializer.SerializeToUtf8Bytes(item, ResponsesJson.Wire.MessageItem));
    }
}
