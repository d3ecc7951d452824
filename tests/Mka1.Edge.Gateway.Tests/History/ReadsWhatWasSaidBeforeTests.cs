using System.Text;
using System.Text.Json;
using Mka1.Edge.Gateway.Tests.Support;
using Mka1.Edge.Policies.Identity;
using Mka1.Edge.Responses;
using Mka1.Edge.Stores;
using Mka1.Edge.Stores.Paging;
using Mka1.Edge.Stores.Responses;
using static Mka1.Edge.Gateway.Tests.Support.HistoryBench;

namespace Mka1.Edge.Gateway.Tests.History;

/// <summary>Promise: what a request refers to becomes the model's input, in order, and only its owner can refer to it.</summary>
public sealed class ReadsWhatWasSaidBeforeTests
{
    private static readonly Owner[] Others = [new("globex", null), new("acme", "alice")];

    private readonly HistoryBench _bench = new();

    [Fact]
    public async Task A_request_that_refers_to_nothing_goes_on_byte_for_byte()
    {
        var history = await _bench.AcceptedAsync("\"input\":\"hello\"");
        Assert.Null(history.Context);
        var item = Assert.Single(JsonDocument.Parse(history.Items).RootElement.EnumerateArray());
        Assert.Equal(Assert.Single(history.ItemIds), item.GetProperty("id").GetString());
        Assert.Equal("hello", item.GetProperty("content")[0].GetProperty("text").GetString());
        Assert.Equal("[]", Encoding.UTF8.GetString((await _bench.AcceptedAsync("\"input\":\"hello\",\"store\":false")).Items.Span));
    }

    [Fact]
    public async Task A_chain_gives_earlier_input_and_output_oldest_first_and_then_the_new_input()
    {
        await _bench.StoreAsync("resp_1", [Message("m1", "one")], [Message("m2", "two", "assistant")]);
        await _bench.StoreAsync("resp_2", [Message("m3", "three")], [Message("m4", "four", "assistant")], previous: "resp_1");
        var history = await _bench.AcceptedAsync("\"input\":[{\"role\":\"user\",\"content\":\"five\"}],\"previous_response_id\":\"resp_2\"");
        Assert.Equal(["user: one", "assistant: two", "user: three", "assistant: four", "user: five"], Texts(history.Context!.Value));
        Assert.Equal(["user: five"], Texts(history.Items));
        Assert.Equal(5, history.Input.Count);
        Assert.Null(history.Compaction);
    }

    [Fact]
    public async Task Failed_and_cancelled_responses_bring_what_they_have()
    {
        await _bench.StoreAsync("resp_1", [Message("m1", "one")], [], status: StoredStatus.Failed);
        await _bench.StoreAsync("resp_2", [Message("m2", "two")], [Message("m3", "thr", "assistant")], previous: "resp_1", status: StoredStatus.Cancelled);
        Assert.Equal(["user: one", "user: two", "assistant: thr", "user: go"], await _bench.TextsAsync("\"input\":\"go\",\"previous_response_id\":\"resp_2\""));
    }

    [Theory]
    [InlineData(StoredStatus.Queued)]
    [InlineData(StoredStatus.InProgress)]
    public async Task A_response_that_goes_on_cannot_be_built_upon(StoredStatus status)
    {
        await _bench.StoreAsync("resp_1", [Message("m1", "one")], [], status: status);
        var error = await _bench.RefusedAsync("\"input\":\"go\",\"previous_response_id\":\"resp_1\"");
        Assert.Equal((ErrorCode.InvalidState, "previous_response_id"), (error.Code, error.Param));
        Assert.Contains("Wait", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Unknown_foreign_broken_and_endless_chains_are_refused_in_the_same_words()
    {
        await _bench.StoreAsync("resp_1", [Message("m1", "one")], []);
        await _bench.StoreAsync("resp_b", [Message("m2", "two")], [], previous: "resp_gone");
        for (var i = 2; i < 13; i++) await _bench.StoreAsync($"resp_{i}", [Message($"c{i}", "x")], [], previous: $"resp_{i - 1}");

        foreach (var id in (string[])["resp_none", "resp_b", "resp_12"])
            AssertNotFound(id, await _bench.RefusedAsync($"\"input\":\"go\",\"previous_response_id\":\"{id}\""));
        foreach (var other in Others)
            AssertNotFound("resp_1", await _bench.RefusedAsync("\"input\":\"go\",\"previous_response_id\":\"resp_1\"", other));
    }

    [Fact]
    public async Task A_conversation_gives_all_its_items_and_then_the_new_input()
    {
        await _bench.ConverseAsync("conv_1", [.. Enumerable.Range(0, 450).Select(i => ($"i{i}", Message($"i{i}", $"{i}")))]);
        string[] expected = [.. Enumerable.Range(0, 450).Select(i => $"user: {i}"), "user: go"];
        Assert.Equal(expected, await _bench.TextsAsync("\"input\":\"go\",\"conversation\":\"conv_1\""));
    }

    [Fact]
    public async Task An_empty_conversation_gives_the_new_input_alone()
    {
        await _bench.ConverseAsync("conv_1", []);
        Assert.Equal(["user: go"], await _bench.TextsAsync("\"input\":\"go\",\"conversation\":{\"id\":\"conv_1\"}"));
    }

    [Fact]
    public async Task An_unknown_and_a_foreign_conversation_are_not_found()
    {
        await _bench.ConverseAsync("conv_1", [("i1", Message("i1", "one"))]);
        var unknown = await _bench.RefusedAsync("\"input\":\"go\",\"conversation\":\"conv_2\"");
        Assert.Equal((ErrorCode.NotFound, "conversation"), (unknown.Code, unknown.Param));
        foreach (var other in Others) Assert.Equal(unknown, await _bench.RefusedAsync("\"input\":\"go\",\"conversation\":\"conv_1\"", other));
    }

    [Fact]
    public async Task A_reference_becomes_the_item_wherever_it_is_stored()
    {
        await _bench.StoreAsync("resp_1", [Message("m1", "asked")], [Message("m2", "answered", "assistant")]);
        await _bench.ConverseAsync("conv_1", [("i1", Message("i1", "said"))]);
        var history = await _bench.AcceptedAsync(
            """
            "input":[{"type":"item_reference","id":"m2"},{"id":"m1"},{"role":"user","content":"new"},{"type":"item_reference","id":"i1"},{"id":"m1"}]
            """);
        string[] expected = ["assistant: answered", "user: asked", "user: new", "user: said", "user: asked"];
        Assert.Equal(expected, Texts(history.Context!.Value));
        Assert.Equal(expected, Texts(history.Items));
        Assert.Equal(["m2", "m1", history.ItemIds[2], "i1", "m1"], history.ItemIds);
    }

    [Fact]
    public async Task Unknown_and_foreign_references_are_not_found_and_named_by_their_place()
    {
        await _bench.StoreAsync("resp_1", [Message("m1", "asked")], []);
        await _bench.ConverseAsync("conv_1", [("i1", Message("i1", "said"))]);
        const string both = "\"input\":[{\"role\":\"user\",\"content\":\"x\"},{\"type\":\"item_reference\",\"id\":\"ID\"}]";
        var unknown = await _bench.RefusedAsync(both.Replace("ID", "nowhere", StringComparison.Ordinal));
        Assert.Equal((ErrorCode.NotFound, "input[1].id"), (unknown.Code, unknown.Param));
        foreach (var other in Others)
        {
            Assert.Equal(unknown, await _bench.RefusedAsync(both.Replace("ID", "m1", StringComparison.Ordinal), other));
            Assert.Equal(unknown, await _bench.RefusedAsync(both.Replace("ID", "i1", StringComparison.Ordinal), other));
        }
    }

    [Fact]
    public async Task A_context_larger_than_any_request_may_be_is_refused_whatever_makes_it_so()
    {
        var bench = new HistoryBench(maxRequestBytes: 2048);
        var long1 = Message("m1", new string('x', 1500));
        await bench.StoreAsync("resp_1", [long1], [Message("m2", new string('x', 1500), "assistant")]);
        await bench.ConverseAsync("conv_1", [("m1", long1), ("m3", Message("m3", new string('x', 1500)))]);
        await bench.Prompts.AddAsync(new("prompt_1", Acme, "p", 1, 1, 1), new("pver_1", 1, string.Concat(Enumerable.Repeat("{{a}}", 100)), 1));
        (string Members, string Param)[] cases =
        [
            ("\"input\":\"go\",\"previous_response_id\":\"resp_1\"", "previous_response_id"),
            ("\"input\":\"go\",\"conversation\":\"conv_1\"", "conversation"),
            ("\"input\":[{\"id\":\"m1\"},{\"id\":\"m1\"}]", "input"),
            ($"\"input\":\"go\",\"prompt\":{{\"id\":\"prompt_1\",\"variables\":{{\"a\":\"{new string('x', 100)}\"}}}}", "prompt.variables"),
        ];
        foreach (var (members, param) in cases)
        {
            var error = await bench.RefusedAsync(members);
            Assert.Equal((ErrorCode.ContextLengthExceeded, param), (error.Code, error.Param));
        }
    }

    [Fact]
    public async Task A_store_that_is_away_is_no_unknown_response()
    {
        var error = await new HistoryBench(responses: new AwayStore()).RefusedAsync("\"input\":\"go\",\"previous_response_id\":\"resp_1\"");
        Assert.Equal(ErrorCode.StoreUnavailable, error.Code);
    }

    private static void AssertNotFound(string id, ApiError error) => Assert.Equal(
        new ApiError(ErrorCode.PreviousResponseNotFound, $"Previous response with id '{id}' not found.", "previous_response_id"), error);

    private sealed class AwayStore : IResponseStore
    {
        private static StoreUnavailableException Away => new("postgres", new TimeoutException());

        public ValueTask AddAsync(ResponseAddition addition, CancellationToken cancellation = default) => throw Away;

        public ValueTask<StoredResponse?> FindAsync(Owner owner, string id, CancellationToken cancellation = default) => throw Away;

        public ValueTask<Page<StoredResponse>?> ListAsync(Owner owner, PageQuery query, CancellationToken cancellation = default) => throw Away;

        public ValueTask<StoredResponse?> SetMetadataAsync(Owner owner, string id, ReadOnlyMemory<byte> metadata, CancellationToken cancellation = default) => throw Away;

        public ValueTask<bool> DeleteAsync(Owner owner, string id, CancellationToken cancellation = default) => throw Away;

        public ValueTask<IReadOnlyList<StoredResponse>?> ChainAsync(Owner owner, string id, int maxLength, CancellationToken cancellation = default) => throw Away;

        public ValueTask<IReadOnlyList<StoredResponse>> FindByItemsAsync(Owner owner, IReadOnlyCollection<string> itemIds, CancellationToken cancellation = default) => throw Away;
    }
}
