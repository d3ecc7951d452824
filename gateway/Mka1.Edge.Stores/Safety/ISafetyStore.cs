using Mka1.Edge.Policies.Safety;
using Mka1.Edge.Stores.Paging;

namespace Mka1.Edge.Stores.Safety;

/// <summary>
/// What is kept of subjects, and the audit of what was decided about them. Steps are made here and nowhere else, one replica at a
/// time for each subject, and stand in the audit and in the outbox in the same commit. Every method throws
/// <see cref="StoreUnavailableException"/> when the store cannot be reached.
/// </summary>
public interface ISafetyStore
{
    /// <summary>What is kept of a subject; null when it was never seen.</summary>
    ValueTask<SafetyRecord?> FindAsync(string tenant, SafetySubject subject, CancellationToken cancellation = default);

    /// <summary>Makes the changes of a batch, and the steps that time alone has made due.</summary>
    /// <param name="batch">The changes. One that was made before changes nothing.</param>
    /// <param name="ladder">How the ladder is set up.</param>
    /// <param name="now">The present instant; overrides and audit entries bear it.</param>
    /// <param name="notify">Makes the notification of each step.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>What is now kept of every subject that was touched.</returns>
    ValueTask<IReadOnlyList<SafetyRecord>> ApplyAsync(
        SafetyBatch batch, SafetyLadder ladder, DateTimeOffset now, SafetyNotify notify, CancellationToken cancellation = default);

    /// <summary>Part of a tenant's audit; ids are the entries' numbers. Null when a cursor names none of them.</summary>
    ValueTask<Page<SafetyAuditEntry>?> AuditAsync(string tenant, PageQuery query, CancellationToken cancellation = default);

    /// <summary>Walks along a tenant's audit, up to where it ended when the walk began.</summary>
    ValueTask<SafetyVerdict> VerifyAsync(string tenant, CancellationToken cancellation = default);
}
