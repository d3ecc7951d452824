using System.Text.Json.Serialization;

namespace Mka1.Edge.Gateway.Endpoints;

/// <summary>JSON of the small endpoints.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ModelEndpoints.Model))]
[JsonSerializable(typeof(ModelEndpoints.ModelList))]
[JsonSerializable(typeof(HealthEndpoints.Health))]
internal sealed partial class EndpointJson : JsonSerializerContext;
