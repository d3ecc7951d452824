using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace Mka1.Edge.Responses;

/// <summary>
/// Keeps the fault that comes first in the document, however many are found and in whatever order the parser looks.
/// </summary>
/// <param name="body">The bytes the elements point into.</param>
internal sealed class FaultLog(ReadOnlyMemory<byte> body)
{
    private int _firstOffset = int.MaxValue;
    private int _pathOffset;
    private string? _member;
    private ErrorCode _code;
    private string _predicate = string.Empty;

    /// <summary>Faults found so far.</summary>
    public int Count { get; private set; }

    /// <summary>A value breaks a rule. The predicate completes the sentence "'path' …".</summary>
    public void Add(JsonElement value, ErrorCode fault, string predicate) => Keep(OffsetOf(JsonMarshal.GetRawUtf8Value(value)), null, null, fault, predicate);

    /// <summary>A property's name breaks a rule.</summary>
    public void AddName(JsonProperty property, ErrorCode fault, string predicate) =>
        Keep(OffsetOf(JsonMarshal.GetRawUtf8PropertyName(property)) - 1, null, null, fault, predicate);

    /// <summary>A member is missing. It counts as standing where its object ends, after every fault inside.</summary>
    public void AddMissing(JsonElement owner, string name, string predicate)
    {
        var raw = JsonMarshal.GetRawUtf8Value(owner);
        var start = OffsetOf(raw);
        Keep(start + raw.Length - 1, start, name, ErrorCode.MissingRequiredParameter, predicate);
    }

    /// <summary>The refusal for the first fault, or null when there is none.</summary>
    public ApiError? First()
    {
        if (Count == 0)
            return null;
        var path = new StringBuilder(JsonPaths.At(body.Span, _pathOffset));
        if (_member is not null)
            JsonPaths.AppendName(path, _member);
        return Describe(_code, path.ToString(), _predicate);
    }

    /// <summary>Makes a refusal out of a path and what is wrong there.</summary>
    public static ApiError Describe(ErrorCode code, string path, string predicate) =>
        path.Length == 0 ? new(code, $"The body {predicate}.") : new(code, $"'{path}' {predicate}.", path);

    private void Keep(int offset, int? at, string? name, ErrorCode fault, string text)
    {
        Count++;
        if (offset >= _firstOffset)
            return;
        (_firstOffset, _pathOffset, _member, _code, _predicate) = (offset, at ?? offset, name, fault, text);
    }

    // Elements are windows on the body, so a value's position is the distance between the two spans.
    private int OffsetOf(ReadOnlySpan<byte> raw) => body.Span.Overlaps(raw, out var offset) ? offset : 0;
}
