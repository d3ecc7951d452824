using System.Text;

namespace Mka1.Edge.Responses;

/// <summary>One function call as a chat server builds it.</summary>
/// <param name="index">Its index as sent; null when none was.</param>
/// <param name="sentId">Its id as sent; null when none was.</param>
internal sealed class ChatCall(long? index, string? sentId)
{
    // A caller sends the id back with the result, and ids longer than this are not taken.
    private const int MaxIdLength = 64;

    private JsonBalance _balance;

    public long? Index => index;

    public string? SentId { get; set; } = sentId;

    /// <summary>The id that callers get.</summary>
    public string CallId { get; } = sentId is { Length: <= MaxIdLength } ? sentId : ResponseIds.New(ResponseIds.Call);

    public string? Name { get; set; }

    /// <summary>Arguments that have come and not been passed on.</summary>
    public StringBuilder Waiting { get; } = new();

    /// <summary>Whether its item has been added to the output.</summary>
    public bool Started { get; set; }

    /// <summary>Whether its item is done.</summary>
    public bool Ended { get; set; }

    /// <summary>Whether it has any arguments.</summary>
    public bool HasArguments { get; private set; }

    /// <summary>Whether its arguments make a whole JSON object.</summary>
    public bool IsWhole => _balance.IsWhole;

    public void Add(string arguments)
    {
        HasArguments = true;
        _balance.Add(arguments);
        Waiting.Append(arguments);
    }
}
