namespace Mka1.Edge.Policies.Quota;

/// <summary>What tokens cost, in billionths of the currency unit each.</summary>
public readonly record struct Price(long InputNano, long OutputNano)
{
    private const decimal Billion = 1_000_000_000m;

    /// <summary>Cost in billionths of the currency unit.</summary>
    public long Of(long inputTokens, long outputTokens) => checked((inputTokens * InputNano) + (outputTokens * OutputNano));

    /// <summary>An amount of the currency in billionths, rounded to the nearest.</summary>
    public static long ToNano(decimal amount) => (long)decimal.Round(amount * Billion);

    public static decimal FromNano(long nano) => nano / Billion;
}
