namespace Mka1.Edge.Responses;

/// <summary>The body of <c>POST /prompts/{id}</c> and of a rollback; at least one of the two is there.</summary>
/// <param name="Name">1 to 255 characters; null to leave it.</param>
/// <param name="Version">Number of the version to use from now on; null to leave it.</param>
public sealed record UpdatePromptRequest(string? Name, int? Version);
