using Mka1.Edge.Inference.Kernels;
using Mka1.Edge.Inference.Tests.Support;
using Mka1.Edge.Inference.Weights;

namespace Mka1.Edge.Inference.Tests.Weights;

public sealed class SafetensorsTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private string Path => _folder.File("model.safetensors");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Tensors_are_read_by_name_and_type()
    {
        var writer = new SafetensorsWriter();
        writer.Add("f", "F32", [2], [0, 0, 128, 63, 0, 0, 0, 192]);
        writer.Add("h", "F16", [1], [0, 0x3C]);
        writer.Add("b", "BF16", [1, 2], [0x80, 0x3F, 0x00, 0xC0]);
        writer.Add("i", "I8", [3], [1, 255, 128]);
        writer.Save(Path);
        using var file = SafetensorsFile.Open(Path);
        Assert.Equal([1f, -2f], file.ReadFloats("f", 2));
        Assert.Equal([1f], file.ReadFloats("h", 1));
        Assert.Equal([1f, -2f], file.ReadFloats("b", 1, 2));
        Assert.Equal([0x80, 0x3F, 0x00, 0xC0], Bytes(file.Map("b", TensorType.BF16, 1, 2)));
        Assert.Equal([1, 255, 128], Bytes(file.Map("i", TensorType.I8, 3)));
        Assert.True(file.Has("i", TensorType.I8));
        Assert.False(file.Has("i", TensorType.U8));
        Assert.False(file.Has("x", TensorType.I8));
    }

    [Fact]
    public void What_is_mapped_outlives_the_file()
    {
        var writer = new SafetensorsWriter();
        writer.Add("i", "I8", [3], [1, 255, 128]);
        writer.Save(Path);
        WeightMemory memory;
        using (var file = SafetensorsFile.Open(Path))
            memory = file.Map("i", TensorType.I8, 3);
        File.Delete(Path);
        Assert.Equal([1, 255, 128], Bytes(memory));
    }

    [Theory]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", 7, "truncated")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", 9, "belong to no tensor")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[1],"data_offsets":[2,6]}}""", 6, "overlaps")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[1],"data_offsets":[5,9]}}""", 9, "gap")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}}""", 4, "ends before it begins")]
    [InlineData("""{"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}}""", 4, "shape")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1.5],"data_offsets":[0,4]}}""", 4, "shape")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0]}}""", 4, "data_offsets")]
    [InlineData("""{"a":{"shape":[1],"data_offsets":[0,4]}}""", 4, "dtype")]
    [InlineData("""{"a":7}""", 0, "'a'")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", 4, "not valid JSON")]
    [InlineData("[]", 0, "not a JSON object")]
    [InlineData("{", 0, "not valid JSON")]
    [InlineData("""{"\ud800":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", 4, "not valid JSON")]
    public void A_broken_header_is_refused(string header, int dataBytes, string problem)
    {
        SafetensorsWriter.Save(Path, header, new byte[dataBytes]);
        AssertProblem(problem, () => SafetensorsFile.Open(Path).Dispose());
    }

    [Theory]
    [InlineData(new byte[] { }, "too short")]
    [InlineData(new byte[] { 1, 2, 3 }, "too short")]
    [InlineData(new byte[] { 9, 0, 0, 0, 0, 0, 0, 0, 123 }, "truncated")]
    [InlineData(new byte[] { 255, 255, 255, 255, 255, 255, 255, 255, 0 }, "header is")]
    public void A_broken_file_is_refused(byte[] bytes, string problem)
    {
        File.WriteAllBytes(Path, bytes);
        AssertProblem(problem, () => SafetensorsFile.Open(Path).Dispose());
    }

    [Fact]
    public void A_missing_file_is_named()
    {
        AssertProblem("cannot be opened", () => SafetensorsFile.Open(Path).Dispose());
    }

    [Fact]
    public void A_tensor_that_is_not_what_is_asked_for_is_refused()
    {
        SafetensorsWriter.Save(
            Path,
            """{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"d":{"dtype":"F64","shape":[1],"data_offsets":[8,16]},"s":{"dtype":"F32","shape":[3],"data_offsets":[16,20]},"n":{"dtype":"2","shape":[1],"data_offsets":[20,21]}}""",
            new byte[21]);
        using var file = SafetensorsFile.Open(Path);
        AssertProblem("'x' is missing", () => file.ReadFloats("x", 1));
        AssertProblem("shape [2]", () => file.ReadFloats("a", 3));
        AssertProblem("shape [2]", () => file.ReadFloats("a", 2, 1));
        AssertProblem("expected I8", () => file.Map("a", TensorType.I8, 2));
        AssertProblem("type 'F64'", () => file.ReadFloats("d", 1));
        AssertProblem("takes 4 bytes", () => file.ReadFloats("s", 3));
        AssertProblem("type '2'", () => file.ReadFloats("n", 1));
    }

    private static unsafe byte[] Bytes(WeightMemory memory)
    {
        var bytes = new ReadOnlySpan<byte>(memory.Address, (int)memory.Bytes).ToArray();
        GC.KeepAlive(memory);
        return bytes;
    }

    private void AssertProblem(string problem, Action action)
    {
        var error = Assert.Throws<ModelFormatException>(action);
        Assert.Contains(problem, error.Message, StringComparison.Ordinal);
        Assert.Contains(Path, error.Message, StringComparison.Ordinal);
    }
}
