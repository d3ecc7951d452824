using System.Text.Json.Serialization;

namespace Mka1.Edge.Responses;

/// <summary>The hybrid <c>error</c> event: flat for some clients, nested for others (contract.md E.7).</summary>
public sealed record ErrorEvent : ResponseEvent
{
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public string? Code { get; init; }

    public string Message { get; init; } = string.Empty;

    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public string? Param { get; init; }

    public ResponseError? Error { get; init; }

    /// <summary>The event of one error.</summary>
    public static ErrorEvent Of(ResponseError error, long sequenceNumber) => new()
    {
        Type = EventNames.Error,
        SequenceNumber = sequenceNumber,
        Code = error.Code,
        Message = error.Message,
        Param = error.Param,
        Error = error,
    };
}
