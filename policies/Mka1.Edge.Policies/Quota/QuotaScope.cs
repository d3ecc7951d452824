namespace Mka1.Edge.Policies.Quota;

/// <summary>Whose use is counted.</summary>
public enum QuotaScope
{
    /// <summary>One API key.</summary>
    Key,

    /// <summary>All keys of a tenant together.</summary>
    Tenant,

    /// <summary>One end user of a tenant.</summary>
    EndUser,

    /// <summary>One delegated key, over its whole life.</summary>
    Delegation,
}
