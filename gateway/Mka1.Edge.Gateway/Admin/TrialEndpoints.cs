using Mka1.Edge.Gateway.Configuration;
using Mka1.Edge.Gateway.Routing;
using Mka1.Edge.Gateway.Trials;

namespace Mka1.Edge.Gateway.Admin;

/// <summary>What is on trial, and how it does: canaries, shadows, a candidate's weights.</summary>
internal static class TrialEndpoints
{
    public static void Map(IEndpointRouteBuilder routes, IServiceProvider gateway)
    {
        var configuration = gateway.GetRequiredService<EdgeConfiguration>();
        var (board, candidates) = (gateway.GetRequiredService<TrialBoard>(), gateway.GetRequiredService<CandidateBoard>());
        var (models, candidate) = (gateway.GetRequiredService<RoutingModels>(), gateway.GetRequiredService<RoutingCandidate>());
        routes.MapGet("/canaries", () => TypedResults.Json(CanaryReport.Of(configuration.Current.Catalog, board), TrialJson.Default.CanaryReport));
        routes.MapPost("/canaries/reset", () =>
        {
            board.Reset();
            return TypedResults.NoContent();
        });
        routes.MapGet("/routing/candidate", () => TypedResults.Json(
            CandidateReport.Of(models.Current.Classifier.Version, candidate.Current?.Classifier.Version, candidates), TrialJson.Default.CandidateReport));
    }
}
