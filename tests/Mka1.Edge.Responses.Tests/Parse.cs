using System.Text;

namespace Mka1.Edge.Responses.Tests;

/// <summary>Parses bodies written as text and says what came out.</summary>
internal static class Parse
{
    public static ParseResult<CreateResponseRequest> Body(string json) => RequestParser.ParseCreate(Encoding.UTF8.GetBytes(json));

    /// <summary>A minimal body with more members: <c>{"model":"m",…}</c>.</summary>
    public static string With(string members) => $$"""{"model":"m",{{members}}}""";

    public static CreateResponseRequest Accepted(string json)
    {
        var result = Body(json);
        return result is ParseResult<CreateResponseRequest>.Parsed parsed
            ? parsed.Request
            : throw new Xunit.Sdk.XunitException($"Refused: {((ParseResult<CreateResponseRequest>.Refused)result).Error}");
    }

    public static ApiError Refused(string json) => Refused(Encoding.UTF8.GetBytes(json));

    public static ApiError Refused(byte[] json) => Assert.IsType<ParseResult<CreateResponseRequest>.Refused>(RequestParser.ParseCreate(json)).Error;
}
