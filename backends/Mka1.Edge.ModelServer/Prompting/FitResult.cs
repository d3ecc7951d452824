namespace Mka1.Edge.ModelServer.Prompting;

/// <summary>Whether a conversation fits the context window.</summary>
internal abstract record FitResult
{
    private FitResult()
    {
    }

    /// <summary>It does, perhaps after old turns were dropped.</summary>
    /// <param name="PromptIds">The tokens of what is left.</param>
    public sealed record Fits(int[] PromptIds) : FitResult;

    /// <summary>It does not.</summary>
    /// <param name="AtLeast">A lower bound of its tokens: what surely does not fit is not counted to the end.</param>
    public sealed record TooLong(long AtLeast) : FitResult;

    /// <summary>The model's chat template does not take it.</summary>
    /// <param name="Reason">What the template says.</param>
    public sealed record Refused(string Reason) : FitResult;
}
