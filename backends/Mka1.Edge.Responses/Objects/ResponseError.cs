using System.Text.Json.Serialization;

namespace Mka1.Edge.Responses;

/// <summary>The <c>error</c> of a failed response. <c>type</c> is always there: one client in use drops the message without it (contract.md C.4).</summary>
public sealed record ResponseError
{
    public required string Code { get; init; }

    public required string Message { get; init; }

    public string Type { get; init; } = "server_error";

    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public string? Param { get; init; }

    /// <summary>The same refusal, as the outcome of a response rather than of a request.</summary>
    public static ResponseError From(ApiError error) => new()
    {
        Code = error.Shape.Code,
        Message = error.Message,
        Type = error.Shape.Type,
        Param = error.Param,
    };
}
