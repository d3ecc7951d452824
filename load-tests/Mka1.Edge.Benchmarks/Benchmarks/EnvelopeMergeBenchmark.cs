using BenchmarkDotNet.Attributes;
using Mka1.Edge.Responses;

namespace Mka1.Edge.Benchmarks;

/// <summary>What it takes to put a model server's answer into the response object that is the gateway's.</summary>
[MemoryDiagnoser]
public class EnvelopeMergeBenchmark
{
    private const long Now = 1_800_000_000;

    private static readonly byte[] Upstream =
        """{"id":"resp_1","object":"response","created_at":1,"status":"completed","error":null,"incomplete_details":null,"model":"m","metadata":{},"output":[{"id":"msg_1","type":"message","status":"completed","role":"assistant","content":[{"type":"output_text","text":"The capital of France is Paris.","annotations":[],"logprobs":[]}]}],"usage":{"input_tokens":8,"input_tokens_details":{"cached_tokens":0},"output_tokens":7,"output_tokens_details":{"reasoning_tokens":0},"total_tokens":15}}"""u8.ToArray();

    private ResponseObject _envelope = null!;

    [GlobalSetup]
    public void Setup()
    {
        var parsed = RequestParser.ParseCreate("""{"model":"m","input":"What is the capital of France?","store":false}"""u8.ToArray());
        _envelope = ResponseEcho.Skeleton(((ParseResult<CreateResponseRequest>.Parsed)parsed).Request, "resp_00000000000000000000000000000000", Now);
        if (!Merge()) throw new InvalidOperationException("The answer is not what it is meant to be.");
    }

    [Benchmark]
    public bool Merge() => SnapshotEnvelope.Merge(_envelope, Upstream, Now) is SnapshotResult.Merged { Response.IsTerminal: true };
}
