namespace Mka1.Edge.Policies.Routing.Learned;

/// <summary>Names, means and scales of the dense features.</summary>
internal sealed record DenseDocument(IReadOnlyList<string> Names, float[] Mean, float[] Scale);
