using System.Text.Json;
using Mka1.Edge.Inference.Weights;

namespace Mka1.Edge.Inference.Chat;

/// <summary>The chat template of a model directory as it is written there, and the control tokens it may name.</summary>
/// <param name="Path">The file it is from.</param>
/// <param name="Template">The template; null where there is none.</param>
/// <param name="ToolTemplate">Another for conversations with tools, where the model has one.</param>
/// <param name="Names">Spellings of <c>bos_token</c>, <c>eos_token</c>, <c>unk_token</c> and <c>pad_token</c>.</param>
internal sealed record ChatTemplateSource(string Path, string? Template, string? ToolTemplate, IReadOnlyDictionary<string, string> Names)
{
    private const string ConfigName = "tokenizer_config.json";

    /// <summary>
    /// Whether the conversation is written by <see cref="ChatMlFormat"/>: without a template, or with the one that the demo
    /// family is exported with, the only one to write calls without white space.
    /// </summary>
    public bool IsDemoFamily => Template is null
        || (Template.Contains("<|im_start|>", StringComparison.Ordinal) && Template.Contains("<tool_call>{\"name\":' + (f['name'] | tojson(separators=(',', ':')))", StringComparison.Ordinal));

    /// <summary>Whether the template asks for thoughts, writes them, or cuts them out.</summary>
    public bool KnowsThinking => new[] { Template, ToolTemplate }.Any(template => template is not null
        && (template.Contains("enable_thinking", StringComparison.Ordinal) || template.Contains("think>", StringComparison.Ordinal)));

    public static ChatTemplateSource Read(string directory)
    {
        using var config = JsonFile.Open(directory, ConfigName);
        var names = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var key in new[] { "bos_token", "eos_token", "unk_token", "pad_token" })
        {
            // Written as a text, or as an object with flags.
            var value = config.Find(key) is { ValueKind: JsonValueKind.Object } described ? JsonFile.Find(described, "content") : config.Find(key);
            if (value is { ValueKind: JsonValueKind.String } text)
                names[key] = text.GetString()!;
        }

        // Newer models keep the template in a file of its own, which comes before the key.
        var plain = System.IO.Path.Combine(directory, "chat_template.jinja");
        if (File.Exists(plain))
            return new ChatTemplateSource(plain, File.ReadAllText(plain), null, names);
        if (File.Exists(System.IO.Path.Combine(directory, "chat_template.json")))
        {
            using var file = JsonFile.Open(directory, "chat_template.json");
            return Read(file, names);
        }
        return Read(config, names);
    }

    private static ChatTemplateSource Read(JsonFile file, Dictionary<string, string> names)
    {
        if (file.Find("chat_template") is not { ValueKind: JsonValueKind.Array } list)
            return new ChatTemplateSource(file.Path, file.Text("chat_template"), null, names);
        string? Named(string name) => list.EnumerateArray()
            .Where(entry => JsonFile.Find(entry, "name") is { ValueKind: JsonValueKind.String } text && text.GetString() == name)
            .Select(entry => JsonFile.Find(entry, "template") is { ValueKind: JsonValueKind.String } template ? template.GetString() : null)
            .FirstOrDefault();
        return new ChatTemplateSource(file.Path, Named("default") ?? throw file.Error("chat_template", "lists no template named default."), Named("tool_use"), names);
    }
}
