using System.Text;
using BenchmarkDotNet.Attributes;
using Mka1.Edge.Gateway.Configuration;
using Mka1.Edge.Gateway.Pipeline;
using Mka1.Edge.Gateway.Quota;
using Mka1.Edge.Gateway.Streaming;
using Mka1.Edge.Policies.Identity;
using Mka1.Edge.Responses;

namespace Mka1.Edge.Benchmarks;

/// <summary>What it takes to relay a stream of 256 deltas that come one at a time: read, looked through, passed on. Times are for an event, allocations for the stream.</summary>
[MemoryDiagnoser]
public class SseRelayBenchmark
{
    private const int Deltas = 256;
    private const int EventsAround = 7;
    private const string Response = """{"id":"resp_1","object":"response","created_at":1,"status":"in_progress","error":null,"incomplete_details":null,"model":"m","metadata":{},"output":[],"usage":null}""";

    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly byte[][] _chunks = [.. Stream().Select(Encoding.UTF8.GetBytes)];

    // Nothing is set aside for the run, so it is asked of nobody.
    private readonly RunQuota _quota = new(null!, null!, null!, null!, TimeProvider.System);
    private EdgeSnapshot _snapshot = null!;
    private Caller _caller = null!;
    private CreateResponseRequest _request = null!;

    [GlobalSetup]
    public void Setup()
    {
        _snapshot = EdgeSnapshot.Build(new EdgeConfig());
        _caller = new Caller(new KeyGrant("acme", "main", new HashSet<string>()), null);
        _request = ((ParseResult<CreateResponseRequest>.Parsed)RequestParser.ParseCreate("""{"model":"m","input":"hi","store":false,"stream":true}"""u8.ToArray())).Request;
        if (Relay() != Deltas + EventsAround) throw new InvalidOperationException("The stream is not relayed as it is meant to be.");
    }

    [Benchmark(OperationsPerInvoke = Deltas + EventsAround)]
    public int Relay()
    {
        var run = new ResponseRun("resp_00000000000000000000000000000000", "req_1", _snapshot, _caller, Start, 0)
        {
            Request = _request,
            History = new RunHistory(default, [], null, []),
            Envelope = ResponseEcho.Skeleton(_request, "resp_00000000000000000000000000000000", Start.ToUnixTimeSeconds()),
        };
        var output = new CountingOutput();
        var relay = new EventRelay(run, output, _quota, TimeProvider.System);
        var reader = new SseReader();
        foreach (var chunk in _chunks)
        {
            reader.Push(chunk);
            while (reader.TryRead(out var frame) == SseReadStatus.Frame) relay.Relay(frame);
        }

        return relay.Ended ? output.Events : 0;
    }

    private static IEnumerable<string> Stream()
    {
        var sequence = 0;
        yield return Event("response.created", $$""" "response":{{Response}}""");
        yield return Event("response.in_progress", $$""" "response":{{Response}}""");
        yield return Event("response.output_item.added", """ "output_index":0,"item":{"id":"msg_1","type":"message","status":"in_progress","role":"assistant","content":[]}""");
        yield return Event("response.content_part.added", """ "item_id":"msg_1","output_index":0,"content_index":0,"part":{"type":"output_text","text":"","annotations":[],"logprobs":[]}""");
        for (var i = 0; i < Deltas; i++) yield return Event("response.output_text.delta", """ "item_id":"msg_1","output_index":0,"content_index":0,"delta":"word ","logprobs":[]""");
        yield return Event("response.output_text.done", """ "item_id":"msg_1","output_index":0,"content_index":0,"text":"words","logprobs":[]""");
        yield return Event("response.content_part.done", """ "item_id":"msg_1","output_index":0,"content_index":0,"part":{"type":"output_text","text":"words","annotations":[],"logprobs":[]}""");
        yield return Event("response.output_item.done", """ "output_index":0,"item":{"id":"msg_1","type":"message","status":"completed","role":"assistant","content":[{"type":"output_text","text":"words","annotations":[],"logprobs":[]}]}""");
        yield return Event("response.completed", """ "response":{"id":"resp_1","object":"response","created_at":1,"status":"completed","model":"m","output":[],"usage":{"input_tokens":8,"output_tokens":256,"total_tokens":264}}""");

        string Event(string name, string rest) => $"event: {name}\ndata: {{\"type\":\"{name}\",\"sequence_number\":{sequence++},{rest[1..]}}}\n\n";
    }
}
