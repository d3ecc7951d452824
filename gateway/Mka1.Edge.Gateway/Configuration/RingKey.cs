using Mka1.Edge.Policies.Identity;
using Microsoft.IdentityModel.Tokens;

namespace Mka1.Edge.Gateway.Configuration;

/// <summary>A key in use, with all its secrets. It stays the same object until something about it changes.</summary>
/// <param name="Lasting">That of its secrets which lasts longest: the key as a whole is worth as much.</param>
/// <param name="DelegationKeys">Whose signatures make keys below it.</param>
/// <param name="Secrets">Its secrets; one at least.</param>
internal sealed record RingKey(KeyRingEntry Lasting, IReadOnlyList<SecurityKey> DelegationKeys, IReadOnlyList<KeyRingEntry> Secrets)
{
    public KeyGrant Grant => Lasting.Grant;
}
