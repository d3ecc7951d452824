using System.Text.Json.Serialization;

namespace Mka1.Edge.Policies.Routing.Learned;

/// <summary>Reads and writes the weights file.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(WeightsDocument))]
[JsonSerializable(typeof(string))]
internal sealed partial class WeightsJson : JsonSerializerContext;
