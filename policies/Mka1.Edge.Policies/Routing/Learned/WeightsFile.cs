using System.Runtime.InteropServices;
using System.Text.Json;
using Mka1.Edge.Policies.Routing.Text;

namespace Mka1.Edge.Policies.Routing.Learned;

/// <summary>The weights file: checks everything that would make scores wrong without anybody noticing.</summary>
internal static class WeightsFile
{
    private const int Features = TextScratch.Blocks * TextScratch.Buckets;

    public static RoutingWeights Parse(ReadOnlySpan<byte> json)
    {
        try
        {
            CheckSchema(json);
            return Compile(JsonSerializer.Deserialize(json, WeightsJson.Default.WeightsDocument) ?? throw new RoutingWeightsException("The weights file is null; an object is expected."));
        }
        catch (JsonException e)
        {
            throw new RoutingWeightsException($"The weights file is not the JSON expected ({e.Path ?? "$"}). Make it with 'routing train'.", e);
        }
    }

    public static byte[] Write(WeightsDocument document) => JsonSerializer.SerializeToUtf8Bytes(document, WeightsJson.Default.WeightsDocument);

    /// <summary>Half floats of the weights over their largest, which keeps three digits of each.</summary>
    public static (float Scale, byte[] Bytes) Pack(ReadOnlySpan<double> weights)
    {
        double largest = 0;
        foreach (var weight in weights) largest = Math.Max(largest, Math.Abs(weight));
        var scale = largest == 0 ? 1 : (float)largest;
        var halves = new Half[weights.Length];
        for (var i = 0; i < halves.Length; i++) halves[i] = (Half)(weights[i] / scale);
        return (scale, MemoryMarshal.AsBytes(halves.AsSpan()).ToArray());
    }

    public static byte[] Pack(float[] values) => MemoryMarshal.AsBytes(values.AsSpan()).ToArray();

    /// <summary>First of all, so that a newer file is told apart from a broken one.</summary>
    private static void CheckSchema(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json);
        using var document = JsonDocument.ParseValue(ref reader);
        if (document.RootElement.ValueKind != JsonValueKind.Object || !document.RootElement.TryGetProperty("schema"u8, out var schema)
            || schema.ValueKind != JsonValueKind.Number || !schema.TryGetInt32(out var version))
        {
            throw new RoutingWeightsException("The weights file names no schema version, so it is none. Make one with 'routing train'.");
        }

        if (version != WeightsDocument.KnownSchema)
        {
            throw new RoutingWeightsException(
                $"The weights file has schema version {version}; this gateway reads version {WeightsDocument.KnownSchema}. Train the weights with this release, or upgrade the gateway.");
        }
    }

    private static RoutingWeights Compile(WeightsDocument document)
    {
        Check(document.Hash == TextHash.Name, $"hash is '{document.Hash}'; this gateway hashes by '{TextHash.Name}'");
        Check(document.Bits == TextScratch.Bits, $"bits is {document.Bits}; this gateway has {TextScratch.Bits}");
        Check(document.Window == TextScratch.Half, $"window is {document.Window}; this gateway reads {TextScratch.Half}");
        Check(document.Dense.Names.SequenceEqual(Enum.GetNames<DenseFeature>()), "dense.names are not the features of this gateway");
        var count = TextScratch.DenseCount;
        Check(document.Dense.Mean.Length == count && document.Dense.Scale.Length == count, $"dense has not {count} means and scales");
        Check(Finite(document.Dense.Mean) && Finite(document.Dense.Scale), "dense holds a number that is none");
        var (scores, logits) = (document.Calibration.Scores, document.Calibration.Logits);
        Check(scores.Length >= 2 && scores.Length == logits.Length && Rises(scores) && Rises(logits), "calibration does not rise from knot to knot");
        Check(document.Levels.LogitSpan > 0 && document.Levels.GainSpan > 0, "levels have a span that is not positive");
        return new RoutingWeights(
            document.Dense.Mean, document.Dense.Scale, Head("need", document.Need), Head("gain", document.Gain),
            new Calibration(scores, logits), document.Levels, VersionOf(document.Provenance));
    }

    private static ScoreHead Head(string name, HeadDocument head)
    {
        Check(head.Dense.Length == TextScratch.DenseCount && Finite(head.Dense) && float.IsFinite(head.Bias), $"{name}.dense has not {TextScratch.DenseCount} numbers");
        Check(head.Hashed.Length == 2 * Features && float.IsFinite(head.HashedScale), $"{name}.hashed has not {Features} weights");
        var hashed = new float[Features];
        var halves = MemoryMarshal.Cast<byte, Half>(head.Hashed);
        for (var i = 0; i < hashed.Length; i++) hashed[i] = (float)halves[i] * head.HashedScale;
        Check(Finite(hashed), $"{name}.hashed holds a number that is none");

        Check(head.TreeDepth is >= 1 and <= TreeEnsemble.MaxDepth, $"{name}.treeDepth is {head.TreeDepth}; 1 to {TreeEnsemble.MaxDepth} is expected");
        var inner = (1 << head.TreeDepth) - 1;
        var trees = head.TreeFeatures.Length / inner;
        Check(
            head.TreeFeatures.Length == trees * inner && head.TreeThresholds.Length == 4 * trees * inner && head.TreeLeaves.Length == 4 * trees * (inner + 1),
            $"{name}: the parts of the trees differ in length");
        Check(head.TreeFeatures.All(f => f < TextScratch.DenseCount), $"{name}.treeFeatures names a feature there is not");
        var leaves = MemoryMarshal.Cast<byte, float>(head.TreeLeaves).ToArray();
        Check(Finite(leaves), $"{name}.treeLeaves holds a number that is none");
        return new ScoreHead(head.Bias, head.Dense, hashed, new TreeEnsemble(head.TreeDepth, head.TreeFeatures, MemoryMarshal.Cast<byte, float>(head.TreeThresholds).ToArray(), leaves));
    }

    private static string VersionOf(JsonElement provenance) =>
        provenance.ValueKind == JsonValueKind.Object && provenance.TryGetProperty("fingerprint"u8, out var version) && version.ValueKind == JsonValueKind.String
            ? version.GetString()!
            : "unnamed";

    private static bool Finite(ReadOnlySpan<float> numbers)
    {
        foreach (var number in numbers)
        {
            if (!float.IsFinite(number)) return false;
        }

        return true;
    }

    private static bool Rises(float[] numbers) => Finite(numbers) && numbers.Zip(numbers.Skip(1)).All(pair => pair.First < pair.Second);

    private static void Check(bool holds, string fault)
    {
        if (!holds) throw new RoutingWeightsException($"The weights file does not fit this gateway: {fault}. Train it with this release.");
    }
}
