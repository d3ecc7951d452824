namespace Mka1.Edge.Responses;

/// <summary>What an administrator wants a safety subject held on.</summary>
/// <param name="Rung">One of <see cref="SafetyParser.Rungs"/>.</param>
/// <param name="Until">Unix seconds from which its score counts again; null for until it is taken back.</param>
/// <param name="Reason">Why, for the audit.</param>
public sealed record SafetyOverrideRequest(string Rung, long? Until, string Reason);
