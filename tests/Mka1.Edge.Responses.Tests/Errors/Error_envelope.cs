using System.Text;

namespace Mka1.Edge.Responses.Tests;

public sealed class Error_envelope
{
    [Fact]
    public void The_envelope_has_its_four_members()
    {
        var json = Encoding.UTF8.GetString(ErrorWriter.ToBytes(new ApiError(ErrorCode.InvalidValue, "'a\"b' must be <5> é.", "a\"b")));

        Assert.Equal("""{"error":{"message":"'a\"b' must be <5> é.","type":"invalid_request_error","param":"a\"b","code":"invalid_value"}}""", json);
        Assert.EndsWith("\"param\":null,\"code\":\"server_error\"}}", Encoding.UTF8.GetString(ErrorWriter.ToBytes(new ApiError(ErrorCode.ServerError, "x"))), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(ErrorCode.InvalidJson, 400, "invalid_request_error", "invalid_json")]
    [InlineData(ErrorCode.PreviousResponseNotFound, 400, "invalid_request_error", "previous_response_not_found")]
    [InlineData(ErrorCode.UnsupportedTool, 400, "invalid_request_error", "unsupported_tool")]
    [InlineData(ErrorCode.InvalidApiKey, 401, "authentication_error", "invalid_api_key")]
    [InlineData(ErrorCode.PermissionDenied, 403, "permission_error", "permission_denied")]
    [InlineData(ErrorCode.NotFound, 404, "not_found_error", "not_found")]
    [InlineData(ErrorCode.ModelNotFound, 404, "invalid_request_error", "model_not_found")]
    [InlineData(ErrorCode.MethodNotAllowed, 405, "invalid_request_error", "method_not_allowed")]
    [InlineData(ErrorCode.BodyTooLarge, 413, "request_too_large", "body_too_large")]
    [InlineData(ErrorCode.UnsupportedMediaType, 415, "invalid_request_error", "unsupported_media_type")]
    [InlineData(ErrorCode.RateLimitExceeded, 429, "rate_limit_error", "rate_limit_exceeded")]
    [InlineData(ErrorCode.ServerError, 500, "server_error", "server_error")]
    [InlineData(ErrorCode.UpstreamError, 502, "server_error", "upstream_error")]
    [InlineData(ErrorCode.NoBackendAvailable, 503, "server_error", "no_backend_available")]
    [InlineData(ErrorCode.UpstreamTimeout, 504, "server_error", "upstream_timeout")]
    public void The_table_says_what_the_contract_says(ErrorCode code, int status, string type, string wire) =>
        Assert.Equal(new ErrorShape(status, type, wire), ErrorTable.Of(code));

    [Fact]
    public void Every_code_has_a_row_and_no_two_share_a_name()
    {
        var rows = Enum.GetValues<ErrorCode>().Select(ErrorTable.Of).ToList();

        Assert.Equal(rows.Count, rows.Select(row => row.Code).Distinct().Count());
        // 409 is retried on its own by one client, so nothing permanent may use it.
        Assert.All(rows, row => Assert.True(row.Status is >= 400 and < 600 and not 409));
    }
}
