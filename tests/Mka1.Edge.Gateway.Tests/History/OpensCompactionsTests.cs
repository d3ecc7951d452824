using System.Text;
using System.Text.Json;
using Mka1.Edge.Gateway.History;
using Mka1.Edge.Gateway.State;
using Mka1.Edge.Gateway.Tests.Support;
using Mka1.Edge.Policies.Identity;
using Mka1.Edge.Responses;
using static Mka1.Edge.Gateway.Tests.Support.HistoryBench;

namespace Mka1.Edge.Gateway.Tests.History;

/// <summary>Promise: a compaction item becomes what it stands for, for its own tenant and for nobody else.</summary>
public sealed class OpensCompactionsTests
{
    private readonly HistoryBench _bench = new();

    [Fact]
    public async Task A_compaction_in_the_input_becomes_its_items_and_is_stored_sealed()
    {
        var history = await _bench.AcceptedAsync($$"""
            "input":[{"role":"user","content":"before"},{{Sealed("summary", "last")}},{"role":"user","content":"after"}]
            """);
        Assert.Equal(["user: before", "user: summary", "user: last", "user: after"], Texts(history.Context!.Value));
        Assert.Equal(["user: before", "compaction", "user: after"], Texts(history.Items));
        Assert.Equal("cmp_1", history.ItemIds[1]);
    }

    [Fact]
    public async Task Another_end_user_of_the_tenant_may_bring_it_and_another_tenant_may_not()
    {
        var request = $"\"input\":[{Sealed("summary")}]";
        Assert.Equal(["user: summary"], await _bench.TextsAsync(request, new Owner("acme", "alice")));
        AssertUnreadable("input[0].encrypted_content", await _bench.RefusedAsync(request, new Owner("globex", null)));
    }

    [Fact]
    public async Task What_was_changed_or_never_was_a_compaction_is_refused_by_its_place()
    {
        var whole = JsonDocument.Parse(Sealed("summary")).RootElement.GetProperty("encrypted_content").GetString()!;
        var stranger = new CompactionCipher(new Protector("another secret")).Seal("acme", "cmp_1", "[]"u8);
        string[] contents =
        [
            "", "x", "not base64!", "AAAA", whole[..^4], whole[..^8] + "AAAAAAA=", "B" + whole[1..],
            JsonDocument.Parse(stranger).RootElement.GetProperty("encrypted_content").GetString()!,
        ];
        foreach (var content in contents)
        {
            AssertUnreadable("input[1].encrypted_content", await _bench.RefusedAsync(
                $$"""
                "input":[{"role":"user","content":"x"},{"type":"compaction","encrypted_content":"{{content}}"}]
                """));
        }
    }

    [Fact]
    public async Task In_a_chain_a_compaction_among_the_output_stands_for_all_before_it()
    {
        await _bench.StoreAsync("resp_1", [Message("m1", "one")], [Message("m2", "two", "assistant")]);
        await _bench.StoreAsync("resp_2", [Message("m3", "three")], [Sealed("summary", "three"), Message("m4", "four", "assistant")], previous: "resp_1");
        Assert.Equal(
            ["user: summary", "user: three", "assistant: four", "user: go"], await _bench.TextsAsync("\"input\":\"go\",\"previous_response_id\":\"resp_2\""));
    }

    [Fact]
    public async Task In_a_chain_a_compaction_that_a_client_sent_stays_at_its_place()
    {
        await _bench.StoreAsync("resp_1", [Message("m1", "rule", "developer"), Sealed("summary"), Message("m2", "two")], [Message("m3", "three", "assistant")]);
        Assert.Equal(
            ["developer: rule", "user: summary", "user: two", "assistant: three", "user: go"],
            await _bench.TextsAsync("\"input\":\"go\",\"previous_response_id\":\"resp_1\""));
    }

    [Fact]
    public async Task In_a_conversation_a_compaction_of_a_response_stands_for_all_before_it()
    {
        await _bench.ConverseAsync("conv_1", [("m1", Message("m1", "one")), ("cmp_1", Sealed("summary")), ("m2", Message("m2", "two"))], responseId: "resp_1");
        Assert.Equal(["user: summary", "user: two", "user: go"], await _bench.TextsAsync("\"input\":\"go\",\"conversation\":\"conv_1\""));
        await _bench.ConverseAsync("conv_2", [("m3", Message("m3", "one")), ("cmp_2", Sealed("summary")), ("m4", Message("m4", "two"))]);
        Assert.Equal(["user: one", "user: summary", "user: two", "user: go"], await _bench.TextsAsync("\"input\":\"go\",\"conversation\":\"conv_2\""));
    }

    [Fact]
    public async Task Reasoning_goes_along_unchanged()
    {
        const string reasoning = """{"type":"reasoning","id":"rs_1","encrypted_content":"AAAA","summary":[ ]}""";
        await _bench.StoreAsync("resp_1", [Message("m1", "one")], [reasoning]);
        var history = await _bench.AcceptedAsync("\"input\":\"go\",\"previous_response_id\":\"resp_1\"");
        Assert.Contains(reasoning, Encoding.UTF8.GetString(history.Context!.Value.Span), StringComparison.Ordinal);
    }

    [Fact]
    public void What_operators_said_the_last_user_said_and_open_calls_stay_word_for_word()
    {
        string[] items =
        [
            Message("s", "rule", "system"), Message("cmp_0", "old summary", "developer"), Message("u1", "first"),
            Call("c1"), Output("c1"), Message("u2", "last"), Message("a1", "said", "assistant"), Call("c2"), Call("c3"), Output("c3"),
        ];
        Assert.Equal(["s", "u2", "fc_c2", "fc_c3", "fco_c3"], Kept(items));
        Assert.Equal(["s", "u2", "fc_c2", "fc_c3"], Kept(items[..^1]));
        Assert.Equal(["s", "u2"], Kept(items[..7]));
        Assert.Equal(["u1"], Kept([Message("u1", "only")]));
        Assert.Empty(Kept([Message("a", "only", "assistant")]));
    }

    private static string Call(string id) => $$"""{"id":"fc_{{id}}","type":"function_call","call_id":"{{id}}","name":"f","arguments":"{}"}""";

    private static string Output(string id) => $$"""{"id":"fco_{{id}}","type":"function_call_output","call_id":"{{id}}","output":"ok"}""";

    private static string[] Kept(string[] items) =>
        [.. VerbatimItems.Of([.. ContextItem.OfArray(Bytes($"[{string.Join(',', items)}]"))]).Select(item => item.Item.Id!)];

    private static void AssertUnreadable(string param, ApiError error) => Assert.Equal((ErrorCode.InvalidValue, param), (error.Code, error.Param));

    private string Sealed(params string[] texts) =>
        Encoding.UTF8.GetString(_bench.Cipher.Seal("acme", "cmp_1", Bytes($"[{string.Join(',', texts.Select(text => Message("m_" + text, text)))}]")));
}
