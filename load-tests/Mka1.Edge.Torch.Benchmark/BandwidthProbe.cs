using static TorchSharp.torch;

namespace Mka1.Edge.Torch.Benchmark;

/// <summary>What the device's memory gives: the best of several copies of a block far larger than any cache.</summary>
internal static class BandwidthProbe
{
    private const int Rounds = 10;

    /// <summary>Bytes a second, read and written together.</summary>
    public static double Measure(string device, long blockBytes)
    {
        using var scope = NewDisposeScope();
        var source = zeros(blockBytes / sizeof(float), ScalarType.Float32, new Device(device));
        var target = empty_like(source);
        var best = 0.0;
        for (var round = 0; round < Rounds; round++)
        {
            Synchronize(device);
            var start = TimeProvider.System.GetTimestamp();
            target.copy_(source);
            Synchronize(device);
            best = Math.Max(best, 2.0 * blockBytes / TimeProvider.System.GetElapsedTime(start).TotalSeconds);
        }
        return best;
    }

    private static void Synchronize(string device)
    {
        if (device != "cpu")
            cuda.synchronize();
    }
}
