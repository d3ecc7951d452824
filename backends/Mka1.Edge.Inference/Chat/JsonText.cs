using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Mka1.Edge.Inference.Chat;

/// <summary>
/// JSON as the model saw it in training: no white space, numbers as written, non-ASCII as it is, and only those escapes
/// that JSON demands. (Python's <c>json.dumps(ensure_ascii=False, separators=(",", ":"))</c>; System.Text.Json's encoders
/// escape more.)
/// </summary>
internal static class JsonText
{
    /// <summary>The same JSON without white space and with the fewest escapes.</summary>
    /// <exception cref="JsonException">The text is not JSON.</exception>
    public static string Minify(string json)
    {
        Check(json);
        var result = new StringBuilder(json.Length);
        for (var i = 0; i < json.Length; i++)
        {
            if (json[i] == '"')
                i = CopyString(result, json, i);
            else if (json[i] is not (' ' or '\t' or '\r' or '\n'))
                result.Append(json[i]);
        }
        return result.ToString();
    }

    /// <summary>Appends a value as a JSON string.</summary>
    public static void AppendString(StringBuilder result, string value)
    {
        result.Append('"');
        for (var i = 0; i < value.Length; i++)
        {
            if (char.IsSurrogate(value[i]) && (i + 1 == value.Length || !char.IsSurrogatePair(value[i], value[i + 1])))
            {
                result.Append('\uFFFD');
            }
            else if (char.IsSurrogate(value[i]))
            {
                result.Append(value[i]).Append(value[++i]);
            }
            else
            {
                AppendChar(result, value[i]);
            }
        }
        result.Append('"');
    }

    private static void Check(string json)
    {
        try
        {
            JsonDocument.Parse(json).Dispose();
        }
        catch (ArgumentException e)
        {
            // A lone surrogate has no UTF-8 form.
            throw new JsonException("The text is not valid UTF-16.", e);
        }
    }

    // The text was parsed: inside it, every string is closed and every escape complete.
    private static int CopyString(StringBuilder result, string json, int start)
    {
        var value = new StringBuilder();
        var i = start + 1;
        for (; json[i] != '"'; i++)
        {
            if (json[i] != '\\')
            {
                value.Append(json[i]);
                continue;
            }
            i++;
            if (json[i] == 'u')
            {
                value.Append((char)ushort.Parse(json.AsSpan(i + 1, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture));
                i += 4;
            }
            else
            {
                value.Append(json[i] switch { 'n' => '\n', 'r' => '\r', 't' => '\t', 'b' => '\b', 'f' => '\f', var c => c });
            }
        }
        AppendString(result, value.ToString());
        return i;
    }

    private static void AppendChar(StringBuilder result, char c)
    {
        switch (c)
        {
            case '"': result.Append("\\\""); break;
            case '\\': result.Append("\\\\"); break;
            case '\n': result.Append("\\n"); break;
            case '\r': result.Append("\\r"); break;
            case '\t': result.Append("\\t"); break;
            case '\b': result.Append("\\b"); break;
            case '\f': result.Append("\\f"); break;
            case < ' ': result.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}"); break;
            default: result.Append(c); break;
        }
    }
}
