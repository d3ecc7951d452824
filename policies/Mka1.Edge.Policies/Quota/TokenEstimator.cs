namespace Mka1.Edge.Policies.Quota;

/// <summary>
/// How many tokens so many bytes of a family's text are: learned from settled usage as a moving average of tokens per byte and
/// of its spread, so that an estimate errs on the side of too many.
/// </summary>
public sealed class TokenEstimator
{
    /// <summary>Four bytes a token, the usual figure for English text, until there is better.</summary>
    public const double InitialTokensPerByte = 0.25;

    private const double InitialDeviation = 0.05;
    private const double LearningRate = 0.02;

    /// <summary>Deviations above the mean at which an upper estimate stands.</summary>
    private const double Caution = 2;

    private readonly Lock _gate = new();
    private double _mean = InitialTokensPerByte;
    private double _variance = InitialDeviation * InitialDeviation;

    /// <summary>Tokens per byte, on average.</summary>
    public double TokensPerByte
    {
        get
        {
            lock (_gate) return _mean;
        }
    }

    /// <summary>Takes in what a request really came to. Empty ones teach nothing.</summary>
    public void Learn(long bytes, long tokens)
    {
        if (bytes <= 0 || tokens <= 0) return;

        // No tokenizer makes more than a token of a byte, save for what the prompt's frame adds to very short ones.
        var ratio = Math.Min(1.0, (double)tokens / bytes);
        lock (_gate)
        {
            var error = ratio - _mean;
            _mean += LearningRate * error;
            _variance = (1 - LearningRate) * (_variance + (LearningRate * error * error));
        }
    }

    /// <summary>Tokens that <paramref name="bytes"/> will hardly exceed; at least 1.</summary>
    public long AtMost(long bytes)
    {
        double ratio;
        lock (_gate) ratio = _mean + (Caution * Math.Sqrt(_variance));
        return Math.Max(1, (long)Math.Ceiling(bytes * Math.Min(1.0, ratio)));
    }

    /// <summary>Tokens that <paramref name="bytes"/> are on average; at least 1 if there are any.</summary>
    public long About(long bytes) => bytes <= 0 ? 0 : Math.Max(1, (long)Math.Round(bytes * TokensPerByte));
}
