using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using Mka1.Edge.Inference.Kernels;
using Mka1.Edge.Inference.Models;
using Mka1.Edge.Inference.Weights;

namespace Mka1.Edge.Inference.Quantization;

/// <summary>Makes a quantized model directory of one with floating-point weights.</summary>
/// <remarks>
/// Matrices are rounded group by group; norms, biases, routers, and matrices whose rows are no whole groups are copied. One
/// tensor at a time is held in memory.
/// </remarks>
public static class ModelQuantizer
{
    // What belongs to a tokenizer or says how to use the model. Cards and evaluations speak of the other weights and stay behind.
    private static readonly string[] Companions =
    [
        "tokenizer.json", "tokenizer_config.json", "generation_config.json", "special_tokens_map.json", "added_tokens.json",
        "chat_template.jinja", "chat_template.json", "vocab.json", "merges.txt", "LICENSE", "LICENSE.txt",
    ];

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    /// <summary>Quantizes a model.</summary>
    /// <param name="source">A model directory in the Hugging Face layout, its weights F32, F16 or BF16.</param>
    /// <param name="target">The directory to make; it must not exist, and appears only when it is whole.</param>
    /// <param name="options">How to round.</param>
    /// <param name="report">Told of each tensor once it is written.</param>
    /// <exception cref="ModelFormatException">The source cannot be read, is quantized already or not supported; or the target exists.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of range.</exception>
    public static void Quantize(string source, string target, QuantizationOptions options, Action<QuantizedTensor>? report = null)
    {
        if (options.Bits is not (8 or 4))
            throw new ArgumentOutOfRangeException(nameof(options), options.Bits, "Bits must be 8 or 4.");
        if (options.GroupSize is not (32 or 64 or 128))
            throw new ArgumentOutOfRangeException(nameof(options), options.GroupSize, "GroupSize must be 32, 64 or 128.");
        if (!Directory.Exists(source))
            throw new ModelFormatException(source, "is not a directory. Name the folder that holds config.json and the weights.");
        using (var file = JsonFile.Open(source, "config.json"))
        {
            if (file.Find(QuantizationSection.Key) is not null)
                throw file.Error(QuantizationSection.Key, "is there: the model is quantized already. Take the one it was made from.");
        }
        ModelConfigFile.Read(source);
        if (Path.Exists(target))
            throw new ModelFormatException(target, "exists already. Name a directory that is to be made.");

        var partial = target.TrimEnd(Path.DirectorySeparatorChar) + ".partial";
        if (Path.Exists(partial))
            throw new ModelFormatException(partial, "is left from a run that did not end. Remove it.");
        Directory.CreateDirectory(partial);
        try
        {
            WriteWeights(source, Path.Combine(partial, WeightFiles.SingleName), options, report);
            WriteConfig(source, partial, options);
            foreach (var name in Companions.Where(name => File.Exists(Path.Combine(source, name))))
                File.Copy(Path.Combine(source, name), Path.Combine(partial, name));
            Directory.Move(partial, target);
        }
        catch
        {
            Directory.Delete(partial, recursive: true);
            throw;
        }
    }

    private static void WriteConfig(string source, string target, QuantizationOptions options)
    {
        var config = JsonNode.Parse(File.ReadAllText(Path.Combine(source, "config.json")))!.AsObject();
        config[QuantizationSection.Key] = new JsonObject
        {
            ["quant_method"] = QuantizationSection.Method,
            ["bits"] = options.Bits,
            ["group_size"] = options.GroupSize,
            ["sym"] = true,
        };
        File.WriteAllText(Path.Combine(target, "config.json"), config.ToJsonString(Indented) + "\n");
    }

    private static void WriteWeights(string source, string path, QuantizationOptions options, Action<QuantizedTensor>? report)
    {
        using var files = WeightFiles.Open(source);
        var tensors = files.Tensors.Select(tensor => (tensor.File, tensor.Info, Type: SafetensorsFile.TypeOf(tensor.Info), Bits: BitsOf(tensor.Info, options))).ToList();
        foreach (var (file, info, type, _) in tensors)
        {
            if (type is null or TensorType.I8 or TensorType.U8)
                throw new ModelFormatException(file.Path, $"tensor '{info.Name}' is {info.TypeName}; expected F32, F16 or BF16.");
        }

        using var writer = new SafetensorsWriter(path, tensors.SelectMany(tensor => Entries(tensor.Info, tensor.Type!.Value, tensor.Bits, options.GroupSize)));
        foreach (var (file, info, type, bits) in tensors)
        {
            var memory = file.Map(info.Name, type!.Value, info.Shape);
            if (bits == 0)
            {
                Copy(memory, writer);
                report?.Invoke(new QuantizedTensor(info.Name, 0, memory.Bytes, memory.Bytes, 0));
                continue;
            }
            var (values, scales, error) = new WeightRounder(bits, options.GroupSize).Round(memory, type.Value, (int)info.Shape[0], (int)info.Shape[1]);
            writer.Write(values);
            writer.Write(MemoryMarshal.AsBytes(scales.AsSpan()));
            report?.Invoke(new QuantizedTensor(info.Name, bits, memory.Bytes, values.LongLength + (scales.LongLength * sizeof(float)), error));
        }
    }

    private static int BitsOf(TensorInfo info, QuantizationOptions options)
    {
        var name = info.Name;
        if (info.Shape.Length != 2 || !name.EndsWith(".weight", StringComparison.Ordinal) || !PackedWeights.Fits(options.GroupSize, (int)Math.Min(info.Shape[1], int.MaxValue)))
            return 0;

        // Routers are small, and a token sent to another expert is no small error.
        if (name.EndsWith(".gate.weight", StringComparison.Ordinal) || name.EndsWith("_gate.weight", StringComparison.Ordinal))
            return 0;
        return name is "model.embed_tokens.weight" or "lm_head.weight" ? 8 : options.Bits;
    }

    private static IEnumerable<(string Name, TensorType Type, long[] Shape)> Entries(TensorInfo info, TensorType type, int bits, int groupSize)
    {
        if (bits == 0)
            return [(info.Name, type, info.Shape)];
        var (outputs, inputs) = (info.Shape[0], info.Shape[1]);
        return [(info.Name, bits == 8 ? TensorType.I8 : TensorType.U8, [outputs, inputs * bits / 8]), (info.Name + "_scale", TensorType.F32, [outputs, inputs / groupSize])];
    }

    private static unsafe void Copy(WeightMemory memory, SafetensorsWriter writer)
    {
        const int Slice = 1 << 24;
        for (long done = 0; done < memory.Bytes; done += Slice)
            writer.Write(new ReadOnlySpan<byte>(memory.Address + done, (int)Math.Min(Slice, memory.Bytes - done)));
        GC.KeepAlive(memory);
    }
}
