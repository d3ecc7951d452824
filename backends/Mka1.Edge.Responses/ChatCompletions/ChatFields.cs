using System.Text.Json;

namespace Mka1.Edge.Responses;

/// <summary>Reads members of what a chat server sent, which may be anything: a member of another kind counts as absent.</summary>
internal static class ChatFields
{
    /// <summary>A member that is a string and not empty.</summary>
    public static string? Text(JsonElement owner, ReadOnlySpan<byte> name) =>
        Of(owner, name, JsonValueKind.String) is { } value && value.GetString() is { Length: > 0 } text ? text : null;

    public static JsonElement? Object(JsonElement owner, ReadOnlySpan<byte> name) => Of(owner, name, JsonValueKind.Object);

    public static JsonElement? Array(JsonElement owner, ReadOnlySpan<byte> name) => Of(owner, name, JsonValueKind.Array);

    /// <summary>A member that is an integer between 0 and <paramref name="max"/>.</summary>
    public static long? Count(JsonElement owner, ReadOnlySpan<byte> name, long max) =>
        Of(owner, name, JsonValueKind.Number) is { } value && value.TryGetInt64(out var number) && number >= 0 && number <= max ? number : null;

    private static JsonElement? Of(JsonElement owner, ReadOnlySpan<byte> name, JsonValueKind kind) =>
        owner.ValueKind == JsonValueKind.Object && owner.TryGetProperty(name, out var value) && value.ValueKind == kind ? value : null;
}
