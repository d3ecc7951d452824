namespace Mka1.Edge.Inference.Weights;

/// <summary>Element types read from safetensors files.</summary>
internal enum TensorType
{
    F32,
    F16,
    BF16,
    I8,
    U8,
}
