using System.Text;
using Mka1.Edge.Gateway.State;

namespace Mka1.Edge.Gateway.Tests.State;

public sealed class ProtectorTests
{
    private static readonly byte[] Plain = Encoding.UTF8.GetBytes("whsec_ا\0secret");
    private static readonly byte[] Associated = Encoding.UTF8.GetBytes("resp_1");

    [Fact]
    public void What_was_protected_comes_back_on_every_replica_with_the_same_secret()
    {
        var protectedBytes = new Protector("a shared secret").Protect("webhook", Plain, Associated);
        Assert.True(new Protector("a shared secret").TryUnprotect("webhook", protectedBytes, Associated, out var plain));
        Assert.Equal(Plain, plain);
    }

    [Fact]
    public void Nothing_at_all_can_be_protected_too()
    {
        var protector = new Protector(null);
        Assert.True(protector.TryUnprotect("webhook", protector.Protect("webhook", [], []), [], out var plain));
        Assert.Empty(plain);
    }

    [Fact]
    public void A_flipped_bit_in_any_byte_is_refused()
    {
        var protector = new Protector("a shared secret");
        var protectedBytes = protector.Protect("webhook", Plain, Associated);
        Assert.Equal(29 + Plain.Length, protectedBytes.Length);
        for (var i = 0; i < protectedBytes.Length; i++)
        {
            var flipped = protectedBytes.ToArray();
            flipped[i] ^= 1;
            Assert.False(protector.TryUnprotect("webhook", flipped, Associated, out var plain), $"byte {i}");
            Assert.Empty(plain);
        }
    }

    [Fact]
    public void A_shorter_or_a_longer_one_is_refused()
    {
        var protector = new Protector("a shared secret");
        var protectedBytes = protector.Protect("webhook", Plain, Associated);
        for (var length = 0; length < protectedBytes.Length; length++)
            Assert.False(protector.TryUnprotect("webhook", protectedBytes.AsSpan(0, length), Associated, out _), $"{length} bytes");
        Assert.False(protector.TryUnprotect("webhook", [.. protectedBytes, 0], Associated, out _));
    }

    [Fact]
    public void Another_purpose_another_place_and_another_secret_are_refused()
    {
        var protector = new Protector("a shared secret");
        var protectedBytes = protector.Protect("webhook", Plain, Associated);
        Assert.False(protector.TryUnprotect("compaction", protectedBytes, Associated, out _));
        Assert.False(protector.TryUnprotect("webhook", protectedBytes, Encoding.UTF8.GetBytes("resp_2"), out _));
        Assert.False(protector.TryUnprotect("webhook", protectedBytes, [], out _));
        Assert.False(new Protector("another secret").TryUnprotect("webhook", protectedBytes, Associated, out _));
        Assert.False(new Protector(null).TryUnprotect("webhook", protectedBytes, Associated, out _));
    }

    [Fact]
    public void The_same_text_never_looks_the_same_twice()
    {
        var protector = new Protector("a shared secret");
        var all = Enumerable.Range(0, 1000).Select(_ => Convert.ToHexString(protector.Protect("webhook", Plain, Associated))).ToHashSet();
        Assert.Equal(1000, all.Count);
    }
}
