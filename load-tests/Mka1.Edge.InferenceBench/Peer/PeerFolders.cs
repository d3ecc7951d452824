using Mka1.Edge.Inference.Quantization;
using Mka1.Edge.InferenceBench.Models;

namespace Mka1.Edge.InferenceBench.Peer;

/// <summary>Where the same model lies in each format.</summary>
internal sealed class PeerFolders(string peer, string work)
{
    public string Peer { get; } = peer;

    public string Floats { get; } = Path.Combine(work, "fp32");

    public string Int8 { get; } = Path.Combine(work, "int8");

    public string Int4 { get; } = Path.Combine(work, "int4");

    public string PeerFloats { get; } = Path.Combine(work, "llama2c.bin");

    public string PeerInt8 { get; } = Path.Combine(work, "llama2c-q80.bin");

    /// <summary>Makes what is not there yet.</summary>
    public void Prepare(string tokenizer)
    {
        var model = new RandomModel();
        if (!Directory.Exists(Floats))
            ModelDirectory.Write(model, Floats, tokenizer);
        if (!Directory.Exists(Int8))
            ModelQuantizer.Quantize(Floats, Int8, new QuantizationOptions { Bits = 8 });
        if (!Directory.Exists(Int4))
            ModelQuantizer.Quantize(Floats, Int4, new QuantizationOptions { Bits = 4 });
        if (!File.Exists(PeerFloats))
            Llama2CFiles.WriteFloats(model, PeerFloats);
        if (!File.Exists(PeerInt8))
            Llama2CFiles.WriteQuantized(model, PeerInt8);
    }
}
