using Mka1.Edge.Stores;
using Mka1.Edge.Stores.Runs;
using Mka1.Edge.Stores.Webhooks;

namespace Mka1.Edge.Gateway.Tests.Support;

/// <summary>A store of runs that is away for some calls, as told; otherwise that of the gateway itself.</summary>
public sealed class FaultyRunStore : IRunStore
{
    private int _starts;
    private int _marks;
    private int _endings;

    /// <summary>The store behind.</summary>
    public IRunStore Inner { get; set; } = null!;

    /// <summary>What the faults are.</summary>
    public Func<Exception> Fault { get; set; } = static () => new StoreUnavailableException("postgres", new TimeoutException());

    /// <summary>What happens to a response just before it is marked as seen.</summary>
    public Func<string, Task> BeforeMark { get; set; } = static _ => Task.CompletedTask;

    /// <summary>What happens to a response just before it is noted as begun.</summary>
    public Func<string, Task> BeforeStart { get; set; } = static _ => Task.CompletedTask;

    /// <summary>Each of these calls fails so many times from now on.</summary>
    public void Fail(int starts = 0, int marks = 0, int endings = 0) => (_starts, _marks, _endings) = (starts, marks, endings);

    public ValueTask BeatAsync(string replica, TimeSpan lease, CancellationToken cancellation = default) => Inner.BeatAsync(replica, lease, cancellation);

    public ValueTask LeaveAsync(string replica, CancellationToken cancellation = default) => Inner.LeaveAsync(replica, cancellation);

    public ValueTask<IReadOnlyList<StoredRun>> ClaimAsync(string replica, int slots, int perTenant, CancellationToken cancellation = default) =>
        Inner.ClaimAsync(replica, slots, perTenant, cancellation);

    public ValueTask<IReadOnlyList<StoredRun>> TakeOrphansAsync(string replica, int slots, CancellationToken cancellation = default) =>
        Inner.TakeOrphansAsync(replica, slots, cancellation);

    public async ValueTask<bool> StartAsync(string responseId, int fence, ReadOnlyMemory<byte> body, WebhookEvent? webhook, CancellationToken cancellation = default)
    {
        await BeforeStart(responseId);
        Count(ref _starts);
        return await Inner.StartAsync(responseId, fence, body, webhook, cancellation);
    }

    public async ValueTask<bool> MarkEmittedAsync(string responseId, int fence, CancellationToken cancellation = default)
    {
        await BeforeMark(responseId);
        Count(ref _marks);
        return await Inner.MarkEmittedAsync(responseId, fence, cancellation);
    }

    public ValueTask<bool> ReleaseAsync(string responseId, int fence, CancellationToken cancellation = default) => Inner.ReleaseAsync(responseId, fence, cancellation);

    public ValueTask<bool> FinishAsync(RunEnding ending, CancellationToken cancellation = default)
    {
        Count(ref _endings);
        return Inner.FinishAsync(ending, cancellation);
    }

    public ValueTask<StoredRun?> PeekAsync(string responseId, CancellationToken cancellation = default) => Inner.PeekAsync(responseId, cancellation);

    public ValueTask<long> QueuedAsync(CancellationToken cancellation = default) => Inner.QueuedAsync(cancellation);

    private void Count(ref int left)
    {
        if (Interlocked.Decrement(ref left) >= 0) throw Fault();
    }
}
