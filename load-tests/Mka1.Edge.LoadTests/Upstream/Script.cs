using System.Buffers.Text;

namespace Mka1.Edge.LoadTests.Upstream;

/// <summary>What a scripted model server does for one request. A request says so in any text of its body: <c>script(ttft=20 itt=5 deltas=100)</c>.</summary>
/// <param name="TimeToFirstToken">Milliseconds before the answer begins (<c>ttft</c>).</param>
/// <param name="InterTokenTime">Milliseconds between two deltas (<c>itt</c>).</param>
/// <param name="Deltas">Deltas of a stream (<c>deltas</c>).</param>
/// <param name="Burst">Deltas written together (<c>burst</c>).</param>
/// <param name="Status">HTTP status to answer with, in place of 200 (<c>status</c>).</param>
/// <param name="CutAfter">Deltas after which the connection is cut; negative for never (<c>cut</c>).</param>
/// <param name="HoldAfter">Deltas after which nothing comes until the client leaves; negative for never (<c>hold</c>).</param>
/// <param name="Id">Under which the end of the request is told, see <see cref="ScriptedModelServer.Left"/>; negative for none (<c>id</c>).</param>
public sealed record Script(int TimeToFirstToken, int InterTokenTime, int Deltas, int Burst, int Status, int CutAfter, int HoldAfter, int Id)
{
    public static readonly Script Default = new(0, 0, 20, 1, 200, -1, -1, -1);

    /// <summary>Takes what the last script in a text says, and for the rest these values.</summary>
    /// <param name="text">UTF-8, such as a body.</param>
    public Script Read(ReadOnlySpan<byte> text)
    {
        var at = text.LastIndexOf("script("u8);
        if (at < 0) return this;
        var words = text[(at + "script("u8.Length)..];
        var end = words.IndexOf((byte)')');
        if (end < 0) return this;
        var script = this;
        foreach (var range in words[..end].Split((byte)' ')) script = script.With(words[range]);
        return script;
    }

    private Script With(ReadOnlySpan<byte> word)
    {
        var equals = word.IndexOf((byte)'=');
        if (equals < 0 || !Utf8Parser.TryParse(word[(equals + 1)..], out int value, out _)) return this;
        var name = word[..equals];
        if (name.SequenceEqual("ttft"u8)) return this with { TimeToFirstToken = value };
        if (name.SequenceEqual("itt"u8)) return this with { InterTokenTime = value };
        if (name.SequenceEqual("deltas"u8)) return this with { Deltas = value };
        if (name.SequenceEqual("burst"u8)) return this with { Burst = Math.Max(1, value) };
        if (name.SequenceEqual("status"u8)) return this with { Status = value };
        if (name.SequenceEqual("cut"u8)) return this with { CutAfter = value };
        if (name.SequenceEqual("hold"u8)) return this with { HoldAfter = value };
        return name.SequenceEqual("id"u8) ? this with { Id = value } : this;
    }
}
