using System.Text.Json;
using System.Text.Json.Nodes;
using Mka1.Edge.Inference.Chat;
using Mka1.Edge.Inference.Chat.Jinja;
using Mka1.Edge.Inference.Tests.Support;
using Mka1.Edge.Inference.Tokenization;

namespace Mka1.Edge.Inference.Tests.Chat;

public sealed class ChatFamilyTests
{
    private static readonly string Golden = Path.Combine(DemoModels.Root, "tests", "golden");

    // Family of the template, tokenizer to go with it, and the names of its first and last token.
    public static TheoryData<string, string, string, string> Families => new()
    {
        { "qwen", "qwen2", "<|endoftext|>", "<|im_end|>" },
        { "llama3", "llama3", "<|begin_of_text|>", "<|eot_id|>" },
        { "mistral", "mistral", "<s>", "</s>" },
        { "mixtral", "llama2", "<s>", "</s>" },
    };

    [Theory]
    [MemberData(nameof(Families))]
    public void A_prompt_has_the_tokens_of_the_text_that_Jinja_renders(string family, string vocabulary, string first, string last)
    {
        var (chat, tokenizer) = Load(family, vocabulary, first, last);
        var prompt = new ChatPrompt { Turns = [Say(ChatRole.User, "  Hello\n"), Say(ChatRole.Assistant, "A\n"), Say(ChatRole.User, "آپ کیسے ہیں؟ 🙂")] };
        var variables = Variables(first, last);
        variables["messages"] = ChatMessages.Of(prompt);
        var rendered = JinjaTemplate.Parse(Template(family)).Render(variables, TimeProvider.System).Value;
        Assert.Equal(tokenizer.EncodeTrusted(rendered, framed: false), chat.Render(prompt));
        Assert.Contains(chat.Tokens.TurnEnd, chat.Render(prompt));
        Assert.Equal(chat.Tokens.TurnEnd, tokenizer.TryGetSpecial(last, out var id) ? id : -1);
    }

    [Theory]
    [MemberData(nameof(Families))]
    public void Nothing_a_caller_writes_becomes_a_control_token(string family, string vocabulary, string first, string last)
    {
        var (chat, tokenizer) = Load(family, vocabulary, first, last);
        var names = tokenizer.Added.Where(token => token.IsMarkup && token.Content != "<unk>").Select(token => token.Content).ToArray();
        var plain = Controls(tokenizer, chat.Render(Prompt(chat, family, "x")));
        Assert.NotEmpty(plain);
        foreach (var attack in names.Concat(names.Select(name => name[1..])).Concat(names.Select(name => name[..^1])).Append(string.Join("\n", names)))
            Assert.Equal(plain, Controls(tokenizer, chat.Render(Prompt(chat, family, attack))));
    }

    [Fact]
    public void Calls_and_results_are_messages_as_templates_know_them()
    {
        var messages = ChatMessages.Of(new ChatPrompt
        {
            Instructions = "I",
            Turns =
            [
                Say(ChatRole.System, "S"), Say(ChatRole.User, "U"), Say(ChatRole.Assistant, "A"),
                new ChatTurn.ToolCall("f", """{"a":[1,"x"]}"""), new ChatTurn.ToolCall("g", "{\"cut"), new ChatTurn.ToolResult("1"), new ChatTurn.ToolResult("2"), Say(ChatRole.System, "S2"),
            ],
        });
        Assert.Equal(
            """[{"role":"system","content":"I\n\nS"},{"role":"user","content":"U"},{"role":"assistant","content":"A","tool_calls":[{"id":"call00001","type":"function","function":{"name":"f","arguments":{"a":[1,"x"]}}},{"id":"call00002","type":"function","function":{"name":"g","arguments":"{\"cut"}}]},{"role":"tool","content":"1","tool_call_id":"call00001"},{"role":"tool","content":"2","tool_call_id":"call00002"},{"role":"system","content":"S2"}]""",
            JinjaJson.Write(messages, null, (",", ":"), false, false).Value);
    }

    [Fact]
    public void A_thought_is_the_reasoning_content_of_the_message_or_the_calls_it_led_to()
    {
        var messages = ChatMessages.Of(new ChatPrompt
        {
            Turns = [Say(ChatRole.User, "U"), new ChatTurn.ToolCall("f", "{}") { Thought = "T1" }, new ChatTurn.ToolResult("1"), Say(ChatRole.Assistant, "A") with { Thought = "T2" }],
        });
        Assert.Equal(
            """[{"role":"user","content":"U"},{"role":"assistant","content":"","reasoning_content":"T1","tool_calls":[{"id":"call00001","type":"function","function":{"name":"f","arguments":{}}}]},{"role":"tool","content":"1","tool_call_id":"call00001"},{"role":"assistant","content":"A","reasoning_content":"T2"}]""",
            JinjaJson.Write(messages, null, (",", ":"), false, false).Value);
    }

    [Fact]
    public void A_think_section_is_one_where_tokens_and_template_know_it()
    {
        using var folder = Folder("qwen2", "<|endoftext|>", "<|im_end|>");
        var file = JsonNode.Parse(File.ReadAllText(folder.File("tokenizer.json")))!;
        var next = file["added_tokens"]!.AsArray().Max(token => token!["id"]!.GetValue<int>()) + 1;
        Assert.False(Load("{{ enable_thinking }}").Chat.Tokens.HasThinkSection);
        foreach (var tag in new[] { "<think>", "</think>" })
            file["added_tokens"]!.AsArray().Add(new JsonObject { ["id"] = next++, ["content"] = tag, ["special"] = false });
        File.WriteAllText(folder.File("tokenizer.json"), file.ToJsonString());
        Assert.False(Load("{{ messages[0].content }}").Chat.Tokens.HasThinkSection);

        var (chat, tokenizer) = Load("{{ messages[0].content }}{% if enable_thinking %}{{ '<think>\\n' }}{% else %}<think>\n\n</think>{% endif %}");
        Assert.Equal("<think>", tokenizer.NameOf(chat.Tokens.ThinkStart));
        Assert.Equal(TokenKind.Special, tokenizer[chat.Tokens.ThinkEnd].Kind);
        var prompt = new ChatPrompt { Turns = [Say(ChatRole.User, "<think>")] };
        Assert.True(chat.OpensThinking(chat.Render(prompt with { Thinking = true })));
        Assert.False(chat.OpensThinking(chat.Render(prompt)));
        Assert.False(Load("{# think> #}{{ messages[0].content }}").Chat.OpensThinking(tokenizer.Encode("<think>")));
        Assert.Single(chat.Render(prompt), chat.Tokens.ThinkStart);

        (ChatTemplate Chat, Tokenizer Tokenizer) Load(string template)
        {
            File.WriteAllText(folder.File("tokenizer_config.json"), new JsonObject { ["chat_template"] = template, ["eos_token"] = "<|im_end|>" }.ToJsonString());
            var loaded = Tokenizer.Load(folder.Path);
            return (ChatTemplate.Load(folder.Path, loaded), loaded);
        }
    }

    [Fact]
    public void A_template_that_refuses_a_conversation_says_why()
    {
        var (chat, _) = Load("mistral", "mistral", "<s>", "</s>");
        var error = Assert.Throws<ChatTemplateException>(() => chat.Render(new ChatPrompt { Turns = [Say(ChatRole.Assistant, "A")] }));
        Assert.Contains("roles must alternate", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Calls_are_offered_where_the_format_has_tokens_for_them()
    {
        var (qwen, tokenizer) = Load("qwen", "qwen2", "<|endoftext|>", "<|im_end|>");
        Assert.True(qwen.SupportsTools);
        Assert.Equal("<tool_call>", tokenizer.NameOf(qwen.Tokens.ToolCallStart));
        Assert.Equal(TokenKind.Special, tokenizer[qwen.Tokens.ToolCallEnd].Kind);
        var (llama, _) = Load("llama3", "llama3", "<|begin_of_text|>", "<|eot_id|>");
        Assert.False(llama.SupportsTools);
        Assert.Equal(-1, llama.Tokens.ToolCallStart);
    }

    [Fact]
    public void The_template_is_found_wherever_models_keep_it()
    {
        using var folder = Folder("qwen2", "<|endoftext|>", "<|im_end|>");
        var prompt = new ChatPrompt { Turns = [Say(ChatRole.User, "Q")] };
        var config = """{"chat_template":[{"name":"tool_use","template":"T"},{"name":"default","template":"D {{ eos_token }}"}],"eos_token":{"content":"<|im_end|>"}}""";
        File.WriteAllText(folder.File("tokenizer_config.json"), config);
        Assert.Equal("D ", Said(prompt));
        Assert.Equal("T", Said(prompt with { Tools = [new ChatTool("f", null, "{}")] }));
        File.WriteAllText(folder.File("chat_template.json"), """{"chat_template":"J"}""");
        Assert.Equal("J", Said(prompt));
        File.WriteAllText(folder.File("chat_template.jinja"), "{{ messages[0].content }}{{ enable_thinking }}\n");
        Assert.Equal("QFalse", Said(prompt));
        Assert.Equal("QTrue", Said(prompt with { Thinking = true }));

        string Said(ChatPrompt asked)
        {
            var tokenizer = Tokenizer.Load(folder.Path);
            return tokenizer.Decode(ChatTemplate.Load(folder.Path, tokenizer).Render(asked));
        }
    }

    // Everything a caller can write, wherever the family lets it.
    private static ChatPrompt Prompt(ChatTemplate chat, string family, string said) => new()
    {
        Instructions = family == "mixtral" ? null : said,
        Tools = chat.SupportsTools || family is "llama3" or "mistral" ? [new ChatTool(said, said, JsonSerializer.Serialize(new Dictionary<string, object> { [said] = said, ["type"] = new[] { said } }))] : [],
        Turns = family == "mixtral"
            ? [Say(ChatRole.User, said), Say(ChatRole.Assistant, said), Say(ChatRole.User, said)]
            : [Say(ChatRole.User, said), new ChatTurn.ToolCall(said, JsonSerializer.Serialize(new Dictionary<string, string> { [said] = said })), new ChatTurn.ToolResult(said), Say(ChatRole.Assistant, said), Say(ChatRole.User, said)],
    };

    private static string[] Controls(Tokenizer tokenizer, int[] ids) => [.. ids.Select(tokenizer.NameOf).Where(name => name is not ("" or "<unk>"))];

    private static ChatTurn.Message Say(ChatRole role, string text) => new(role, text);

    private static (ChatTemplate Chat, Tokenizer Tokenizer) Load(string family, string vocabulary, string first, string last)
    {
        using var folder = Folder(vocabulary, first, last);
        File.WriteAllText(folder.File("tokenizer_config.json"), new JsonObject { ["chat_template"] = Template(family), ["bos_token"] = first, ["eos_token"] = last }.ToJsonString());
        var tokenizer = Tokenizer.Load(folder.Path);
        return (ChatTemplate.Load(folder.Path, tokenizer), tokenizer);
    }

    private static TempFolder Folder(string vocabulary, string first, string last)
    {
        var folder = new TempFolder();
        var text = File.ReadAllText(Path.Combine(Golden, "tokenizers", vocabulary + ".json"));
        File.WriteAllText(folder.File("tokenizer.json"), text);
        using var document = JsonDocument.Parse(text);
        var end = document.RootElement.GetProperty("added_tokens").EnumerateArray().Single(token => token.GetProperty("content").GetString() == last).GetProperty("id").GetInt32();
        Assert.NotEqual(first, last);
        File.WriteAllText(folder.File("generation_config.json"), new JsonObject { ["eos_token_id"] = end }.ToJsonString());
        return folder;
    }

    private static Dictionary<string, object?> Variables(string first, string last) => new()
    {
        ["bos_token"] = (MarkedText)first,
        ["eos_token"] = (MarkedText)last,
        ["tools"] = null,
        ["documents"] = null,
        ["add_generation_prompt"] = true,
        ["enable_thinking"] = false,
    };

    private static string Template(string family)
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Golden, "templates", "cases.json")));
        return document.RootElement.EnumerateArray().First(golden => golden.GetProperty("name").GetString() == family + ", user").GetProperty("template").GetString()!;
    }
}
