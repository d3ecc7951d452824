using System.Text.Json;

namespace Mka1.Edge.Responses;

/// <summary>Parses the bodies of the safety resource. Never throws, whatever the bytes.</summary>
public static class SafetyParser
{
    /// <summary>Longest reason, in characters.</summary>
    public const int MaxReason = 500;

    /// <summary>The last second that a date can name.</summary>
    private const long MaxUnixSeconds = 253_402_300_799;

    private static readonly KnownNames Names = new("rung", "until", "reason");

    /// <summary>The rungs, lowest first.</summary>
    public static IReadOnlyList<string> Rungs { get; } = ["allow", "warn", "slow", "review", "block"];

    /// <summary>Holding a subject on a rung.</summary>
    public static ParseResult<SafetyOverrideRequest> ParseOverride(ReadOnlyMemory<byte> body) =>
        BodyParser.Parse(body, RequestLimits.Default, static (JsonElement root, ParseContext context) =>
        {
            Names.Check(root, context.Faults);
            var fields = new FieldReader(root, context);
            var rung = fields.Required("rung"u8, JsonValueKind.String);
            var word = rung.ValueKind == JsonValueKind.String ? fields.Word(rung, Rungs) : null;
            var reason = fields.RequiredString("reason"u8, 1, MaxReason);
            if (reason.Any(char.IsControl)) context.Faults.Add(fields.Any("reason"u8)!.Value, ErrorCode.InvalidValue, "must hold no control characters");
            return new SafetyOverrideRequest(word ?? "", fields.Integer("until"u8, 0, MaxUnixSeconds), reason);
        });
}
