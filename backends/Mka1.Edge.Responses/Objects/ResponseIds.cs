using System.Security.Cryptography;

namespace Mka1.Edge.Responses;

/// <summary>Makes and recognises ids: a prefix and 128 random bits, nothing to guess and no time inside.</summary>
public static class ResponseIds
{
    public const string Response = "resp_";
    public const string Message = "msg_";
    public const string FunctionCall = "fc_";
    public const string Call = "call_";
    public const string Reasoning = "rs_";
    public const string FunctionCallOutput = "fco_";
    public const string CustomToolCall = "ctc_";
    public const string Compaction = "cmp_";
    public const string Item = "item_";
    public const string Conversation = "conv_";
    public const string Prompt = "prompt_";
    public const string PromptVersion = "pver_";

    private const int RandomBytes = 16;
    private const int IdsAhead = 64;

    /// <summary>Random bytes fetched ahead, since each call into the system's generator is a system call. Each is used once and wiped.</summary>
    [ThreadStatic]
    private static byte[]? _ahead;

    [ThreadStatic]
    private static int _used;

    /// <summary><paramref name="prefix"/> and 32 lowercase hex digits from the system's secure generator.</summary>
    public static string New(string prefix)
    {
        if (_ahead is null || _used == _ahead.Length)
        {
            _ahead ??= new byte[IdsAhead * RandomBytes];
            RandomNumberGenerator.Fill(_ahead);
            _used = 0;
        }

        var random = _ahead.AsSpan(_used, RandomBytes);
        _used += RandomBytes;
        Span<char> digits = stackalloc char[2 * RandomBytes];
        Convert.TryToHexStringLower(random, digits, out _);
        random.Clear();
        return string.Concat(prefix, digits);
    }

    /// <summary>Whether an id could name a response: <c>^resp[-_][a-zA-Z0-9]+$</c>, at most 256 characters.</summary>
    public static bool IsWellFormedResponseId(ReadOnlySpan<char> id)
    {
        if (id.Length is < 6 or > 256 || !id.StartsWith("resp") || id[4] is not ('-' or '_'))
            return false;
        foreach (var letter in id[5..])
        {
            if (!char.IsAsciiLetterOrDigit(letter))
                return false;
        }

        return true;
    }
}
