namespace Mka1.Edge.Policies.Routing.Learned;

/// <summary>A head: buckets as base64 of half floats times a scale, trees as base64 of bytes and floats.</summary>
internal sealed record HeadDocument(float Bias, float[] Dense, float HashedScale, byte[] Hashed, int TreeDepth, byte[] TreeFeatures, byte[] TreeThresholds, byte[] TreeLeaves);
