namespace Mka1.Edge.Policies.Quota;

/// <summary>At most <paramref name="Limit"/> of <paramref name="Dimension"/> in any <paramref name="Window"/>.</summary>
public readonly record struct WindowLimit(QuotaDimension Dimension, QuotaWindow Window, long Limit);
