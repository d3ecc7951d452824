namespace Mka1.Edge.Policies.Routing.Training;

/// <summary>What a share of the training rows would have been good for.</summary>
public sealed record CurvePoint(double Share, double PoolApgr, double FusionApgr);
