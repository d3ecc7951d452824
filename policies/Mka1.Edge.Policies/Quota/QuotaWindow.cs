namespace Mka1.Edge.Policies.Quota;

/// <summary>A stretch of time that slides: a limit holds in every stretch as long as the window, wherever it begins.</summary>
/// <param name="Name">As the configuration and refusals call it.</param>
/// <param name="Length">How long it is.</param>
public readonly record struct QuotaWindow(string Name, TimeSpan Length)
{
    /// <summary>Every window a configuration may name, shortest first.</summary>
    public static readonly IReadOnlyList<QuotaWindow> All =
    [
        new("second", TimeSpan.FromSeconds(1)),
        new("minute", TimeSpan.FromMinutes(1)),
        new("hour", TimeSpan.FromHours(1)),
        new("day", TimeSpan.FromDays(1)),
        new("month", TimeSpan.FromDays(30)),
    ];

    public static bool TryParse(string name, out QuotaWindow window)
    {
        window = All.FirstOrDefault(w => w.Name == name);
        return window.Name is not null;
    }

    /// <exception cref="ArgumentException">No window has that name.</exception>
    public static QuotaWindow Parse(string name) =>
        TryParse(name, out var window) ? window : throw new ArgumentException($"'{name}' is no window.", nameof(name));
}
