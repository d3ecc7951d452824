namespace Mka1.Edge.Gateway.Admin;

/// <summary>What became of an operator's call to change the configuration.</summary>
/// <param name="Outcome"><c>applied</c>, <c>unchanged</c>, <c>refused</c> or <c>impossible</c>.</param>
/// <param name="Changes">What has changed, in words; left out when nothing has.</param>
/// <param name="Faults">Why it was refused; left out when it was not.</param>
/// <param name="Status">How things stand now.</param>
internal sealed record ReloadAnswer(string Outcome, IReadOnlyList<string>? Changes, IReadOnlyList<string>? Faults, ConfigStatus Status);
