using Mka1.Edge.Inference.Engine;

namespace Mka1.Edge.Inference.Tests.Engine;

public sealed class WaitingLineTests
{
    private readonly WaitingLine _line = new();

    [Fact]
    public void Better_priority_goes_first_and_within_one_who_came_first()
    {
        Sequence[] came = [Add(RequestPriority.Low), Add(RequestPriority.Normal), Add(RequestPriority.High), Add(RequestPriority.Normal), Add(RequestPriority.High), Add(RequestPriority.Low)];
        Assert.Equal(6, _line.Count);
        Assert.Equal([came[2], came[4], came[1], came[3], came[0], came[5]], Enumerable.Range(0, 6).Select(_ => Serve()));
        Assert.Null(_line.Peek());
        Assert.Equal(0, _line.Count);
    }

    [Fact]
    public void However_many_better_ones_come_each_priority_gets_its_turn()
    {
        var low = Add(RequestPriority.Low);
        var normal = Add(RequestPriority.Normal);
        var served = new List<Sequence>();
        for (var i = 0; i < 3 * WaitingLine.Patience; i++)
        {
            Add(RequestPriority.High);
            served.Add(Serve());
        }
        Assert.Equal(WaitingLine.Patience, served.IndexOf(low));
        Assert.Equal(WaitingLine.Patience + 1, served.IndexOf(normal));
    }

    [Fact]
    public void Who_has_left_is_not_served()
    {
        var first = Add(RequestPriority.Normal);
        var second = Add(RequestPriority.Normal);
        Assert.Same(first, _line.Peek());
        Assert.True(_line.Leave(first));
        Assert.False(_line.Leave(first));
        Assert.False(_line.Serve(first));
        Assert.Same(second, _line.Peek());
        Assert.Equal(1, _line.Count);
    }

    private Sequence Add(RequestPriority priority)
    {
        var request = new GenerationRequest { PromptIds = new[] { 1 }, MaxOutputTokens = 1, Priority = priority };
        var sequence = new Sequence(new GenerationStream(request, 1, CancellationToken.None));
        _line.Add(sequence);
        return sequence;
    }

    private Sequence Serve()
    {
        var next = _line.Peek()!;
        Assert.True(_line.Serve(next));
        return next;
    }
}
