using System.Text.Json;

namespace Mka1.Edge.Policies.Routing.Learned;

/// <summary>The weights file as JSON.</summary>
internal sealed record WeightsDocument
{
    /// <summary>The one layout this code reads.</summary>
    public const int KnownSchema = 1;

    public required int Schema { get; init; }

    /// <summary>Name of the hash by which weights are found.</summary>
    public required string Hash { get; init; }

    /// <summary>Buckets of each block, as a power of two.</summary>
    public required int Bits { get; init; }

    /// <summary>Characters read from each end of a text.</summary>
    public required int Window { get; init; }

    public required DenseDocument Dense { get; init; }

    public required HeadDocument Need { get; init; }

    public required HeadDocument Gain { get; init; }

    public required CalibrationDocument Calibration { get; init; }

    public required LevelScale Levels { get; init; }

    /// <summary>What the weights were made from, and how good they are; for people.</summary>
    public required JsonElement Provenance { get; init; }
}
