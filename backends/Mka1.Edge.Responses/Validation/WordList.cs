namespace Mka1.Edge.Responses;

/// <summary>Lists allowed values in a message.</summary>
internal static class WordList
{
    public static string Of(IReadOnlyList<string> words) => words.Count == 1
        ? $"'{words[0]}'"
        : $"{string.Join(", ", words.Take(words.Count - 1).Select(word => $"'{word}'"))} or '{words[^1]}'";
}
