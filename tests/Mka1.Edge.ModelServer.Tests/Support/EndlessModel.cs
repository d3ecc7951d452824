using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Mka1.Edge.ModelServer.Tests.Support;

/// <summary>
/// A model directory whose next-token probabilities never depend on the text: left to itself it says "tick" for ever, held
/// to JSON it closes whatever it can close. It makes answers that do not end by themselves, a fraction of a millisecond a token.
/// </summary>
/// <remarks>
/// All weights are zero but the embedding (every row the same) and the output matrix (one number a row). The feed-forward
/// layer is wide, to take time; attention is narrow, so that a long context takes little memory.
/// </remarks>
internal static class EndlessModel
{
    public const int ContextWindow = 65536;

    private const string Tick = "tick\n";
    private const int Hidden = 64;
    private const int Intermediate = 4096;
    private const int HeadSize = 2;
    private const int Vocabulary = 256 + 1 + 4;
    private static readonly string[] Control = ["<|im_start|>", "<|im_end|>", "<tool_call>", "</tool_call>"];
    private static readonly Lazy<string> Written = new(Write);

    /// <summary>Where it is; written on first use.</summary>
    public static string Path => Written.Value;

    private static string Write()
    {
        var directory = Directory.CreateTempSubdirectory("endless-model-").FullName;
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(directory, recursive: true);
        Save("config.json", new
        {
            architectures = new[] { "LlamaForCausalLM" },
            hidden_size = Hidden,
            intermediate_size = Intermediate,
            num_hidden_layers = 1,
            num_attention_heads = 1,
            num_key_value_heads = 1,
            head_dim = HeadSize,
            max_position_embeddings = ContextWindow,
            vocab_size = Vocabulary,
            rms_norm_eps = 1e-5,
            hidden_act = "silu",
        });
        Save("generation_config.json", new { eos_token_id = 258 });
        Save("tokenizer_config.json", new { add_bos_token = false });
        Save("tokenizer.json", new
        {
            added_tokens = Control.Select((content, i) => new { id = 257 + i, content, special = true }),
            pre_tokenizer = new
            {
                type = "Sequence",
                pretokenizers = new object[]
                {
                    new
                    {
                        type = "Split",
                        pattern = new { Regex = @"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+" },
                        behavior = "Isolated",
                        invert = false,
                    },
                    new { type = "ByteLevel", add_prefix_space = false, use_regex = false },
                },
            },
            model = new
            {
                type = "BPE",
                vocab = Enumerable.Range(0, 256).Select(b => StandIn((byte)b).ToString())
                    .Append(string.Concat(Encoding.UTF8.GetBytes(Tick).Select(StandIn)))
                    .Select((entry, id) => (entry, id)).ToDictionary(v => v.entry, v => v.id),
                merges = Array.Empty<string>(),
            },
        });
        WriteWeights(System.IO.Path.Combine(directory, "model.safetensors"));
        return directory;

        void Save(string name, object content) =>
            File.WriteAllText(System.IO.Path.Combine(directory, name), JsonSerializer.Serialize(content));
    }

    private static void WriteWeights(string path)
    {
        var tensors = new List<(string Name, int[] Shape, Func<int, float> Value)>
        {
            ("model.embed_tokens.weight", [Vocabulary, Hidden], _ => 1),
            ("lm_head.weight", [Vocabulary, Hidden], i => Logit(i / Hidden) / Hidden),
            ("model.norm.weight", [Hidden], _ => 1),
            ("model.layers.0.input_layernorm.weight", [Hidden], _ => 1),
            ("model.layers.0.post_attention_layernorm.weight", [Hidden], _ => 1),
            ("model.layers.0.self_attn.q_proj.weight", [HeadSize, Hidden], _ => 0),
            ("model.layers.0.self_attn.k_proj.weight", [HeadSize, Hidden], _ => 0),
            ("model.layers.0.self_attn.v_proj.weight", [HeadSize, Hidden], _ => 0),
            ("model.layers.0.self_attn.o_proj.weight", [Hidden, HeadSize], _ => 0),
            ("model.layers.0.mlp.gate_proj.weight", [Intermediate, Hidden], _ => 0),
            ("model.layers.0.mlp.up_proj.weight", [Intermediate, Hidden], _ => 0),
            ("model.layers.0.mlp.down_proj.weight", [Hidden, Intermediate], _ => 0),
        };
        var header = new Dictionary<string, object>();
        var offset = 0;
        foreach (var (name, shape, _) in tensors)
        {
            var end = offset + (2 * shape.Aggregate(1, (a, b) => a * b));
            header[name] = new { dtype = "BF16", shape, data_offsets = new[] { offset, end } };
            offset = end;
        }

        var json = JsonSerializer.SerializeToUtf8Bytes(header);
        var file = new byte[8 + json.Length + offset];
        BinaryPrimitives.WriteInt64LittleEndian(file, json.Length);
        json.CopyTo(file, 8);
        var at = 8 + json.Length;
        foreach (var (_, shape, value) in tensors)
        {
            for (var i = 0; i < shape.Aggregate(1, (a, b) => a * b); i++, at += 2)
                BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(at), (ushort)(BitConverter.SingleToUInt32Bits(value(i)) >> 16));
        }

        File.WriteAllBytes(path, file);
    }

    /// <summary>How much the model likes a token: a tick most, then what ends a JSON value; the end of its turn least.</summary>
    internal static float Logit(int id) => id switch
    {
        256 => 12,
        '"' => 10,
        '}' => 9,
        ']' => 8,
        >= '0' and <= '9' => 5,
        258 => -32,
        _ => 0,
    };

    /// <summary>The character that stands for a byte in tokenizer files (GPT-2's <c>bytes_to_unicode</c>).</summary>
    private static char StandIn(byte value)
    {
        var next = 256;
        for (var b = 0; b < 256; b++)
        {
            var printable = b is (>= '!' and <= '~') or (>= 0xA1 and <= 0xAC) or (>= 0xAE and <= 0xFF);
            var stand = (char)(printable ? b : next++);
            if (b == value)
                return stand;
        }

        throw new InvalidOperationException(value.ToString(CultureInfo.InvariantCulture));
    }
}
