using System.Text;
using System.Text.Json;
using Mka1.Edge.Inference.Chat;
using Mka1.Edge.Inference.Constraints;
using Mka1.Edge.Inference.Constraints.Masks;
using Mka1.Edge.Inference.Tests.Support;
using Mka1.Edge.Inference.Tokenization;

namespace Mka1.Edge.Inference.Tests.Constraints;

public sealed class ThinkingConstraintTests
{
    private static readonly ChatTokens Ids = new(1, 2, 3, 4, ThinkStart: 5, ThinkEnd: 6);
    private static readonly Token End = new(2, default, TokenKind.EndOfTurn);
    private static readonly Token Call = new(3, default, TokenKind.Special);
    private static readonly Token Start = new(5, default, TokenKind.Special);
    private static readonly Token Stop = new(6, default, TokenKind.Special);

    [Fact]
    public void A_section_is_free_text_that_ends_by_itself_or_by_force_and_only_then_the_turn()
    {
        foreach (var opened in new[] { false, true })
        {
            var constraint = new ThinkingConstraint(Ids, null, budget: 2, opened);
            if (!opened)
            {
                AssertAllows(constraint, [Start, Text("x"), End], [Stop, Call]);
                constraint.Accept(Start);
            }
            AssertAllows(constraint, [Text("x"), Stop], [End, Start, Call]);
            constraint.Accept(Text("x"));
            Assert.Null(constraint.ForcedToken);
            constraint.Accept(Text("y"));
            Assert.Equal(Ids.ThinkEnd, constraint.ForcedToken);
            constraint.Accept(Stop);
            Assert.Null(constraint.ForcedToken);
            AssertAllows(constraint, [Text("x"), End], [Start, Stop]);
        }
    }

    [Fact]
    public void Without_a_budget_an_opened_section_is_closed_at_once()
    {
        Assert.Equal(Ids.ThinkEnd, new ThinkingConstraint(Ids, null, budget: 0, isOpen: true).ForcedToken);
    }

    [Fact]
    public void What_the_answer_is_held_to_begins_after_the_section()
    {
        var constraint = new ThinkingConstraint(Ids, Number(), budget: 9, isOpen: false);
        AssertAllows(constraint, [Start, Text("1")], [Text("x"), End]);
        constraint.Accept(Start);
        AssertAllows(constraint, [Text("x"), Text("{")], [End]);
        constraint.Accept(Text("x"));
        constraint.Accept(Stop);
        AssertAllows(constraint, [Text("1")], [Text("x"), Start, End]);
        constraint.Accept(Text("1"));
        AssertAllows(constraint, [End], [Start, Text("x")]);
    }

    [Fact]
    public void An_answer_that_began_without_a_section_gets_none()
    {
        var constraint = new ThinkingConstraint(Ids, Number(), budget: 9, isOpen: false);
        constraint.Accept(Text("1"));
        AssertAllows(constraint, [End], [Start, Stop]);
    }

    [Fact]
    public void A_call_that_must_come_leaves_the_model_free_to_think_first()
    {
        var constraint = new ThinkingConstraint(Ids, new ToolCallingConstraint(Ids, new() { Tools = [new("f", JsonGrammar.AnyObject)], Required = true }), budget: 1, isOpen: false);
        Assert.Null(constraint.ForcedToken);
        AssertAllows(constraint, [Start, Call], [Text("x"), End]);
        constraint.Accept(Start);
        AssertAllows(constraint, [Text("x"), Stop], [Call]);
        constraint.Accept(Text("x"));
        Assert.Equal(Ids.ThinkEnd, constraint.ForcedToken);
        constraint.Accept(Stop);
        Assert.Equal(Ids.ToolCallStart, constraint.ForcedToken);
    }

    [Fact]
    public void A_mask_holds_all_that_may_come_and_there_is_none_inside_the_section()
    {
        // Any two control tokens will do as tags.
        var tokenizer = TinyTokenizer.Load();
        var ids = new ChatTokens(1, 2, -1, -1, ThinkStart: 3, ThinkEnd: 4);
        var masks = TokenMasks.Of(tokenizer);
        var constraint = new ThinkingConstraint(ids, new JsonConstraint(ids, JsonGrammar.AnyObject), budget: 9, isOpen: false);

        Assert.True(IsMasked(out var start));
        Assert.Contains(3, start);
        constraint.Accept(tokenizer[3]);
        Assert.False(IsMasked(out _));
        constraint.Accept(tokenizer[4]);
        Assert.True(IsMasked(out var answer));
        Assert.DoesNotContain(3, answer);

        bool IsMasked(out List<int> held)
        {
            var allowed = new ulong[TokenMasks.Words(tokenizer.VocabularySize)];
            var masked = ((IMaskedConstraint)constraint).TryMask(masks, allowed);
            held = [.. Enumerable.Range(0, tokenizer.VocabularySize).Where(id => (allowed[id >> 6] & (1UL << (id & 63))) != 0)];
            if (masked)
                Assert.Superset(Enumerable.Range(0, tokenizer.VocabularySize).Where(id => constraint.Allows(tokenizer[id])).ToHashSet(), held.ToHashSet());
            return masked;
        }
    }

    private static JsonConstraint Number() => new(Ids, JsonGrammar.FromSchema(JsonElement.Parse("""{"type":"integer"}""")));

    private static Token Text(string text) => new(100, Encoding.UTF8.GetBytes(text), TokenKind.Text);

    private static void AssertAllows(ThinkingConstraint constraint, Token[] allowed, Token[] refused)
    {
        Assert.All(allowed, token => Assert.True(constraint.Allows(token)));
        Assert.All(refused, token => Assert.False(constraint.Allows(token)));
    }
}
