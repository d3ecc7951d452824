namespace Mka1.Edge.Gateway.Quota;

/// <summary>Tokens of a run.</summary>
/// <param name="InputTokens">Tokens read.</param>
/// <param name="OutputTokens">Tokens generated.</param>
/// <param name="Estimated">Whether the gateway counted them because the model server did not say.</param>
internal readonly record struct RunUsage(long InputTokens, long OutputTokens, bool Estimated);
