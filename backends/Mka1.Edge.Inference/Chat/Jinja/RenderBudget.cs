namespace Mka1.Edge.Inference.Chat.Jinja;

/// <summary>Bounds what one rendering may compute, so that no template runs away.</summary>
internal sealed class RenderBudget(long steps)
{
    // A macro that calls itself ends here, long before the stack does.
    private const int MaxCalls = 60;

    private long _left = steps;
    private int _calls;

    /// <summary>Takes away what a step costs: a statement, an expression, or the length of a value made.</summary>
    public void Spend(long cost)
    {
        _left -= Math.Max(cost, 1);
        if (_left < 0)
            throw new JinjaException("the template computes without end.");
    }

    public T InCall<T>(Func<T> body)
    {
        if (++_calls > MaxCalls)
            throw new JinjaException("macros call each other without end.");
        var result = body();
        _calls--;
        return result;
    }
}
