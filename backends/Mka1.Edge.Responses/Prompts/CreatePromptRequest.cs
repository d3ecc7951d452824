namespace Mka1.Edge.Responses;

/// <summary>The body of <c>POST /prompts</c>.</summary>
/// <param name="Name">1 to 255 characters.</param>
/// <param name="Template">1 to 100,000 characters.</param>
public sealed record CreatePromptRequest(string Name, string Template);
