using System.Buffers.Binary;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Mka1.Edge.ModelServer.Tests.Support;

/// <summary>
/// A model directory with a think section that follows a script: each of its tokens has one successor. Asked anything, it thinks
/// "Let me see. It is 2 + 2. So four.", and then says "Four." Held to JSON or calls it does what the endless model does.
/// </summary>
/// <remarks>
/// Attention and feed-forward are zero, embeddings are unit vectors, one a scripted token: the output matrix is the table of
/// what follows what.
/// </remarks>
internal static class ThinkingModel
{
    /// <summary>What it thinks, without the white space between tags and text.</summary>
    public const string Thought = "Let me see. It is 2 + 2. So four.";

    /// <summary>Tokens of a whole think section: both tags, two lines and three sentences.</summary>
    public const int SectionTokens = 7;

    /// <summary>Asks for thoughts as Qwen3 does: unless told not to think, the model opens the section itself.</summary>
    public const string Template =
        "{%- for m in messages %}<|im_start|>{{ m.role }}\n{% if m.reasoning_content is defined %}<think>{{ m.reasoning_content }}</think>{% endif %}"
        + "{{ m.content }}{% for c in m.tool_calls or [] %}<tool_call>{{ c.function.arguments | tojson }}</tool_call>{% endfor %}<|im_end|>{% endfor %}"
        + "<|im_start|>assistant{% if enable_thinking is false %}<think></think>{% endif %}";

    /// <summary>Opens the section for the model, whatever is asked of it, as DeepSeek's templates do.</summary>
    public const string OpeningTemplate = "{%- for m in messages %}<|im_start|>{{ m.content }}<|im_end|>{% endfor %}<|im_start|>assistant{{ '<think>\\n' }}";

    /// <summary>Takes no heed of <c>enable_thinking</c>: the model thinks when it likes to, which is always.</summary>
    public const string HeedlessTemplate = "{%- for m in messages %}<|im_start|>{{ (m.content.split('</think>'))[-1] }}<|im_end|>{% endfor %}<|im_start|>assistant";

    private const int Hidden = 64;
    private const int Intermediate = 64;
    private const int HeadSize = 2;
    private const int FirstText = 263;
    private const string EndOfTurn = "<|im_end|>";
    private static readonly string[] Tags = ["<think>", "</think>"];
    private static readonly string[] Texts = ["\n\n", "Let me see.", " It is 2 + 2.", " So four.", "\n \n", "Four."];
    private static readonly int Vocabulary = FirstText + Texts.Length;

    private static readonly (string Token, string Next)[] Script =
    [
        ("<think>", "\n\n"), ("\n\n", "Let me see."), ("Let me see.", " It is 2 + 2."), (" It is 2 + 2.", " So four."),
        (" So four.", "\n \n"), ("\n \n", "</think>"), ("</think>", "Four."), ("Four.", EndOfTurn),
    ];

    /// <summary>Writes the model.</summary>
    /// <param name="directory">Where to.</param>
    /// <param name="template">Its chat template.</param>
    /// <param name="endless">Whether it never closes its section by itself: its third sentence leads back to the first.</param>
    public static void Write(string directory, string template, bool endless = false)
    {
        foreach (var name in new[] { "config.json", "generation_config.json", "tokenizer_config.json", "tokenizer.json" })
            File.Copy(Path.Combine(EndlessModel.Path, name), Path.Combine(directory, name));
        File.WriteAllText(Path.Combine(directory, "chat_template.jinja"), template);
        Edit("config.json", config => (config["vocab_size"], config["intermediate_size"], config["hidden_size"]) = (Vocabulary, Intermediate, Hidden));
        Edit("tokenizer.json", tokenizer =>
        {
            // No control tokens, as in Qwen3's files.
            foreach (var tag in Tags)
                tokenizer["added_tokens"]!.AsArray().Add(new JsonObject { ["id"] = Id(tag), ["content"] = tag, ["special"] = false });
            foreach (var text in Texts)
                tokenizer["model"]!["vocab"]![string.Concat(Encoding.UTF8.GetBytes(text).Select(b => b == ' ' ? 'Ġ' : b == '\n' ? 'Ċ' : (char)b))] = Id(text);
        });
        WriteWeights(Path.Combine(directory, "model.safetensors"), endless);

        void Edit(string name, Action<JsonNode> change)
        {
            var path = Path.Combine(directory, name);
            var json = JsonNode.Parse(File.ReadAllText(path))!;
            change(json);
            File.WriteAllText(path, json.ToJsonString());
        }
    }

    private static int Id(string token) => token switch
    {
        EndOfTurn => 258,
        "<think>" => 261,
        "</think>" => 262,
        "\n" => '\n',
        _ => FirstText + Array.IndexOf(Texts, token),
    };

    private static void WriteWeights(string path, bool endless)
    {
        var next = Script.ToDictionary(step => Id(step.Token), step => Id(step.Next));
        // The line after an opened section's tag is a byte of its own.
        next[Id("\n")] = Id("Let me see.");
        if (endless)
            next[Id(" So four.")] = Id("Let me see.");
        // Place 0 is that of all tokens without a script: the section comes next, if it may.
        var places = next.Keys.Order().Select((id, i) => (id, place: i + 1)).ToDictionary(pair => pair.id, pair => pair.place);
        var follows = next.ToDictionary(pair => places[pair.Key], pair => pair.Value);
        follows[0] = Id("<think>");

        var embedding = new float[Vocabulary * Hidden];
        var output = new float[Vocabulary * Hidden];
        for (var id = 0; id < Vocabulary; id++)
        {
            embedding[(id * Hidden) + places.GetValueOrDefault(id)] = 1;
            // A unit vector is √64 long once normalized.
            for (var place = 0; place < Hidden; place++)
                output[(id * Hidden) + place] = (EndlessModel.Logit(id) + (follows.TryGetValue(place, out var wanted) && wanted == id ? 64 : 0)) / 8;
        }

        float[] ones = [.. Enumerable.Repeat(1f, Hidden)];
        (string Name, int[] Shape, float[] Values)[] tensors =
        [
            ("model.embed_tokens", [Vocabulary, Hidden], embedding),
            ("lm_head", [Vocabulary, Hidden], output),
            ("model.norm", [Hidden], ones),
            ("model.layers.0.input_layernorm", [Hidden], ones),
            ("model.layers.0.post_attention_layernorm", [Hidden], ones),
            ("model.layers.0.self_attn.q_proj", [HeadSize, Hidden], new float[HeadSize * Hidden]),
            ("model.layers.0.self_attn.k_proj", [HeadSize, Hidden], new float[HeadSize * Hidden]),
            ("model.layers.0.self_attn.v_proj", [HeadSize, Hidden], new float[HeadSize * Hidden]),
            ("model.layers.0.self_attn.o_proj", [Hidden, HeadSize], new float[HeadSize * Hidden]),
            ("model.layers.0.mlp.gate_proj", [Intermediate, Hidden], new float[Intermediate * Hidden]),
            ("model.layers.0.mlp.up_proj", [Intermediate, Hidden], new float[Intermediate * Hidden]),
            ("model.layers.0.mlp.down_proj", [Hidden, Intermediate], new float[Intermediate * Hidden]),
        ];
        var header = new Dictionary<string, object>();
        var offset = 0;
        foreach (var (name, shape, values) in tensors)
            header[name + ".weight"] = new { dtype = "F32", shape, data_offsets = new[] { offset, offset += 4 * values.Length } };
        var json = JsonSerializer.SerializeToUtf8Bytes(header);
        using var file = File.Create(path);
        Span<byte> length = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(length, json.Length);
        file.Write(length);
        file.Write(json);
        foreach (var (_, _, values) in tensors)
            file.Write(System.Runtime.InteropServices.MemoryMarshal.AsBytes<float>(values));
    }
}
