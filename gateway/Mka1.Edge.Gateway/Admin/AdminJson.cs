using System.Text.Json.Serialization;

namespace Mka1.Edge.Gateway.Admin;

/// <summary>JSON of the operators' listener.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UseStringEnumConverter = true,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow)]
[JsonSerializable(typeof(ConfigStatus))]
[JsonSerializable(typeof(PoolList))]
[JsonSerializable(typeof(ReloadAnswer))]
[JsonSerializable(typeof(RollbackBody))]
internal sealed partial class AdminJson : JsonSerializerContext;
