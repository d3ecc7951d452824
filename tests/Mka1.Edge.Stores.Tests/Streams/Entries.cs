using System.Text;
using Mka1.Edge.Stores.Streams;

namespace Mka1.Edge.Stores.Tests.Streams;

/// <summary>Events whose content follows from their number, so that a reader can tell a wrong one.</summary>
internal static class Entries
{
    public static string NewId() => "resp_" + Guid.NewGuid().ToString("N");

    public static StreamEntry Of(long sequence, string salt = "") =>
        new(sequence, Bytes($"response.event.{sequence % 7}"), Bytes($$"""{"n":{{sequence}},"salt":"{{salt}}","pad":"{{new string('x', (int)(sequence % 50))}}"}"""));

    public static IReadOnlyList<StreamEntry> Range(long first, int count, string salt = "") =>
        [.. Enumerable.Range(0, count).Select(i => Of(first + i, salt))];

    public static void AssertAre(IReadOnlyList<StreamEntry> actual, long first, int count, string salt = "")
    {
        Assert.Equal(count, actual.Count);
        for (var i = 0; i < count; i++)
        {
            var expected = Of(first + i, salt);
            Assert.Equal(expected.Sequence, actual[i].Sequence);
            Assert.True(expected.Name.Span.SequenceEqual(actual[i].Name.Span), $"The name of event {first + i} differs.");
            Assert.True(expected.Data.Span.SequenceEqual(actual[i].Data.Span), $"The data of event {first + i} differ.");
        }
    }

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);
}
