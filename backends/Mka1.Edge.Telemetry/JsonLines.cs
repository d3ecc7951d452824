using Microsoft.Extensions.Logging;

namespace Mka1.Edge.Telemetry;

/// <summary>Log lines as JSON objects on standard output.</summary>
public static class JsonLines
{
    /// <summary>Writes one JSON object a line, with its scopes and its time in UTC, in place of text.</summary>
    public static ILoggingBuilder AddEdgeJsonConsole(this ILoggingBuilder logging) => logging.AddJsonConsole(console =>
    {
        console.IncludeScopes = true;
        console.UseUtcTimestamp = true;
        console.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ";
    });
}
