namespace Mka1.Edge.Stores.Webhooks;

/// <summary>Where a delivery stands. The numbers are what the database holds.</summary>
public enum WebhookState
{
    Pending = 0,
    Delivered = 1,

    /// <summary>Given up: every attempt of the schedule failed, or the receiver said it is gone.</summary>
    Failed = 2,
}
