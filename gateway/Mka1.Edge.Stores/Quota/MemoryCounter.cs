using Mka1.Edge.Policies.Quota;

namespace Mka1.Edge.Stores.Quota;

/// <summary>One counter in memory: a window, or slots for requests in flight.</summary>
internal sealed class MemoryCounter(TimeSpan? window)
{
    public SlidingWindow? Window { get; } = window is { } length ? new SlidingWindow(length) : null;

    public HeldSlots? Slots { get; } = window is null ? new HeldSlots() : null;

    public long Used(long now)
    {
        if (Window is null) return Slots!.Count(now);
        Window.Advance(now);
        return Window.Used;
    }

    /// <summary>What the counter lacks for a charge; holding a slot already, a request needs no second one.</summary>
    public long Need(QuotaCharge charge, string id, long minimumUnits, long now) =>
        Slots is not null && Slots.Holds(id, now) ? 0 : QuotaFit.Need(charge, minimumUnits);

    /// <summary>Until when forgetting it would change anything.</summary>
    public long EmptyAt(long now)
    {
        if (Window is null) return Slots!.Count(now) > 0 ? long.MaxValue : 0;
        Window.Advance(now);
        return Window.EmptyAt;
    }
}
