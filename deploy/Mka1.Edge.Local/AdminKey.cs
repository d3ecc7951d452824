using System.Security.Cryptography;
using Mka1.Edge.Policies.Identity;

namespace Mka1.Edge.Local;

/// <summary>The key of whoever runs the local run, made at start.</summary>
/// <param name="Text">The key.</param>
public sealed record AdminKey(string Text)
{
    private const int Bytes = 24;

    /// <summary>The key as the configuration knows it.</summary>
    public string Hash => ApiKeyFormat.HashText(Text);

    /// <summary>A new one.</summary>
    public static AdminKey Create() => new(Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(Bytes)));
}
