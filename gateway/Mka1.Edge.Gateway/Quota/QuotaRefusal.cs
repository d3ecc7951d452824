using System.Globalization;
using Mka1.Edge.Policies.Quota;
using Mka1.Edge.Responses;

namespace Mka1.Edge.Gateway.Quota;

/// <summary>Says why a quota refuses: whose limit, of what, in which window, how much of it is used, and when to come again.</summary>
internal static class QuotaRefusal
{
    /// <summary>How long a client over its concurrency limit is asked to wait: nobody can know when a place comes free.</summary>
    private static readonly TimeSpan ConcurrencyRetry = TimeSpan.FromSeconds(1);

    public static ApiError Of(QuotaDecision.Exhausted exhausted)
    {
        var reading = exhausted.Refusing;
        var counter = reading.Counter;
        var inFlight = counter.Dimension == QuotaDimension.Concurrency;
        var spent = counter.Dimension == QuotaDimension.Cost || counter.Scope == QuotaScope.Delegation;
        TimeSpan? wait = inFlight ? ConcurrencyRetry : counter.Scope == QuotaScope.Delegation ? null : exhausted.RetryAfter;
        return new ApiError(spent || wait is null ? ErrorCode.InsufficientQuota : ErrorCode.RateLimitExceeded, Message(reading, wait))
        {
            RetryAfter = wait,
            RateLimit = new RateLimitDetail(
                ScopeName(counter.Scope),
                inFlight ? "concurrency" : DimensionName(counter.Dimension),
                counter.Window?.Name,
                Amount(counter, counter.Limit),
                Amount(counter, reading.Used),
                inFlight ? null : reading.ResetAfter.TotalSeconds),
        };
    }

    public static string ScopeName(QuotaScope scope) => scope switch
    {
        QuotaScope.Key => "key",
        QuotaScope.Tenant => "tenant",
        QuotaScope.EndUser => "end_user",
        QuotaScope.Delegation => "delegated_key",
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    public static string DimensionName(QuotaDimension dimension) => dimension switch
    {
        QuotaDimension.Requests => "requests",
        QuotaDimension.Tokens => "tokens",
        QuotaDimension.Cost => "cost",
        QuotaDimension.Concurrency => "concurrency",
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    private static string Message(QuotaReading reading, TimeSpan? wait)
    {
        var counter = reading.Counter;
        var limit = Amount(counter, counter.Limit).ToString(CultureInfo.InvariantCulture);
        var used = Amount(counter, reading.Used).ToString(CultureInfo.InvariantCulture);
        var whose = counter.Scope switch
        {
            QuotaScope.Key => "This API key",
            QuotaScope.Tenant => "This tenant",
            QuotaScope.EndUser => "This end user",
            _ => "This delegated key",
        };
        var reached = counter.Dimension == QuotaDimension.Concurrency
            ? $"{whose} may have {limit} requests in flight, and has {used}."
            : counter.Scope == QuotaScope.Delegation
                ? $"{whose} may use {limit} tokens in its whole life, and has used {used}."
                : $"{whose} may use {limit} {(counter.Dimension == QuotaDimension.Cost ? "of cost" : DimensionName(counter.Dimension))} a {counter.Window!.Value.Name}, and has used {used}.";
        return wait switch
        {
            { } time => $"Rate limit exceeded. {reached} Retry in {ErrorSeconds(time)} s; see Retry-After.",
            null when reading.Used < counter.Limit => $"Rate limit exceeded. {reached} This request needs more than is ever left: send less input, or ask for fewer max_output_tokens.",
            null => $"Rate limit exceeded. {reached} Ask its owner for more.",
        };
    }

    private static long ErrorSeconds(TimeSpan wait) => Pipeline.ErrorResponses.RetrySeconds(wait);

    private static decimal Amount(QuotaCounter counter, long value) => counter.Dimension == QuotaDimension.Cost ? Price.FromNano(value) : value;
}
