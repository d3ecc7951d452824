using System.Globalization;

namespace Mka1.Edge.InferenceBench.Peer;

/// <summary>Tokens a second of each program in one round, and bytes a second that memory gave meanwhile.</summary>
internal sealed record PeerRound(double Run, double Floats, double Runq, double Int8, double Int4, double Bandwidth)
{
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"run {Run,7:F1}  fp32 {Floats,7:F1}  runq {Runq,7:F1}  int8 {Int8,7:F1}  int4 {Int4,7:F1} tokens/s  memory {Bandwidth / 1e9,6:F1} GB/s");
}
