using System.Text.Json;

namespace Mka1.Edge.Security.Tests.Ownership;

/// <summary>Makes one of everything, for an owner, over the API.</summary>
internal sealed class OwnedObjects(GatewayFixture gateway, ScriptedUpstream receiver, Principal owner)
{
    /// <summary>Runs in progress that are left running; as many as there are workers, so that what comes after them stays queued.</summary>
    public const int RunningEach = 1;

    private static readonly Dictionary<string, string> NoParts = [];

    private readonly ApiClient _api = new(gateway, owner.Key!, owner.EndUser);
    private readonly List<OwnedObject> _made = [];

    public IReadOnlyList<OwnedObject> Made => _made;

    /// <summary>Everything but runs that do not end.</summary>
    public async Task MakeAsync()
    {
        Play(Answers());
        await AddConversationAsync();
        await AddPromptAsync();
        await AddResponseAsync("JSON", ApiClient.Id(await CreateAsync("")));
        var streamed = IdOf(await gateway.Client.SendAsync(Request("\"stream\":true")));
        await StatusAsync(streamed, "completed");
        await AddResponseAsync("streamed", streamed);
        var deleted = ApiClient.Id(await CreateAsync(""));
        await _api.CallAsync("DELETE", "/responses/" + deleted);
        await AddResponseAsync("deleted", deleted, exists: false);
        await AddResponseAsync("not stored", ApiClient.Id(await CreateAsync("\"store\":false")), exists: false);
        await AddKeyAsync(ObjectKind.KeyOfThis, AccessPaths.KeyedBody);
        await AddKeyAsync(ObjectKind.KeyOfAnother, AccessPaths.OtherBody);
        await AddResponseAsync("completed in the background", await BackgroundAsync("completed"), background: true);

        Play(Scripts.Json("""{"error":{"code":"x","message":"No.","param":null,"type":"invalid_request_error"}}""", 400));
        await AddResponseAsync("failed", await BackgroundAsync("failed"), background: true, usable: false);

        Play(Hold());
        var cancelled = await BackgroundAsync("in_progress");
        await _api.CallAsync("POST", $"/responses/{cancelled}/cancel");
        await StatusAsync(cancelled, "cancelled");
        await AddResponseAsync("cancelled", cancelled, background: true, usable: false);
    }

    /// <summary>A key of the owner's tenant.</summary>
    public async Task MakeKeyAsync()
    {
        var id = ApiClient.Id(await _api.CallAsync("POST", "/keys", "{}"));
        _made.Add(new OwnedObject("in the store", ObjectKind.Key, owner, id, NoParts) { Views = [$"/keys/{id}"] });
    }

    /// <summary>A subject of the safety ladder, of the owner's tenant.</summary>
    public async Task MakeSafetySubjectAsync()
    {
        Play(Answers());
        await CreateAsync("\"safety_identifier\":\"one of ours\",\"store\":false");
        var id = ApiClient.Id(await _api.CallAsync("GET", "/safety/one%20of%20ours"));
        await _api.CallAsync("POST", $"/safety/{id}/override", """{"rung":"warn","reason":"Secret."}""");
        _made.Add(new OwnedObject("on a rung", ObjectKind.SafetySubject, owner, id, NoParts) { Views = [$"/safety/{id}"] });
    }

    /// <summary>A run that the model server never ends.</summary>
    public async Task MakeRunningAsync()
    {
        Play(Hold());
        await AddResponseAsync("running", await BackgroundAsync("in_progress"), background: true, usable: false);
    }

    /// <summary>A run that no worker is free for.</summary>
    public async Task MakeQueuedAsync() => await AddResponseAsync("queued", await BackgroundAsync("queued", stream: true), background: true, usable: false);

    /// <summary>From now on model servers answer, with ids of their own in every answer.</summary>
    public void Answer() => Play(Answers());

    private static Func<UpstreamCall, Task> Answers() => call =>
    {
        if (call.Head.Contains("/input_tokens", StringComparison.Ordinal)) return Scripts.Json("""{"object":"response.input_tokens","input_tokens":12}""")(call);
        var item = "msg_" + Guid.NewGuid().ToString("N");
        return call.Headers["Accept"].Contains("text/event-stream")
            ? Scripts.Stream([.. Transcript.Text("Hello").Select(e => e.ToString().Replace(Transcript.MessageId, item, StringComparison.Ordinal))])(call)
            : Scripts.Json(Transcript.Response("Hello").Replace(Transcript.MessageId, item, StringComparison.Ordinal))(call);
    };

    private static Func<UpstreamCall, Task> Hold() => Scripts.StreamThenSilence(Transcript.Opening());

    private void Play(Func<UpstreamCall, Task> script)
    {
        foreach (var upstream in new[] { gateway.Quantized, gateway.Moe, gateway.Dense }) upstream.Script = script;
    }

    private async Task AddConversationAsync()
    {
        var id = ApiClient.Id(await _api.CallAsync("POST", "/conversations", """{"metadata":{"topic":"secret"}}"""));
        var items = string.Join(',', Enumerable.Range(0, 5).Select(i => $$"""{"role":"user","content":"Secret {{i}}"}"""));
        var itemIds = ApiClient.Ids(await _api.CallAsync("POST", $"/conversations/{id}/items", $$"""{"items":[{{items}}]}"""));
        string[] views = [$"/conversations/{id}", $"/conversations/{id}/items"];
        _made.Add(new OwnedObject("full", ObjectKind.Conversation, owner, id, new Dictionary<string, string>
        {
            ["itemId"] = itemIds[0],
            ["oneItemId"] = itemIds[1],
            ["otherItemId"] = itemIds[2],
        }) { Views = views });
        _made.Add(new OwnedObject("in a conversation", ObjectKind.ConversationItem, owner, itemIds[3], Part("conversation", id)));
        var deleted = ApiClient.Id(await _api.CallAsync("POST", "/conversations"));
        await _api.CallAsync("DELETE", "/conversations/" + deleted);
        _made.Add(new OwnedObject("deleted", ObjectKind.Conversation, owner, deleted, Part("itemId", itemIds[0])) { Exists = false });
    }

    private async Task AddPromptAsync()
    {
        var id = ApiClient.Id(await _api.CallAsync("POST", "/prompts", """{"name":"secret","template":"Be brief."}"""));
        var version = ApiClient.Id(await _api.CallAsync("POST", $"/prompts/{id}/versions", """{"template":"Be long."}"""));
        string[] views = [$"/prompts/{id}", $"/prompts/{id}/versions", $"/prompts/{id}/versions/1"];
        _made.Add(new OwnedObject("of two versions", ObjectKind.Prompt, owner, id, Part("version", "1")) { Views = views });
        _made.Add(new OwnedObject("second", ObjectKind.PromptVersion, owner, version, Part("prompt", id)));
    }

    private async Task AddKeyAsync(ObjectKind kind, string body)
    {
        var key = "key_" + Guid.NewGuid().ToString("N");
        using var request = Prepare(body);
        request.Headers.Add("Idempotency-Key", key);
        using var answer = await gateway.Client.SendAsync(request);
        Assert.True(answer.IsSuccessStatusCode);
        _made.Add(new OwnedObject("used", kind, owner, key, NoParts));
    }

    private async Task AddResponseAsync(string name, string id, bool exists = true, bool background = false, bool usable = true)
    {
        var parts = new Dictionary<string, string>();
        if (background)
        {
            parts["eventId"] = await DeliveredAsync(id);
            _made.Add(new OwnedObject(name, ObjectKind.WebhookEvent, owner, parts["eventId"], Part("response", id)));
        }

        _made.Add(new OwnedObject(name, ObjectKind.Response, owner, id, parts)
        {
            Exists = exists,
            Background = background,
            Usable = usable,
            Views = [$"/responses/{id}", $"/responses/{id}/input_items", $"/responses/{id}/webhook_deliveries"],
        });
        if (!exists) return;
        var output = (await _api.CallAsync("GET", "/responses/" + id)).GetProperty("output").EnumerateArray().Select(ApiClient.Id).ToList();
        var input = ApiClient.Ids(await _api.CallAsync("GET", $"/responses/{id}/input_items"));
        _made.AddRange(output.Take(usable ? 1 : 0).Select(item => new OwnedObject(name, ObjectKind.OutputItem, owner, item, Part("response", id))));
        _made.AddRange(input.Take(1).Select(item => new OwnedObject(name, ObjectKind.InputItem, owner, item, Part("response", id))));
    }

    private async Task<JsonElement> CreateAsync(string extra) => await _api.CallAsync("POST", "/responses", GatewayFixture.Hello(extra: extra));

    private async Task<string> BackgroundAsync(string status, bool stream = false)
    {
        var extra = $"\"background\":true,\"webhook_url\":\"{receiver.Address}hook\"";
        var id = stream
            ? IdOf(await gateway.Client.SendAsync(Request(extra + ",\"stream\":true"), HttpCompletionOption.ResponseHeadersRead))
            : ApiClient.Id(await CreateAsync(extra));
        await StatusAsync(id, status);
        return id;
    }

    private async Task StatusAsync(string id, string status)
    {
        using var limit = new CancellationTokenSource(Patience.Long);
        while ((await _api.CallAsync("GET", "/responses/" + id)).GetProperty("status").GetString() != status) await Task.Delay(10, limit.Token);
    }

    /// <summary>Waits until every notification of a response is delivered, and gives the id of the first.</summary>
    private async Task<string> DeliveredAsync(string id)
    {
        using var limit = new CancellationTokenSource(Patience.Long);
        while (true)
        {
            var events = (await _api.CallAsync("GET", $"/responses/{id}/webhook_deliveries")).GetProperty("data").EnumerateArray().ToList();
            if (events.Count > 0 && events.All(e => e.GetProperty("state").GetString() == "delivered")) return ApiClient.Id(events[0]);
            await Task.Delay(10, limit.Token);
        }
    }

    private HttpRequestMessage Request(string extra) => Prepare(GatewayFixture.Hello(extra: extra).Replace("\"stream\":false,", "", StringComparison.Ordinal));

    private HttpRequestMessage Prepare(string body)
    {
        var request = GatewayFixture.Create(body, owner.Key);
        if (owner.EndUser is { } user) request.Headers.Add("X-On-Behalf-Of", user);
        return request;
    }

    /// <summary>The id in the first event of a stream, which is then left.</summary>
    private static string IdOf(HttpResponseMessage stream)
    {
        using (stream)
        {
            Assert.True(stream.IsSuccessStatusCode);
            using var reader = new StreamReader(stream.Content.ReadAsStream());
            while (reader.ReadLine() is { } line)
            {
                if (line.StartsWith("data: ", StringComparison.Ordinal))
                    return ApiClient.Id(JsonDocument.Parse(line["data: ".Length..]).RootElement.GetProperty("response"));
            }
        }

        throw new InvalidOperationException("The stream had no event.");
    }

    private static Dictionary<string, string> Part(string name, string id) => new() { [name] = id };
}
