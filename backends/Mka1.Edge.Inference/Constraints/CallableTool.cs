namespace Mka1.Edge.Inference.Constraints;

/// <summary>A function that may be called in this answer.</summary>
/// <param name="Name">The name written into the call.</param>
/// <param name="Arguments">What its arguments look like; must be a grammar of objects. <see cref="JsonGrammar.AnyObject"/> where the schema is outside the subset.</param>
public sealed record CallableTool(string Name, JsonGrammar Arguments);
