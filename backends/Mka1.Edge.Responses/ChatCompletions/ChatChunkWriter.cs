using System.Buffers;
using System.Text;
using System.Text.Json;

namespace Mka1.Edge.Responses;

/// <summary>
/// Turns the events of one response, as <see cref="ResponseStreamWriter"/> writes them, into <c>chat.completion.chunk</c> events.
/// The <c>[DONE]</c> behind the last is the server's to write. Not thread-safe.
/// </summary>
/// <param name="output">Takes the chunks as SSE bytes.</param>
/// <param name="includeUsage">Whether a last chunk holds the usage, and the others a null in its place.</param>
public sealed class ChatChunkWriter(IBufferWriter<byte> output, bool includeUsage)
{
    private readonly SseReader _reader = new(int.MaxValue, int.MaxValue);
    private readonly ArrayBufferWriter<byte> _scratch = new(512);
    private string _id = "";
    private string _model = "";
    private long _created;
    private int _calls;

    /// <summary>Takes events' bytes, in pieces of any size.</summary>
    public void Push(ReadOnlySpan<byte> events)
    {
        _reader.Push(events);
        while (_reader.TryRead(out var frame) == SseReadStatus.Frame)
        {
            if (frame.IsDone)
                continue;
            var reader = new Utf8JsonReader(frame.Data);
            using var document = JsonDocument.ParseValue(ref reader);
            Take(Encoding.ASCII.GetString(frame.Event), document.RootElement);
        }
    }

    private void Take(string name, JsonElement data)
    {
        switch (name)
        {
            case EventNames.Created:
                Open(data.GetProperty("response"u8));
                break;
            case EventNames.OutputTextDelta:
                Delta("content", data);
                break;
            case EventNames.RefusalDelta:
                Delta("refusal", data);
                break;
            case EventNames.ReasoningTextDelta:
                Delta("reasoning_content", data);
                break;
            case EventNames.OutputItemAdded when data.GetProperty("item"u8) is var item && item.GetProperty("type"u8).ValueEquals("function_call"u8):
                _calls++;
                Chunk(json => Call(json, item.GetProperty("call_id"u8).GetString(), item.GetProperty("name"u8).GetString(), ""));
                break;
            case EventNames.FunctionCallArgumentsDelta:
                Chunk(json => Call(json, null, null, data.GetProperty("delta"u8).GetString()!));
                break;
            case EventNames.Completed or EventNames.Incomplete:
                Close(data.GetProperty("response"u8).Deserialize(ResponsesJson.Wire.ResponseObject)!);
                break;
            case EventNames.Error:
                Error(data);
                break;
        }
    }

    private void Open(JsonElement response)
    {
        _id = ChatCompletionWriter.IdOf(response.GetProperty("id"u8).GetString()!);
        _model = response.GetProperty("model"u8).GetString()!;
        _created = response.GetProperty("created_at"u8).GetInt64();
        Chunk(json =>
        {
            json.WriteString("role"u8, "assistant"u8);
            json.WriteString("content"u8, ""u8);
        });
    }

    private void Delta(string member, JsonElement data)
    {
        var tokens = data.TryGetProperty("logprobs"u8, out var logprobs) ? logprobs.Deserialize(ResponsesJson.Wire.ListTokenLogprob) : null;
        Chunk(json => json.WriteString(member, data.GetProperty("delta"u8).GetString()), tokens);
    }

    private void Call(Utf8JsonWriter json, string? id, string? name, string arguments)
    {
        json.WriteStartArray("tool_calls"u8);
        json.WriteStartObject();
        json.WriteNumber("index"u8, _calls - 1);
        if (id is not null)
        {
            json.WriteString("id"u8, id);
            json.WriteString("type"u8, "function"u8);
        }

        json.WriteStartObject("function"u8);
        if (name is not null)
            json.WriteString("name"u8, name);
        json.WriteString("arguments"u8, arguments);
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndArray();
    }

    private void Close(ResponseObject response)
    {
        Chunk(_ => { }, finish: ChatCompletionWriter.FinishReasonOf(response));
        if (!includeUsage)
            return;
        using var json = Begin();
        json.WriteStartArray("choices"u8);
        json.WriteEndArray();
        ChatUsage.Write(json, response.Usage);
        End(json);
    }

    /// <summary>The envelope of errors, as the stream's last event.</summary>
    private void Error(JsonElement data)
    {
        _scratch.ResetWrittenCount();
        using var json = new Utf8JsonWriter(_scratch, WireJson.WriterOptions);
        json.WriteStartObject();
        json.WritePropertyName("error"u8);
        RawJson.Write(json, data.GetProperty("error"u8));
        End(json);
    }

    private void Chunk(Action<Utf8JsonWriter> delta, List<TokenLogprob>? tokens = null, string? finish = null)
    {
        using var json = Begin();
        json.WriteStartArray("choices"u8);
        json.WriteStartObject();
        json.WriteNumber("index"u8, 0);
        json.WriteStartObject("delta"u8);
        delta(json);
        json.WriteEndObject();
        ChatCompletionWriter.Logprobs(tokens ?? [], json);
        json.WriteString("finish_reason"u8, finish);
        json.WriteEndObject();
        json.WriteEndArray();
        if (includeUsage)
            json.WriteNull("usage"u8);
        End(json);
    }

    private Utf8JsonWriter Begin()
    {
        _scratch.ResetWrittenCount();
        var json = new Utf8JsonWriter(_scratch, WireJson.WriterOptions);
        json.WriteStartObject();
        json.WriteString("id"u8, _id);
        json.WriteString("object"u8, "chat.completion.chunk"u8);
        json.WriteNumber("created"u8, _created);
        json.WriteString("model"u8, _model);
        return json;
    }

    private void End(Utf8JsonWriter json)
    {
        json.WriteEndObject();
        json.Flush();
        SseWriter.Write(output, default, _scratch.WrittenSpan);
    }
}
