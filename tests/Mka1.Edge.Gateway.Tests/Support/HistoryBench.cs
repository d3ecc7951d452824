using System.Text;
using System.Text.Json;
using Mka1.Edge.Gateway.Configuration;
using Mka1.Edge.Gateway.History;
using Mka1.Edge.Gateway.Pipeline;
using Mka1.Edge.Gateway.State;
using Mka1.Edge.Policies.Identity;
using Mka1.Edge.Responses;
using Mka1.Edge.Stores;
using Mka1.Edge.Stores.Conversations;
using Mka1.Edge.Stores.Ledger;
using Mka1.Edge.Stores.Prompts;
using Mka1.Edge.Stores.Responses;

namespace Mka1.Edge.Gateway.Tests.Support;

/// <summary>The stage History with stores in memory, and the means to fill them.</summary>
internal sealed class HistoryBench
{
    public static readonly Owner Acme = new("acme", null);

    private readonly HistoryStage _stage;
    private readonly EdgeSnapshot _snapshot;

    public HistoryBench(long maxRequestBytes = 1024 * 1024, int maxChainLength = 10, IResponseStore? responses = null)
    {
        Stores = new MemoryStoreSet(TimeProvider.System, new MemoryLedger());
        _stage = new HistoryStage(responses ?? Stores.Responses, Stores.Conversations, Prompts, Protector);
        _snapshot = EdgeSnapshot.Build(new EdgeConfig
        {
            Pools = new Dictionary<string, PoolConfig>
            {
                ["pool"] = new() { Destinations = new Dictionary<string, DestinationConfig> { ["one"] = new() { Address = "http://127.0.0.1:1/" } } },
            },
            Families = new Dictionary<string, FamilyConfig>
            {
                ["m"] = new() { Default = "dense", Variants = new Dictionary<string, VariantConfig> { ["dense"] = new() { Model = "m-dense", Pool = "pool" } } },
            },
            Limits = new LimitsConfig { MaxRequestBytes = maxRequestBytes },
            Stores = new StoresConfig { MaxChainLength = maxChainLength },
        });
    }

    public MemoryStoreSet Stores { get; }

    public MemoryPromptStore Prompts { get; } = new();

    public Protector Protector { get; } = new("a shared secret");

    public CompactionCipher Cipher => new(Protector);

    /// <summary>A message as it is stored.</summary>
    public static string Message(string id, string text, string role = "user") => role == "assistant"
        ? $$"""{"id":"{{id}}","type":"message","status":"completed","role":"assistant","content":[{"type":"output_text","text":"{{text}}","annotations":[],"logprobs":[]}]}"""
        : $$"""{"id":"{{id}}","type":"message","status":"completed","role":"{{role}}","content":[{"type":"input_text","text":"{{text}}"}]}""";

    /// <summary>Sends a request with the given members through the stage.</summary>
    public async Task<(RunHistory? History, ApiError? Refusal)> RunAsync(string members, Owner? owner = null)
    {
        var run = Run(members, owner);
        var refusal = await _stage.RunAsync(run, CancellationToken.None);
        return (run.History, refusal);
    }

    /// <summary>Sends a request through the stage that must be refused.</summary>
    public async Task<ApiError> RefusedAsync(string members, Owner? owner = null)
    {
        var (history, refusal) = await RunAsync(members, owner);
        Assert.Null(history);
        Assert.NotNull(refusal);
        return refusal;
    }

    /// <summary>Sends a request through the stage and gives what the model gets.</summary>
    public async Task<RunHistory> AcceptedAsync(string members, Owner? owner = null)
    {
        var (history, refusal) = await RunAsync(members, owner);
        Assert.Null(refusal);
        return history!;
    }

    /// <summary>Sends a request through the stage and gives the texts the model gets, in order, each with its role.</summary>
    public async Task<string[]> TextsAsync(string members, Owner? owner = null) => Texts((await AcceptedAsync(members, owner)).Context!.Value);

    public static string[] Texts(ReadOnlyMemory<byte> array) =>
    [
        .. JsonDocument.Parse(array).RootElement.EnumerateArray().Select(item => item.TryGetProperty("content", out var content)
            ? item.GetProperty("role").GetString() + ": " + string.Join('|', content.EnumerateArray().Select(part => part.TryGetProperty("text", out var text) ? text.GetString() : part.GetProperty("type").GetString()))
            : item.GetProperty("type").GetString()!),
    ];

    public Task StoreAsync(string id, string[] input, string[] output, string? previous = null, StoredStatus status = StoredStatus.Completed, Owner? owner = null) =>
        Stores.Responses.AddAsync(new ResponseAddition(
            new StoredResponse
            {
                Id = id,
                Owner = owner ?? Acme,
                Status = status,
                CreatedAt = 1,
                PreviousResponseId = previous,
                Input = Bytes($"[{string.Join(',', input)}]"),
                Body = Bytes($$"""{"id":"{{id}}","output":[{{string.Join(',', output)}}]}"""),
            },
            [.. input.Concat(output).Select(item => JsonDocument.Parse(item).RootElement.GetProperty("id").GetString()!)])).AsTask();

    public async Task ConverseAsync(string id, IReadOnlyList<(string Id, string Json)> items, string? responseId = null, Owner? owner = null)
    {
        await Stores.Conversations.AddAsync(new StoredConversation(id, owner ?? Acme, 1, Bytes("{}")), []);
        await Stores.Conversations.AppendAsync(
            owner ?? Acme, new ConversationAppend(id, responseId, [.. items.Select(item => new ConversationItem(item.Id, Bytes(item.Json), "", responseId))]));
    }

    public static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    private ResponseRun Run(string members, Owner? owner)
    {
        var caller = new Caller(new KeyGrant((owner ?? Acme).TenantId, "key", new HashSet<string>()), (owner ?? Acme).EndUser);
        var parsed = RequestParser.ParseCreate(Bytes($$"""{"model":"m",{{members}}}"""));
        return new ResponseRun(ResponseIds.New(ResponseIds.Response), "req_1", _snapshot, caller, DateTimeOffset.UnixEpoch, 0)
        {
            Request = Assert.IsType<ParseResult<CreateResponseRequest>.Parsed>(parsed).Request,
        };
    }
}
