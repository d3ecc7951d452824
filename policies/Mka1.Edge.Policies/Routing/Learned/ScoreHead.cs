namespace Mka1.Edge.Policies.Routing.Learned;

/// <summary>One learnt number: a linear part over hashed and dense features, and trees over the dense ones.</summary>
/// <param name="Bias">Constant part.</param>
/// <param name="Dense">A weight for each standardised dense feature.</param>
/// <param name="Hashed">A weight for each bucket, block after block.</param>
/// <param name="Trees">The trees; their sum is added.</param>
internal sealed record ScoreHead(float Bias, float[] Dense, float[] Hashed, TreeEnsemble Trees);
