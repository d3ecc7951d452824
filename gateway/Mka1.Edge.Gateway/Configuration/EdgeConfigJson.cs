using System.Text.Json;
using System.Text.Json.Serialization;
using Mka1.Edge.Policies.Identity;

namespace Mka1.Edge.Gateway.Configuration;

/// <summary>Reads and writes <see cref="EdgeConfig"/>: unknown and repeated keys are refused, comments are welcome.</summary>
[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web,
    AllowDuplicateProperties = false,
    AllowTrailingCommas = true,
    NumberHandling = JsonNumberHandling.Strict,
    PropertyNameCaseInsensitive = false,
    ReadCommentHandling = JsonCommentHandling.Skip,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    UseStringEnumConverter = true,
    WriteIndented = true)]
[JsonSerializable(typeof(EdgeConfig))]
[JsonSerializable(typeof(OnBehalfOfRule))]
internal sealed partial class EdgeConfigJson : JsonSerializerContext;
