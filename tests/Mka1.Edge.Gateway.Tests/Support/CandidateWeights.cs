using System.Text.Json.Nodes;

namespace Mka1.Edge.Gateway.Tests.Support;

/// <summary>A file of weights like those of this release, but for one number: every question they know is hard.</summary>
internal sealed class CandidateWeights : IDisposable
{
    public const string Version = "all-is-hard";

    public CandidateWeights()
    {
        var file = JsonNode.Parse(File.ReadAllText(System.IO.Path.Combine(AppContext.BaseDirectory, "golden", "weights.json")))!.AsObject();
        file["levels"]!["denseLogit"] = -50.0;
        file["provenance"] = new JsonObject { ["fingerprint"] = Version };
        File.WriteAllText(Path, file.ToJsonString());
    }

    public string Path { get; } = System.IO.Path.Combine(System.IO.Path.GetTempPath(), $"{Guid.NewGuid():n}.json");

    public void Dispose() => File.Delete(Path);
}
