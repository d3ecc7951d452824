using Mka1.Edge.Inference.Chat;
using Mka1.Edge.Inference.Tokenization;

namespace Mka1.Edge.Inference.Constraints;

/// <summary>
/// Text, tool calls, or both: <c>text? (&lt;tool_call&gt;{"name":…,"arguments":…}&lt;/tool_call&gt;)* end-of-turn</c>.
/// The body of a call is always valid for its tool and always ends.
/// </summary>
public sealed class ToolCallingConstraint : ITokenConstraint
{
    public ToolCallingConstraint(ChatTokens tokens, ToolCallingOptions options) => throw new NotSupportedException();

    /// <inheritdoc/>
    public int? ForcedToken => throw new NotSupportedException();

    /// <inheritdoc/>
    public bool Allows(in Token token) => throw new NotSupportedException();

    /// <inheritdoc/>
    public void Accept(in Token token) => throw new NotSupportedException();
}
