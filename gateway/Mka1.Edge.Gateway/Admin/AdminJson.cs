using System.Text.Json.Serialization;

namespace Mka1.Edge.Gateway.Admin;

/// <summary>JSON of the operators' listener.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ConfigStatus))]
internal sealed partial class AdminJson : JsonSerializerContext;
