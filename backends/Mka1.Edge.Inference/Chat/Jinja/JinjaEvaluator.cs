using System.Diagnostics;

namespace Mka1.Edge.Inference.Chat.Jinja;

/// <summary>Computes expressions.</summary>
internal sealed class JinjaEvaluator(RenderBudget budget)
{
    private const int MaxValue = 1 << 24;

    public object? Evaluate(Expression expression, JinjaScope scope)
    {
        var value = Compute(expression, scope);

        // What is only looked up costs nothing more, however long it is.
        var makes = expression is Expression.Binary or Expression.Slice or Expression.Filter or Expression.Call or Expression.Sequence;
        budget.Spend(value switch { MarkedText text when makes => text.Length / 16, List<object?> list when makes => list.Count, _ => 1 });
        return value;
    }

    public JinjaArguments Evaluate(Expression.ArgumentList arguments, JinjaScope scope) => new(
        [.. arguments.Positional.Select(argument => Evaluate(argument, scope))],
        arguments.Named.ToDictionary(argument => argument.Id, argument => Evaluate(argument.Value, scope), StringComparer.Ordinal));

    private object? Compute(Expression expression, JinjaScope scope)
    {
        switch (expression)
        {
            case Expression.Literal literal:
                return literal.Value;
            case Expression.Name name:
                return scope[name.Id];
            case Expression.Sequence sequence:
                return sequence.Items.Select(item => Evaluate(item, scope)).ToList();
            case Expression.Map map:
                var result = new JinjaMap();
                foreach (var (key, value) in map.Entries)
                    result[JinjaValue.Text(Evaluate(key, scope))] = Evaluate(value, scope);
                return result;
            case Expression.Attribute attribute:
                return JinjaMembers.Attribute(Evaluate(attribute.Target, scope), attribute.Id);
            case Expression.Item item:
                return JinjaMembers.Item(Evaluate(item.Target, scope), Evaluate(item.Key, scope));
            case Expression.Slice slice:
                return JinjaMembers.Slice(Evaluate(slice.Target, scope), Optional(slice.Start, scope), Optional(slice.Stop, scope), Optional(slice.Step, scope));
            case Expression.Call call:
                return Evaluate(call.Target, scope) is JinjaFunction function
                    ? function(Evaluate(call.Arguments, scope))
                    : throw new JinjaException($"{(call.Target is Expression.Attribute method ? $"'{method.Id}'" : "what is called")} is no function that is supported here.");
            case Expression.Filter filter:
                return JinjaFilters.Apply(filter.Id, Evaluate(filter.Target, scope), Evaluate(filter.Arguments, scope));
            case Expression.Test test:
                return JinjaTests.Holds(test.Id, Evaluate(test.Target, scope), Evaluate(test.Arguments, scope));
            case Expression.Unary unary:
                return Unary(unary.Sign, Evaluate(unary.Operand, scope));
            case Expression.Binary { Sign: "and" } and:
                return Evaluate(and.Left, scope) is var left && JinjaValue.IsTrue(left) ? Evaluate(and.Right, scope) : left;
            case Expression.Binary { Sign: "or" } or:
                return Evaluate(or.Left, scope) is var first && JinjaValue.IsTrue(first) ? first : Evaluate(or.Right, scope);
            case Expression.Binary binary:
                return Binary(binary.Sign, Evaluate(binary.Left, scope), Evaluate(binary.Right, scope));
            case Expression.Comparison comparison:
                return Compare(comparison, scope);
            case Expression.Choice choice:
                return JinjaValue.IsTrue(Evaluate(choice.Condition, scope)) ? Evaluate(choice.Then, scope)
                    : choice.Else is null ? new Undefined("the missing else") : Evaluate(choice.Else, scope);
            default:
                throw new UnreachableException();
        }
    }

    private object? Optional(Expression? expression, JinjaScope scope) => expression is null ? null : Evaluate(expression, scope);

    private static object? Unary(string sign, object? value) => (sign, value) switch
    {
        ("not", _) => !JinjaValue.IsTrue(value),
        ("-", long number) => -number,
        ("-", double real) => -real,
        ("+", long or double) => value,
        _ => throw new JinjaException($"'{sign}' takes a number, not {JinjaValue.TypeOf(value)}."),
    };

    private bool Compare(Expression.Comparison comparison, JinjaScope scope)
    {
        var left = Evaluate(comparison.First, scope);
        foreach (var (sign, expression) in comparison.Rest)
        {
            var right = Evaluate(expression, scope);
            var holds = sign switch
            {
                "==" => JinjaValue.Equals(left, right),
                "!=" => !JinjaValue.Equals(left, right),
                "<" => JinjaValue.Compare(left, right) < 0,
                "<=" => JinjaValue.Compare(left, right) <= 0,
                ">" => JinjaValue.Compare(left, right) > 0,
                ">=" => JinjaValue.Compare(left, right) >= 0,
                "in" => JinjaValue.Contains(right, left),
                _ => !JinjaValue.Contains(right, left),
            };
            if (!holds)
                return false;
            left = right;
        }
        return true;
    }

    private static object? Binary(string sign, object? left, object? right) => (sign, left, right) switch
    {
        ("~", _, _) => Bounded(JinjaValue.Text(left), JinjaValue.Text(right)),
        ("+", MarkedText a, MarkedText b) => Bounded(a, b),
        ("+", List<object?> a, List<object?> b) => a.Count + b.Count <= MaxValue ? new List<object?>([.. a, .. b]) : throw TooLarge(),
        ("*", MarkedText a, long count) => count <= MaxValue / Math.Max(a.Length, 1) ? MarkedText.Join("", Enumerable.Repeat(a, (int)Math.Max(count, 0))) : throw TooLarge(),
        (_, long or bool, long or bool) when sign is not "/" && !(sign == "**" && JinjaValue.Number(right) < 0) => Whole(sign, (long)JinjaValue.Number(left)!.Value, (long)JinjaValue.Number(right)!.Value),
        _ when JinjaValue.Number(left) is { } a && JinjaValue.Number(right) is { } b => Real(sign, a, b),
        _ => throw new JinjaException($"'{sign}' does not take {JinjaValue.TypeOf(left)} and {JinjaValue.TypeOf(right)}."),
    };

    private static long Whole(string sign, long a, long b) => sign switch
    {
        "+" => a + b,
        "-" => a - b,
        "*" => a * b,
        "**" => (long)Math.Clamp(Math.Pow(a, b), long.MinValue, long.MaxValue),
        _ when b == 0 => throw new JinjaException("division by 0."),
        "//" => (long)Math.Floor((double)a / b),
        _ => ((a % b) + b) % b,
    };

    private static double Real(string sign, double a, double b) => sign switch
    {
        "+" => a + b,
        "-" => a - b,
        "*" => a * b,
        "**" => Math.Pow(a, b),
        _ when b == 0 => throw new JinjaException("division by 0."),
        "/" => a / b,
        "//" => Math.Floor(a / b),
        _ => a - (Math.Floor(a / b) * b),
    };

    private static MarkedText Bounded(MarkedText a, MarkedText b) =>
        a.Length + (long)b.Length <= MaxValue ? new MarkedTextBuilder().Append(a).Append(b).ToText() : throw TooLarge();

    private static JinjaException TooLarge() => new("the template makes a value that is too large.");
}
