namespace Mka1.Edge.Gateway.Tests.Support;

/// <summary>How long a test waits for a signal that is sure to come before it says that it did not.</summary>
public static class Patience
{
    public static readonly TimeSpan Long = TimeSpan.FromSeconds(30);

    /// <summary>Waits for a signal.</summary>
    public static Task Soon(this Task signal) => signal.WaitAsync(Long);

    /// <summary>Waits for a signal.</summary>
    public static Task<T> Soon<T>(this Task<T> signal) => signal.WaitAsync(Long);
}
