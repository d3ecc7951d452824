using Mka1.Edge.Policies.Identity;

namespace Mka1.Edge.Policies.Tests.Identity;

/// <summary>Promise: an end user is one printable ASCII id of 1 to 150 characters, or nobody.</summary>
public sealed class OnBehalfOfTests
{
    public static TheoryData<string> Users => ["a", " a", "user@example.com", "a,b", "../x", "%00", "**", new string('u', 150), "~ !\"#$%&'()+-./:;<=>?@[\\]^_`{|}"];

    public static TheoryData<string?> Malformed =>
        ["", " ", "   ", null, "*", new string('u', 151), "a\0b", "a\tb", "a\nb", "a\u007f", "é", "a\u200bb", "ａ", "\ud83d\ude00"];

    [Fact]
    public void A_header_that_was_not_sent_names_nobody() => Assert.IsType<OnBehalfOf.Absent>(OnBehalfOf.Read([]));

    [Theory]
    [MemberData(nameof(Users))]
    public void A_good_id_is_taken_as_it_is(string id) => Assert.Equal(new OnBehalfOf.User(id), OnBehalfOf.Read([id]));

    [Theory]
    [MemberData(nameof(Malformed))]
    public void Anything_else_is_malformed_and_says_why(string? id)
    {
        var malformed = Assert.IsType<OnBehalfOf.Malformed>(OnBehalfOf.Read([id]));
        Assert.Contains("X-On-Behalf-Of", malformed.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Two_headers_are_malformed_even_when_they_agree() => Assert.IsType<OnBehalfOf.Malformed>(OnBehalfOf.Read(["a", "a"]));

    [Fact]
    public void Ids_that_differ_in_case_are_two_users() => Assert.NotEqual(OnBehalfOf.Read(["a1"]), OnBehalfOf.Read(["A1"]));
}
