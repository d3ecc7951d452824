namespace Mka1.Edge.Inference.Chat.Jinja;

/// <summary>The tests that <c>is</c> knows.</summary>
internal static class JinjaTests
{
    private static readonly Dictionary<string, Func<object?, JinjaArguments, bool>> All = new(StringComparer.Ordinal)
    {
        ["defined"] = (value, _) => value is not Undefined,
        ["undefined"] = (value, _) => value is Undefined,
        ["none"] = (value, _) => value is null,
        ["string"] = (value, _) => value is MarkedText,
        ["mapping"] = (value, _) => value is JinjaMap,
        ["iterable"] = (value, _) => value is MarkedText or List<object?> or JinjaMap or Undefined,
        ["sequence"] = (value, _) => value is MarkedText or List<object?> or JinjaMap or Undefined,
        ["number"] = (value, _) => value is long or double or bool,
        ["integer"] = (value, _) => value is long,
        ["float"] = (value, _) => value is double,
        ["boolean"] = (value, _) => value is bool,
        ["true"] = (value, _) => value is true,
        ["false"] = (value, _) => value is false,
        ["callable"] = (value, _) => value is JinjaFunction,
        ["odd"] = (value, _) => value is long number && number % 2 != 0,
        ["even"] = (value, _) => value is long number && number % 2 == 0,
        ["divisibleby"] = (value, arguments) => value is long number && arguments.Number(0, "num", 1) is var by and not 0 && number % by == 0,
        ["equalto"] = Equal,
        ["eq"] = Equal,
        ["sameas"] = Equal,
        ["ne"] = (value, arguments) => !Equal(value, arguments),
        ["lt"] = (value, arguments) => JinjaValue.Compare(value, arguments.Get(0, "other")) < 0,
        ["le"] = (value, arguments) => JinjaValue.Compare(value, arguments.Get(0, "other")) <= 0,
        ["gt"] = (value, arguments) => JinjaValue.Compare(value, arguments.Get(0, "other")) > 0,
        ["ge"] = (value, arguments) => JinjaValue.Compare(value, arguments.Get(0, "other")) >= 0,
        ["in"] = (value, arguments) => JinjaValue.Contains(arguments.Get(0, "seq"), value),
        ["lower"] = (value, _) => value is MarkedText text && text.Value.Any(char.IsLetter) && !text.Value.Any(char.IsUpper),
        ["upper"] = (value, _) => value is MarkedText text && text.Value.Any(char.IsLetter) && !text.Value.Any(char.IsLower),
    };

    public static bool Known(string name) => All.ContainsKey(name);

    public static bool Holds(string name, object? value, JinjaArguments arguments) =>
        All.TryGetValue(name, out var test) ? test(value, arguments) : throw new JinjaException($"the test '{name}' is not supported.");

    private static bool Equal(object? value, JinjaArguments arguments) => JinjaValue.Equals(value, arguments.Get(0, "other"));
}
