using System.Text.Json.Serialization;

namespace Mka1.Edge.Gateway.Routing;

/// <summary>Writes single strings as JSON.</summary>
[JsonSerializable(typeof(string))]
internal sealed partial class JsonTextContext : JsonSerializerContext;
