using System.Text.Json.Serialization;

namespace Mka1.Edge.Gateway.Admin;

/// <summary>JSON of what is on trial, and of explanations.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(CanaryReport))]
[JsonSerializable(typeof(CandidateReport))]
[JsonSerializable(typeof(RoutingExplanation))]
internal sealed partial class TrialJson : JsonSerializerContext;
