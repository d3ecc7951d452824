using System.Text.Json;

namespace Mka1.Edge.Responses;

/// <summary>Reads the small objects and lists of a create request.</summary>
internal static class RequestOptions
{
    private static readonly KnownNames ConversationNames = new("id");
    private static readonly KnownNames PromptNames = new("id", "version", "variables");
    private static readonly KnownNames TextNames = new("format", "verbosity");
    private static readonly KnownNames FormatNames = new("type", "name", "schema", "strict", "description");
    private static readonly KnownNames StreamNames = new("include_obfuscation");
    private static readonly KnownNames ReasoningNames = new("effort", "summary");
    private static readonly KnownNames ManagementNames = new("type", "compact_threshold");
    private static readonly KnownNames AudioNames = new("voice", "format");
    private static readonly string[] FormatTypes = ["text", "json_object", "json_schema"];
    private static readonly string[] ManagementTypes = ["compaction"];
    private static readonly string[] AudioFormats = ["wav", "mp3", "flac", "opus", "pcm16"];

    public static string? Conversation(FieldReader body)
    {
        if (body.Any("conversation"u8) is not { } value)
            return null;
        switch (value.ValueKind)
        {
            case JsonValueKind.String:
                return body.String("conversation"u8, 1, 256);
            case JsonValueKind.Object:
                return Reader(value, ConversationNames, body).RequiredString("id"u8, 1, 256);
            default:
                body.WrongKind(value, "a string or an object with an 'id'");
                return null;
        }
    }

    public static PromptReference? Prompt(FieldReader body)
    {
        if (body.OfKind("prompt"u8, JsonValueKind.Object) is not { } value)
            return null;
        var prompt = Reader(value, PromptNames, body);
        return new PromptReference
        {
            Id = prompt.RequiredString("id"u8, 1, 256),
            Version = prompt.String("version"u8, 1, 256),
            Variables = Variables(prompt),
        };
    }

    private static JsonElement? Variables(FieldReader prompt)
    {
        if (prompt.OfKind("variables"u8, JsonValueKind.Object) is not { } variables)
            return null;
        foreach (var variable in variables.EnumerateObject())
        {
            if (variable.Value.ValueKind == JsonValueKind.Object)
                ContentParser.Variable(variable.Value, prompt);
            else if (variable.Value.ValueKind != JsonValueKind.String)
                prompt.WrongKind(variable.Value, "a string or a content part");
        }

        return variables;
    }

    public static IReadOnlyList<string> Include(FieldReader body)
    {
        if (body.OfKind("include"u8, JsonValueKind.Array) is not { } array)
            return [];
        var names = new List<string>();
        foreach (var entry in array.EnumerateArray())
        {
            if (entry.ValueKind != JsonValueKind.String)
            {
                body.WrongKind(entry, "a string");
                break;
            }

            if (body.Word(entry, IncludeNames.All) is not { } name)
                break;
            if (!names.Contains(name))
                names.Add(name);
        }

        return names;
    }

    public static TextOptions Text(FieldReader body, RequestDefaults defaults)
    {
        if (body.OfKind("text"u8, JsonValueKind.Object) is not { } value)
            return new TextOptions { Verbosity = defaults.Verbosity };
        var text = Reader(value, TextNames, body);
        return new TextOptions
        {
            Format = text.OfKind("format"u8, JsonValueKind.Object) is { } format ? Format(Reader(format, FormatNames, body)) : TextFormat.PlainText,
            Verbosity = text.Enum<Verbosity>("verbosity"u8) ?? defaults.Verbosity,
        };
    }

    private static TextFormat Format(FieldReader format)
    {
        if (!format.Has("type"u8))
            format.Missing("type"u8);
        return format.Word("type"u8, FormatTypes) switch
        {
            "json_object" => new TextFormat.JsonObject(),
            "json_schema" => new TextFormat.JsonSchema(
                format.RequiredName("name"u8),
                format.Required("schema"u8, JsonValueKind.Object),
                format.Bool("strict"u8),
                format.String("description"u8, 0, format.Context.Limits.MaxTextLength)),
            _ => TextFormat.PlainText,
        };
    }

    public static StreamOptions? Stream(FieldReader body) =>
        body.OfKind("stream_options"u8, JsonValueKind.Object) is { } value
            ? new StreamOptions { IncludeObfuscation = Reader(value, StreamNames, body).Bool("include_obfuscation"u8) }
            : null;

    public static ReasoningOptions? Reasoning(FieldReader body)
    {
        if (body.OfKind("reasoning"u8, JsonValueKind.Object) is not { } value)
            return null;
        var reasoning = Reader(value, ReasoningNames, body);
        return new ReasoningOptions
        {
            Effort = reasoning.Enum<ReasoningEffort>("effort"u8),
            Summary = reasoning.Enum<ReasoningSummary>("summary"u8),
        };
    }

    public static ContextManagement? ContextManagement(FieldReader body)
    {
        if (body.OfKind("context_management"u8, JsonValueKind.Array) is not { } array || array.GetArrayLength() == 0)
            return null;
        if (array.GetArrayLength() > 1)
            body.Context.Faults.Add(array, ErrorCode.InvalidValue, "must hold at most 1 entry");
        if (array[0].ValueKind != JsonValueKind.Object)
        {
            body.WrongKind(array[0], "an object");
            return null;
        }

        var management = Reader(array[0], ManagementNames, body);
        if (!management.Has("type"u8))
            management.Missing("type"u8);
        return new ContextManagement
        {
            Type = management.Word("type"u8, ManagementTypes) ?? string.Empty,
            CompactThreshold = management.Integer("compact_threshold"u8, 1, Usage.MaxTokens),
        };
    }

    public static IReadOnlyList<Modality> Modalities(FieldReader body)
    {
        if (body.OfKind("modalities"u8, JsonValueKind.Array) is not { } array)
            return [Modality.Text];
        var modalities = new List<Modality>(2);
        foreach (var entry in array.EnumerateArray())
        {
            if (entry.ValueKind != JsonValueKind.String)
            {
                body.WrongKind(entry, "a string");
                break;
            }

            if (!EnumWords<Modality>.TryRead(entry, out var modality))
            {
                body.Context.Faults.Add(entry, ErrorCode.InvalidValue, $"must be {EnumWords<Modality>.Allowed}");
                break;
            }

            if (!modalities.Contains(modality))
                modalities.Add(modality);
        }

        return modalities.Count == 0 ? [Modality.Text] : modalities;
    }

    public static AudioOptions? Audio(FieldReader body)
    {
        if (body.OfKind("audio"u8, JsonValueKind.Object) is not { } value)
            return null;
        var audio = Reader(value, AudioNames, body);
        return new AudioOptions { Voice = audio.String("voice"u8, 1, 128), Format = audio.Word("format"u8, AudioFormats) };
    }

    private static FieldReader Reader(JsonElement value, KnownNames names, FieldReader body)
    {
        names.Check(value, body.Context.Faults);
        return new FieldReader(value, body.Context);
    }
}
