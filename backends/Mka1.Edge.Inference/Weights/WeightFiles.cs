namespace Mka1.Edge.Inference.Weights;

/// <summary>The safetensors files of a model directory: <c>model.safetensors</c>, or the shards that <c>model.safetensors.index.json</c> lists.</summary>
internal sealed class WeightFiles : IDisposable
{
    public const string SingleName = "model.safetensors";

    private readonly Dictionary<string, SafetensorsFile> _files;
    private readonly SafetensorsIndex? _index;
    private readonly HashSet<string> _read = new(StringComparer.Ordinal);

    private WeightFiles(Dictionary<string, SafetensorsFile> files, SafetensorsIndex? index) => (_files, _index) = (files, index);

    /// <exception cref="ModelFormatException">A file cannot be opened or read, or the index names one it must not.</exception>
    public static WeightFiles Open(string directory)
    {
        // The single file first, as transformers has it.
        var index = File.Exists(Path.Combine(directory, SingleName)) ? null : SafetensorsIndex.TryRead(directory);
        var files = new Dictionary<string, SafetensorsFile>(StringComparer.Ordinal);
        try
        {
            foreach (var name in index?.Shards ?? [SingleName])
                files.Add(name, SafetensorsFile.Open(Path.Combine(directory, name)));
            return new WeightFiles(files, index);
        }
        catch
        {
            foreach (var file in files.Values)
                file.Dispose();
            throw;
        }
    }

    /// <summary>All tensors, file by file, in the order of their data.</summary>
    public IEnumerable<(SafetensorsFile File, TensorInfo Info)> Tensors =>
        _files.Values.SelectMany(file => file.Tensors.OrderBy(info => info.Begin).Select(info => (file, info)));

    /// <summary>The file that holds a tensor; with one file, that one whether it holds it or not.</summary>
    /// <exception cref="ModelFormatException">The index does not list the tensor.</exception>
    public SafetensorsFile Holding(string tensor)
    {
        _read.Add(tensor);
        return _files[_index is null ? SingleName : _index.ShardOf(tensor)];
    }

    /// <summary>Refuses tensors that nobody asked for: a model that has them computes something else than the configuration says.</summary>
    /// <param name="harmless">Names that may be left unread.</param>
    public void CheckAllRead(Func<string, bool> harmless)
    {
        foreach (var file in _files.Values)
        {
            foreach (var tensor in file.Tensors)
            {
                if (!_read.Contains(MainName(tensor.Name)) && !harmless(tensor.Name))
                    throw new ModelFormatException(file.Path, $"tensor '{tensor.Name}' has no place in the model that config.json describes.");
            }
        }
    }

    public void Dispose()
    {
        foreach (var file in _files.Values)
            file.Dispose();
    }

    // What goes with a quantized matrix (x.weight_scale) counts as read with the matrix (x.weight).
    private static string MainName(string tensor)
    {
        const string Weight = ".weight";
        var at = tensor.LastIndexOf(Weight, StringComparison.Ordinal);
        return at >= 0 && tensor.IndexOf('.', at + Weight.Length) < 0 ? tensor[..(at + Weight.Length)] : tensor;
    }
}
