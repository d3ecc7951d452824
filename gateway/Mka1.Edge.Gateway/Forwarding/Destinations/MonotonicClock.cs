namespace Mka1.Edge.Gateway.Forwarding.Destinations;

/// <summary>The time that circuits, rests and reports are measured by: it never goes back.</summary>
internal static class MonotonicClock
{
    public static TimeSpan Now(this TimeProvider clock) => clock.GetElapsedTime(0);
}
