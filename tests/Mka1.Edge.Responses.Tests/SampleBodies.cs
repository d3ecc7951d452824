namespace Mka1.Edge.Responses.Tests;

/// <summary>Requests as real clients send them.</summary>
internal static class SampleBodies
{
    public static IReadOnlyList<string> All { get; } =
    [
        """{"model":"meetkai:functionary-urdu-mini-pak","input":"What is the capital of France?","stream":false,"store":true,"background":false,"parallel_tool_calls":true,"max_tool_calls":30,"truncation":"auto","service_tier":"auto"}""",
        """{"model":"m","input":[{"role":"user","content":[{"type":"input_text","text":"What is this?"},{"type":"input_image","image_url":"data:image/png;base64,iVBORw0KGgo=","detail":"low"}]}]}""",
        """{"model":"m","instructions":"brief","input":[{"type":"message","role":"user","content":"hi"},{"type":"message","role":"assistant","id":"msg_1","status":"completed","content":[{"type":"output_text","text":"hello","annotations":[],"logprobs":[]}]},{"role":"user","content":"again"}],"temperature":0.5,"metadata":{"a":"b"}}""",
        """{"model":"m","input":[{"role":"user","content":"weather?"},{"type":"function_call","id":"fc_1","call_id":"call_1","name":"get_weather","arguments":"{\"city\":\"Paris\"}","status":"completed"},{"type":"function_call_output","call_id":"call_1","output":"sunny"}],"tools":[{"type":"function","name":"get_weather","description":"Weather","parameters":{"type":"object","properties":{"city":{"type":"string"}},"required":["city"]},"strict":true}],"tool_choice":{"type":"function","name":"get_weather"}}""",
        """{"model":"m","input":[{"type":"reasoning","id":"rs_1","summary":[{"type":"summary_text","text":"t"}],"encrypted_content":"abc"},{"type":"item_reference","id":"msg_1"},{"id":"msg_2"},{"type":"compaction","encrypted_content":"x"}],"text":{"format":{"type":"json_schema","name":"n","schema":{"type":"object"},"strict":true},"verbosity":"low"},"reasoning":{"effort":"low","summary":"auto"},"include":["reasoning.encrypted_content"]}""",
        """{"model":"auto","input":"x","stream":true,"auto_routing":true,"auto_routing_debug":true,"background":true,"webhook_url":"https://example.com/h","webhook_secret":"0123456789abcdef","tools":[{"type":"mcp","server_label":"s","server_url":"https://example.com/mcp","require_approval":"never","headers":{"Authorization":"secret"}},{"type":"web_search"},{"type":"code_interpreter","container":{"type":"auto"}}],"tool_choice":{"type":"allowed_tools","mode":"auto","tools":[{"type":"mcp","server_label":"s"}]}}""",
    ];
}
