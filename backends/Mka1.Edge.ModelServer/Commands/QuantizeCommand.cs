using System.CommandLine;
using System.Globalization;
using Mka1.Edge.Inference.Quantization;

namespace Mka1.Edge.ModelServer.Commands;

/// <summary><c>quantize</c>: makes a model directory with 8- or 4-bit weights of one with floating-point weights.</summary>
internal static class QuantizeCommand
{
    public static Command Create()
    {
        var bits = new Option<int>("--bits") { Description = "Bits of a weight; at 4 the embedding and the output matrix keep 8.", Required = true };
        var group = new Option<int>("--group-size") { Description = "Neighbours that share a scale.", DefaultValueFactory = _ => 64 };
        var source = new Option<string>("--in") { Description = "The model's directory: safetensors with F32, F16 or BF16 weights.", Required = true };
        var target = new Option<string>("--out") { Description = "The directory to make.", Required = true };
        bits.AcceptOnlyFromAmong("8", "4");
        group.AcceptOnlyFromAmong("32", "64", "128");
        var command = new Command("quantize", "Makes a quantized model directory and says what it cost.") { bits, group, source, target };
        command.SetAction(arguments =>
        {
            var output = arguments.InvocationConfiguration.Output;
            var options = new QuantizationOptions { Bits = arguments.GetValue(bits), GroupSize = arguments.GetValue(group) };
            var tensors = new List<QuantizedTensor>();
            ModelQuantizer.Quantize(arguments.GetRequiredValue(source), arguments.GetRequiredValue(target), options, tensor =>
            {
                tensors.Add(tensor);
                output.WriteLine(Line(tensor));
            });
            output.WriteLine(Total(tensors));
        });
        return command;
    }

    private static string Line(QuantizedTensor tensor) => string.Create(
        CultureInfo.InvariantCulture,
        $"{tensor.Name,-56} {(tensor.Bits == 0 ? "kept" : $"int{tensor.Bits}"),-4} {tensor.BytesBefore,12:N0} -> {tensor.BytesAfter,12:N0} bytes  error {100 * tensor.RelativeError,6:F3} %");

    private static string Total(List<QuantizedTensor> tensors)
    {
        var (before, after) = (tensors.Sum(tensor => tensor.BytesBefore), tensors.Sum(tensor => tensor.BytesAfter));
        return string.Create(CultureInfo.InvariantCulture, $"{tensors.Count} tensors, {before:N0} -> {after:N0} bytes ({100.0 * after / before:F1} %)");
    }
}
