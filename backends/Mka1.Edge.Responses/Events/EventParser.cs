using System.Text.Json;

namespace Mka1.Edge.Responses;

/// <summary>Reads one event. Never throws, whatever the bytes.</summary>
public static class EventParser
{
    /// <summary>Parses an event's data. Types that are not known come as <see cref="UnknownEvent"/>.</summary>
    /// <returns>The event, or a refusal with code <see cref="ErrorCode.UpstreamError"/>.</returns>
    public static ParseResult<ResponseEvent> Parse(ReadOnlySpan<byte> data)
    {
        if (StrictJson.Check(data, RequestLimits.Default) is { } fault)
            return Refuse($"An event is not sound JSON: {fault.Message}");

        // A copy, because the event outlives the reader's buffer.
        var root = JsonDocument.Parse(data.ToArray()).RootElement;
        var fields = new FieldReader(root, ParseContext.Silent());
        if (fields.String("type"u8, 1, 128) is not { } type)
            return Refuse("An event has no type.");
        if (fields.Integer("sequence_number"u8, 0, Usage.MaxTokens) is not { } number)
            return Refuse($"An event of type '{type}' has no sequence_number.");
        if (type != EventNames.Error && fields.Has("error"u8))
            return Refuse($"An event of type '{type}' has a member 'error'; clients take it for a failure.");
        if (EventTable.ShapeOf(type) is not { } shape)
            return new ParseResult<ResponseEvent>.Parsed(new UnknownEvent { Type = type, SequenceNumber = number, Raw = root });
        try
        {
            return new ParseResult<ResponseEvent>.Parsed((ResponseEvent)root.Deserialize(shape)!);
        }
        catch (JsonException)
        {
            return Refuse($"An event of type '{type}' does not have its type's fields.");
        }
    }

    private static ParseResult<ResponseEvent>.Refused Refuse(string message) => new(new ApiError(ErrorCode.UpstreamError, message));
}
