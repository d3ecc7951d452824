using Mka1.Edge.Policies.Identity;

namespace Mka1.Edge.Policies.Tests.Identity;

/// <summary>Promise: a key that was mistyped or made up is known as such without a look-up.</summary>
public sealed class ApiKeyFormatTests
{
    private const string Alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    [Fact]
    public void A_thousand_new_keys_are_well_formed_and_all_different()
    {
        var keys = Enumerable.Range(0, 1000).Select(_ => ApiKeyFormat.Create()).ToHashSet();
        Assert.Equal(1000, keys.Count);
        Assert.All(keys, key =>
        {
            Assert.Equal(ApiKeyFormat.Length, key.Length);
            Assert.StartsWith(ApiKeyFormat.Prefix, key, StringComparison.Ordinal);
            Assert.True(ApiKeyFormat.IsWellFormed(key));
        });
    }

    [Fact]
    public void Every_change_of_a_single_character_is_noticed()
    {
        // A CRC of 32 bits finds every burst of up to 32 bits, so a changed character can never pass.
        var tried = 0;
        for (var n = 0; n < 5; n++)
        {
            var key = ApiKeyFormat.Create().ToCharArray();
            for (var i = 0; i < key.Length; i++)
            {
                var original = key[i];
                foreach (var other in Alphabet + "-_ \u00e9\u0000")
                {
                    if (other == original) continue;
                    key[i] = other;
                    Assert.False(ApiKeyFormat.IsWellFormed(key), new string(key));
                    tried++;
                }

                key[i] = original;
            }
        }

        Assert.True(tried > 10_000);
    }

    [Fact]
    public void A_million_keys_made_up_by_chance_do_not_pass()
    {
        var random = new Random(1);
        for (var n = 0; n < 1_000_000; n++)
        {
            var key = ApiKeyFormat.Prefix + string.Create(ApiKeyFormat.Length - 3, random, static (span, r) =>
            {
                foreach (ref var c in span) c = Alphabet[r.Next(62)];
            });
            Assert.False(ApiKeyFormat.IsWellFormed(key));
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("mk-")]
    [InlineData("sk-0123456789abcdef0123456789abcdef012345")]
    public void Anything_of_another_shape_does_not_pass(string key) => Assert.False(ApiKeyFormat.IsWellFormed(key));

    [Fact]
    public void A_key_with_more_or_fewer_characters_does_not_pass()
    {
        var key = ApiKeyFormat.Create();
        for (var length = 0; length < key.Length; length++) Assert.False(ApiKeyFormat.IsWellFormed(key.AsSpan(0, length)));
        Assert.False(ApiKeyFormat.IsWellFormed(key + "0"));
        Assert.False(ApiKeyFormat.IsWellFormed(" " + key));
        Assert.False(ApiKeyFormat.IsWellFormed(key + " "));
    }

    [Fact]
    public void The_hash_is_SHA_256_of_the_keys_bytes_whatever_they_are()
    {
        var key = ApiKeyFormat.Create();
        Assert.Equal(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.ASCII.GetBytes(key)), ApiKeyFormat.Hash(key));
        foreach (var odd in (string[])["", "é", new string('x', 10_000)])
            Assert.Equal(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(odd)), ApiKeyFormat.Hash(odd));
    }

    [Fact]
    public void A_well_formed_key_is_checked_and_hashed_without_leaving_anything_to_collect()
    {
        var key = ApiKeyFormat.Create();
        var hash = new byte[32];
        ApiKeyFormat.Hash(key, hash);
        Assert.Equal(ApiKeyFormat.Hash(key), hash);
        Assert.True(ApiKeyFormat.IsWellFormed(key));

        Assert.Equal(0, Allocations.Least(() =>
        {
            for (var i = 0; i < 1000; i++)
            {
                ApiKeyFormat.IsWellFormed(key);
                ApiKeyFormat.Hash(key, hash);
            }
        }));
    }

    [Fact]
    public void A_hint_shows_the_prefix_and_the_last_four_characters_only()
    {
        var key = ApiKeyFormat.Create();
        Assert.Equal("mk-…" + key[^4..], ApiKeyFormat.Hint(key));
    }

    [Fact]
    public void The_layout_of_a_key_never_changes()
    {
        // A key handed out once must be understood for ever: its checksum was worked out apart from the code.
        Assert.True(ApiKeyFormat.IsWellFormed(Known));
    }

    private const string Known = "mk-0123456789ABCDEFGHIJKLMNOPQRSTUV2m9vap";
}
