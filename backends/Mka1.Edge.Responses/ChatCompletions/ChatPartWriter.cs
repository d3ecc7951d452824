using System.Text.Json;

namespace Mka1.Edge.Responses;

/// <summary>Writes content parts as chat content: a string where one text is all there is, else an array.</summary>
internal static class ChatPartWriter
{
    /// <summary>Writes one member.</summary>
    /// <param name="json">Takes it.</param>
    /// <param name="parts">What it holds.</param>
    /// <param name="name">Its name.</param>
    /// <param name="element">The item, for the path of a part that cannot be said.</param>
    /// <param name="faults">Takes that.</param>
    /// <param name="mediaAllowed">Whether pictures, files and sound may stand here.</param>
    public static void Content(
        Utf8JsonWriter json, IReadOnlyList<ContentPart> parts, string name, JsonElement element, FaultLog faults, bool mediaAllowed)
    {
        json.WritePropertyName(name);
        if (parts is [] or [InputTextPart] or [OutputTextPart])
        {
            TextOf(parts.Count == 0 ? null : parts[0]).WriteTo(json);
            return;
        }

        json.WriteStartArray();
        foreach (var part in parts)
        {
            if (part is InputTextPart or OutputTextPart)
                Text(json, TextOf(part));
            else if (!mediaAllowed || !Media(json, part))
                Refuse(part, element, faults);
        }

        json.WriteEndArray();
    }

    /// <summary>Says that a part has no place in chat.</summary>
    public static void Refuse(ContentPart part, JsonElement element, FaultLog faults)
    {
        var at = part.Raw.ValueKind == JsonValueKind.Object ? part.Raw : element;
        if (part is InputFilePart { FileUrl: not null } or InputImagePart { FileId: not null } && at.TryGetProperty(part is InputFilePart ? "file_url"u8 : "file_id"u8, out var source))
            at = source;
        else if (at.ValueKind == JsonValueKind.Object && at.TryGetProperty("type"u8, out var type))
            at = type;
        faults.Add(at, ErrorCode.UnsupportedParameter, "cannot be sent to this model's server in this place; send text, or the data inline");
    }

    private static JsonText TextOf(ContentPart? part) => part switch
    {
        InputTextPart text => text.Text,
        OutputTextPart text => text.Text,
        _ => "",
    };

    private static void Text(Utf8JsonWriter json, JsonText text)
    {
        json.WriteStartObject();
        json.WriteString("type"u8, "text"u8);
        json.WritePropertyName("text"u8);
        text.WriteTo(json);
        json.WriteEndObject();
    }

    private static bool Media(Utf8JsonWriter json, ContentPart part)
    {
        switch (part)
        {
            case InputImagePart { ImageUrl: { } address } image:
                json.WriteStartObject();
                json.WriteString("type"u8, "image_url"u8);
                json.WriteStartObject("image_url"u8);
                json.WritePropertyName("url"u8);
                address.WriteTo(json);
                if (image.Detail is { } detail)
                    json.WriteString("detail"u8, detail == "original" ? "high" : detail);
                json.WriteEndObject();
                json.WriteEndObject();
                return true;
            case InputFilePart { FileUrl: null } file:
                json.WriteStartObject();
                json.WriteString("type"u8, "file"u8);
                json.WriteStartObject("file"u8);
                if (file.Filename is not null)
                    json.WriteString("filename"u8, file.Filename);
                if (file.FileId is not null)
                    json.WriteString("file_id"u8, file.FileId);
                if (file.FileData is { } data)
                {
                    json.WritePropertyName("file_data"u8);
                    data.WriteTo(json);
                }

                json.WriteEndObject();
                json.WriteEndObject();
                return true;
            case InputAudioPart audio:
                json.WriteStartObject();
                json.WriteString("type"u8, "input_audio"u8);
                json.WriteStartObject("input_audio"u8);
                json.WritePropertyName("data"u8);
                audio.InputAudio.Data.WriteTo(json);
                json.WriteString("format"u8, audio.InputAudio.Format);
                json.WriteEndObject();
                json.WriteEndObject();
                return true;
            default:
                return false;
        }
    }
}
