namespace Mka1.Edge.Inference.Models;

/// <summary>What the three matrices of a SwiGLU layer are called.</summary>
internal sealed record ExpertNames(string Gate, string Up, string Down)
{
    public static ExpertNames Dense { get; } = new("gate_proj", "up_proj", "down_proj");

    public static ExpertNames Mixtral { get; } = new("w1", "w3", "w2");
}
