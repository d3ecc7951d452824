using System.Runtime.InteropServices;
using Mka1.Edge.InferenceBench.Models;

namespace Mka1.Edge.InferenceBench.Peer;

/// <summary>Writes a <see cref="RandomModel"/> in the formats of karpathy/llama2.c: floats (export version 0) and Q8_0 (version 2).</summary>
internal static class Llama2CFiles
{
    private const int GroupSize = 64;
    private const int HeaderBytes = 256;

    private static readonly string[] Names = ["q_proj", "k_proj", "v_proj", "o_proj"];

    public static void WriteFloats(RandomModel model, string path)
    {
        using var writer = new BinaryWriter(File.Create(path));
        WriteConfig(model, writer);
        Write(writer, model.Embedding());
        WriteNorms(model, writer, model.Layers);
        foreach (var name in Names)
            WriteLayers(model, writer, name);
        WriteNorms(model, writer, model.Layers);
        foreach (var name in new[] { "gate_proj", "down_proj", "up_proj" })
            WriteLayers(model, writer, name);
        WriteNorms(model, writer, 1);

        // Where older versions kept their rotary tables; readers skip it.
        Write(writer, new float[model.Window * (model.Hidden / model.Heads)]);
    }

    public static void WriteQuantized(RandomModel model, string path)
    {
        using var writer = new BinaryWriter(File.Create(path));
        writer.Write(0x616b3432);
        writer.Write(2);
        WriteConfig(model, writer);
        writer.Write((byte)1);
        writer.Write(GroupSize);
        writer.Write(new byte[HeaderBytes - (int)writer.BaseStream.Position]);
        WriteNorms(model, writer, (2 * model.Layers) + 1);
        WriteRounded(writer, model.Embedding());
        foreach (var name in Names.Concat(["gate_proj", "down_proj", "up_proj"]))
        {
            for (var layer = 0; layer < model.Layers; layer++)
                WriteRounded(writer, model.Matrix(layer, name));
        }
    }

    private static void WriteConfig(RandomModel model, BinaryWriter writer)
    {
        foreach (var value in new[] { model.Hidden, model.Intermediate, model.Layers, model.Heads, model.Heads, model.Vocabulary, model.Window })
            writer.Write(value);
    }

    private static void WriteNorms(RandomModel model, BinaryWriter writer, int count)
    {
        for (var i = 0; i < count; i++)
            Write(writer, model.Norm());
    }

    private static void WriteLayers(RandomModel model, BinaryWriter writer, string name)
    {
        for (var layer = 0; layer < model.Layers; layer++)
            Write(writer, model.Matrix(layer, name));
    }

    private static void WriteRounded(BinaryWriter writer, float[] values)
    {
        var rounded = new sbyte[values.Length];
        var scales = new float[values.Length / GroupSize];
        for (var g = 0; g < scales.Length; g++)
        {
            var group = values.AsSpan(g * GroupSize, GroupSize);
            foreach (var value in group)
                scales[g] = Math.Max(scales[g], Math.Abs(value) / 127);
            for (var i = 0; i < GroupSize; i++)
                rounded[(g * GroupSize) + i] = (sbyte)MathF.Round(group[i] / scales[g]);
        }
        writer.Write(MemoryMarshal.AsBytes(rounded.AsSpan()));
        Write(writer, scales);
    }

    private static void Write(BinaryWriter writer, float[] values) => writer.Write(MemoryMarshal.AsBytes(values.AsSpan()));
}
