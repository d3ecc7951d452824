using System.ClientModel;
using System.Text.Json;
using Mka1.Edge.Functional.Tests.Support;
using OpenAI.Conversations;
using OpenAI.Responses;

namespace Mka1.Edge.Functional.Tests.OpenAIClient;

/// <summary>Conversations and what is in them as the OpenAI .NET client sees them. It knows items only as JSON.</summary>
[Collection(LocalRunCollection.Name)]
public sealed class ConversationTests(LocalRunFixture local)
{
    private ConversationClient Client => Connect.ToConversations(local.Run.Address, local.Run.Tenants[0].Key);

    [Fact]
    public async Task A_conversation_is_created_retrieved_changed_and_deleted()
    {
        var options = new ConversationCreationOptions();
        options.Metadata["topic"] = "demo";
        options.Items.Add(ResponseItem.CreateUserMessageItem("Hello"));
        ConversationResource created = await Client.CreateConversationAsync(options);
        Assert.StartsWith("conv_", created.Id, StringComparison.Ordinal);

        ConversationResource found = await Client.GetConversationAsync(created.Id);
        Assert.Equal("demo", found.Metadata["topic"]);
        Assert.Equal(created.CreatedAt, found.CreatedAt);
        Assert.Equal(["Hello"], await TextsAsync(created.Id));

        ConversationResource changed = await Client.UpdateConversationAsync(
            created.Id, new ConversationUpdateOptions(new Dictionary<string, string> { ["topic"] = "changed" }));
        Assert.Equal("changed", changed.Metadata["topic"]);

        ConversationDeletionResult deletion = await Client.DeleteConversationAsync(created.Id);
        Assert.True(deletion.Deleted);
        Assert.Equal(created.Id, deletion.ConversationId);
        Assert.Equal(404, (await Assert.ThrowsAsync<ClientResultException>(() => Client.GetConversationAsync(created.Id))).Status);
    }

    [Fact]
    public async Task Items_are_added_listed_retrieved_and_deleted()
    {
        ConversationResource conversation = await Client.CreateConversationAsync(new ConversationCreationOptions());
        using var added = JsonOf(await Client.CreateConversationItemsAsync(conversation.Id, Messages("one", "two", "three", "four", "five")));
        var second = added.RootElement.GetProperty("data")[1].GetProperty("id").GetString()!;
        Assert.Equal(["one", "two", "three", "four", "five"], await TextsAsync(conversation.Id));

        using var found = JsonOf(await Client.GetConversationItemAsync(conversation.Id, second));
        Assert.Equal("two", TextOf(found.RootElement));
        await Client.DeleteConversationItemAsync(conversation.Id, second);
        Assert.Equal(["one", "three", "four", "five"], await TextsAsync(conversation.Id));
        Assert.Equal(404, (await Assert.ThrowsAsync<ClientResultException>(() => Client.GetConversationItemAsync(conversation.Id, second))).Status);
    }

    [Fact]
    public async Task A_response_reads_a_conversation_and_adds_to_it()
    {
        var options = new ConversationCreationOptions();
        options.Items.Add(ResponseItem.CreateUserMessageItem("My name is Sara."));
        ConversationResource conversation = await Client.CreateConversationAsync(options);

        ResponseResult answer = await Connect.To(local.Run.Address, local.Run.Tenants[0].Key).CreateResponseAsync(
            new CreateResponseOptions(LocalRunFixture.Model, [ResponseItem.CreateUserMessageItem("What is my name?")])
            {
                Temperature = 0,
                ConversationOptions = new ResponseConversationOptions(conversation.Id),
            });

        Assert.Contains("Sara", answer.GetOutputText(), StringComparison.Ordinal);
        Assert.Equal(["My name is Sara.", "What is my name?", answer.GetOutputText()], await TextsAsync(conversation.Id));
    }

    [Fact]
    public async Task To_another_tenant_it_is_404()
    {
        ConversationResource conversation = await Client.CreateConversationAsync(new ConversationCreationOptions());
        var stranger = Connect.ToConversations(local.Run.Address, local.Run.Tenants[1].Key);
        Assert.Equal(404, (await Assert.ThrowsAsync<ClientResultException>(() => stranger.GetConversationAsync(conversation.Id))).Status);
        Assert.Equal(404, (await Assert.ThrowsAsync<ClientResultException>(() => stranger.CreateConversationItemsAsync(conversation.Id, Messages("one")))).Status);
        Assert.Equal(404, (await Assert.ThrowsAsync<ClientResultException>(() => stranger.DeleteConversationAsync(conversation.Id))).Status);
    }

    /// <summary>What was said in a conversation, from the beginning, read in pages of two.</summary>
    private async Task<List<string>> TextsAsync(string id)
    {
        var texts = new List<string>();
        await foreach (var page in Client.GetConversationItemsAsync(id, limit: 2, order: "asc").GetRawPagesAsync())
        {
            using var json = JsonOf(page);
            texts.AddRange(json.RootElement.GetProperty("data").EnumerateArray().Select(TextOf));
        }

        return texts;
    }

    private static BinaryContent Messages(params string[] texts) =>
        BinaryContent.CreateJson(new { items = texts.Select(content => new { type = "message", role = "user", content }) });

    private static JsonDocument JsonOf(ClientResult result) => JsonDocument.Parse(result.GetRawResponse().Content);

    private static string TextOf(JsonElement item) => item.GetProperty("content")[0].GetProperty("text").GetString()!;
}
