namespace Mka1.Edge.Functional.Tests.Support;

/// <summary>A request whose answer is long whatever the model thinks of it: a schema demands so many items.</summary>
internal static class LongAnswer
{
    /// <summary>Tokens the whole answer takes at least: a digit and a comma, or the last bracket, for each item.</summary>
    public const int Tokens = Items * 2;

    private const int Items = 900;

    /// <summary>Schema of <c>{"numbers":[7,7,7…]}</c>.</summary>
    public static readonly string Schema =
        """{"type":"object","properties":{"numbers":{"type":"array","items":{"enum":[7]},"minItems":ITEMS,"maxItems":ITEMS}},"required":["numbers"],"additionalProperties":false}"""
            .Replace("ITEMS", Items.ToString(System.Globalization.CultureInfo.InvariantCulture), StringComparison.Ordinal);

    /// <summary>The request as JSON. Nothing is kept of it, so that it ends when nobody listens.</summary>
    public static readonly string Stream =
        """{"model":"MODEL","input":"Say seven many times.","temperature":0,"stream":true,"store":false,"text":{"format":{"type":"json_schema","name":"numbers","schema":SCHEMA}}}"""
            .Replace("MODEL", LocalRunFixture.Model, StringComparison.Ordinal)
            .Replace("SCHEMA", Schema, StringComparison.Ordinal);
}
