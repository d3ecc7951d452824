using Mka1.Edge.Gateway.Trials;
using Mka1.Edge.Policies.Routing;

namespace Mka1.Edge.Gateway.Admin;

/// <summary>How far a candidate's weights agree with those in use.</summary>
/// <param name="Weights">Name of the weights in use.</param>
/// <param name="Candidate">Name of the candidate's; null when the configuration names none.</param>
/// <param name="Since">Unix seconds from which on it has counted.</param>
/// <param name="Requests">Requests that both have judged.</param>
/// <param name="Agreed">Those that both would send to the same tier.</param>
/// <param name="Decisions">Requests by the tier that served them and the candidate's.</param>
/// <param name="Disagreements">The last requests on which they differ, newest first; nothing of their text.</param>
internal sealed record CandidateReport(
    string Weights,
    string? Candidate,
    long Since,
    long Requests,
    long Agreed,
    IReadOnlyList<CandidateReport.Pair> Decisions,
    IReadOnlyList<CandidateReport.Difference> Disagreements)
{
    public static CandidateReport Of(string weights, string? candidate, CandidateBoard board)
    {
        var (counts, last) = board.Read();
        return new CandidateReport(
            weights,
            candidate,
            board.Since,
            counts.Sum(pair => pair.Requests),
            counts.Where(pair => pair.Served == pair.Candidate).Sum(pair => pair.Requests),
            [.. counts.Select(pair => new Pair(pair.Served.Name(), pair.Candidate.Name(), pair.Requests))],
            [.. last.Select(d => new Difference(d.At.ToUnixTimeSeconds(), d.RequestId, d.Family, d.Current, d.Candidate, d.Features))]);
    }

    /// <summary>Requests that went to one tier and would have gone to the other.</summary>
    internal sealed record Pair(string Tier, string CandidateTier, long Requests);

    /// <summary>A request on which they differ.</summary>
    internal sealed record Difference(
        long At, string RequestId, string Family, Disagreement.Side Current, Disagreement.Side Candidate, RoutingFeatures Features);
}
