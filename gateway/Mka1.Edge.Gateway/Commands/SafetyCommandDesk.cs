using Mka1.Edge.Gateway.Configuration;
using Mka1.Edge.Gateway.Safety;
using Mka1.Edge.Stores.Safety;

namespace Mka1.Edge.Gateway.Commands;

/// <summary>What a safety command works with.</summary>
internal sealed record SafetyCommandDesk(string Tenant, EdgeSnapshot Snapshot, PostgresSafetyStore Store, SafetyWebhooks Webhooks, TimeProvider Clock)
{
    /// <summary>The present instant.</summary>
    public DateTimeOffset Now => Clock.GetUtcNow();
}
