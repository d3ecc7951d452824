namespace Mka1.Edge.Stores.Redis;

/// <summary>Tasks that nobody waits for any longer.</summary>
internal static class AbandonedTask
{
    /// <summary>Looks at the exception a task may still end with, so that it does not count as unobserved.</summary>
    public static void Observe(Task task) => _ = task.ContinueWith(
        static ended => _ = ended.Exception,
        CancellationToken.None,
        TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously,
        TaskScheduler.Default);
}
