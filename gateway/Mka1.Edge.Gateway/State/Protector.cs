using System.Security.Cryptography;
using System.Text;

namespace Mka1.Edge.Gateway.State;

/// <summary>
/// Encrypts what the stores must not be able to read: AES-256-GCM under a key of its own for each purpose. Layout: one byte
/// version, 12 bytes nonce, 16 bytes tag, cipher text.
/// </summary>
/// <param name="secret">What the keys are derived from; a random one for this process when null.</param>
internal sealed class Protector(string? secret)
{
    private const byte Version = 1;
    private const int NonceBytes = 12;
    private const int TagBytes = 16;
    private const int HeadBytes = 1 + NonceBytes + TagBytes;
    private const int KeyBytes = 32;

    private readonly byte[] _secret = secret is null ? RandomNumberGenerator.GetBytes(KeyBytes) : Encoding.UTF8.GetBytes(secret);

    /// <summary>Encrypts.</summary>
    /// <param name="purpose">What for; nothing else can be decrypted with the key of this purpose.</param>
    /// <param name="plain">What to encrypt.</param>
    /// <param name="associated">What it belongs to, such as an owner or an id: it decrypts together with the very same only.</param>
    public byte[] Protect(string purpose, ReadOnlySpan<byte> plain, ReadOnlySpan<byte> associated)
    {
        var sealedBytes = new byte[HeadBytes + plain.Length];
        sealedBytes[0] = Version;
        var nonce = sealedBytes.AsSpan(1, NonceBytes);
        RandomNumberGenerator.Fill(nonce);
        using var cipher = Cipher(purpose);
        cipher.Encrypt(nonce, plain, sealedBytes.AsSpan(HeadBytes), sealedBytes.AsSpan(1 + NonceBytes, TagBytes), associated);
        return sealedBytes;
    }

    /// <summary>Decrypts. False, with an empty result, for whatever <see cref="Protect"/> did not make with these keys for this use.</summary>
    public bool TryUnprotect(string purpose, ReadOnlySpan<byte> sealedBytes, ReadOnlySpan<byte> associated, out byte[] plain)
    {
        plain = [];
        if (sealedBytes.Length < HeadBytes || sealedBytes[0] != Version) return false;
        var result = new byte[sealedBytes.Length - HeadBytes];
        using var cipher = Cipher(purpose);
        try
        {
            cipher.Decrypt(sealedBytes.Slice(1, NonceBytes), sealedBytes[HeadBytes..], sealedBytes.Slice(1 + NonceBytes, TagBytes), result, associated);
        }
        catch (AuthenticationTagMismatchException)
        {
            return false;
        }

        plain = result;
        return true;
    }

    private AesGcm Cipher(string purpose)
    {
        Span<byte> key = stackalloc byte[KeyBytes];
        HKDF.DeriveKey(HashAlgorithmName.SHA256, _secret, key, salt: [], info: Encoding.UTF8.GetBytes("mka1-edge/" + purpose));
        return new AesGcm(key, TagBytes);
    }
}
