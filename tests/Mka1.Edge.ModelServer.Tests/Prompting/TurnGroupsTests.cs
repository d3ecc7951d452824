using Mka1.Edge.Inference.Chat;
using Mka1.Edge.ModelServer.Prompting;

namespace Mka1.Edge.ModelServer.Tests.Prompting;

public sealed class TurnGroupsTests
{
    [Theory]
    [InlineData("u", 0, "u")]
    [InlineData("uau", 2, "u")]
    [InlineData("suau", 2, "su")]
    [InlineData("usausau", 4, "ssu")]
    [InlineData("ucrau", 3, "u")]
    [InlineData("ucr", 0, "ucr")]
    [InlineData("ucrcr", 1, "ucr")]
    [InlineData("uccrrccrr", 1, "uccrr")]
    [InlineData("uaucrcr", 3, "ucr")]
    [InlineData("ua", 0, "ua")]
    [InlineData("", 0, "")]
    public void All_but_the_operators_words_the_last_user_turn_and_the_last_group_may_go(string turns, int droppable, string left)
    {
        var groups = new TurnGroups(Prompt(turns));

        Assert.Equal(droppable, groups.Droppable);
        Assert.Equal(left, Letters(groups.Without(groups.Droppable)));
    }

    [Fact]
    public void The_oldest_go_first_and_calls_go_with_their_results()
    {
        var groups = new TurnGroups(Prompt("sucraucrau"));

        Assert.Equal(
            ["sucraucrau", "scraucrau", "saucrau", "sucrau", "scrau", "sau", "su"],
            Enumerable.Range(0, groups.Droppable + 1).Select(n => Letters(groups.Without(n))));
    }

    private static ChatPrompt Prompt(string turns) => new()
    {
        Turns = [.. turns.Select(letter => letter switch
        {
            's' => new ChatTurn.Message(ChatRole.System, "s"),
            'u' => new ChatTurn.Message(ChatRole.User, "u"),
            'a' => new ChatTurn.Message(ChatRole.Assistant, "a"),
            'c' => (ChatTurn)new ChatTurn.ToolCall("c", "{}"),
            _ => new ChatTurn.ToolResult("r"),
        })],
    };

    private static string Letters(ChatPrompt prompt) => string.Concat(prompt.Turns.Select(turn => turn switch
    {
        ChatTurn.Message message => message.Text,
        ChatTurn.ToolCall => "c",
        _ => "r",
    }));
}
