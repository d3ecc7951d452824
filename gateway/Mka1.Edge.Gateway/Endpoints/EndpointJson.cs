using System.Text.Json.Serialization;
using Mka1.Edge.Gateway.Identity;

namespace Mka1.Edge.Gateway.Endpoints;

/// <summary>JSON of the small endpoints.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ModelEndpoints.Model))]
[JsonSerializable(typeof(ModelEndpoints.ModelList))]
[JsonSerializable(typeof(HealthEndpoints.Health))]
[JsonSerializable(typeof(KeyView))]
internal sealed partial class EndpointJson : JsonSerializerContext;
