using System.Text;
using Mka1.Edge.Gateway.Pipeline;
using Mka1.Edge.Responses;

namespace Mka1.Edge.Gateway.Streaming;

/// <summary>Sends the events of a run that is not kept straight to the one client that asked for it.</summary>
internal sealed class RelayOutput(ResponseRun run, ClientStream client, bool obfuscate, Func<ResponseObject, byte[], ValueTask> beforeEnd) : IRunOutput
{
    public bool Started => client.Started;

    public TimeSpan? Silence => client.Started ? client.Silence : null;

    public void Write(long sequence, ReadOnlySpan<byte> name, ReadOnlySpan<byte> data) =>
        client.Write(name, obfuscate ? Obfuscation.Apply(data.ToArray(), run.Id, sequence).Span : data);

    public void WriteKeepAlive() => client.WriteKeepAlive();

    public ValueTask FlushAsync() => client.Started ? client.FlushAsync() : ValueTask.CompletedTask;

    public async ValueTask EndAsync(ResponseObject final)
    {
        var body = TerminalEvent.Body(final);
        await beforeEnd(final, body);
        var name = TerminalEvent.NameOf(final.Status);
        client.Write(Encoding.ASCII.GetBytes(name), TerminalEvent.Data(name, run.Progress.Next++, body));
        client.WriteDone();
        await client.FlushAsync();
    }
}
