namespace Mka1.Edge.Gateway.Configuration;

/// <summary>When this gateway started.</summary>
internal sealed record EdgeStart(DateTimeOffset At);
