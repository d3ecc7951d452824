namespace Mka1.Edge.Policies.Safety;

/// <summary>The rungs of the ladder, lowest first. The numbers are what the database holds.</summary>
public enum SafetyRung
{
    Allow = 0,

    /// <summary>Served, and told so.</summary>
    Warn = 1,

    /// <summary>Served late.</summary>
    Slow = 2,

    /// <summary>Served late, and a person should look.</summary>
    Review = 3,

    /// <summary>Refused.</summary>
    Block = 4,
}
