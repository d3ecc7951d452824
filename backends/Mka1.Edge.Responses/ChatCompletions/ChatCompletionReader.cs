using System.Text.Json;

namespace Mka1.Edge.Responses;

/// <summary>Turns a whole chat completion into a response. Never throws, whatever the bytes.</summary>
public static class ChatCompletionReader
{
    /// <summary>The response that a completion stands for; failed when the body is an error.</summary>
    /// <param name="completion">The server's JSON.</param>
    /// <param name="skeleton">The response as asked for.</param>
    /// <param name="now">Unix seconds.</param>
    /// <returns>The response; or a refusal with <see cref="ErrorCode.UpstreamError"/> when the JSON makes no sense.</returns>
    public static ParseResult<ResponseObject> ToResponse(ReadOnlySpan<byte> completion, ResponseObject skeleton, long now)
    {
        if (StrictJson.Check(completion, RequestLimits.Default) is not null)
            return Senseless;
        var reader = new Utf8JsonReader(completion);
        using var document = JsonDocument.ParseValue(ref reader);
        var root = document.RootElement;
        using var writer = new ResponseStreamWriter(new DiscardedBytes(), skeleton);
        writer.Start();
        if (ChatErrors.Read(root) is { } error)
        {
            writer.Fail(error, ChatUsage.Read(root), now);
            return new ParseResult<ResponseObject>.Parsed(writer.Response);
        }

        if (ChatFields.Array(root, "choices"u8) is not { } choices || choices.GetArrayLength() == 0)
            return Senseless;
        var answer = new ChatAnswerBuilder(writer);
        return ChatFields.Object(choices[0], "message"u8) is null
            || answer.Take(choices[0]) is not null
            || answer.End(ChatUsage.Read(root), now) is not null
                ? Senseless
                : new ParseResult<ResponseObject>.Parsed(writer.Response);
    }

    private static ParseResult<ResponseObject> Senseless { get; } =
        new ParseResult<ResponseObject>.Refused(new ApiError(ErrorCode.UpstreamError, "The model server's answer made no sense. Retry."));
}
