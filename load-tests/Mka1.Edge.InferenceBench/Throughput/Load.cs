namespace Mka1.Edge.InferenceBench.Throughput;

/// <summary>What is asked of the engine.</summary>
/// <param name="Streams">Streams at once.</param>
/// <param name="Tokens">Tokens each decodes.</param>
/// <param name="PromptTokens">Length of the prompt that is read.</param>
/// <param name="Threads">Threads of the engine.</param>
internal sealed record Load(int Streams, int Tokens, int PromptTokens, int Threads);
