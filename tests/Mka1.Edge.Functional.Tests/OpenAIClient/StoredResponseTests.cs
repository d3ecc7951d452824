using System.ClientModel;
using System.Text.Json;
using Mka1.Edge.Functional.Tests.Support;
using OpenAI.Responses;

namespace Mka1.Edge.Functional.Tests.OpenAIClient;

/// <summary>What the OpenAI .NET client does with responses that are kept.</summary>
[Collection(LocalRunCollection.Name)]
public sealed class StoredResponseTests(LocalRunFixture local)
{
    private ResponsesClient Client => Connect.To(local.Run.Address, local.Run.Tenants[0].Key);

    [Fact]
    public async Task A_response_is_retrieved_as_it_was_created()
    {
        var created = await Client.CreateResponseAsync(Capital());
        Assert.Equal(BodyOf(created), BodyOf(await Client.GetResponseAsync(created.Value.Id)));
        Assert.Equal(BodyOf(created), BodyOf(Client.GetResponse(created.Value.Id)));
    }

    [Fact]
    public async Task A_response_is_retrieved_with_what_is_asked_for()
    {
        var options = Capital();
        options.IncludedProperties.Add(IncludedResponseProperty.MessageOutputTextLogProbabilities);
        options.TopLogProbabilityCount = 2;
        var created = await Client.CreateResponseAsync(options);

        Assert.Equal(0, LogprobsOf(await Client.GetResponseAsync(created.Value.Id)));
        var whole = await Client.GetResponseAsync(
            new GetResponseOptions(created.Value.Id) { IncludedProperties = [IncludedResponseProperty.MessageOutputTextLogProbabilities] });
        Assert.True(LogprobsOf(whole) > 0);
        Assert.Equal(BodyOf(created), BodyOf(whole));
    }

    [Fact]
    public async Task A_deleted_response_is_404()
    {
        ResponseResult created = await Client.CreateResponseAsync(Capital());
        ResponseDeletionResult deletion = await Client.DeleteResponseAsync(created.Id);
        Assert.True(deletion.Deleted);
        Assert.Equal(created.Id, deletion.ResponseId);
        Assert.Equal(404, (await Assert.ThrowsAsync<ClientResultException>(() => Client.GetResponseAsync(created.Id))).Status);
        Assert.Equal(404, (await Assert.ThrowsAsync<ClientResultException>(() => Client.DeleteResponseAsync(created.Id))).Status);
    }

    [Fact]
    public async Task To_another_tenant_it_is_404()
    {
        ResponseResult created = await Client.CreateResponseAsync(Capital());
        var stranger = Connect.To(local.Run.Address, local.Run.Tenants[1].Key);
        Assert.Equal(404, (await Assert.ThrowsAsync<ClientResultException>(() => stranger.GetResponseAsync(created.Id))).Status);
        Assert.Equal(404, (await Assert.ThrowsAsync<ClientResultException>(() => stranger.DeleteResponseAsync(created.Id))).Status);
        Assert.Equal(404, (await Assert.ThrowsAsync<ClientResultException>(() => stranger.CancelResponseAsync(created.Id))).Status);
    }

    [Fact]
    public async Task Input_items_are_listed_over_several_pages()
    {
        string[] texts = ["one", "two", "three", "four", "five"];
        ResponseResult created = await Client.CreateResponseAsync(
            new CreateResponseOptions(LocalRunFixture.Model, texts.Select(text => ResponseItem.CreateUserMessageItem(text))) { MaxOutputTokenCount = 3 });

        Assert.Equal(texts, await ListAsync(ResponseItemCollectionOrder.Ascending));
        Assert.Equal(texts.Reverse(), await ListAsync(ResponseItemCollectionOrder.Descending));

        async Task<List<string>> ListAsync(ResponseItemCollectionOrder order)
        {
            var found = new List<string>();
            await foreach (var item in Client.GetResponseInputItemsAsync(new ResponseItemCollectionOptions(created.Id) { PageSizeLimit = 2, Order = order }))
                found.Add(Assert.IsAssignableFrom<MessageResponseItem>(item).Content[0].Text);
            return found;
        }
    }

    [Fact]
    public async Task An_earlier_response_is_continued()
    {
        ResponseResult first = await Client.CreateResponseAsync(LocalRunFixture.Model, "My name is Sara.");
        ResponseResult second = await Client.CreateResponseAsync(LocalRunFixture.Model, "What is my name?", first.Id);
        Assert.Equal(first.Id, second.PreviousResponseId);
        Assert.Contains("Sara", second.GetOutputText(), StringComparison.Ordinal);
    }

    private static CreateResponseOptions Capital() =>
        new(LocalRunFixture.Model, [ResponseItem.CreateUserMessageItem("What is the capital of France?")]) { Temperature = 0 };

    private static string BodyOf(ClientResult<ResponseResult> result) => result.GetRawResponse().Content.ToString();

    private static int LogprobsOf(ClientResult<ResponseResult> result)
    {
        using var body = JsonDocument.Parse(result.GetRawResponse().Content);
        return body.RootElement.GetProperty("output")[0].GetProperty("content")[0].GetProperty("logprobs").GetArrayLength();
    }
}
