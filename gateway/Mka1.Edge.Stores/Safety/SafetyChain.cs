using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Mka1.Edge.Stores.Safety;

/// <summary>The hash chain of an audit: how an entry is hashed, and a walk along the chain that stops at the first that is not as it was written.</summary>
public sealed class SafetyChain
{
    /// <summary>What the first entry holds in place of an earlier hash.</summary>
    public static readonly ReadOnlyMemory<byte> Root = new byte[SHA256.HashSizeInBytes];

    private const byte Version = 1;

    private long _seq;
    private ReadOnlyMemory<byte> _hash = Root;

    /// <param name="seq">The entry that the walk begins behind.</param>
    /// <param name="hash">That entry's hash.</param>
    public SafetyChain(long seq = 0, ReadOnlyMemory<byte>? hash = null)
    {
        _seq = seq;
        if (hash is { } known) _hash = known;
    }

    /// <summary>The last entry of the walk.</summary>
    public long Seq => _seq;

    /// <summary>Its hash.</summary>
    public ReadOnlyMemory<byte> Hash => _hash;

    /// <summary>
    /// SHA-256 over version, tenant, seq, time in microseconds, actor, kind, subject, rungs, score, reason and the earlier hash:
    /// numbers as eight bytes, big-endian, texts as UTF-8 behind their length, so that no two entries look alike.
    /// </summary>
    public static byte[] HashOf(SafetyAuditEntry entry)
    {
        var bytes = new ArrayBufferWriter<byte>(256);
        bytes.Write([Version]);
        Text(bytes, entry.Tenant);
        Number(bytes, entry.Seq);
        Number(bytes, (entry.At.UtcTicks - DateTimeOffset.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond);
        Text(bytes, entry.Actor);
        Text(bytes, entry.Kind);
        Text(bytes, entry.Subject.Id);
        Number(bytes, (long)entry.From);
        Number(bytes, (long)entry.To);
        Number(bytes, BitConverter.DoubleToInt64Bits(entry.Score));
        Text(bytes, entry.Reason);
        bytes.Write(entry.PrevHash.Span);
        return SHA256.HashData(bytes.WrittenSpan);
    }

    /// <summary>Appends an entry: gives it its place and its hashes.</summary>
    internal SafetyAuditEntry Append(SafetyAuditEntry draft)
    {
        var entry = draft with { Seq = _seq + 1, PrevHash = _hash };
        entry = entry with { Hash = HashOf(entry) };
        (_seq, _hash) = (entry.Seq, entry.Hash);
        return entry;
    }

    /// <summary>Goes on to the next entry.</summary>
    /// <returns>What is wrong with it; null when it is as it was written.</returns>
    public string? Next(SafetyAuditEntry entry)
    {
        if (entry.Seq != _seq + 1) return "it is missing";
        if (!entry.PrevHash.Span.SequenceEqual(_hash.Span)) return "it does not follow on the one before it";
        if (!entry.Hash.Span.SequenceEqual(HashOf(entry))) return "it is not what was written";
        (_seq, _hash) = (entry.Seq, entry.Hash);
        return null;
    }

    /// <summary>The verdict on the walk so far, with what the next entry's fault is when it has one.</summary>
    public SafetyVerdict Verdict(string? fault = null) => new(_seq, _hash, fault is null ? null : _seq + 1, fault);

    private static void Text(ArrayBufferWriter<byte> bytes, string text)
    {
        var utf8 = Encoding.UTF8.GetBytes(text);
        Number(bytes, utf8.Length);
        bytes.Write(utf8);
    }

    private static void Number(ArrayBufferWriter<byte> bytes, long value)
    {
        BinaryPrimitives.WriteInt64BigEndian(bytes.GetSpan(sizeof(long)), value);
        bytes.Advance(sizeof(long));
    }
}
