using System.Buffers;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace Mka1.Edge.Responses;

/// <summary>Finds the path of a value by its byte offset, so that parsers need not carry paths along.</summary>
internal static class JsonPaths
{
    private static readonly SearchValues<char> PlainName =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-$");

    /// <summary>The path of the token at <paramref name="offset"/>: <c>input[2].content[0].type</c>; empty for the root.</summary>
    /// <remarks>The bytes up to the offset must be JSON; what follows it is not read.</remarks>
    public static string At(ReadOnlySpan<byte> json, int offset)
    {
        var reader = new Utf8JsonReader(json);
        var open = new List<Frame>();
        while (reader.Read())
        {
            var start = (int)reader.TokenStartIndex;
            var top = CollectionsMarshal.AsSpan(open);
            switch (reader.TokenType)
            {
                case JsonTokenType.PropertyName:
                    top[^1].NameStart = start;
                    top[^1].NameLength = reader.ValueSpan.Length + 2;
                    break;
                case JsonTokenType.EndArray or JsonTokenType.EndObject:
                    open.RemoveAt(open.Count - 1);
                    continue;
                default:
                    if (top.Length > 0 && top[^1].IsArray)
                        top[^1].Index++;
                    break;
            }

            if (start >= offset)
                return Build(json, top);
            if (reader.TokenType is JsonTokenType.StartArray or JsonTokenType.StartObject)
                open.Add(new Frame { IsArray = reader.TokenType == JsonTokenType.StartArray, Index = -1 });
        }

        return string.Empty;
    }

    private static string Build(ReadOnlySpan<byte> json, ReadOnlySpan<Frame> open)
    {
        var path = new StringBuilder();
        foreach (var frame in open)
        {
            if (frame.IsArray)
                path.Append(CultureInfo.InvariantCulture, $"[{frame.Index}]");
            else
                AppendName(path, Name(json.Slice(frame.NameStart, frame.NameLength)));
        }

        return path.ToString();
    }

    /// <summary>Appends a member to a path: <c>.name</c>, or <c>["odd name"]</c> where dots would mislead.</summary>
    public static void AppendName(StringBuilder path, string name)
    {
        if (name.Length > 0 && name.AsSpan().IndexOfAnyExcept(PlainName) < 0)
            path.Append(path.Length > 0 ? "." : string.Empty).Append(name);
        else
            path.Append("[\"").Append(name.Replace("\"", "\\\"", StringComparison.Ordinal)).Append("\"]");
    }

    private static string Name(ReadOnlySpan<byte> quoted)
    {
        var reader = new Utf8JsonReader(quoted);
        reader.Read();
        return reader.GetString()!;
    }

    private struct Frame
    {
        public bool IsArray;
        public int Index;
        public int NameStart;
        public int NameLength;
    }
}
