namespace Mka1.Edge.Policies.Routing.Training;

/// <summary>Weights of a linear fit: of the standardised dense features, of the buckets, and the constant.</summary>
internal sealed record LinearModel(double Bias, double[] Dense, double[] Hashed);
