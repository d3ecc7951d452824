using System.Globalization;
using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace Mka1.Edge.Inference.Torch;

/// <summary>A device that has been tried, and the floating-point type computed in on it.</summary>
internal sealed class TorchDevice
{
    private TorchDevice(Device device, ScalarType type)
    {
        Device = device;
        Type = type;
    }

    public Device Device { get; }

    /// <summary>Type of activations, cache and floating-point weights.</summary>
    public ScalarType Type { get; }

    /// <summary>Bytes of one number of <see cref="Type"/>.</summary>
    public int TypeBytes => Type == ScalarType.Float32 ? 4 : 2;

    /// <exception cref="ArgumentException">The device or the type is not one of those known.</exception>
    /// <exception cref="InvalidOperationException">The device is not there, or does not compute in that type.</exception>
    public static TorchDevice Open(string device, string dataType)
    {
        var (kind, index) = ParseDevice(device);
        var type = ParseType(dataType, kind);
        try
        {
            if (kind == DeviceType.CPU)
                InitializeDeviceType(kind);
            else if (CudaDevices() is var count && index >= count)
                throw new InvalidOperationException($"Device '{device}' is not there: libtorch sees {count} CUDA devices.");
            var opened = new TorchDevice(kind == DeviceType.CUDA ? new Device(DeviceType.CUDA, index) : new Device(DeviceType.CPU), type);
            opened.Try(dataType);
            return opened;
        }
        catch (Exception e) when (e is NotSupportedException or DllNotFoundException or TypeInitializationException)
        {
            throw new InvalidOperationException($"libtorch could not be loaded for device '{device}': {e.Message}", e);
        }
    }

    /// <summary>Copies whole numbers to the device.</summary>
    public Tensor Upload(ReadOnlySpan<long> numbers)
    {
        var tensor = empty(numbers.Length, ScalarType.Int64);
        numbers.CopyTo(MemoryMarshal.Cast<byte, long>(tensor.bytes));
        return tensor.to(Device);
    }

    // Some versions of libtorch have no half-precision products on a CPU: say so at the start, not at the first request.
    private void Try(string dataType)
    {
        using var scope = NewDisposeScope();
        try
        {
            var ones = torch.ones(2, 2, ScalarType.Float32).to(Type, Device);
            nn.functional.linear(ones, ones).cpu();
        }
        catch (ExternalException e)
        {
            throw new InvalidOperationException($"Device '{Device}' does not compute in {dataType}: {e.Message.Split('\n')[0]}", e);
        }
    }

    private static int CudaDevices() => cuda.is_available() ? cuda.device_count() : 0;

    private static (DeviceType Kind, int Index) ParseDevice(string text)
    {
        if (text == "cpu")
            return (DeviceType.CPU, -1);
        if (text == "cuda")
            return (DeviceType.CUDA, 0);
        if (text.StartsWith("cuda:", StringComparison.Ordinal) && int.TryParse(text.AsSpan(5), NumberStyles.None, CultureInfo.InvariantCulture, out var index))
            return (DeviceType.CUDA, index);
        throw new ArgumentException($"Device '{text}' is not known; expected cpu, cuda or cuda:N.", nameof(text));
    }

    private static ScalarType ParseType(string text, DeviceType device) => text switch
    {
        "auto" => device == DeviceType.CPU ? ScalarType.Float32 : ScalarType.BFloat16,
        "fp32" => ScalarType.Float32,
        "bf16" => ScalarType.BFloat16,
        "fp16" => ScalarType.Float16,
        _ => throw new ArgumentException($"Data type '{text}' is not known; expected auto, fp32, bf16 or fp16.", nameof(text)),
    };
}
