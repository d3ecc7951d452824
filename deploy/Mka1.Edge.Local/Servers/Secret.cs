using System.Security.Cryptography;

namespace Mka1.Edge.Local.Servers;

/// <summary>Secrets that live as long as the run.</summary>
internal static class Secret
{
    private const int Bytes = 32;

    public static string Create() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(Bytes));
}
