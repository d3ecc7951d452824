using System.Text.Json;

namespace Mka1.Edge.Gateway.Routing;

/// <summary>Reads from a stored response which variant auto_routing gave it.</summary>
internal static class RoutedBefore
{
    /// <summary>The response's <c>metadata.routed_model</c>; null when it has none.</summary>
    public static string? ModelOf(ReadOnlyMemory<byte> response)
    {
        var reader = new Utf8JsonReader(response.Span);
        return Enter(ref reader, "metadata"u8) && reader.TokenType == JsonTokenType.StartObject
            && Find(ref reader, "routed_model"u8) && reader.TokenType == JsonTokenType.String
            ? reader.GetString()
            : null;
    }

    private static bool Enter(ref Utf8JsonReader reader, ReadOnlySpan<byte> name) =>
        reader.Read() && reader.TokenType == JsonTokenType.StartObject && Find(ref reader, name);

    /// <summary>Moves to the value of a member of the object just begun.</summary>
    private static bool Find(ref Utf8JsonReader reader, ReadOnlySpan<byte> name)
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var found = reader.ValueTextEquals(name);
            reader.Read();
            if (found) return true;
            reader.Skip();
        }

        return false;
    }
}
