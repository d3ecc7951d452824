namespace Mka1.Edge.Policies.Routing.Training;

/// <summary>A file that was learnt from.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Rows">Its rows.</param>
/// <param name="Sha256">Checksum of its bytes as they lie on disk.</param>
/// <param name="Licence">Terms of the data.</param>
public sealed record TrainingSet(string Name, int Rows, string Sha256, string Licence);
