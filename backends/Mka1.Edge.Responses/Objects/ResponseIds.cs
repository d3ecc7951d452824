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

    /// <summary><paramref name="prefix"/> and 32 lowercase hex digits from the system's secure generator.</summary>
    public static string New(string prefix) => prefix + RandomNumberGenerator.GetHexString(32, lowercase: true);

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
