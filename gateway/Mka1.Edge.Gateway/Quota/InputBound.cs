using Mka1.Edge.Gateway.Pipeline;
using Mka1.Edge.Responses;

namespace Mka1.Edge.Gateway.Quota;

/// <summary>What a run's input can come to at the very most: no tokenizer makes more than a token of a byte.</summary>
internal static class InputBound
{
    /// <summary>Tokens that a prompt's format adds by itself; what it adds to each message is less than the JSON around that message.</summary>
    public const long Frame = 256;

    /// <summary>The bound in tokens; null when bytes do not tell: of pictures, sound and files, and of what a hosted tool brings in.</summary>
    public static long? Of(ResponseRun run)
    {
        var isText = run.Request.Tools.All(tool => tool is FunctionTool or CustomTool)
            && !run.History.Input.OfType<MessageItem>().Any(message => message.Content.Any(PartTypes.IsMedia));
        var bytes = run.Request.Raw.Length + (long)(run.History.Context?.Length ?? 0) + Frame;
        var window = run.Route.Variant.Capabilities.ContextWindow;
        return isText ? Math.Min(bytes, window ?? long.MaxValue) : window;
    }
}
