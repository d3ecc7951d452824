using Mka1.Edge.Policies.Safety;

namespace Mka1.Edge.Policies.Tests.Safety;

/// <summary>Promise: a subject is one person in one tenant, kept as a keyed hash and nothing else.</summary>
public sealed class SafetySubjectTests
{
    private static readonly byte[] Key = "0123456789abcdef"u8.ToArray();

    [Fact]
    public void The_same_identifier_in_two_tenants_is_two_subjects() =>
        Assert.NotEqual(SafetySubject.Of(Key, "acme", "u1"), SafetySubject.Of(Key, "globex", "u1"));

    [Fact]
    public void Moving_characters_between_tenant_and_identifier_makes_no_other_subject_the_same()
    {
        string[] parts = ["", "1", "1:", ":1", "a", "a:", ":a", "ab", "b", "2:ab", "1:a", "é"];
        var subjects = new Dictionary<SafetySubject, (string, string)>();
        foreach (var tenant in parts)
        {
            foreach (var identifier in parts)
                Assert.True(subjects.TryAdd(SafetySubject.Of(Key, tenant, identifier), (tenant, identifier)), $"({tenant}, {identifier})");
        }
    }

    [Fact]
    public void Another_key_gives_another_hash_and_the_hash_shows_nothing_of_the_identifier()
    {
        var subject = SafetySubject.Of(Key, "acme", "alice");
        Assert.NotEqual(subject, SafetySubject.Of("fedcba9876543210"u8, "acme", "alice"));
        Assert.Matches("^[0-9a-f]{32}$", subject.Hash);
        Assert.DoesNotContain("alice", subject.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("s", "e", "u", "s")]
    [InlineData(null, "e", "u", "e")]
    [InlineData(null, null, "u", "u")]
    [InlineData("", "e", "u", "e")]
    [InlineData("", "", "u", "u")]
    [InlineData("s", "", "", "s")]
    public void The_first_name_that_was_sent_counts(string? safetyIdentifier, string? endUser, string? user, string expected) =>
        Assert.Equal(SafetySubject.Of(Key, "acme", expected), SafetySubject.Of(Key, "acme", safetyIdentifier, endUser, user));

    [Theory]
    [InlineData(null, null, null)]
    [InlineData("", "", "")]
    public void Nobody_named_is_no_subject(string? safetyIdentifier, string? endUser, string? user) =>
        Assert.Null(SafetySubject.Of(Key, "acme", safetyIdentifier, endUser, user));

    [Fact]
    public void A_subject_is_found_again_by_its_id_and_by_nothing_like_it()
    {
        var subject = SafetySubject.Of(Key, "acme", "alice");
        Assert.Equal(subject, SafetySubject.OfId(subject.Id));
        Assert.Equal(new SafetySubject(5), SafetySubject.OfId("subj_" + new string('0', 31) + "5"));
        foreach (var other in (string[])["", "subj_", subject.Hash, subject.Id.ToUpperInvariant(), "subj_" + subject.Hash.ToUpperInvariant() + "A", subject.Id + "0", subject.Id[..^1], "subj_+" + subject.Hash[1..], "subj_ " + subject.Hash[1..], "user_" + subject.Hash])
            Assert.Null(SafetySubject.OfId(other));
    }

    [Fact]
    public void A_long_identifier_is_hashed_whole()
    {
        var long1 = new string('é', 5000);
        Assert.NotEqual(SafetySubject.Of(Key, "acme", long1), SafetySubject.Of(Key, "acme", long1 + "x"));
    }
}
