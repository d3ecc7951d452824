using System.IO.Compression;
using System.Text.Json;

namespace Mka1.Edge.Gateway.Commands;

/// <summary>Reads JSON lines, from a plain file or a gzipped one; a line that is none is named by its number.</summary>
internal static class JsonLines
{
    /// <summary>Every line as what <paramref name="read"/> makes of it; blank ones are left out.</summary>
    /// <exception cref="InvalidDataException">A line cannot be read; the message says which and why.</exception>
    public static IEnumerable<T> Read<T>(FileInfo file, Func<JsonElement, T> read)
    {
        using var stream = file.OpenRead();
        using var plain = file.Name.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? new GZipStream(stream, CompressionMode.Decompress) : (Stream)stream;
        using var lines = new StreamReader(plain);
        for (var number = 1; lines.ReadLine() is { } line; number++)
        {
            if (string.IsNullOrWhiteSpace(line)) continue;
            yield return ReadLine(file, number, line, read);
        }
    }

    /// <summary>The text of a member that must be there.</summary>
    public static string Text(JsonElement line, string name) =>
        line.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()!
            : throw new InvalidDataException($"'{name}' is missing or is no string");

    /// <summary>The number of a member that must be there.</summary>
    public static double Number(JsonElement line, string name) =>
        line.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number
            ? value.GetDouble()
            : throw new InvalidDataException($"'{name}' is missing or is no number");

    private static T ReadLine<T>(FileInfo file, int number, string line, Func<JsonElement, T> read)
    {
        try
        {
            using var document = JsonDocument.Parse(line);
            if (document.RootElement.ValueKind != JsonValueKind.Object) throw new InvalidDataException("an object is expected");
            return read(document.RootElement);
        }
        catch (Exception e) when (e is JsonException or InvalidDataException or InvalidOperationException)
        {
            throw new InvalidDataException($"{file}, line {number}: {e.Message}. Each line is a JSON object of its own.", e);
        }
    }
}
