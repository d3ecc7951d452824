namespace Mka1.Edge.Inference.Chat;

/// <summary>A function the model may call.</summary>
/// <param name="Name">The name the model writes into the call.</param>
/// <param name="Description">What it does; left out of the prompt when null.</param>
/// <param name="ParametersJson">JSON Schema of the arguments, as JSON text; <c>{}</c> for none.</param>
public sealed record ChatTool(string Name, string? Description, string ParametersJson);
