namespace Mka1.Edge.Policies.Quota;

/// <summary>At most <paramref name="Limit"/> requests in each <paramref name="Window"/>.</summary>
public readonly record struct RequestWindow(TimeSpan Window, int Limit);
