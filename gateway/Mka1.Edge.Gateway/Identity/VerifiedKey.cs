using Mka1.Edge.Gateway.Configuration;
using Mka1.Edge.Policies.Identity;

namespace Mka1.Edge.Gateway.Identity;

/// <summary>A delegated key whose signature is good.</summary>
/// <param name="Above">The key it was made below; it is worth no more than this one.</param>
/// <param name="Entry">What it grants.</param>
/// <param name="Delegation">What narrows it.</param>
internal sealed record VerifiedKey(RingKey Above, KeyRingEntry Entry, Delegation Delegation);
