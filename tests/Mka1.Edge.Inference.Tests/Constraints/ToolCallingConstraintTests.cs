using System.Text;
using System.Text.Json;
using Mka1.Edge.Inference.Chat;
using Mka1.Edge.Inference.Constraints;
using Mka1.Edge.Inference.Tokenization;

namespace Mka1.Edge.Inference.Tests.Constraints;

public sealed class ToolCallingConstraintTests
{
    private static readonly ChatTokens Ids = new(1, 2, 3, 4);
    private static readonly Token End = new(2, default, TokenKind.EndOfTurn);
    private static readonly Token OtherEnd = new(0, default, TokenKind.EndOfTurn);
    private static readonly Token Start = new(1, default, TokenKind.Special);
    private static readonly Token Call = new(3, default, TokenKind.Special);
    private static readonly Token CallEnd = new(4, default, TokenKind.Special);
    private static readonly CallableTool Weather = new("get_weather", JsonGrammar.AnyObject);
    private static readonly CallableTool Time = new("get_time", JsonGrammar.AnyObject);

    [Fact]
    public void Auto_leaves_the_choice_and_holds_the_body_to_the_tools()
    {
        var constraint = new ToolCallingConstraint(Ids, new ToolCallingOptions { Tools = [Weather, Time] });
        AssertAllows(constraint, [Text("anything <tool_call>"), End, OtherEnd, Call], [CallEnd, Start]);
        Accept(constraint, Call);
        AssertAllows(constraint, [Text("{\"name\":\"get_")], [End, Call, CallEnd, Text("x"), Text("{\"name\":\"other"), Text("{ ")]);
        Accept(constraint, Text("{\"name\":\"get_time\",\"arguments\":{}"));
        Assert.Null(constraint.ForcedToken);
        Accept(constraint, Text("}"));
        Assert.Equal(Ids.ToolCallEnd, constraint.ForcedToken);
        Accept(constraint, CallEnd);
        Assert.Equal(Ids.TurnEnd, constraint.ForcedToken);
        AssertAllows(constraint, [End], [Call, Text("x")]);
    }

    [Fact]
    public void Required_starts_with_a_call()
    {
        var constraint = new ToolCallingConstraint(Ids, new ToolCallingOptions { Tools = [Weather], Required = true });
        Assert.Equal(Ids.ToolCallStart, constraint.ForcedToken);
        AssertAllows(constraint, [Call], [Text("x"), End]);
        Accept(constraint, Call);
        AssertAllows(constraint, [Text("{\"name\":\"get_w")], [Text("{\"name\":\"get_t")]);
    }

    [Fact]
    public void Parallel_calls_follow_each_other_up_to_the_limit()
    {
        var constraint = new ToolCallingConstraint(Ids, new ToolCallingOptions { Tools = [Time], Parallel = true, MaxCalls = 2 });
        Accept(constraint, Call, Text("{\"name\":\"get_time\",\"arguments\":{}}"), CallEnd);
        Assert.Null(constraint.ForcedToken);
        AssertAllows(constraint, [Call, End], [Text("x"), CallEnd]);
        Accept(constraint, Call, Text("{\"name\":\"get_time\",\"arguments\":{}}"), CallEnd);
        Assert.Equal(Ids.TurnEnd, constraint.ForcedToken);
        AssertAllows(constraint, [End], [Call]);
    }

    [Fact]
    public void Without_tools_no_call_can_be_made()
    {
        AssertAllows(new ToolCallingConstraint(Ids, new ToolCallingOptions { Tools = [] }), [Text("x"), End], [Call, CallEnd, Start]);
        AssertAllows(PlainText.Instance, [Text("x"), End], [Call, CallEnd, Start]);
        Assert.Throws<ArgumentException>(() => new ToolCallingConstraint(Ids, new ToolCallingOptions { Tools = [], Required = true }));
    }

    [Fact]
    public void Text_can_be_held_to_a_format_beside_the_tools()
    {
        using var schema = JsonDocument.Parse("""{"const":{"a":1}}""");
        var options = new ToolCallingOptions { Tools = [Time], Text = JsonGrammar.FromSchema(schema.RootElement) };
        var constraint = new ToolCallingConstraint(Ids, options);
        AssertAllows(constraint, [Call, Text("{\"a\"")], [Text("Hello"), End]);
        Accept(constraint, Text("{\"a\":"));
        AssertAllows(constraint, [Text("1")], [Call, End]);
        Accept(constraint, Text("1}"));
        AssertAllows(constraint, [Call, End], [Text("x")]);

        constraint = new ToolCallingConstraint(Ids, options with { Tools = [] });
        Accept(constraint, Text("{\"a\":1}"));
        Assert.Equal(Ids.TurnEnd, constraint.ForcedToken);
    }

    [Fact]
    public void A_json_answer_ends_when_it_is_complete()
    {
        var constraint = new JsonConstraint(Ids, JsonGrammar.AnyObject);
        AssertAllows(constraint, [Text("{")], [Text(" {"), End, Call]);
        Accept(constraint, Text("{}"));
        Assert.Equal(Ids.TurnEnd, constraint.ForcedToken);
        AssertAllows(constraint, [End], [Text("\n"), Call]);
    }

    private static Token Text(string text) => new(100, Encoding.UTF8.GetBytes(text), TokenKind.Text);

    private static void Accept(ITokenConstraint constraint, params Token[] tokens)
    {
        foreach (var token in tokens)
            constraint.Accept(token);
    }

    private static void AssertAllows(ITokenConstraint constraint, Token[] allowed, Token[] refused)
    {
        Assert.All(allowed, token => Assert.True(constraint.Allows(token), token.ToString()));
        Assert.All(refused, token => Assert.False(constraint.Allows(token), token.ToString()));
    }
}
