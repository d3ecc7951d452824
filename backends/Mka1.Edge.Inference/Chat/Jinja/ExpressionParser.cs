using System.Globalization;
using static Mka1.Edge.Inference.Chat.Jinja.JinjaTokenKind;

namespace Mka1.Edge.Inference.Chat.Jinja;

/// <summary>Parses expressions, from the loosest binding to the tightest.</summary>
internal sealed class ExpressionParser(TokenReader reader)
{
    private static readonly string[] Comparisons = ["==", "!=", "<", ">", "<=", ">="];

    /// <summary>An expression, or several with commas between them.</summary>
    public Expression ParseTuple()
    {
        var first = Parse();
        if (!reader.IsSign(","))
            return first;
        var items = new List<Expression> { first };
        while (reader.TakeSign(",") && reader.Current.Kind is not (BlockEnd or PrintEnd) && !reader.IsSign(")"))
            items.Add(Parse());
        return new Expression.Sequence(items);
    }

    public Expression Parse() => reader.Nested(ParseChoice);

    /// <summary>An expression that an <c>if</c> may follow which is not its own.</summary>
    public Expression ParseWithoutChoice() => reader.Nested(ParseOr);

    private Expression ParseChoice()
    {
        var value = ParseOr();
        while (reader.TakeName("if"))
        {
            var condition = ParseOr();
            value = new Expression.Choice(condition, value, reader.TakeName("else") ? Parse() : null);
        }
        return value;
    }

    private Expression ParseOr() => ParseNamed("or", ParseAnd);

    private Expression ParseAnd() => ParseNamed("and", ParseNot);

    private Expression ParseNot() => reader.TakeName("not") ? new Expression.Unary("not", reader.Nested(ParseNot)) : ParseComparison();

    private Expression ParseComparison()
    {
        var first = ParseSum();
        var rest = new List<(string, Expression)>();
        while (true)
        {
            if (reader.Current.Kind == Sign && Comparisons.Contains(reader.Current.Text))
                rest.Add((reader.Next().Text, ParseSum()));
            else if (reader.TakeName("in"))
                rest.Add(("in", ParseSum()));
            else if (reader.IsName("not") && reader.Peek is { Kind: Name, Text: "in" } && reader.Next() is var _ && reader.Next() is var _)
                rest.Add(("not in", ParseSum()));
            else
                return rest.Count == 0 ? first : new Expression.Comparison(first, rest);
        }
    }

    private Expression ParseSum() => ParseSigned(["+", "-"], ParseConcatenation);

    private Expression ParseConcatenation() => ParseSigned(["~"], ParseProduct);

    private Expression ParseProduct() => ParseSigned(["*", "/", "//", "%"], ParsePower);

    private Expression ParsePower() => ParseSigned(["**"], () => ParseUnary(withFilters: true));

    private Expression ParseUnary(bool withFilters)
    {
        Expression value;
        if (reader.Current is { Kind: Sign, Text: "-" or "+" })
        {
            var sign = reader.Next().Text;
            value = new Expression.Unary(sign, reader.Nested(() => ParseUnary(withFilters: false)));
        }
        else
        {
            value = ParsePrimary();
        }
        value = ParsePostfix(value);
        return withFilters ? ParseFilters(value) : value;
    }

    private Expression ParsePrimary()
    {
        var token = reader.Next();
        switch (token.Kind)
        {
            case Name:
                return token.Text switch
                {
                    "true" or "True" => new Expression.Literal(true),
                    "false" or "False" => new Expression.Literal(false),
                    "none" or "None" => new Expression.Literal(null),
                    _ => new Expression.Name(token.Text),
                };
            case JinjaTokenKind.String:
                var text = token.Text;
                while (reader.Current.Kind == JinjaTokenKind.String)
                    text += reader.Next().Text;
                return new Expression.Literal((MarkedText)text);
            case Integer when long.TryParse(token.Text.Replace("_", "", StringComparison.Ordinal), CultureInfo.InvariantCulture, out var number):
                return new Expression.Literal(number);
            case Float when double.TryParse(token.Text.Replace("_", "", StringComparison.Ordinal), CultureInfo.InvariantCulture, out var real):
                return new Expression.Literal(real);
            case Sign when token.Text == "(":
                if (reader.TakeSign(")"))
                    return new Expression.Sequence([]);
                var inner = reader.Nested(ParseTuple);
                reader.Expect(Sign, ")");
                return inner;
            case Sign when token.Text == "[":
                return new Expression.Sequence(ParseList("]", Parse));
            case Sign when token.Text == "{":
                return new Expression.Map(ParseList("}", ParseEntry));
            default:
                throw reader.Error($"'{token.Text}' starts no expression");
        }
    }

    private (Expression, Expression) ParseEntry()
    {
        var key = Parse();
        reader.Expect(Sign, ":");
        return (key, Parse());
    }

    private List<T> ParseList<T>(string close, Func<T> parse)
    {
        var items = new List<T>();
        while (!reader.TakeSign(close))
        {
            if (items.Count > 0)
                reader.Expect(Sign, ",");
            if (reader.TakeSign(close))
                break;
            items.Add(parse());
        }
        return items;
    }

    private Expression ParsePostfix(Expression value)
    {
        while (true)
        {
            if (reader.TakeSign("."))
                value = reader.Current.Kind == Integer ? new Expression.Item(value, ParsePrimary()) : new Expression.Attribute(value, reader.Expect(Name).Text);
            else if (reader.TakeSign("["))
                value = ParseSubscript(value);
            else if (reader.IsSign("("))
                value = new Expression.Call(value, ParseArguments());
            else
                return value;
        }
    }

    private Expression ParseSubscript(Expression target)
    {
        var start = reader.IsSign(":") ? null : Parse();
        if (reader.TakeSign("]"))
            return new Expression.Item(target, start!);
        reader.Expect(Sign, ":");
        var stop = reader.IsSign("]") || reader.IsSign(":") ? null : Parse();
        var step = reader.TakeSign(":") && !reader.IsSign("]") ? Parse() : null;
        reader.Expect(Sign, "]");
        return new Expression.Slice(target, start, stop, step);
    }

    /// <summary>Filters and tests that follow a value.</summary>
    public Expression ParseFilters(Expression value)
    {
        while (true)
        {
            if (reader.TakeSign("|"))
            {
                var id = reader.Expect(Name).Text;
                if (!JinjaFilters.Known(id))
                    throw reader.Error($"the filter '{id}' is not supported");
                value = new Expression.Filter(value, id, reader.IsSign("(") ? ParseArguments() : Expression.ArgumentList.None);
            }
            else if (reader.TakeName("is"))
            {
                var negated = reader.TakeName("not");
                value = ParseTest(value);
                value = negated ? new Expression.Unary("not", value) : value;
            }
            else if (reader.IsSign("("))
            {
                value = new Expression.Call(value, ParseArguments());
            }
            else
            {
                return value;
            }
        }
    }

    private Expression.Test ParseTest(Expression value)
    {
        var id = reader.Expect(Name).Text;
        if (!JinjaTests.Known(id))
            throw reader.Error($"the test '{id}' is not supported");
        if (reader.IsSign("("))
            return new Expression.Test(value, id, ParseArguments());
        var hasOperand = reader.Current.Kind is JinjaTokenKind.String or Integer or Float || reader.IsSign("[") || reader.IsSign("{")
            || (reader.Current.Kind == Name && reader.Current.Text is not ("else" or "or" or "and" or "if" or "is" or "in" or "not"));
        return new Expression.Test(value, id, hasOperand ? new([ParsePostfix(ParsePrimary())], []) : Expression.ArgumentList.None);
    }

    public Expression.ArgumentList ParseArguments()
    {
        reader.Expect(Sign, "(");
        var named = new List<(string, Expression)>();
        var positional = new List<Expression>();
        foreach (var (id, value) in ParseList(")", ParseArgument))
        {
            if (id is not null)
                named.Add((id, value));
            else
                positional.Add(value);
        }
        return new Expression.ArgumentList(positional, named);
    }

    private (string? Id, Expression Value) ParseArgument()
    {
        if (reader.Current.Kind != Name || reader.Peek is not { Kind: Sign, Text: "=" })
            return (null, Parse());
        var id = reader.Next().Text;
        reader.Next();
        return (id, Parse());
    }

    private Expression ParseNamed(string name, Func<Expression> parse)
    {
        var left = parse();
        while (reader.TakeName(name))
            left = new Expression.Binary(name, left, parse());
        return left;
    }

    private Expression ParseSigned(string[] signs, Func<Expression> parse)
    {
        var left = parse();
        while (reader.Current.Kind == Sign && signs.Contains(reader.Current.Text))
            left = new Expression.Binary(reader.Next().Text, left, parse());
        return left;
    }
}
