using System.Diagnostics;
using System.Globalization;

namespace Mka1.Edge.Inference.Chat.Jinja;

/// <summary>A chat template: the part of Jinja that models' templates use. Immutable; safe to use from many threads.</summary>
/// <remarks>
/// No library for it restores, so it is written here, and its tests hold it to the output of Jinja itself. Settings are those
/// templates are written for: <c>trim_blocks</c>, <c>lstrip_blocks</c>, loop controls, <c>raise_exception</c>, <c>strftime_now</c>.
/// </remarks>
internal sealed class JinjaTemplate
{
    // A step is a statement or an expression; real conversations take a few thousand.
    private const long MaxSteps = 4_000_000;

    private readonly IReadOnlyList<Statement> _body;

    private JinjaTemplate(IReadOnlyList<Statement> body) => _body = body;

    /// <exception cref="JinjaException">It is malformed, or uses what is not supported.</exception>
    public static JinjaTemplate Parse(string source) => new(JinjaParser.Parse(source));

    /// <param name="variables">What the template may read.</param>
    /// <param name="time">For <c>strftime_now</c>.</param>
    /// <exception cref="JinjaException">The template refuses its input, or goes wrong over it.</exception>
    public MarkedText Render(IReadOnlyDictionary<string, object?> variables, TimeProvider time)
    {
        var globals = new JinjaScope(null)
        {
            ["namespace"] = (JinjaFunction)Namespace,
            ["dict"] = (JinjaFunction)Dict,
            ["range"] = (JinjaFunction)Range,
            ["raise_exception"] = (JinjaFunction)(arguments => throw new JinjaException(arguments.Text(0, "message")?.Value ?? "")),
            ["strftime_now"] = (JinjaFunction)(arguments => (MarkedText)TimeFormat.Format(time.GetLocalNow(), arguments.Text(0, "format")?.Value ?? "")),
        };
        foreach (var (name, value) in variables)
            globals[name] = value;
        var run = new Run(MaxSteps);
        run.Execute(_body, new JinjaScope(globals));
        return run.Output.ToText();
    }

    private static JinjaNamespace Namespace(JinjaArguments arguments)
    {
        var result = new JinjaNamespace();
        if (arguments.Get(0, "") is JinjaMap map)
        {
            foreach (var (key, value) in map)
                result.Values[key.Value] = value;
        }
        foreach (var (name, value) in arguments.Named)
            result.Values[name] = value;
        return result;
    }

    private static JinjaMap Dict(JinjaArguments arguments)
    {
        var result = new JinjaMap();
        foreach (var (name, value) in arguments.Named)
            result[name] = value;
        return result;
    }

    private static List<object?> Range(JinjaArguments arguments)
    {
        var single = arguments.Positional.Count == 1;
        var start = single ? 0 : arguments.Number(0, "start", 0);
        var stop = arguments.Number(single ? 0 : 1, "stop", 0);
        var step = arguments.Number(2, "step", 1);
        if (step == 0 || (stop - start) / step > 100_000)
            throw new JinjaException(string.Create(CultureInfo.InvariantCulture, $"range({start}, {stop}, {step}) is too long."));
        var result = new List<object?>();
        for (var i = start; step > 0 ? i < stop : i > stop; i += step)
            result.Add(i);
        return result;
    }

    /// <summary>One rendering: runs statements and collects what they print.</summary>
    private sealed class Run(long steps)
    {
        private readonly RenderBudget _budget = new(steps);
        private JinjaEvaluator? _evaluator;

        private enum Flow
        {
            On,
            Break,
            Continue,
        }

        public MarkedTextBuilder Output { get; private set; } = new();

        private JinjaEvaluator Evaluator => _evaluator ??= new JinjaEvaluator(_budget);

        public void Execute(IReadOnlyList<Statement> body, JinjaScope scope) => Steps(body, scope);

        private Flow Steps(IReadOnlyList<Statement> body, JinjaScope scope)
        {
            foreach (var statement in body)
            {
                _budget.Spend(1);
                var flow = Step(statement, scope);
                if (flow != Flow.On)
                    return flow;
            }
            return Flow.On;
        }

        private Flow Step(Statement statement, JinjaScope scope)
        {
            switch (statement)
            {
                case Statement.Text text:
                    Print(text.Value);
                    return Flow.On;
                case Statement.Print print:
                    Print(JinjaValue.Text(Evaluator.Evaluate(print.Value, scope)));
                    return Flow.On;
                case Statement.If choice:
                    var taken = choice.Branches.FirstOrDefault(branch => branch.Condition is null || JinjaValue.IsTrue(Evaluator.Evaluate(branch.Condition, scope)));
                    return taken.Body is null ? Flow.On : Steps(taken.Body, scope);
                case Statement.For loop:
                    Loop(loop, scope);
                    return Flow.On;
                case Statement.Group group:
                    return Steps(group.Body, scope);
                case Statement.Set set:
                    Assign(set.Names, Evaluator.Evaluate(set.Value, scope), scope);
                    return Flow.On;
                case Statement.SetMember member:
                    if (scope[member.Target] is not JinjaNamespace target)
                        throw new JinjaException($"'{member.Target}' is no namespace, so '{member.Id}' cannot be set.");
                    target.Values[member.Id] = Evaluator.Evaluate(member.Value, scope);
                    return Flow.On;
                case Statement.Capture capture:
                    scope[capture.Name] = Captured(capture.Body, new JinjaScope(scope));
                    return Flow.On;
                case Statement.Macro macro:
                    scope[macro.Name] = (JinjaFunction)(arguments => _budget.InCall(() => Call(macro, arguments, scope)));
                    return Flow.On;
                case Statement.Break:
                    return Flow.Break;
                case Statement.Continue:
                    return Flow.Continue;
                default:
                    throw new UnreachableException();
            }
        }

        private void Loop(Statement.For loop, JinjaScope scope)
        {
            var items = JinjaValue.Items(Evaluator.Evaluate(loop.Source, scope));
            if (loop.Condition is { } condition)
                items = [.. items.Where(item => JinjaValue.IsTrue(Evaluator.Evaluate(condition, Round(loop, item, scope))))];
            if (items.Count == 0)
            {
                Steps(loop.Else, scope);
                return;
            }
            var state = new LoopState(items);
            for (; state.Index < items.Count; state.Index++)
            {
                var round = Round(loop, items[state.Index], scope);
                round["loop"] = state;
                if (Steps(loop.Body, round) == Flow.Break)
                    return;
            }
        }

        private static JinjaScope Round(Statement.For loop, object? item, JinjaScope scope)
        {
            var round = new JinjaScope(scope);
            Assign(loop.Names, item, round);
            return round;
        }

        private MarkedText Call(Statement.Macro macro, JinjaArguments arguments, JinjaScope scope)
        {
            var inner = new JinjaScope(scope);
            for (var i = 0; i < macro.Parameters.Count; i++)
            {
                var (id, fallback) = macro.Parameters[i];
                var value = arguments.Get(i, id, this);
                inner[id] = !ReferenceEquals(value, this) ? value : fallback is null ? new Undefined(id) : Evaluator.Evaluate(fallback, inner);
            }
            return Captured(macro.Body, inner);
        }

        private MarkedText Captured(IReadOnlyList<Statement> body, JinjaScope scope)
        {
            var outer = Output;
            Output = new MarkedTextBuilder();
            Steps(body, scope);
            var text = Output.ToText();
            Output = outer;
            return text;
        }

        private static void Assign(IReadOnlyList<string> names, object? value, JinjaScope scope)
        {
            if (names.Count == 1)
            {
                scope[names[0]] = value;
                return;
            }
            var parts = JinjaValue.Items(value);
            if (parts.Count != names.Count)
                throw new JinjaException($"{parts.Count} values for {names.Count} names.");
            for (var i = 0; i < parts.Count; i++)
                scope[names[i]] = parts[i];
        }

        private void Print(MarkedText text)
        {
            _budget.Spend(text.Length / 16);
            Output.Append(text);
        }
    }
}
