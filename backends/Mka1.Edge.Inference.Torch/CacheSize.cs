using Mka1.Edge.Inference.Models;
using TorchSharp;

namespace Mka1.Edge.Inference.Torch;

/// <summary>How many pages a cache has, and what they take.</summary>
internal static class CacheSize
{
    // TorchSharp cannot tell how much of a device's memory is free.
    private const long MostOnCuda = 8L << 30;

    /// <summary>Keys and values of all layers.</summary>
    public static long PageBytes(ModelConfig config, int pageSize, TorchDevice device) =>
        2L * config.Layers * config.KeyValueHeads * config.HeadSize * pageSize * device.TypeBytes;

    public static int Pages(ModelConfig config, TorchRunnerOptions options, TorchDevice device)
    {
        if (options.PageCount is { } count)
            return count;
        var page = PageBytes(config, options.PageSize, device);
        var window = (config.ContextWindow + options.PageSize - 1) / options.PageSize * page;
        var most = device.Device.type == DeviceType.CPU ? GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 4 : MostOnCuda;
        var wanted = options.CacheBytes ?? Math.Clamp(window * options.Sequences, window, Math.Max(window, most));
        if (wanted < page)
            throw new ArgumentOutOfRangeException(nameof(options), $"{wanted} bytes of cache hold no page; one takes {page}.");
        return (int)Math.Min(wanted / page, int.MaxValue / options.PageSize);
    }
}
