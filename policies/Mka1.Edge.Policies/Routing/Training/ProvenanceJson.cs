using System.Text.Json.Serialization;

namespace Mka1.Edge.Policies.Routing.Training;

/// <summary>Writes the provenance into the weights file.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = false)]
[JsonSerializable(typeof(Provenance))]
[JsonSerializable(typeof(GoldenRow[]))]
internal sealed partial class ProvenanceJson : JsonSerializerContext;
