using System.Collections.Frozen;
using System.Text.Json.Serialization.Metadata;

namespace Mka1.Edge.Responses;

/// <summary>The one table from event name to shape (contract.md E.2).</summary>
internal static class EventTable
{
    private static readonly ResponsesJson Json = ResponsesJson.Wire;

    private static readonly FrozenDictionary<string, JsonTypeInfo> Shapes = new Dictionary<string, JsonTypeInfo>
    {
        [EventNames.Created] = Json.SnapshotEvent,
        [EventNames.Queued] = Json.SnapshotEvent,
        [EventNames.InProgress] = Json.SnapshotEvent,
        [EventNames.Completed] = Json.SnapshotEvent,
        [EventNames.Incomplete] = Json.SnapshotEvent,
        [EventNames.Failed] = Json.SnapshotEvent,
        [EventNames.OutputItemAdded] = Json.OutputItemEvent,
        [EventNames.OutputItemDone] = Json.OutputItemEvent,
        [EventNames.ContentPartAdded] = Json.ContentPartEvent,
        [EventNames.ContentPartDone] = Json.ContentPartEvent,
        [EventNames.OutputTextDelta] = Json.ContentDeltaEvent,
        [EventNames.OutputTextDone] = Json.TextDoneEvent,
        [EventNames.OutputTextAnnotationAdded] = Json.AnnotationAddedEvent,
        [EventNames.RefusalDelta] = Json.ContentDeltaEvent,
        [EventNames.RefusalDone] = Json.RefusalDoneEvent,
        [EventNames.FunctionCallArgumentsDelta] = Json.ItemDeltaEvent,
        [EventNames.FunctionCallArgumentsDone] = Json.ArgumentsDoneEvent,
        [EventNames.CustomToolCallInputDelta] = Json.ItemDeltaEvent,
        [EventNames.CustomToolCallInputDone] = Json.InputDoneEvent,
        [EventNames.ReasoningTextDelta] = Json.ContentDeltaEvent,
        [EventNames.ReasoningTextDone] = Json.TextDoneEvent,
        [EventNames.ReasoningSummaryPartAdded] = Json.SummaryPartEvent,
        [EventNames.ReasoningSummaryPartDone] = Json.SummaryPartEvent,
        [EventNames.ReasoningSummaryTextDelta] = Json.SummaryDeltaEvent,
        [EventNames.ReasoningSummaryTextDone] = Json.SummaryDoneEvent,
        [EventNames.FileSearchInProgress] = Json.ToolProgressEvent,
        [EventNames.FileSearchSearching] = Json.ToolProgressEvent,
        [EventNames.FileSearchCompleted] = Json.ToolProgressEvent,
        [EventNames.WebSearchInProgress] = Json.ToolProgressEvent,
        [EventNames.WebSearchSearching] = Json.ToolProgressEvent,
        [EventNames.WebSearchCompleted] = Json.ToolProgressEvent,
        [EventNames.CodeInterpreterInProgress] = Json.ToolProgressEvent,
        [EventNames.CodeInterpreterInterpreting] = Json.ToolProgressEvent,
        [EventNames.CodeInterpreterCompleted] = Json.ToolProgressEvent,
        [EventNames.CodeInterpreterCodeDelta] = Json.ItemDeltaEvent,
        [EventNames.CodeInterpreterCodeDone] = Json.CodeDoneEvent,
        [EventNames.ImageGenerationInProgress] = Json.ToolProgressEvent,
        [EventNames.ImageGenerationGenerating] = Json.ToolProgressEvent,
        [EventNames.ImageGenerationCompleted] = Json.ToolProgressEvent,
        [EventNames.ImageGenerationPartialImage] = Json.PartialImageEvent,
        [EventNames.McpCallInProgress] = Json.ToolProgressEvent,
        [EventNames.McpCallCompleted] = Json.ToolProgressEvent,
        [EventNames.McpCallFailed] = Json.ToolProgressEvent,
        [EventNames.McpCallArgumentsDelta] = Json.ItemDeltaEvent,
        [EventNames.McpCallArgumentsDone] = Json.ArgumentsDoneEvent,
        [EventNames.McpListToolsInProgress] = Json.ToolProgressEvent,
        [EventNames.McpListToolsCompleted] = Json.ToolProgressEvent,
        [EventNames.McpListToolsFailed] = Json.ToolProgressEvent,
        [EventNames.ShellCallCommandAdded] = Json.ShellCommandEvent,
        [EventNames.ShellCallCommandDelta] = Json.ShellCommandEvent,
        [EventNames.ShellCallCommandDone] = Json.ShellCommandEvent,
        [EventNames.ShellCallOutputContentDelta] = Json.ShellOutputEvent,
        [EventNames.ShellCallOutputContentDone] = Json.ShellOutputEvent,
        [EventNames.AudioDelta] = Json.AudioEvent,
        [EventNames.AudioDone] = Json.AudioEvent,
        [EventNames.AudioTranscriptDelta] = Json.AudioEvent,
        [EventNames.AudioTranscriptDone] = Json.AudioEvent,
        [EventNames.CompactionCompacting] = Json.ToolProgressEvent,
        [EventNames.Error] = Json.ErrorEvent,
    }.ToFrozenDictionary();

    public static IReadOnlyCollection<string> Names => Shapes.Keys;

    public static JsonTypeInfo? ShapeOf(string type) => Shapes.GetValueOrDefault(type);
}
