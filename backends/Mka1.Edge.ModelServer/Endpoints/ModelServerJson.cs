using System.Text.Json.Serialization;

namespace Mka1.Edge.ModelServer.Endpoints;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(ModelList))]
[JsonSerializable(typeof(ModelCard))]
[JsonSerializable(typeof(HealthReport))]
internal sealed partial class ModelServerJson : JsonSerializerContext;
