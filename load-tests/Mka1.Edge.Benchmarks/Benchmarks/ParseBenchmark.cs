using System.Text;
using BenchmarkDotNet.Attributes;
using Mka1.Edge.Responses;

namespace Mka1.Edge.Benchmarks;

/// <summary>What it takes to read a request and to hold every field against the contract.</summary>
[MemoryDiagnoser]
public class ParseBenchmark
{
    private const int Turns = 20;

    private readonly byte[] _small = """{"model":"m","input":"What is the capital of France?","max_output_tokens":256,"store":false,"stream":true}"""u8.ToArray();
    private readonly byte[] _large = Encoding.UTF8.GetBytes(Conversation());

    [GlobalSetup]
    public void Setup()
    {
        if (!Question() || !ConversationWithTools()) throw new InvalidOperationException("The requests are not what they are meant to be.");
    }

    /// <summary>A question.</summary>
    [Benchmark]
    public bool Question() => RequestParser.ParseCreate(_small) is ParseResult<CreateResponseRequest>.Parsed;

    /// <summary>Forty messages, a function and a schema for the answer, about 6 KB.</summary>
    [Benchmark]
    public bool ConversationWithTools() => RequestParser.ParseCreate(_large) is ParseResult<CreateResponseRequest>.Parsed;

    private static string Conversation()
    {
        var turns = Enumerable.Range(0, Turns).Select(i =>
            $$"""{"role":"user","content":[{"type":"input_text","text":"The queue of the payment service grew for {{i}} minutes while workers restarted; which of the changes made it worse, and why?"}]},{"role":"assistant","content":"The second one did: it made every worker read the whole queue again when it started."}""");
        return """
            {"model":"m","input":[TURNS],"instructions":"Be brief.","max_output_tokens":256,"store":true,"metadata":{"case":"1"},"temperature":0.5,
            "tools":[{"type":"function","name":"look_up","description":"Looks a service up.","strict":true,"parameters":{"type":"object","properties":{"service":{"type":"string"}},"required":["service"],"additionalProperties":false}}],
            "text":{"format":{"type":"json_schema","name":"answer","strict":true,"schema":{"type":"object","properties":{"change":{"type":"string"}},"required":["change"],"additionalProperties":false}}}}
            """.Replace("TURNS", string.Join(',', turns), StringComparison.Ordinal);
    }
}
