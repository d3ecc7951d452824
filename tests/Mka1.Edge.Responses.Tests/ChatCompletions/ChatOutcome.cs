namespace Mka1.Edge.Responses.Tests;

/// <summary>What a translated stream came to.</summary>
internal sealed record ChatOutcome(ChatStreamState State, string? Fault, byte[] Events);
