namespace Mka1.Edge.Policies.Routing.Training;

/// <summary>Where weights come from: enough to make them again, and to know how good they are.</summary>
/// <param name="Fingerprint">Of the training sets and the settings; names the weights in logs.</param>
/// <param name="Sets">The files learnt from.</param>
/// <param name="TierModels">The measured models that stood for quantized, moe and dense.</param>
/// <param name="Settings">Choices of the trainer.</param>
/// <param name="Report">How good they are.</param>
public sealed record Provenance(string Fingerprint, IReadOnlyList<TrainingSet> Sets, IReadOnlyList<string> TierModels, TrainingSettings Settings, TrainingReport Report);
