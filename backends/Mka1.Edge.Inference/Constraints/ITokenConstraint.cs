using Mka1.Edge.Inference.Tokenization;

namespace Mka1.Edge.Inference.Constraints;

/// <summary>Decides which tokens may come next. Holds the state of one generation: one instance a request.</summary>
/// <remarks>At least one token must be allowed at any time, else the engine fails the generation. Not thread-safe.</remarks>
public interface ITokenConstraint
{
    /// <summary>The only token that may come next, or null when there is a choice: saves asking for each.</summary>
    int? ForcedToken { get; }

    /// <summary>Whether this token may come next. Leaves the state as it is.</summary>
    bool Allows(in Token token);

    /// <summary>The token was chosen. Called once for each token of the output, the end of turn included.</summary>
    void Accept(in Token token);
}
