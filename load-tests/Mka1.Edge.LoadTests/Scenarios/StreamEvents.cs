using System.Globalization;

namespace Mka1.Edge.LoadTests.Scenarios;

/// <summary>What the text of a stream says.</summary>
internal static class StreamEvents
{
    private const string Field = "\"sequence_number\":";

    /// <summary>The numbers of its events, as they came.</summary>
    public static List<int> Numbers(string text)
    {
        var numbers = new List<int>();
        foreach (var line in text.Split('\n'))
        {
            var at = line.StartsWith("data: {", StringComparison.Ordinal) ? line.IndexOf(Field, StringComparison.Ordinal) : -1;
            if (at < 0) continue;
            var digits = line.AsSpan(at + Field.Length);
            var end = digits.IndexOfAnyExceptInRange('0', '9');
            numbers.Add(int.Parse(end < 0 ? digits : digits[..end], CultureInfo.InvariantCulture));
        }

        return numbers;
    }

    /// <summary>Whether none is missing, twice there or out of order.</summary>
    public static bool AreWhole(List<int> numbers) => numbers.Count > 0 && numbers.SequenceEqual(Enumerable.Range(0, numbers.Count));
}
