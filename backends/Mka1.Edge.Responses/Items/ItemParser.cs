using System.Text.Json;

namespace Mka1.Edge.Responses;

/// <summary>Reads items (contract.md D.1). A malformed item of a known kind is a fault; an unknown kind passes through.</summary>
internal static class ItemParser
{
    private static readonly string[] Phases = ["commentary", "final_answer"];
    private static readonly string[] Statuses = [ItemStatus.InProgress, ItemStatus.Completed, ItemStatus.Incomplete];
    private static readonly string[] CallStatuses =
    [
        ItemStatus.InProgress, ItemStatus.Completed, ItemStatus.Incomplete,
        "searching", "interpreting", "generating", "calling", "failed",
    ];

    private static readonly KnownNames Names = new(
        "type", "id", "role", "content", "status", "phase", "call_id", "name", "arguments", "input", "output", "queries", "results", "action",
        "pending_safety_checks", "acknowledged_safety_checks", "summary", "encrypted_content", "result", "revised_prompt", "code",
        "container_id", "outputs", "environment", "max_output_length", "server_label", "tools", "error", "approval_request_id", "approve",
        "reason", "data", "transcript");

    /// <summary>Reads an array of items, up to the first with a fault.</summary>
    public static List<ResponseItem> Items(JsonElement array, ParseContext context)
    {
        var items = new List<ResponseItem>(array.GetArrayLength());
        var before = context.Faults.Count;
        foreach (var element in array.EnumerateArray())
        {
            if (Item(element, context) is { } item)
                items.Add(item);
            if (context.Faults.Count > before)
                break;
        }

        return items;
    }

    /// <summary>An item that a model server sent; what is not understood is kept as it is.</summary>
    public static ResponseItem Trusted(JsonElement element)
    {
        var context = ParseContext.Silent();
        if (Item(element, context) is { } item && context.Faults.Count == 0)
            return item;
        var named = element.ValueKind == JsonValueKind.Object && element.TryGetProperty("type"u8, out var type) && type.ValueKind == JsonValueKind.String;
        return new UnknownItem(named ? element.GetProperty("type"u8).GetString()! : string.Empty) { Raw = element };
    }

    private static ResponseItem? Item(JsonElement element, ParseContext context)
    {
        var item = new FieldReader(element, context);
        if (element.ValueKind != JsonValueKind.Object)
        {
            item.WrongKind(element, "an object");
            return null;
        }

        Names.Check(element, context.Faults);
        return TypeOf(item) is { } type ? OfType(type, item) : null;
    }

    /// <summary>The kind: as named, or a message where there is a role, or a reference where there is only an id.</summary>
    private static string? TypeOf(FieldReader item)
    {
        if (item.Has("type"u8))
            return item.String("type"u8, 1, 64);
        if (item.Has("role"u8))
            return ItemTypes.Message;
        if (item.Has("id"u8))
            return ItemTypes.ItemReference;
        item.Missing("type"u8);
        return null;
    }

    private static ResponseItem OfType(string type, FieldReader item)
    {
        var raw = item.Owner;
        var max = item.Context.Limits.MaxTextLength;
        return type switch
        {
            ItemTypes.Message => Message(item),
            ItemTypes.OutputAudio => new OutputAudioItem
            {
                Raw = raw, Id = Id(item), Status = Status(item),
                Data = item.Text("data"u8, item.Context.Limits.MaxFileDataLength), Transcript = item.Text("transcript"u8, max),
            },
            ItemTypes.FileSearchCall => new FileSearchCallItem
            {
                Raw = raw, Id = Id(item), Status = CallStatus(item),
                Queries = item.Strings("queries"u8) ?? [], Results = item.OfKind("results"u8, JsonValueKind.Array),
            },
            ItemTypes.ComputerCall => new ComputerCallItem
            {
                Raw = raw, Id = Id(item), Status = Status(item), CallId = item.RequiredString("call_id"u8),
                Action = item.OfKind("action"u8, JsonValueKind.Object), PendingSafetyChecks = item.OfKind("pending_safety_checks"u8, JsonValueKind.Array),
            },
            ItemTypes.ComputerCallOutput => new ComputerCallOutputItem
            {
                Raw = raw, Id = Id(item), Status = Status(item), CallId = item.RequiredString("call_id"u8, 1, 64),
                Output = item.Required("output"u8, JsonValueKind.Object),
                AcknowledgedSafetyChecks = item.OfKind("acknowledged_safety_checks"u8, JsonValueKind.Array),
            },
            ItemTypes.WebSearchCall => new WebSearchCallItem
            {
                Raw = raw, Id = Id(item), Status = CallStatus(item), Action = item.OfKind("action"u8, JsonValueKind.Object),
            },
            ItemTypes.FunctionCall => new FunctionCallItem
            {
                Raw = raw, Id = Id(item), Status = Status(item), CallId = item.RequiredString("call_id"u8),
                Name = item.RequiredString("name"u8), Arguments = item.RequiredText("arguments"u8, max),
            },
            ItemTypes.FunctionCallOutput => new FunctionCallOutputItem
            {
                Raw = raw, Id = Id(item), Status = Status(item), CallId = item.RequiredString("call_id"u8, 1, 64),
                Output = ContentParser.ToolOutput(item),
            },
            ItemTypes.Reasoning => new ReasoningItem
            {
                Raw = raw, Id = Id(item), Status = Status(item), Summary = ContentParser.Summary(item),
                Content = ContentParser.Reasoning(item), EncryptedContent = item.Text("encrypted_content"u8, max),
            },
            ItemTypes.ImageGenerationCall => new ImageGenerationCallItem
            {
                Raw = raw, Id = Id(item), Status = CallStatus(item), Result = item.Text("result"u8, item.Context.Limits.MaxFileDataLength),
                RevisedPrompt = item.Text("revised_prompt"u8, max), Size = item.String("size"u8), Quality = item.String("quality"u8),
                OutputFormat = item.String("output_format"u8),
            },
            ItemTypes.CodeInterpreterCall => new CodeInterpreterCallItem
            {
                Raw = raw, Id = Id(item), Status = CallStatus(item), Code = item.Text("code"u8, max),
                ContainerId = item.String("container_id"u8), Outputs = item.OfKind("outputs"u8, JsonValueKind.Array),
            },
            ItemTypes.LocalShellCall => new LocalShellCallItem
            {
                Raw = raw, Id = Id(item), Status = Status(item), CallId = item.RequiredString("call_id"u8),
                Action = item.Required("action"u8, JsonValueKind.Object),
            },
            ItemTypes.LocalShellCallOutput => new LocalShellCallOutputItem
            {
                Raw = raw, Id = Id(item), Status = Status(item), Output = item.RequiredText("output"u8, max),
            },
            ItemTypes.ShellCall => new ShellCallItem
            {
                Raw = raw, Id = Id(item), Status = Status(item), CallId = item.RequiredString("call_id"u8),
                Action = item.Required("action"u8, JsonValueKind.Object), Environment = item.OfKind("environment"u8, JsonValueKind.Object),
            },
            ItemTypes.ShellCallOutput => new ShellCallOutputItem
            {
                Raw = raw, Id = Id(item), Status = Status(item), CallId = item.RequiredString("call_id"u8, 1, 64),
                MaxOutputLength = item.Integer("max_output_length"u8, 0, Usage.MaxTokens), Output = item.Required("output"u8, JsonValueKind.Array),
            },
            ItemTypes.McpListTools => new McpListToolsItem
            {
                Raw = raw, Id = Id(item), Status = Status(item), ServerLabel = item.RequiredString("server_label"u8),
                Tools = item.Required("tools"u8, JsonValueKind.Array), Error = item.Any("error"u8),
            },
            ItemTypes.McpApprovalRequest => new McpApprovalRequestItem
            {
                Raw = raw, Id = Id(item), Status = Status(item), ServerLabel = item.RequiredString("server_label"u8),
                Name = item.RequiredString("name"u8), Arguments = item.RequiredText("arguments"u8, max),
            },
            ItemTypes.McpApprovalResponse => new McpApprovalResponseItem
            {
                Raw = raw, Id = Id(item), Status = Status(item), ApprovalRequestId = item.RequiredString("approval_request_id"u8),
                Approve = RequiredBool(item), Reason = item.String("reason"u8, 0, max),
            },
            ItemTypes.McpCall => new McpCallItem
            {
                Raw = raw, Id = Id(item), Status = CallStatus(item), ServerLabel = item.RequiredString("server_label"u8),
                Name = item.RequiredString("name"u8), Arguments = item.RequiredText("arguments"u8, max), Output = item.Text("output"u8, max),
                Error = item.Any("error"u8), ApprovalRequestId = item.String("approval_request_id"u8),
            },
            ItemTypes.CustomToolCall => new CustomToolCallItem
            {
                Raw = raw, Id = Id(item), Status = Status(item), CallId = item.RequiredString("call_id"u8),
                Name = item.RequiredString("name"u8), Input = item.RequiredText("input"u8, max),
            },
            ItemTypes.CustomToolCallOutput => new CustomToolCallOutputItem
            {
                Raw = raw, Id = Id(item), Status = Status(item), CallId = item.RequiredString("call_id"u8, 1, 64),
                Output = ContentParser.ToolOutput(item),
            },
            ItemTypes.ItemReference => new ItemReference { Raw = raw, Id = item.RequiredString("id"u8) },
            ItemTypes.Compaction => new CompactionItem
            {
                Raw = raw, Id = Id(item), EncryptedContent = item.RequiredText("encrypted_content"u8, max),
            },
            _ => new UnknownItem(type) { Raw = raw, Id = Id(item) },
        };
    }

    private static MessageItem Message(FieldReader item)
    {
        if (!item.Has("role"u8))
            item.Missing("role"u8);
        var role = item.Enum<MessageRole>("role"u8) ?? MessageRole.User;
        return new MessageItem
        {
            Raw = item.Owner,
            Id = Id(item),
            Status = Status(item),
            Role = role,
            Content = ContentParser.Message(item, role),
            Phase = item.Word("phase"u8, Phases),
        };
    }

    private static bool RequiredBool(FieldReader item)
    {
        if (!item.Has("approve"u8))
            item.Missing("approve"u8);
        return item.Bool("approve"u8) ?? false;
    }

    private static string? Id(FieldReader item)
    {
        var id = item.String("id"u8, 0, 256);
        if (id is null || !id.Contains('\0', StringComparison.Ordinal)) return id;

        // No database index takes it as text, and an id is there to be looked up.
        item.Context.Faults.Add(item.Any("id"u8)!.Value, ErrorCode.InvalidValue, "must not hold U+0000");
        return null;
    }

    private static string? Status(FieldReader item) => item.Word("status"u8, Statuses);

    private static string? CallStatus(FieldReader item) => item.Word("status"u8, CallStatuses);
}
