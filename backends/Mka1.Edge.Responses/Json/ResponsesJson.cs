using System.Text.Json;
using System.Text.Json.Serialization;

namespace Mka1.Edge.Responses;

/// <summary>Source-generated JSON for every wire type. Use <see cref="Wire"/>: it has the house's encoder.</summary>
[JsonSourceGenerationOptions(
    GenerationMode = JsonSourceGenerationMode.Metadata,
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true,
    UseStringEnumConverter = true)]
[JsonSerializable(typeof(ResponseObject))]
[JsonSerializable(typeof(InputTokenCount))]
[JsonSerializable(typeof(DeletedResponse))]
[JsonSerializable(typeof(DeletedObject))]
[JsonSerializable(typeof(ConversationObject))]
[JsonSerializable(typeof(PromptObject))]
[JsonSerializable(typeof(PromptVersionObject))]
[JsonSerializable(typeof(IReadOnlyDictionary<string, string>))]
[JsonSerializable(typeof(ResponseItem))]
[JsonSerializable(typeof(MessageItem))]
[JsonSerializable(typeof(OutputAudioItem))]
[JsonSerializable(typeof(FileSearchCallItem))]
[JsonSerializable(typeof(ComputerCallItem))]
[JsonSerializable(typeof(ComputerCallOutputItem))]
[JsonSerializable(typeof(WebSearchCallItem))]
[JsonSerializable(typeof(FunctionCallItem))]
[JsonSerializable(typeof(FunctionCallOutputItem))]
[JsonSerializable(typeof(ReasoningItem))]
[JsonSerializable(typeof(ImageGenerationCallItem))]
[JsonSerializable(typeof(CodeInterpreterCallItem))]
[JsonSerializable(typeof(LocalShellCallItem))]
[JsonSerializable(typeof(LocalShellCallOutputItem))]
[JsonSerializable(typeof(ShellCallItem))]
[JsonSerializable(typeof(ShellCallOutputItem))]
[JsonSerializable(typeof(McpListToolsItem))]
[JsonSerializable(typeof(McpApprovalRequestItem))]
[JsonSerializable(typeof(McpApprovalResponseItem))]
[JsonSerializable(typeof(McpCallItem))]
[JsonSerializable(typeof(CustomToolCallItem))]
[JsonSerializable(typeof(CustomToolCallOutputItem))]
[JsonSerializable(typeof(ItemReference))]
[JsonSerializable(typeof(CompactionItem))]
[JsonSerializable(typeof(InputTextPart))]
[JsonSerializable(typeof(InputImagePart))]
[JsonSerializable(typeof(InputFilePart))]
[JsonSerializable(typeof(InputAudioPart))]
[JsonSerializable(typeof(OutputTextPart))]
[JsonSerializable(typeof(RefusalPart))]
[JsonSerializable(typeof(ReasoningTextPart))]
[JsonSerializable(typeof(SummaryTextPart))]
[JsonSerializable(typeof(List<TokenLogprob>))]
[JsonSerializable(typeof(SnapshotEvent))]
[JsonSerializable(typeof(OutputItemEvent))]
[JsonSerializable(typeof(ContentPartEvent))]
[JsonSerializable(typeof(ContentDeltaEvent))]
[JsonSerializable(typeof(TextDoneEvent))]
[JsonSerializable(typeof(RefusalDoneEvent))]
[JsonSerializable(typeof(AnnotationAddedEvent))]
[JsonSerializable(typeof(ItemDeltaEvent))]
[JsonSerializable(typeof(ArgumentsDoneEvent))]
[JsonSerializable(typeof(InputDoneEvent))]
[JsonSerializable(typeof(CodeDoneEvent))]
[JsonSerializable(typeof(SummaryPartEvent))]
[JsonSerializable(typeof(SummaryDeltaEvent))]
[JsonSerializable(typeof(SummaryDoneEvent))]
[JsonSerializable(typeof(ToolProgressEvent))]
[JsonSerializable(typeof(PartialImageEvent))]
[JsonSerializable(typeof(ShellCommandEvent))]
[JsonSerializable(typeof(ShellOutputEvent))]
[JsonSerializable(typeof(AudioEvent))]
[JsonSerializable(typeof(ErrorEvent))]
public sealed partial class ResponsesJson : JsonSerializerContext
{
    /// <summary>The context to serialise with: text stays in its own script instead of becoming escapes.</summary>
    public static ResponsesJson Wire => field ??= new(new JsonSerializerOptions(Default.Options) { Encoder = WireJson.Encoder });
}
