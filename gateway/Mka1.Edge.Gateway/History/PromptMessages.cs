using System.Globalization;
using Mka1.Edge.Gateway.Pipeline;
using Mka1.Edge.Responses;
using Mka1.Edge.Stores.Prompts;

namespace Mka1.Edge.Gateway.History;

/// <summary>Makes the <c>prompt</c> of a request into the message it stands for.</summary>
internal sealed class PromptMessages(IPromptStore prompts)
{
    /// <summary>Puts the message in front of the context.</summary>
    /// <returns>Why that cannot be done; null when it is.</returns>
    public async ValueTask<ApiError?> LeadAsync(ResponseRun run, PromptReference prompt, ContextBuilder context, CancellationToken cancellation)
    {
        int? number = null;
        if (prompt.Version is { } version)
        {
            if (!int.TryParse(version, NumberStyles.None, CultureInfo.InvariantCulture, out var parsed)) parsed = 0;
            number = parsed;
        }

        var owner = run.Caller.Owner;
        if (await prompts.FindVersionAsync(owner, prompt.Id, number, cancellation) is not { } found)
        {
            return number is null || await prompts.FindAsync(owner, prompt.Id, cancellation) is null
                ? new ApiError(ErrorCode.NotFound, "There is no such prompt template. Send its text in instructions or input.", "prompt.id")
                : new ApiError(ErrorCode.NotFound, "The prompt template has no such version. Leave it out to use the current one.", "prompt.version");
        }

        var maxBytes = run.Snapshot.Config.Limits.MaxRequestBytes;
        return PromptRenderer.Message(found.Template, prompt.Variables, maxBytes) is { } message
            ? context.Lead(ContextItem.Of(message), "prompt")
            : ContextBuilder.TooLong(maxBytes, "prompt.variables");
    }
}
