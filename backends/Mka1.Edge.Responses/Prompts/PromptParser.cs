using System.Text.Json;

namespace Mka1.Edge.Responses;

/// <summary>Parses the bodies of the prompts resource (contract.md J). Never throws, whatever the bytes.</summary>
public static class PromptParser
{
    private const int MaxName = 255;
    private const int MaxTemplate = 100_000;

    private static readonly KnownNames Names = new("name", "template", "version");

    /// <summary>A new prompt with its first version.</summary>
    public static ParseResult<CreatePromptRequest> ParseCreate(ReadOnlyMemory<byte> body, RequestLimits? limits = null) =>
        Parse(body, limits, static fields => new CreatePromptRequest(fields.RequiredString("name"u8, 1, MaxName), Template(fields)));

    /// <summary>Another name, another version in use, or both.</summary>
    public static ParseResult<UpdatePromptRequest> ParseUpdate(ReadOnlyMemory<byte> body, RequestLimits? limits = null) =>
        Parse(body, limits, static fields =>
        {
            if (!fields.Has("name"u8) && !fields.Has("version"u8))
                fields.Context.Faults.Add(fields.Owner, ErrorCode.MissingRequiredParameter, "must hold 'name', 'version' or both");
            return new UpdatePromptRequest(fields.String("name"u8, 1, MaxName), Version(fields));
        });

    /// <summary>Another version in use.</summary>
    public static ParseResult<UpdatePromptRequest> ParseRollback(ReadOnlyMemory<byte> body, RequestLimits? limits = null) =>
        Parse(body, limits, static fields =>
        {
            if (!fields.Has("version"u8)) fields.Missing("version"u8);
            return new UpdatePromptRequest(null, Version(fields));
        });

    /// <summary>The template of a new version.</summary>
    public static ParseResult<string> ParseVersion(ReadOnlyMemory<byte> body, RequestLimits? limits = null) => Parse(body, limits, Template);

    private static ParseResult<T> Parse<T>(ReadOnlyMemory<byte> body, RequestLimits? limits, Func<FieldReader, T> read) =>
        BodyParser.Parse(body, limits ?? RequestLimits.Default, (JsonElement root, ParseContext context) =>
        {
            Names.Check(root, context.Faults);
            return read(new FieldReader(root, context));
        });

    private static string Template(FieldReader fields) => fields.RequiredString("template"u8, 1, MaxTemplate);

    private static int? Version(FieldReader fields) => (int?)fields.Integer("version"u8, 1, int.MaxValue);
}
