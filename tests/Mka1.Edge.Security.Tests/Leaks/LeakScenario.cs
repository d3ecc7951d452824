using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using static Mka1.Edge.Security.Tests.Leaks.CanaryKind;

namespace Mka1.Edge.Security.Tests.Leaks;

/// <summary>Takes canaries through every way of the API that works and every one that fails.</summary>
internal sealed class LeakScenario(GatewayFixture gateway, ScriptedUpstream receiver, Canaries canaries)
{
    private readonly List<string> _refusals = [];
    private readonly string _endUser = canaries.Of(EndUser);

    /// <summary>The bodies of all refusals.</summary>
    public IReadOnlyList<string> Refusals => _refusals;

    public int Answers { get; private set; }

    public async Task PlayAsync()
    {
        await AnswersAsync();
        await StateAsync();
        await ReferencesAsync();
        await FaultsOfServersAsync();
        await FaultsOfClientsAsync();
        await KeysAsync();
        await BackgroundAsync();
    }

    private async Task AnswersAsync()
    {
        Speak();
        foreach (var rest in (string[])["\"store\":true", "\"store\":true,\"stream\":true", "\"store\":false", "\"store\":false,\"stream\":true"])
        {
            Speak();
            await SendAsync("POST", "/responses", Body(rest));
        }

        await SendAsync("POST", "/responses/input_tokens", Body("\"store\":false"));
        await SendAsync("POST", "/responses/compact", $$"""{"model":"{{GatewayFixture.Family}}","input":{{Turns()}},"instructions":"{{Say(Prompt)}}"}""");
        using var left = await OpenAsync("/responses", Body("\"stream\":true"));
    }

    private async Task StateAsync()
    {
        var conversation = await IdAsync("POST", "/conversations", $$"""{"metadata":{"topic":"{{Say(Prompt)}}"},"items":[{"role":"user","content":"{{Say(Prompt)}}"}]}""");
        await SendAsync("POST", $"/conversations/{conversation}/items", $$$"""{"items":{{{Turns()}}}}""");
        await SendAsync("POST", $"/conversations/{conversation}", $$$"""{"metadata":{"topic":"{{{Say(Prompt)}}}"}}""");
        await SendAsync("GET", $"/conversations?search={Say(Prompt)}");
        await SendAsync("GET", $"/conversations?metadata[topic]={Say(Prompt)}");
        await SendAsync("POST", "/responses", Body($"\"conversation\":\"{conversation}\""));
        var prompt = await IdAsync("POST", "/prompts", $$$"""{"name":"{{{Say(Prompt)}}}","template":"{{{Say(Prompt)}}} {{name}}"}""");
        await SendAsync("POST", $"/prompts/{prompt}/versions", $$"""{"template":"{{Say(Prompt)}}"}""");
        await SendAsync("POST", "/responses", Body($$$"""
            "prompt":{"id":"{{{prompt}}}","version":"1","variables":{"name":"{{{Say(Prompt)}}}"}}
            """.Trim()));
        await SendAsync("GET", $"/conversations/{Say(Prompt)}");
        await SendAsync("GET", $"/prompts/{Say(Prompt)}");
        await SendAsync("GET", $"/responses/{Say(Prompt)}?include[]={Say(Prompt)}");
    }

    private async Task ReferencesAsync()
    {
        var first = await IdAsync("POST", "/responses", Body("\"store\":true"));
        Speak();
        await SendAsync("POST", "/responses", Body($"\"previous_response_id\":\"{first}\""));
        await SendAsync("POST", "/responses", Body("\"previous_response_id\":\"resp_0123456789abcdef0123456789abcdef\""));
        await SendAsync("POST", $"/responses/{first}", $$$"""{"metadata":{"k":"{{{Say(Prompt)}}}"}}""");
        var key = Say(IdempotencyKey);
        var body = Body("\"store\":true");
        await SendAsync("POST", "/responses", body, ("Idempotency-Key", key));
        await SendAsync("POST", "/responses", body, ("Idempotency-Key", key));
        await SendAsync("POST", "/responses", Body("\"store\":true"), ("Idempotency-Key", key));
        await SendAsync("POST", "/responses", body, ("Idempotency-Key", Say(IdempotencyKey) + new string('k', 300)));
    }

    private async Task FaultsOfServersAsync()
    {
        foreach (var stream in (bool[])[false, true])
        {
            var rest = stream ? "\"stream\":true" : "\"stream\":false";
            foreach (var status in (int[])[400, 401, 429, 500, 503])
                await UnderAsync(Scripts.Json($$$"""{"error":{"message":"{{{Say(UpstreamFault)}}}","type":"x","code":"{{{Say(UpstreamFault)}}}","param":null}}""", status), rest);
            await UnderAsync(Scripts.Json($"<html>{Say(UpstreamFault)}", 200, "text/html"), rest);
            await UnderAsync(Scripts.Json($$"""{"output":[{"type":"{{Say(Output)}}" """), rest);
            await UnderAsync(Scripts.StreamCut([.. Transcript.Opening(), Transcript.Delta(Say(Output), 4)]), rest);
            await UnderAsync(Scripts.Stream([.. Transcript.Opening().Select(said => said.ToString()), $"event: {Say(Output)}\ndata: {{\"type\":\"{Say(Output)}\"\n\n"]), rest);
            await UnderAsync(Scripts.Stream([.. Transcript.Opening(), new SseEvent("error", $$"""{"type":"error","code":"{{Say(UpstreamFault)}}","message":"{{Say(UpstreamFault)}}"}""")]), rest);
            await UnderAsync(Scripts.CutWithFin(Encoding.UTF8.GetBytes($"HTTP/1.1 200 {Say(UpstreamFault)}\r\nX-Hint: {Say(UpstreamFault)}\r\nnonsense {Say(UpstreamFault)}")), rest);
            await UnderAsync(Scripts.Reset, rest);
        }

        Speak();
    }

    private async Task FaultsOfClientsAsync()
    {
        string[] bodies =
        [
            $"{{\"model\":\"{GatewayFixture.Family}\",\"input\":\"{Say(Prompt)}", $"{Say(Prompt)}", $$"""{"input":"{{Say(Prompt)}}","input":"{{Say(Prompt)}}"}""",
            Body($"\"temperature\":\"{Say(Prompt)}\""), Body($"\"tools\":[{{\"type\":\"{Say(Prompt)}\"}}]"), Body($"\"truncation\":\"{Say(Prompt)}\""),
            Body($"\"tool_choice\":\"{Say(Prompt)}\""), Body($"\"background\":\"{Say(Prompt)}\""), Body($"\"previous_response_id\":\"{Say(Prompt)}\""),
            Body($"\"reasoning\":{{\"effort\":\"{Say(Prompt)}\"}}"), $$"""{"model":"{{GatewayFixture.Family}}","input":[{"type":"{{Say(Prompt)}}"}]}""",
            $$"""{"model":"{{GatewayFixture.Family}}","input":[{"role":"{{Say(Prompt)}}","content":"x"}]}""", Body($"\"metadata\":{{\"k\":\"{Say(Prompt) + new string('m', 600)}\"}}"),
            $$"""{"model":"{{GatewayFixture.Family}}","input":"refuse me: {{Say(Prompt)}}"}""", $"{{\"model\":\"{GatewayFixture.Family}\",\"input\":\"{Say(Prompt)}\\ud800\"}}",
            Body($"\"webhook_url\":\"https://{Say(WebhookAddress)}@127.0.0.1/{Say(WebhookAddress)}\",\"background\":true,\"webhook_secret\":\"{Say(WebhookSecret)}\""),
        ];
        foreach (var body in bodies)
        {
            foreach (var path in (string[])["/responses", "/responses/input_tokens", "/responses/compact", "/conversations", "/prompts"]) await SendAsync("POST", path, body);
        }

        await SendAsync("POST", "/responses", Body("\"store\":false"), ("X-On-Behalf-Of", $"{Say(EndUser)} with a\tgap"));
        await SendAsync("POST", "/responses", Body("\"store\":false"), ("X-On-Behalf-Of", Say(EndUser) + new string('u', 200)));
        await SendAsync("POST", "/responses", Body("\"store\":false"), ("Content-Type", $"text/{Say(Prompt)}"));
        await SendAsync("POST", $"/{Say(Prompt)}", "{}");
        await SendAsync("GET", $"/models/{Say(Prompt)}");
        await SendAsync("POST", "/responses", Body($"\"safety_identifier\":\"{GatewayFixture.BlockedUser}\""));
    }

    private async Task KeysAsync()
    {
        foreach (var header in (string[])["Bearer {0}", "bearer  {0}", "Basic {0}", "{0}", "Bearer mk-{0}", "Bearer mkd-{0}.{0}.{0}"])
            await SendAsync("POST", "/responses", Body("\"store\":true"), ("Authorization", header.Replace("{0}", Say(Key), StringComparison.Ordinal)));
        await SendAsync("GET", "/models", null, ("Authorization", "Bearer " + canaries.Take(Key, Policies.Identity.ApiKeyFormat.Create())));
        await SendAsync("GET", $"/models?api_key={Say(Key)}&key={Say(Key)}", null, ("Authorization", ""), ("X-Api-Key", Say(Key)));

        // Administrators act for nobody.
        var made = JsonDocument.Parse(await SendAsync("POST", "/keys", "{}", ("Authorization", "Bearer " + TestKeys.AcmeAdmin), ("X-On-Behalf-Of", ""))).RootElement;
        var id = ApiClient.Id(made);
        var secret = canaries.Take(Key, made.GetProperty("key").GetString()!);
        await SendAsync("POST", "/responses", Body("\"store\":true"), ("Authorization", "Bearer " + secret));
        var rotated = JsonDocument.Parse(await SendAsync("POST", $"/keys/{id}/rotate", "{}", ("Authorization", "Bearer " + TestKeys.AcmeAdmin), ("X-On-Behalf-Of", ""))).RootElement;
        canaries.Take(Key, rotated.GetProperty("key").GetString()!);
        await SendAsync("GET", "/keys/" + id, null, ("Authorization", "Bearer " + TestKeys.AcmeAdmin), ("X-On-Behalf-Of", ""));
        await SendAsync("DELETE", "/keys/" + id, null, ("Authorization", "Bearer " + TestKeys.AcmeAdmin), ("X-On-Behalf-Of", ""));
        await SendAsync("POST", "/responses", Body("\"store\":true"), ("Authorization", "Bearer " + secret));
    }

    /// <summary>Last: what goes on in the end is still in the stores when they are searched.</summary>
    private async Task BackgroundAsync()
    {
        Speak();
        var done = await IdAsync("POST", "/responses", Body(Hook()));
        await UntilAsync(async () => (await SendAsync("GET", $"/responses/{done}/webhook_deliveries")).Contains("\"delivered\"", StringComparison.Ordinal));
        Play(Scripts.Json($$$"""{"error":{"message":"{{{Say(UpstreamFault)}}}","type":"x","code":"x","param":null}}""", 400));
        var failed = await IdAsync("POST", "/responses", Body(Hook()));
        await UntilAsync(async () => (await SendAsync("GET", "/responses/" + failed)).Contains("\"failed\"", StringComparison.Ordinal));

        // One in progress, and one behind it that no worker is free for, with the secret of its webhook.
        Play(Scripts.StreamThenSilence([.. Transcript.Opening(), Transcript.Delta(Say(Output), 4)]));
        var running = await IdAsync("POST", "/responses", Body(Hook() + ",\"stream\":false"));
        await UntilAsync(async () => (await SendAsync("GET", "/responses/" + running)).Contains("\"in_progress\"", StringComparison.Ordinal));
        await SendAsync("POST", "/responses", Body(Hook()));
    }

    private string Hook() => $"\"background\":true,\"webhook_url\":\"{receiver.Address}{Say(WebhookAddress)}?token={Say(WebhookAddress)}\",\"webhook_secret\":\"{Say(WebhookSecret)}\"";

    private string Say(CanaryKind kind) => canaries.Of(kind);

    private string Turns() => $$"""[{"role":"user","content":"{{Say(Prompt)}}"},{"role":"assistant","content":"{{Say(Output)}}"},{"type":"function_call","call_id":"c","name":"f","arguments":"{\"a\":\"{{Say(Output)}}\"}"},{"type":"function_call_output","call_id":"c","output":"{{Say(Prompt)}}"}]""";

    /// <summary>A request full of canaries, in which <paramref name="rest"/> has the last word.</summary>
    private string Body(string rest)
    {
        var body = new JsonObject
        {
            ["model"] = GatewayFixture.Family,
            ["input"] = Say(Prompt),
            ["instructions"] = Say(Prompt),
            ["metadata"] = new JsonObject { ["k"] = Say(Prompt) },
            ["user"] = Say(Identifier),
            ["safety_identifier"] = Say(Identifier),
            ["prompt_cache_key"] = Say(Identifier),
            ["tools"] = new JsonArray(new JsonObject
            {
                ["type"] = "function",
                ["name"] = "f",
                ["description"] = Say(Prompt),
                ["parameters"] = new JsonObject { ["type"] = "object", ["properties"] = new JsonObject { [Say(Prompt)] = new JsonObject { ["type"] = "string" } } },
            }),
        };
        foreach (var (name, value) in JsonNode.Parse($"{{{rest}}}")!.AsObject()) body[name] = value?.DeepClone();
        if (body.ContainsKey("prompt")) body.Remove("instructions");
        return body.ToJsonString();
    }

    /// <summary>Model servers answer, with a canary in every answer.</summary>
    private void Speak() => Play(call => call.Head.Contains("/input_tokens", StringComparison.Ordinal)
        ? Scripts.Json("""{"object":"response.input_tokens","input_tokens":12}""")(call)
        : Scripts.Completed(Say(Output))(call));

    private void Play(Func<UpstreamCall, Task> script)
    {
        foreach (var upstream in new[] { gateway.Quantized, gateway.Moe, gateway.Dense }) upstream.Script = script;
    }

    private async Task UnderAsync(Func<UpstreamCall, Task> script, string rest)
    {
        Play(script);
        await SendAsync("POST", "/responses", Body("\"store\":true," + rest));
        await SendAsync("POST", "/responses", Body("\"store\":false," + rest));
    }

    private async Task<string> IdAsync(string method, string path, string body)
    {
        var text = await SendAsync(method, path, body);
        return JsonDocument.Parse(text).RootElement.TryGetProperty("id", out var id) ? id.GetString()! : throw new InvalidOperationException(text);
    }

    private async Task<HttpResponseMessage> OpenAsync(string path, string body) =>
        await gateway.Client.SendAsync(Request("POST", path, body, []), HttpCompletionOption.ResponseHeadersRead);

    private async Task<string> SendAsync(string method, string path, string? body = null, params (string Name, string Value)[] headers)
    {
        using var answer = await gateway.Client.SendAsync(Request(method, path, body, headers));
        var text = await answer.Content.ReadAsStringAsync();
        if ((int)answer.StatusCode >= 400) _refusals.Add($"{text} {answer.Headers}");
        else Answers++;
        return text;
    }

    private HttpRequestMessage Request(string method, string path, string? body, (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(new HttpMethod(method), "/api/v1/llm" + path);
        if (body is not null)
        {
            request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
            request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(headers.FirstOrDefault(header => header.Name == "Content-Type").Value ?? "application/json");
        }

        foreach (var (name, value) in headers.Where(header => header.Name != "Content-Type" && header.Value.Length > 0)) request.Headers.TryAddWithoutValidation(name, value);
        if (headers.All(header => header.Name != "Authorization")) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", TestKeys.Acme);
        if (headers.All(header => header.Name != "X-On-Behalf-Of")) request.Headers.Add("X-On-Behalf-Of", _endUser);
        return request;
    }

    private static async Task UntilAsync(Func<Task<bool>> happened)
    {
        using var limit = new CancellationTokenSource(Patience.Long);
        while (!await happened()) await Task.Delay(20, limit.Token);
    }
}
