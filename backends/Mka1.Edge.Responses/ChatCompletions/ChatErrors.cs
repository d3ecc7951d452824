using System.Text.Json;

namespace Mka1.Edge.Responses;

/// <summary>Reads the error that a chat server sends in place of an answer, in whichever of the forms in use.</summary>
internal static class ChatErrors
{
    private const int MaxMessage = 1000;

    /// <summary>The error in a body or chunk; null when it holds none.</summary>
    /// <param name="root">The body or the chunk.</param>
    /// <param name="named">Whether the stream called it an error.</param>
    public static ResponseError? Read(JsonElement root, bool named = false)
    {
        if (root.ValueKind != JsonValueKind.Object)
            return named ? Of(null, null, null) : null;
        if (root.TryGetProperty("error"u8, out var error))
        {
            switch (error.ValueKind)
            {
                case JsonValueKind.String:
                    return Of(error.GetString(), null, null);
                case JsonValueKind.Object:
                    return Of(ChatFields.Text(error, "message"u8), ChatFields.Text(error, "code"u8), ChatFields.Text(error, "param"u8));
            }
        }

        // vLLM's older form has no envelope.
        return named || ChatFields.Text(root, "object"u8) == "error"
            ? Of(ChatFields.Text(root, "message"u8), ChatFields.Text(root, "code"u8), ChatFields.Text(root, "param"u8))
            : null;
    }

    /// <summary>The answer came to nothing although the stream was sound.</summary>
    public static ResponseError Aborted { get; } = Of(null, null, null);

    private static ResponseError Of(string? message, string? code, string? param)
    {
        var unknown = ResponseError.From(new ApiError(ErrorCode.UpstreamError, "The model server failed. Retry."));
        return unknown with
        {
            Message = string.IsNullOrEmpty(message) ? unknown.Message : Cut(message),
            Code = code is { Length: <= 128 } ? code : unknown.Code,
            Param = param is { Length: <= 1024 } ? param : null,
        };
    }

    private static string Cut(string message)
    {
        if (message.Length <= MaxMessage)
            return message;
        return message[..(char.IsHighSurrogate(message[MaxMessage - 1]) ? MaxMessage - 1 : MaxMessage)];
    }
}
