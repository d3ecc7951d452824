using Mka1.Edge.Policies.Safety;
using Mka1.Edge.Stores.Webhooks;

namespace Mka1.Edge.Stores.Safety;

/// <summary>Makes the notification of a step.</summary>
/// <param name="tenant">The subject's tenant.</param>
/// <param name="subject">The subject.</param>
/// <param name="step">The step.</param>
/// <returns>The notification; null when nobody wants one.</returns>
public delegate WebhookEvent? SafetyNotify(string tenant, SafetySubject subject, SafetyStep step);
