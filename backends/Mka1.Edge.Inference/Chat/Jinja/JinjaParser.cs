using static Mka1.Edge.Inference.Chat.Jinja.JinjaTokenKind;

namespace Mka1.Edge.Inference.Chat.Jinja;

/// <summary>Parses the statements of a template.</summary>
internal sealed class JinjaParser
{
    private readonly TokenReader _reader;
    private readonly ExpressionParser _expressions;
    private int _loops;

    private JinjaParser(string source)
    {
        _reader = new TokenReader(JinjaLexer.Read(source));
        _expressions = new ExpressionParser(_reader);
    }

    /// <exception cref="JinjaException">It is malformed, or uses a statement that is not supported.</exception>
    public static IReadOnlyList<Statement> Parse(string source)
    {
        var parser = new JinjaParser(source);
        var body = parser.ParseBody([], out _);
        return body;
    }

    // Statements up to a block that starts with one of the names; that name is taken, the rest of its block is not.
    private List<Statement> ParseBody(string[] ends, out string end)
    {
        var body = new List<Statement>();
        while (true)
        {
            var token = _reader.Next();
            switch (token.Kind)
            {
                case Data:
                    body.Add(new Statement.Text(token.Text));
                    break;
                case PrintStart:
                    body.Add(new Statement.Print(_expressions.ParseTuple()));
                    _reader.Expect(PrintEnd);
                    break;
                case BlockStart:
                    var name = _reader.Expect(Name).Text;
                    if (ends.Contains(name))
                    {
                        end = name;
                        return body;
                    }
                    body.Add(_reader.Nested(() => ParseStatement(name)));
                    break;
                case End when ends.Length == 0:
                    end = "";
                    return body;
                default:
                    throw _reader.Error(ends.Length == 0 ? $"'{token.Text}' is out of place" : $"'{ends[^1]}' is missing");
            }
        }
    }

    private List<Statement> ParseBlock(params string[] ends)
    {
        _reader.Expect(BlockEnd);
        var body = ParseBody(ends, out _);
        _reader.Expect(BlockEnd);
        return body;
    }

    private Statement ParseStatement(string name)
    {
        switch (name)
        {
            case "if":
                return ParseIf();
            case "for":
                return ParseFor();
            case "set":
                return ParseSet();
            case "macro":
                return ParseMacro();
            case "generation":
                // Marks what a model wrote, for training.
                return new Statement.Group(ParseBlock("endgeneration"));
            case "break" or "continue" when _loops > 0:
                _reader.Expect(BlockEnd);
                return name == "break" ? new Statement.Break() : new Statement.Continue();
            default:
                throw _reader.Error($"the statement '{name}' is not supported here");
        }
    }

    private Statement.If ParseIf()
    {
        var branches = new List<(Expression?, IReadOnlyList<Statement>)>();
        var end = "if";
        while (end != "endif")
        {
            var condition = end == "else" ? null : _expressions.ParseTuple();
            _reader.Expect(BlockEnd);
            var body = ParseBody(end == "else" ? ["endif"] : ["elif", "else", "endif"], out end);
            branches.Add((condition, body));
        }
        _reader.Expect(BlockEnd);
        return new Statement.If(branches);
    }

    private Statement.For ParseFor()
    {
        var names = ParseNames();
        _reader.Expect(Name, "in");
        var source = _expressions.ParseWithoutChoice();
        var condition = _reader.TakeName("if") ? _expressions.Parse() : null;
        if (_reader.IsName("recursive"))
            throw _reader.Error("recursive loops are not supported");
        _reader.Expect(BlockEnd);
        _loops++;
        var body = ParseBody(["else", "endfor"], out var end);
        _loops--;
        var otherwise = end == "else" ? ParseBlock("endfor") : [];
        if (end != "else")
            _reader.Expect(BlockEnd);
        return new Statement.For(names, source, condition, body, otherwise);
    }

    private Statement ParseSet()
    {
        var names = ParseNames();
        if (names.Count == 1 && _reader.TakeSign("."))
        {
            var id = _reader.Expect(Name).Text;
            _reader.Expect(Sign, "=");
            var member = _expressions.ParseTuple();
            _reader.Expect(BlockEnd);
            return new Statement.SetMember(names[0], id, member);
        }
        if (!_reader.TakeSign("="))
        {
            if (names.Count > 1)
                throw _reader.Error("a block sets one name");
            return new Statement.Capture(names[0], ParseBlock("endset"));
        }
        var value = _expressions.ParseTuple();
        _reader.Expect(BlockEnd);
        return new Statement.Set(names, value);
    }

    private List<string> ParseNames()
    {
        var names = new List<string>();
        var brackets = _reader.TakeSign("(");
        do
            names.Add(_reader.Expect(Name).Text);
        while (_reader.TakeSign(","));
        if (brackets)
            _reader.Expect(Sign, ")");
        return names;
    }

    private Statement.Macro ParseMacro()
    {
        var name = _reader.Expect(Name).Text;
        var parameters = new List<(string, Expression?)>();
        _reader.Expect(Sign, "(");
        while (!_reader.TakeSign(")"))
        {
            if (parameters.Count > 0)
                _reader.Expect(Sign, ",");
            var id = _reader.Expect(Name).Text;
            parameters.Add((id, _reader.TakeSign("=") ? _expressions.Parse() : null));
        }
        var loops = _loops;
        _loops = 0;
        var body = ParseBlock("endmacro");
        _loops = loops;
        return new Statement.Macro(name, parameters, body);
    }
}
