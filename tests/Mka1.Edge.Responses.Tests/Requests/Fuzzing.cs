namespace Mka1.Edge.Responses.Tests;

/// <summary>Twenty thousand mutations of real requests: always an answer, never an exception.</summary>
public sealed class Fuzzing
{
    private const int Mutations = 20_000;
    private const int Seed = 20261121;

    private static readonly string[] Alphabet =
    [
        "\"", "\\", "{", "}", "[", "]", ",", ":", "null", "true", "-", "1e400", "\\ud800", "\\u0000", "\"type\":", "\"model\":", "\"input\":[",
        "0", ".5", "e9", "\uFEFF", "😀", "NaN", "\"Model\"", "9223372036854775808", "\0", "\"id\":null",
    ];

    [Fact]
    public void Every_mutation_is_parsed_or_refused()
    {
        var random = new Random(Seed);
        int parsed = 0, refused = 0;
        for (var i = 0; i < Mutations; i++)
        {
            var body = Mutate(SampleBodies.All[random.Next(SampleBodies.All.Count)], random);
            switch (RequestParser.ParseCreate(body))
            {
                case ParseResult<CreateResponseRequest>.Parsed request:
                    // What was accepted must also be safe to echo and to write back.
                    var echo = ResponseEcho.Skeleton(request.Request, "resp_0", 0);
                    System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(echo, ResponsesJson.Wire.ResponseObject);
                    parsed++;
                    break;
                case ParseResult<CreateResponseRequest>.Refused refusal:
                    ErrorWriter.ToBytes(refusal.Error);
                    refused++;
                    break;
            }
        }

        Assert.Equal(Mutations, parsed + refused);
        // A fuzzer that only ever meets one outcome has stopped testing the other.
        Assert.InRange(parsed, Mutations / 50, Mutations);
        Assert.InRange(refused, Mutations / 50, Mutations);
    }

    private static byte[] Mutate(string sample, Random random)
    {
        var bytes = new List<byte>(System.Text.Encoding.UTF8.GetBytes(sample));
        for (var edits = random.Next(1, 4); edits > 0; edits--)
        {
            var at = random.Next(bytes.Count);
            var length = Math.Min(random.Next(1, 12), bytes.Count - at);
            switch (random.Next(6))
            {
                case 0:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 1:
                    bytes.RemoveRange(at, Math.Min(length, bytes.Count - 1));
                    break;
                case 2:
                    bytes.InsertRange(at, bytes.GetRange(at, length));
                    break;
                case 3:
                    bytes.InsertRange(at, System.Text.Encoding.UTF8.GetBytes(Alphabet[random.Next(Alphabet.Length)]));
                    break;
                case 4:
                    bytes[at] = (byte)random.Next('a', 'z' + 1);
                    break;
                default:
                    bytes[at] = (byte)random.Next('0', '9' + 1);
                    break;
            }
        }

        return [.. bytes];
    }
}
