namespace Mka1.Edge.LoadTests.Scenarios;

/// <summary>An answer with its body.</summary>
/// <param name="Status">HTTP status.</param>
/// <param name="Text">Body.</param>
internal sealed record Answer(int Status, string Text)
{
    public bool Ok => Status is >= 200 and < 300;

    /// <summary>The first id in it that begins so.</summary>
    public string Id(string prefix)
    {
        var at = Text.IndexOf($"\"{prefix}", StringComparison.Ordinal);
        return at < 0 ? "" : Text[(at + 1)..Text.IndexOf('"', at + 1)];
    }

    public bool Says(string field, string value) => Text.Contains($"\"{field}\":\"{value}\"", StringComparison.Ordinal);
}
