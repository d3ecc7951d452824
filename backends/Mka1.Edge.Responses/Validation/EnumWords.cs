using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Mka1.Edge.Responses;

/// <summary>The wire words of an enum, taken from the same attributes the serializer uses.</summary>
internal static class EnumWords<T>
    where T : struct, Enum
{
    private static readonly (string Word, T Value)[] Words =
    [
        .. typeof(T).GetFields(BindingFlags.Public | BindingFlags.Static)
            .Select(field => (field.GetCustomAttribute<JsonStringEnumMemberNameAttribute>()!.Name, (T)field.GetValue(null)!)),
    ];

    /// <summary>For messages: <c>'auto' or 'disabled'</c>.</summary>
    public static string Allowed { get; } = WordList.Of([.. Words.Select(entry => entry.Word)]);

    public static string WordOf(T value) => Array.Find(Words, entry => entry.Value.Equals(value)).Word;

    public static bool TryRead(JsonElement text, out T value)
    {
        foreach (var entry in Words)
        {
            if (text.ValueEquals(entry.Word))
            {
                value = entry.Value;
                return true;
            }
        }

        value = default;
        return false;
    }
}
