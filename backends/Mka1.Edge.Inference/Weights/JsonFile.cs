using System.Text.Json;

namespace Mka1.Edge.Inference.Weights;

/// <summary>A JSON file of a model directory, read with errors that name the file and the key.</summary>
internal sealed class JsonFile : IDisposable
{
    private readonly JsonDocument _document;

    private JsonFile(string path, JsonDocument document)
    {
        Path = path;
        _document = document;
    }

    public string Path { get; }

    public JsonElement Root => _document.RootElement;

    public static JsonFile Open(string directory, string name)
    {
        var path = System.IO.Path.Combine(directory, name);
        try
        {
            var document = JsonDocument.Parse(File.ReadAllBytes(path), new JsonDocumentOptions { AllowDuplicateProperties = false });
            if (document.RootElement.ValueKind == JsonValueKind.Object)
                return new JsonFile(path, document);
            document.Dispose();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ModelFormatException(path, $"cannot be read: {e.Message}", e);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new ModelFormatException(path, $"is not valid JSON: {e.Message}", e);
        }
        throw new ModelFormatException(path, "is not a JSON object.");
    }

    /// <summary>The error for a key of this file.</summary>
    public ModelFormatException Error(string key, string problem) => new(Path, $"'{key}' {problem}");

    /// <summary>The value of a key, or null when it is absent or null.</summary>
    public JsonElement? Find(string key) => Find(Root, key);

    public static JsonElement? Find(JsonElement parent, string key) =>
        parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(key, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    public JsonElement Require(string key) => Find(key) ?? throw Error(key, "is missing.");

    /// <summary>A whole number from 1 to <paramref name="max"/>.</summary>
    public int Positive(string key, int max = int.MaxValue) => Positive(key, Require(key), max);

    public int Positive(string key, JsonElement value, int max = int.MaxValue) =>
        value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number) && number >= 1 && number <= max
            ? number
            : throw Error(key, $"is {value.GetRawText()}; expected a whole number from 1 to {max}.");

    /// <summary>A finite number above 0.</summary>
    public double PositiveReal(string key, JsonElement value) =>
        value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var number) && double.IsFinite(number) && number > 0
            ? number
            : throw Error(key, $"is {value.GetRawText()}; expected a number above 0.");

    public bool Flag(string key, bool fallback) => Find(key) switch
    {
        null => fallback,
        { ValueKind: JsonValueKind.True } => true,
        { ValueKind: JsonValueKind.False } => false,
        { } other => throw Error(key, $"is {other.GetRawText()}; expected true or false."),
    };

    public string? Text(string key) => Find(key) switch
    {
        null => null,
        { ValueKind: JsonValueKind.String } text => text.GetString(),
        { } other => throw Error(key, $"is {other.GetRawText()}; expected a string."),
    };

    public void Dispose() => _document.Dispose();
}
