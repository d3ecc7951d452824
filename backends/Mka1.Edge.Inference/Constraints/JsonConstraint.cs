using Mka1.Edge.Inference.Chat;
using Mka1.Edge.Inference.Tokenization;

namespace Mka1.Edge.Inference.Constraints;

/// <summary>The whole answer is one JSON text of a grammar; tools cannot be called.</summary>
public sealed class JsonConstraint : ITokenConstraint
{
    public JsonConstraint(ChatTokens tokens, JsonGrammar grammar) => throw new NotSupportedException();

    /// <inheritdoc/>
    public int? ForcedToken => throw new NotSupportedException();

    /// <inheritdoc/>
    public bool Allows(in Token token) => throw new NotSupportedException();

    /// <inheritdoc/>
    public void Accept(in Token token) => throw new NotSupportedException();
}
