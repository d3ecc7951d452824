using Mka1.Edge.LoadTests.Measuring;

namespace Mka1.Edge.LoadTests.Scenarios;

/// <summary><c>conversation-turns</c>.</summary>
internal sealed class ConversationTurns : LoadScenario
{
    private const int Turns = 3;
    private const int ItemsOfATurn = 2;
    private const string Conversations = "/api/v1/llm/conversations";

    public override string Name => "conversation-turns";

    public override string Summary => "A new conversation with three turns, whose items are counted.";

    public override double Rate => 20;

    public override async ValueTask<Outcome> ArriveAsync(ScenarioBench bench, long number, CancellationToken cancellation)
    {
        var answer = await bench.SendAsync("{}", Conversations, cancellation: cancellation);
        if (!answer.Ok) return Outcome.Of(answer.Status);
        var id = answer.Id("conv_");
        for (var turn = 0; turn < Turns; turn++)
        {
            answer = await bench.SendAsync(Bodies.Create(store: true, rest: $",\"conversation\":\"{id}\""), cancellation: cancellation);
            if (!answer.Ok) return Outcome.Of(answer.Status);
        }

        answer = await bench.SendAsync(null, $"{Conversations}/{id}/items", cancellation: cancellation);
        var items = answer.Text.Split("\"type\":\"message\"").Length - 1;
        return answer.Ok ? new Outcome(items == Turns * ItemsOfATurn, $"{items} items") : Outcome.Of(answer.Status);
    }
}
