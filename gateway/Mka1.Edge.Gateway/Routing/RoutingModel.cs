using Mka1.Edge.Policies.Routing;

namespace Mka1.Edge.Gateway.Routing;

/// <summary>A classifier and the window over its own levels: other weights, another window.</summary>
/// <param name="Classifier">Says how hard a request looks.</param>
/// <param name="Window">Moves the thresholds; null when the operator states no target.</param>
internal sealed record RoutingModel(ComplexityClassifier Classifier, TierWindow? Window);
