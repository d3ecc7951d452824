namespace Mka1.Edge.Gateway.Configuration;

/// <summary>Checks where telemetry goes.</summary>
internal static class TelemetryChecks
{
    public static void Check(TelemetryConfig telemetry, List<string> faults)
    {
        ConfigChecks.Range(faults, "telemetry.samplingRatio", telemetry.SamplingRatio, 0, 1);
        if (telemetry.OtlpEndpoint is { } endpoint && !IsCollector(endpoint))
            faults.Add($"telemetry.otlpEndpoint: '{endpoint}' is not a collector's address without a path, such as http://collector:4317.");
    }

    private static bool IsCollector(string endpoint) =>
        Uri.TryCreate(endpoint, UriKind.Absolute, out var uri) && uri is { Scheme: "http" or "https", PathAndQuery: "/" };
}
