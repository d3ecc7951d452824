using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace Mka1.Edge.Responses;

/// <summary>Reads content parts (contract.md D.2).</summary>
internal static class ContentParser
{
    private static readonly string[] MessageParts =
        [PartTypes.InputText, PartTypes.InputImage, PartTypes.InputFile, PartTypes.InputAudio, PartTypes.OutputText, PartTypes.Refusal];

    private static readonly string[] ToolParts = [PartTypes.InputText, PartTypes.InputImage, PartTypes.InputFile];
    private static readonly string[] SummaryParts = [PartTypes.SummaryText];
    private static readonly string[] ReasoningParts = [PartTypes.ReasoningText];
    private static readonly string[] Details = ["low", "high", "auto", "original"];
    private static readonly string[] AudioFormats = ["mp3", "wav"];
    private static readonly KnownNames Names = new(
        "type", "text", "image_url", "file_id", "detail", "filename", "file_data", "file_url", "input_audio", "refusal", "annotations", "logprobs");

    /// <summary>A message's content: parts, or a string that stands for one part of the kind its role speaks in.</summary>
    public static IReadOnlyList<ContentPart> Message(FieldReader item, MessageRole role)
    {
        if (item.Any("content"u8) is not { } content)
        {
            item.Missing("content"u8);
            return [];
        }

        if (content.ValueKind == JsonValueKind.String)
        {
            var text = item.RequiredText("content"u8, item.Context.Limits.MaxTextLength);
            return role == MessageRole.Assistant ? [new OutputTextPart { Text = text }] : [new InputTextPart { Text = text }];
        }

        return Parts(content, item, MessageParts, "a string or an array of content parts");
    }

    /// <summary>What a tool gave back: text or parts.</summary>
    public static ToolOutput ToolOutput(FieldReader item)
    {
        if (item.Any("output"u8) is not { } output)
        {
            item.Missing("output"u8);
            return new ToolOutput.Text(string.Empty);
        }

        return output.ValueKind == JsonValueKind.String
            ? new ToolOutput.Text(item.RequiredText("output"u8, item.Context.Limits.MaxTextLength))
            : new ToolOutput.Parts(Parts(output, item, ToolParts, "a string or an array of content parts"));
    }

    /// <summary>Checks a part that stands for a variable of a prompt template.</summary>
    public static void Variable(JsonElement part, FieldReader owner) => Part(part, owner, ToolParts);

    /// <summary>The <c>summary</c> of a reasoning item.</summary>
    public static IReadOnlyList<ContentPart> Summary(FieldReader item) =>
        item.Any("summary"u8) is { } summary ? Parts(summary, item, SummaryParts, "an array of summary_text parts") : [];

    /// <summary>The <c>content</c> of a reasoning item.</summary>
    public static IReadOnlyList<ContentPart>? Reasoning(FieldReader item) =>
        item.Any("content"u8) is { } content ? Parts(content, item, ReasoningParts, "an array of reasoning_text parts") : null;

    /// <summary>A part that a model server sent; what is not understood is kept as it is.</summary>
    public static ContentPart Trusted(JsonElement element)
    {
        var context = ParseContext.Silent();
        var type = element.ValueKind == JsonValueKind.Object && element.TryGetProperty("type"u8, out var value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()!
            : string.Empty;
        var part = element.ValueKind == JsonValueKind.Object ? Known(type, new FieldReader(element, context)) : null;
        return part is null || context.Faults.Count > 0 ? new UnknownPart(type) { Raw = element } : part;
    }

    private static List<ContentPart> Parts(JsonElement array, FieldReader item, string[] allowed, string expected)
    {
        var parts = new List<ContentPart>();
        if (array.ValueKind != JsonValueKind.Array)
        {
            item.WrongKind(array, expected);
            return parts;
        }

        var faults = item.Context.Faults;
        var before = faults.Count;
        parts.EnsureCapacity(array.GetArrayLength());
        foreach (var element in array.EnumerateArray())
        {
            if (Part(element, item, allowed) is { } part)
                parts.Add(part);
            // Later parts come later in the document: they cannot be the first fault.
            if (faults.Count > before)
                break;
        }

        return parts;
    }

    private static ContentPart? Part(JsonElement element, FieldReader item, string[] allowed)
    {
        if (element.ValueKind != JsonValueKind.Object)
        {
            item.WrongKind(element, "an object");
            return null;
        }

        var part = new FieldReader(element, item.Context);
        Names.Check(element, item.Context.Faults);
        if (!part.Has("type"u8))
            part.Missing("type"u8);
        return part.Word("type"u8, allowed) is { } type ? Known(type, part) : null;
    }

    private static ContentPart? Known(string type, FieldReader part)
    {
        var limits = part.Context.Limits;
        return type switch
        {
            PartTypes.InputText => new InputTextPart { Raw = part.Owner, Text = part.RequiredText("text"u8, limits.MaxTextLength) },
            PartTypes.InputImage => Image(part),
            PartTypes.InputFile => File(part),
            PartTypes.InputAudio => Audio(part),
            PartTypes.OutputText => OutputText(part),
            PartTypes.Refusal => new RefusalPart { Raw = part.Owner, Refusal = part.RequiredText("refusal"u8, limits.MaxTextLength) },
            PartTypes.ReasoningText => new ReasoningTextPart { Raw = part.Owner, Text = part.RequiredText("text"u8, limits.MaxTextLength) },
            PartTypes.SummaryText => new SummaryTextPart { Raw = part.Owner, Text = part.RequiredText("text"u8, limits.MaxTextLength) },
            _ => null,
        };
    }

    private static InputImagePart Image(FieldReader part)
    {
        if (!part.Has("image_url"u8) && !part.Has("file_id"u8))
            part.Missing("image_url"u8);
        var address = part.Text("image_url"u8, part.Context.Limits.MaxImageUrlLength);
        if (address is not null && !IsImageAddress(part.Any("image_url"u8)!.Value))
            part.Context.Faults.Add(part.Any("image_url"u8)!.Value, ErrorCode.InvalidValue, "must be an http or https URL or a 'data:image/…' URL");
        return new InputImagePart
        {
            Raw = part.Owner,
            ImageUrl = address,
            FileId = part.String("file_id"u8, 1),
            Detail = part.Word("detail"u8, Details),
        };
    }

    private static bool IsImageAddress(JsonElement text)
    {
        var raw = JsonMarshal.GetRawUtf8Value(text)[1..];
        // Slashes may be escaped in JSON, so only what stands before them is looked at.
        return StartsWith(raw, "http:"u8) || StartsWith(raw, "https:"u8) || StartsWith(raw, "data:image"u8);
    }

    private static bool StartsWith(ReadOnlySpan<byte> raw, ReadOnlySpan<byte> scheme) =>
        raw.Length >= scheme.Length && Ascii.EqualsIgnoreCase(raw[..scheme.Length], scheme);

    private static InputFilePart File(FieldReader part)
    {
        if (!part.Has("file_data"u8) && !part.Has("file_id"u8) && !part.Has("file_url"u8))
            part.Missing("file_data"u8);
        return new InputFilePart
        {
            Raw = part.Owner,
            Filename = part.String("filename"u8),
            FileData = part.Text("file_data"u8, part.Context.Limits.MaxFileDataLength),
            FileId = part.String("file_id"u8, 1),
            FileUrl = part.HttpUrl("file_url"u8),
        };
    }

    private static InputAudioPart Audio(FieldReader part)
    {
        var inner = part.Required("input_audio"u8, JsonValueKind.Object);
        if (inner.ValueKind != JsonValueKind.Object)
            return new InputAudioPart { Raw = part.Owner, InputAudio = new(default, string.Empty) };
        var audio = new FieldReader(inner, part.Context);
        if (!audio.Has("format"u8))
            audio.Missing("format"u8);
        return new InputAudioPart
        {
            Raw = part.Owner,
            InputAudio = new(audio.RequiredText("data"u8, part.Context.Limits.MaxFileDataLength), audio.Word("format"u8, AudioFormats) ?? string.Empty),
        };
    }

    private static OutputTextPart OutputText(FieldReader part) => new()
    {
        Raw = part.Owner,
        Text = part.RequiredText("text"u8, part.Context.Limits.MaxTextLength),
        Annotations = part.OfKind("annotations"u8, JsonValueKind.Array) is { } annotations ? [.. annotations.EnumerateArray()] : [],
    };
}
